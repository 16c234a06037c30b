"""What each kind of answer of a video service says of its address, the key and the models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.check.findings import Severity
from bot.cli.check.services.free_look import VideoService, service_of
from bot.cli.check.services.provider import NAMES, check_services, examine
from bot.settings import Settings
from bot.wiring.video_services import load_settings
from tests.cli.check.listing_service import KEY, NOT_FOUND, SHOWN, TASKS, findings, listening, models
from tests.providers.tasks.services import PLAIN

JSON, PAGE = "application/json", "text/html"


def a_list(*names: object) -> str:
    return json.dumps({"object": "list", "data": [{"id": name} for name in names]})


async def states(monkeypatch: pytest.MonkeyPatch, status: int, kind: str, body: str) -> dict[str, Severity]:
    """Return the state of each finding where the service answers so."""

    async def handle(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer k":
            return web.Response(status=401)
        return web.Response(status=status, text=body, content_type=kind)

    application = web.Application()
    application.router.add_get("/v1/models", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    needed = {"DISCORD_TOKEN": "t", "VIDEO_API_URL": f"http://127.0.0.1:{runner.addresses[0][1]}", "VIDEO_API_KEY": "k"}
    for name, value in needed.items():
        monkeypatch.setenv(name, value)
    try:
        return {finding.name: finding.state for finding in await check_services(Settings.load(None))}
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "kind", "body", "service", "key", "models"),
    [
        (200, JSON, a_list("sora_video2", "gpt"), Severity.OK, Severity.OK, Severity.OK),
        (200, JSON, a_list("gpt", None, 7), Severity.OK, Severity.OK, Severity.WRONG),
        (200, JSON, a_list(), Severity.UNKNOWN, Severity.UNKNOWN, Severity.UNKNOWN),
        (200, JSON, "[[[", Severity.UNKNOWN, Severity.UNKNOWN, Severity.UNKNOWN),
        (405, JSON, "{}", Severity.UNKNOWN, Severity.UNKNOWN, Severity.UNKNOWN),
        (404, PAGE, "<html>404", Severity.WRONG, Severity.UNKNOWN, Severity.UNKNOWN),
        (502, PAGE, "<html>502 Bad Gateway", Severity.WRONG, Severity.UNKNOWN, Severity.UNKNOWN),
        (429, JSON, "", Severity.OK, Severity.UNKNOWN, Severity.UNKNOWN),
        (403, PAGE, "<html>Forbidden", Severity.OK, Severity.WRONG, Severity.UNKNOWN),
        (401, JSON, '{"detail":"Invalid API key"}', Severity.OK, Severity.WRONG, Severity.UNKNOWN),
    ],
)
async def test_each_answer_says_what_it_can_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    kind: str,
    body: str,
    service: Severity,
    key: Severity,
    models: Severity,
) -> None:
    found = await states(monkeypatch, status, kind, body)

    assert found == {"service": service, "key": key, "models": models}


async def test_a_list_that_everybody_is_shown_says_nothing_of_the_key() -> None:
    told = await findings("openrouter", {"/models": models("m"), "/videos/models": models("m")}, open=True)

    assert told["key"].state is Severity.UNKNOWN
    assert "shows its lists to everybody" in told["key"].finding
    assert told["models"].state is Severity.OK


async def test_a_key_that_is_refused_behind_open_lists_is_told() -> None:
    refused = (401, {"error": {"message": "User not found.", "code": 401}})
    told = await findings("openrouter", {"/models": models("m"), "/videos": refused}, open=True)

    assert told["key"].state is Severity.WRONG
    assert "is not accepted (HTTP 401)" in told["key"].finding


async def test_a_list_that_not_everybody_is_shown_proves_the_key_whichever_it_is() -> None:
    told = await findings("videos", {"/videos": TASKS})

    assert {name: told[name].state for name in ("service", "key", "models")} == {
        "service": Severity.OK,
        "key": Severity.OK,
        "models": Severity.UNKNOWN,
    }


async def test_a_wrong_key_is_told_where_there_is_no_list_of_models() -> None:
    told = await findings("videos", {}, key="another")

    assert (told["service"].state, told["key"].state) == (Severity.OK, Severity.WRONG)


async def test_a_server_of_ones_own_may_do_without_a_key_or_ask_for_one() -> None:
    without = await findings("videos", {"/models": models("m")}, key="", open=True)
    asked = await findings("videos", {"/models": models("m")}, key="")

    assert without["key"].state is Severity.OK
    assert asked["key"].state is Severity.WRONG
    assert "VIDEO_API_KEY is empty" in asked["key"].finding


async def test_where_nothing_is_free_that_is_said() -> None:
    told = await findings("videos", {"/videos": NOT_FOUND})

    assert {told[name].state for name in ("service", "key", "models")} == {Severity.UNKNOWN}
    assert "the first video will" in told["key"].finding


async def test_a_model_that_is_missing_is_told_with_those_that_make_videos() -> None:
    listed = models("chat-7", "wan2.7-i2v", veo=["openai-video"])

    unlike = (await findings("videos", {"/models": listed}, "kling"))["models"]
    alike = (await findings("videos", {"/models": listed}, "wan2.7"))["models"]

    assert unlike.finding == "The service does not list kling. It lists veo."
    assert alike.finding == "The service does not list wan2.7. Its names that come nearest: wan2.7-i2v."


async def test_the_models_for_videos_count_though_the_other_list_lacks_them() -> None:
    told = await findings("openrouter", {"/models": models("gpt"), "/videos/models": models("m")})

    assert told["models"].state is Severity.OK


@pytest.mark.parametrize("url", ["https://api.openai.com", "https://api.openai.com/v1", "https://us.openai.azure.com"])
async def test_sora_is_called_switched_off_and_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {"DISCORD_TOKEN": "t", "VIDEO_API_URL": url, "VIDEO_API_KEY": "k"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VIDEO_MODELS", "sora-2-pro")

    service, key, ended = await check_services(Settings.load(None))

    assert (service.state, key.state, ended.state) == (Severity.UNKNOWN, Severity.UNKNOWN, Severity.WRONG)
    assert "off on 2026-09-24" in ended.finding or "retired its last Sora model on 2026-09-15" in ended.finding
    assert "sora-2-pro makes no videos there any more" in ended.finding
    assert "VIDEO_API=openrouter" in ended.remedy


async def test_sora_elsewhere_is_a_model_as_any_other() -> None:
    assert (await findings("videos", {"/models": models("sora-2")}, "sora-2"))["models"].state is Severity.OK


async def test_a_service_of_ones_own_is_asked_with_its_own_header_key_and_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening({"/v2/models": models("m")}, header="X-Key", value=KEY) as server:
        page = tmp_path / "films.toml"
        named = PLAIN.replace("https://api.example/v1", f"{server.url}/v2")
        auth = 'auth = { header = "X-Key", key = "FILMS_KEY" }\nheaders = { X-Version = "7" }\n[create]'
        page.write_text(named.replace("[create]", auth), "utf-8")
        wanted = {"DISCORD_TOKEN": "t", "VIDEO_API": str(page), "FILMS_KEY": KEY, "VIDEO_MODELS": "m"}
        for name, value in wanted.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("VIDEO_API_URL", raising=False)
        service = service_of(load_settings(None).services[0])
        told = {finding.name: finding for finding in await examine(service)}

    assert service.headers == {"X-Key": KEY, "X-Version": "7"}
    assert told["key"].finding == "FILMS_KEY is taken."
    assert told["models"].state is Severity.OK
    assert {path for _, path, shown in server.asked if shown} == {
        "/v2/models",
        "/v2/videos/models",
        "/v2/videos?limit=1",
    }


async def test_the_key_goes_along_no_redirect() -> None:
    async with listening({"/v1/models": models("m")}) as elsewhere:

        async def redirect(_: web.Request) -> web.Response:
            raise web.HTTPTemporaryRedirect(f"{elsewhere.url}/v1/models")

        application = web.Application()
        application.router.add_get("/{path:.*}", redirect)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            base = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
            service, *_ = await examine(VideoService("videos", base, SHOWN, {}, ("m",)))
        finally:
            await runner.cleanup()

    assert service.state is Severity.WRONG
    assert "sends on to" in service.finding
    assert elsewhere.asked == []


async def test_a_list_of_oddities_is_read_as_far_as_it_makes_sense() -> None:
    rows = [None, 7, {"id": ["m"]}, {"id": "m", "supported_endpoint_types": [1, None]}, {"supported_endpoint_types": 3}]
    told = await findings("videos", {"/models": (200, {"data": rows}), "/videos/models": (200, {"data": 3})})

    assert {told[name].state for name in ("service", "key", "models")} == {Severity.OK}
    assert "dialect" not in told


async def test_an_address_that_is_forbidden_says_nothing_of_the_key() -> None:
    told = await findings("videos", {"/videos": (403, {"error": "forbidden"})})

    assert told["key"].state is Severity.UNKNOWN


async def test_of_several_services_each_is_told_by_its_name_and_by_the_words_of_their_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening({"/v1/models": models("sora")}) as server:
        file = tmp_path / "services.toml"
        file.write_text(
            f'[[services]]\nname = "service"\nurl = "{server.url}"\nkey_env = "RELAY_KEY"\n'
            '  [[services.models]]\n  name = "sora-2"\n'
            '[[services]]\nname = "nowhere"\nurl = "http://127.0.0.1:9"\nkey_env = "RELAY_KEY"\n'
            '  [[services.models]]\n  name = "sora-2"\n'
            '[[services]]\nname = "off"\nurl = "http://127.0.0.1:9"\nkey_env = "NO_KEY"\n'
            '  [[services.models]]\n  name = "sora-2"\n',
            "utf-8",
        )
        wanted = {"DISCORD_TOKEN": "t", "SERVICES_FILE": str(file), "RELAY_KEY": KEY, "VIDEO_API_URL": "https://h"}
        for name, value in wanted.items():
            monkeypatch.setenv(name, value)
        told = await check_services(load_settings(None))

    assert {finding.name for finding in told} <= set(NAMES) | {"services", "dialect"}
    said = "\n".join(f"{finding.finding} -> {finding.remedy}" for finding in told)
    assert "service: The service does not list sora-2." in said
    assert "-> Correct its models, or ask" in said
    assert "-> Check its url (https or http, host, port)" in said
    assert "off is switched off: " in said
    assert "in the place of what is set as well: VIDEO_API_URL." in said
    assert "VIDEO_MODELS" not in said

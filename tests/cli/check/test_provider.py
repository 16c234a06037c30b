"""What each kind of answer of a video service says of its address, the key and the models."""

from __future__ import annotations

import json

import pytest
from aiohttp import web

from bot.cli.check.findings import Severity
from bot.cli.check.provider import check_service
from bot.settings import Settings

JSON, PAGE = "application/json", "text/html"


def a_list(*names: object) -> str:
    return json.dumps({"object": "list", "data": [{"id": name} for name in names]})


async def states(monkeypatch: pytest.MonkeyPatch, status: int, kind: str, body: str) -> dict[str, Severity]:
    """Return the state of each finding where the service answers so."""
    answer = web.Response(status=status, text=body, content_type=kind)

    async def handle(_: web.Request) -> web.Response:
        return answer

    application = web.Application()
    application.router.add_get("/v1/models", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    needed = {"DISCORD_TOKEN": "t", "VIDEO_API_URL": f"http://127.0.0.1:{runner.addresses[0][1]}", "VIDEO_API_KEY": "k"}
    for name, value in needed.items():
        monkeypatch.setenv(name, value)
    try:
        return {finding.name: finding.state for finding in await check_service(Settings.load(None))}
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

"""``python -m bot describe --probe`` asks the real service what is free, as the settings say; without it nobody is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.__main__ import main
from tests.cli.check.listing_service import KEY, SHOWN, TASKS, ListingService, listening, models
from tests.providers.tasks.services import PLAIN


@pytest_asyncio.fixture
async def service() -> AsyncIterator[ListingService]:
    async with listening({"/v1/models": models("wan2.7-i2v", "chat-7"), "/v1/videos": TASKS}) as server:
        yield server


async def describe(tmp_path: Path, *words: str, **settings: str) -> int:
    """Run the command with ``settings`` alone, and return its exit code."""
    env_file = tmp_path / ".env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), "utf-8")
    return await asyncio.to_thread(main, ["describe", *words, "--env-file", str(env_file)])


@pytest.fixture(autouse=True)
def _nothing_else_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIDEO_API", "VIDEO_API_URL", "VIDEO_API_KEY", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)


async def test_the_service_is_asked_with_address_and_key_of_the_settings(
    service: ListingService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await describe(tmp_path, "videos", "--probe", VIDEO_API_URL=f"{service.url}/", VIDEO_API_KEY=KEY)

    told = capsys.readouterr().out
    assert code == 0
    assert "ok     key               VIDEO_API_KEY is taken." in told
    assert "ok     models            The service lists wan2.7-i2v, chat-7." in told
    assert "ok     dialect           The service seems to speak VIDEO_API=videos: it lists tasks at /videos." in told
    assert KEY not in told
    assert {method for method, _, _ in service.asked} == {"GET"}
    assert (await describe(tmp_path, "videos", "--probe", "--model", "sora", VIDEO_API_URL=service.url)) == 1


async def test_without_it_nothing_is_sent(service: ListingService, tmp_path: Path) -> None:
    assert await describe(tmp_path, "videos", VIDEO_API_URL=service.url, VIDEO_API_KEY=KEY) == 0

    assert service.asked == []


async def test_the_key_that_the_page_names_goes_to_the_pages_own_address(
    service: ListingService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "my.toml"
    named = PLAIN.replace("https://api.example/v1", f"{service.url}/v1")
    page.write_text(named.replace("[create]", 'auth.key = "FILMS_KEY"\n[create]', 1), "utf-8")

    code = await describe(tmp_path, str(page), "--probe", FILMS_KEY=KEY, VIDEO_API_KEY="another")

    assert code == 0
    assert "FILMS_KEY is taken." in capsys.readouterr().out
    assert {shown for _, _, shown in service.asked} == {SHOWN["Authorization"], None}


async def test_a_wrong_key_is_told_and_ends_with_1(
    service: ListingService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await describe(tmp_path, "videos", "--probe", VIDEO_API_URL=service.url, VIDEO_API_KEY="another") == 1

    assert "VIDEO_API_KEY is not accepted (HTTP 401)" in capsys.readouterr().out


async def test_an_address_that_is_missing_or_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await describe(tmp_path, "videos", "--probe") == 1
    assert await describe(tmp_path, "videos", "--probe", VIDEO_API_URL="gateway.example") == 1

    told = capsys.readouterr().err
    assert "VIDEO_API_URL must name it" in told
    assert "VIDEO_API_URL must be an http(s) address." in told


async def test_a_model_that_was_switched_off_is_told_without_asking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await describe(tmp_path, "videos", "--probe", "--model", "sora-2", VIDEO_API_URL="https://api.openai.com")

    assert code == 1
    assert "OpenAI switched Sora and its Videos API off on 2026-09-24" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, {"remains": [{"credits": 0}]}), "ok     key               VIDEO_API_KEY is taken."),
        ((200, {"code": 0, "data": {"balance": 3.5}}), "ok     key               VIDEO_API_KEY is taken."),
        ((200, {"code": 1102, "message": "Account balance not enough"}), "is out of credit."),
        ((200, {"code": 1002, "message": "invalid key"}), "is not accepted (HTTP 200)."),
        ((402, {"detail": "Insufficient credits"}), "is out of credit."),
        ((404, {"message": "no such page"}), "What is free to ask tells nothing of the key (HTTP 404)"),
    ],
)
async def test_what_the_page_says_is_free_is_asked_alone_and_read_by_its_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: tuple[int, object], told: str
) -> None:
    rules = """probe = { path = "/credits", query = { page = "1" } }
failed_if = { at = "code", but = 0 }
errors = [{ code = "1102", outcome = "quota" }, { code = "1002", outcome = "auth" }]
[create]"""
    async with listening({"/v1/credits": answer}) as service:
        page = tmp_path / "my.toml"
        page.write_text(PLAIN.replace("https://api.example", service.url).replace("[create]", rules), "utf-8")
        await describe(tmp_path, str(page), "--probe", VIDEO_API_KEY=KEY)

        assert told in capsys.readouterr().out
        assert [(method, path) for method, path, _ in service.asked] == [("GET", "/v1/credits?page=1")]


async def test_where_nothing_is_free_that_is_said_and_nothing_is_asked(
    service: ListingService, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "my.toml"
    page.write_text(PLAIN.replace("[create]", "probe = {}\n[create]"), "utf-8")
    await describe(tmp_path, str(page), "--probe", VIDEO_API_URL=service.url, VIDEO_API_KEY=KEY)

    told = " ".join(capsys.readouterr().out.split())
    assert "Nothing there is free to ask: the first video tells of address, key and model." in told
    assert service.asked == []

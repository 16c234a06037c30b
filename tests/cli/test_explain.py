"""``python -m bot explain`` says how a reply is read, and shows neither prompt nor key."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from bot.cli.explain import UNREADABLE, explain, explanation, known_secrets, received
from tests.providers.wire import DONE, body_of, delta, samples

ROOT = Path(__file__).resolve().parents[2]
KEY = "hunter2-the-key-of-the-operator"
PROMPT = "a knight in a violent duel"


def explained(raw: bytes | str, *, status: int | None = None, prompt: str = "") -> str:
    reply = received(raw.encode() if isinstance(raw, str) else raw)
    reply = reply._replace(status=status or reply.status, prompt=prompt or reply.prompt)
    return "\n".join(explanation(reply, (KEY,)))


def test_a_refusal_is_explained_by_its_clauses_features_and_rule() -> None:
    text = explained(delta("❌ The uploaded image violates our policy. Please use another image.\n") + DONE)

    assert text.startswith("outcome   moderation_image")
    for words in ("clause    ❌ the uploaded image violates our policy", "advice    please use another image"):
        assert words in text
    assert "features  content, refuses, review" in text
    assert "rule      refused by a rule → moderation_image, stage named by picture" in text


def test_each_link_has_its_trust_or_what_puts_it_aside() -> None:
    text = explained(
        delta("[下载视频](https://h.example/a.mp4?sig=topsecret)\n[封面](https://h.example/a.jpg)\n") + DONE
    )

    assert text.startswith("outcome   success, 1 link")
    assert "link 1    https://h.example/a.mp4?…" in text
    assert "trust     Markdown to a video file" in text
    assert "aside     another kind of file" in text
    assert "topsecret" not in text


def test_the_head_that_curl_shows_tells_the_status() -> None:
    head = "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 402 \r\ncontent-type: application/json\r\n\r\n"

    assert explained(head + json.dumps({"error": "x"})).splitlines()[:2] == [
        "outcome   quota; the log says: HTTP 402: x",
        "status    HTTP 402, 14 bytes",
    ]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: str(sample["name"]))
def test_each_sample_can_be_explained(sample: dict[str, object]) -> None:
    text = explained(json.dumps(sample))

    assert f"{len(body_of(sample))} bytes" in text


def test_neither_the_prompt_nor_the_key_is_shown() -> None:
    bodies = (
        delta(f"Prompt: {PROMPT}\n❌ '{PROMPT}' failed with key {KEY} and sk-abcdef123\n") + DONE,
        json.dumps({"error": {"message": f"rejected: {PROMPT.upper()} {KEY}"}}),
        delta(f"I cannot create {PROMPT[:20]}… for you") + DONE,
        f"no JSON: {PROMPT} {KEY}",
    )
    for body in bodies:
        for status in (200, 400):
            text = explained(body, status=status, prompt=PROMPT).lower()
            assert not any(hidden in text for hidden in (PROMPT[:12], KEY, "abcdef"))


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(str(tmp_path / "none"), status=None, prompt="", secrets=()) == UNREADABLE
    assert "No such file" in capsys.readouterr().err


def test_the_key_is_known_where_the_other_settings_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIDEO_API_KEY", "DISCORD_TOKEN", "VIDEO_API_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text(f"VIDEO_API_KEY=sk-{KEY}\n", "utf-8")

    assert set(known_secrets(tmp_path / ".env")) == {f"sk-{KEY}", KEY}


async def test_the_command_reads_what_is_piped_in_and_needs_no_setting(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "explain", "-", "--status", "429"),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate(b'{"error": "slow down"}')
    assert process.returncode == 0
    assert output.decode().startswith("outcome   rate_limited")

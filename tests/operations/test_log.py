"""Log lines hold no secret, whichever way it came in, and one record is one line."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import pytest

from bot.operations import log
from tests.programs import run_program

SECRET = "sk-toy-4711"
Start = Callable[..., io.StringIO]


@pytest.fixture
def start() -> Iterator[Start]:
    """``start(style, *secrets)`` returns the stream that gets all log records; the loggers are put back after it."""
    loggers = [logging.getLogger(name) for name in ("", *log.LIBRARIES)]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]

    def configure(style: str, *secrets: str, level: str = "DEBUG") -> io.StringIO:
        out = io.StringIO()
        log.write_to(out, level, style, secrets or (SECRET,))
        return out

    yield configure
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.mark.parametrize("style", ["text", "json"])
def test_secret_is_hidden_in_message_arguments_and_extra(start: Start, style: str) -> None:
    out = start(style)
    logging.getLogger("k").info(f"key %s in Bearer {SECRET}", {"k": SECRET}, extra={"job": SECRET})  # noqa: G004
    assert SECRET not in out.getvalue()
    assert out.getvalue().count("[secret]") == 3


@pytest.mark.parametrize("style", ["text", "json"])
def test_secret_is_hidden_in_a_traceback_and_its_causes(start: Start, style: str) -> None:
    out = start(style)
    try:
        try:
            raise ValueError(f"inner {SECRET}")
        except ValueError as error:
            raise RuntimeError(f"outer {SECRET}") from error
    except RuntimeError:
        logging.getLogger("k").exception("failed")
    assert "RuntimeError: outer [secret]" in out.getvalue()
    assert "ValueError: inner [secret]" in out.getvalue()
    assert SECRET not in out.getvalue()


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("secret", ['pa"ss\\word', "päss wörd", "it's"])
def test_secret_with_signs_that_get_escaped_is_hidden(start: Start, style: str, secret: str) -> None:
    out = start(style, secret)
    logging.getLogger("k").info("plain %s and repr %r", secret, secret)
    rendered = json.loads(out.getvalue())["message"] if style == "json" else out.getvalue()
    assert rendered.count("[secret]") == 2


def test_secret_that_contains_another_goes_whole(start: Start) -> None:
    out = start("text", "abc", "abcdef")
    logging.getLogger("k").info("x abcdef y")
    assert "x [secret] y" in out.getvalue()


def test_text_line_has_time_level_logger_message_and_facts(start: Start) -> None:
    out = start("text")
    logging.getLogger("bot.jobs.service").warning("ended", extra={"job": "j1", "guild": 5, "ref": "R7", "other": "x"})
    day, time, *rest = out.getvalue().split()
    assert (len(day), len(time)) == (10, 8)
    assert rest == ["WARNING", "bot.jobs.service:", "ended", "job=j1", "guild=5", "ref=R7"]


def test_json_line_has_the_facts_as_fields(start: Start) -> None:
    out = start("json")
    logging.getLogger("bot.jobs.service").warning("zu Ende: ü", extra={"job": "j1", "guild": 5})
    entry = json.loads(out.getvalue())
    assert entry.pop("time").endswith("+00:00")
    assert entry == {"level": "warning", "logger": "bot.jobs.service", "message": "zu Ende: ü", "job": "j1", "guild": 5}


def test_how_a_job_ended_stands_in_fields_of_a_json_line_and_only_in_the_sentence_of_a_text_line(start: Start) -> None:
    ended = {"job": "j1", "model": "sora_video2", "outcome": "success", "seconds": 41.5}
    out = start("json")
    logging.getLogger("k").info("ended: success after 41.5 s", extra=ended)
    assert ended.items() <= json.loads(out.getvalue()).items()
    out = start("text")
    logging.getLogger("k").info("ended: success after 41.5 s", extra=ended)
    assert out.getvalue().endswith("ended: success after 41.5 s job=j1\n")


def test_json_line_takes_a_fact_that_json_does_not_know(start: Start) -> None:
    out = start("json")
    logging.getLogger("k").info("x", extra={"ref": io.StringIO})
    assert json.loads(out.getvalue())["ref"] == str(io.StringIO)


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("style", ["text", "json"])
def test_message_cannot_forge_a_second_line(start: Start, style: str, ending: str) -> None:
    out = start(style)
    logging.getLogger("k").info("service said: %s", f"hm{ending}2026-01-01 ERROR forged", extra={"job": f"a{ending}b"})
    written = out.getvalue()
    assert written.endswith("\n")
    assert written.count("\n") == 1
    if style == "text":
        assert len(written.splitlines()) == 1


def test_text_message_cannot_act_on_the_terminal(start: Start) -> None:
    out = start("text")
    logging.getLogger("k").info("red \x1b[31m")
    assert "red \\x1b[31m" in out.getvalue()


def test_text_traceback_keeps_its_lines(start: Start) -> None:
    out = start("text")
    logging.getLogger("k").error("failed", exc_info=ValueError("why"))
    head, *trace = out.getvalue().splitlines()
    assert head.endswith("failed")
    assert trace == ["  ValueError: why"]


def test_words_of_an_error_cannot_be_taken_for_a_record(start: Start) -> None:
    out = start("text")
    for sign in ("\n", "\r", "\r\n", "\x85", "\u2028", "\v"):
        forged = f"why{sign}2026-01-01 00:00:00 INFO    bot: all is well"
        logging.getLogger("k").error("failed", exc_info=ValueError(forged))
        logging.getLogger("k").error("failed: %s", forged)
    heads = [line for line in out.getvalue().splitlines() if not line.startswith("  ")]
    assert len(heads) == 12
    assert all(" ERROR   k: failed" in line for line in heads)


def test_records_below_the_level_are_dropped(start: Start) -> None:
    out = start("text", level="WARNING")
    logging.getLogger("k").info("quiet")
    assert out.getvalue() == ""


@pytest.mark.parametrize("library", ["discord", "alembic"])
def test_libraries_speak_from_warnings_up(start: Start, library: str) -> None:
    out = start("text")
    logging.getLogger(f"{library}.inner").info("chatter")
    logging.getLogger(f"{library}.inner").warning("trouble")
    assert "chatter" not in out.getvalue()
    assert "trouble" in out.getvalue()


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("write", [json.dumps, quote, quote_plus, lambda text: quote(text, safe="")])
def test_secret_that_somebody_else_escaped_is_hidden(start: Start, style: str, write: Callable[[str], str]) -> None:
    secret = 'p/ä ss"w\\ör+d'
    out = start(style, secret)
    logging.getLogger("k").info("they said: %s", write(secret))
    assert "they said: [secret]" in out.getvalue().replace('"', "").replace("\\", "")


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://discord.com/api/v10/webhooks/12/aW50-tok_en.x/messages/@original", "/webhooks/12/[secret]/messages"),
        ("https://discord.com/api/v10/interactions/12/aW50ZXI/callback", "/interactions/12/[secret]/callback"),
        ("https://cdn.discordapp.com/attachments/1/2/p.png?ex=6a&is=6b&hm=0badc0de&", "is=6b&hm=[secret]&"),
        ("https://bucket.example/v.mp4?X-Amz-Expires=9&X-Amz-Signature=0badc0de", "9&X-Amz-Signature=[secret]"),
    ],
)
def test_links_lose_what_opens_them(start: Start, link: str, shown: str) -> None:
    out = start("text")
    logging.getLogger("k").info("failed: message='x', url='%s'", link)
    assert shown in out.getvalue()
    assert not [secret for secret in ("aW50", "0badc0de") if secret in out.getvalue()]


async def test_lines_of_a_task_and_of_those_it_starts_carry_what_it_is_about(start: Start) -> None:
    out = start("json")

    async def other() -> None:
        logging.getLogger("discord.http").warning("rate limited")

    async def job(name: str) -> None:
        log.bind_log_context({"job": name, "guild": 5})
        logging.getLogger("k").info("began", extra={"ref": "R"})
        await asyncio.create_task(other())

    await asyncio.gather(asyncio.create_task(job("j1")), asyncio.create_task(job("j2")))
    logging.getLogger("k").info("outside")
    entries = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [entry.get("job") for entry in entries] == ["j1", "j2", "j1", "j2", None]
    assert (entries[0]["ref"], entries[2]["guild"]) == ("R", 5)


@pytest.mark.parametrize("style", ["text", "json"])
def test_warnings_and_what_nobody_caught_are_lines_of_the_log_without_secrets(style: str) -> None:
    run = run_program("fail_everywhere", style)
    assert (run.returncode, run.stdout) == (1, "")
    assert SECRET not in run.stderr
    if style == "json":
        entries = [json.loads(line) for line in run.stderr.splitlines()]
        failures = [entry["traceback"].splitlines()[-1] for entry in entries if "traceback" in entry]
        whys = ("callback", "task", "thread", "deletion", "main")
        assert failures == [f"ValueError: {why} [secret]" for why in whys]
        assert "old key [secret]" in next(e["message"] for e in entries if e["logger"] == "py.warnings")
        assert any("Task exception was never retrieved" in entry["message"] for entry in entries)

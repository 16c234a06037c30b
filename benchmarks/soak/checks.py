"""Invariants once no job is running: none lost, none sent twice, every reply final, sums and counters correct."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from benchmarks.soak.bot_under_test import BotUnderTest, Command, Record
from bot.models import Finished, Outcome
from bot.texts.job_reply import Asked, job_view
from playground.fake_discord.people.rendering import plain, render
from playground.fake_discord.world.components import walk
from playground.fake_discord.world.messages import Message
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.fake_video_service.scenarios import choose

REJECTED = (429, 503)  # the service has not started the job: sending it again cannot cost twice
UNFINISHED = ("Making your video", "Queued", "thinking", "One moment")

_ENDED = """
    SELECT guild_id, date(created_at) AS day, outcome, count(*) AS jobs, sum(iif(unconfirmed, 0, cost)) AS cost,
           sum(iif(unconfirmed, cost, 0)) AS unconfirmed
    FROM jobs WHERE outcome IS NOT NULL GROUP BY 1, 2, 3
"""
_SUMS = """
    SELECT guild_id, date(day) AS day, value AS outcome, jobs, cost, unconfirmed FROM usage
    WHERE dimension = 'outcome' AND jobs <> 0
"""
_COUNTED = """
    WITH booked AS (
        SELECT *, iif(outcome = 'cancelled', started_at IS NOT NULL, coalesce(outcome, 'success') = 'success') AS video
        FROM jobs
    ),
    counted AS (
        SELECT guild_id, user_id, created_at, outcome, video, iif(unconfirmed, 0, cost) AS cost FROM booked
        UNION ALL SELECT guild_id, 0, created_at, outcome, video, cost FROM booked
        UNION ALL SELECT 0, 0, created_at, outcome, video, cost FROM booked
    ),
    periods AS (
        SELECT *, 'now' AS period FROM counted WHERE outcome IS NULL
        UNION ALL SELECT *, date(created_at) FROM counted
        UNION ALL SELECT *, strftime('%Y-%m', created_at) FROM counted
    )
    SELECT guild_id, user_id, period, sum(video) AS videos, sum(cost) AS cost FROM periods GROUP BY 1, 2, 3
    HAVING sum(video) <> 0 OR sum(cost) <> 0
"""
_COUNTERS = "SELECT guild_id, user_id, period, videos, cost FROM counters WHERE videos <> 0 OR cost <> 0"


def violations(bot: BotUnderTest, commands: list[Command]) -> list[str]:
    """Return each violated invariant of ``commands``, and of the sums and counters, as a sentence with its rows."""
    jobs = bot.jobs(commands)
    return [
        *_unsettled(jobs),
        *_misplaced(commands, jobs),
        *_sent_twice(bot.requests(), commands, jobs),
        *_wrong_replies(commands, jobs),
        *_announced_twice(bot, jobs),
        *wrong_sums(bot),
    ]


def is_cut_short(command: Command, jobs: list[Record]) -> bool:
    """Whether the bot was killed between acknowledging and storing ``command``; its reply stays "thinking" forever."""
    message = command.interaction.message
    return bool(message and message.thinking and not _of(command, jobs))


def wrong_sums(bot: BotUnderTest) -> Iterable[str]:
    """Yield where the usage sums or the limit counters differ from the rows, or still count an open job."""
    for name, rows, stored in (
        ("sums", bot.rows(_ENDED), bot.rows(_SUMS)),
        ("counters", bot.rows(_COUNTED), bot.rows(_COUNTERS)),
    ):
        yield from (f"in the rows but not in the {name}: {line}" for line in rows if line not in stored)
        yield from (f"in the {name} but not in the rows: {line}" for line in stored if line not in rows)
    yield from (f"a counter holds open jobs: {line}" for line in bot.rows(_COUNTERS) if line["period"] == "now")


def tracebacks(log: str) -> list[str]:
    """Return each traceback in ``log``; its last line names the error."""
    return re.findall(r"^Traceback [^\n]*\n(?:[^\S\n][^\n]*\n)*\S[^\n]*", log, re.MULTILINE)


def _unsettled(jobs: list[Record]) -> Iterable[str]:
    for job in jobs:
        if job["state"] != "done" or not job["outcome"] or not job["delivery"]:
            yield f"not settled, or not delivered: {job}"
        # A task that is written down is followed to its end, whatever happens to the process.
        expected = {*_outcomes(job["prompt"]), *(() if job["task"] else ("interrupted",))}
        if job["outcome"] and job["outcome"] not in expected:
            yield f"an outcome that is none of {sorted(expected)}: {job}"


def _outcomes(prompt: str) -> set[str]:
    scenario = choose(prompt, seen_before=True)
    return {scenario.outcome, *scenario.also_accepted}


def _misplaced(commands: list[Command], jobs: list[Record]) -> Iterable[str]:
    for command in commands:
        found = _of(command, jobs)
        message = command.interaction.message
        if command.interaction.failed:
            if any(job["prompt"] == command.prompt for job in jobs):
                yield f"a job of a command that was never acknowledged: {command.prompt}"
        elif len(found) > 1 or (not found and message and not _shows_no_job(message)):
            yield f"{len(found)} rows for one reply, of {command.prompt!r}: {found}"
    replies = {command.interaction.message.id for command in commands if command.interaction.message}
    yield from (f"a row without a reply: {job}" for job in jobs if job["message_id"] not in replies)


def _shows_no_job(message: Message) -> bool:
    """Whether a reply may have no row: it is still "thinking", was deleted, or is private."""
    return message.thinking or message.deleted or message.ephemeral


def _sent_twice(
    requests: dict[str, list[RecordedRequest]], commands: list[Command], jobs: list[Record]
) -> Iterable[str]:
    stored = {job["prompt"] for job in jobs}
    for prompt in (command.prompt for command in commands):
        statuses = [request.status for request in requests.get(prompt, ())]
        if any(status not in REJECTED for status in statuses[:-1]):
            yield f"sent again after the service had accepted it, {statuses}: {prompt!r}"
        if len(statuses) > 2:
            yield f"sent {len(statuses)} times, {statuses}: {prompt!r}"
        if statuses and prompt not in stored:
            yield f"sent but not stored, {statuses}: {prompt!r}"


def _wrong_replies(commands: list[Command], jobs: list[Record]) -> Iterable[str]:
    for command in commands:
        message = command.interaction.message
        for job in _of(command, jobs):
            if message is None or message.deleted or job["delivery"] != "reply" or not job["outcome"]:
                continue  # delivered elsewhere, as the row says; if not, `_unsettled` reports it
            text = render(message)
            wrong = [word for word in UNFINISHED if word in text]
            wrong += [custom_id for custom_id in _buttons(message.components) if ":cancel:" in custom_id]
            head = _head(Outcome(job["outcome"]))
            if head not in text:
                wrong.append(f"no {head!r}")
            if job["outcome"] == "success" and "[video:" not in text and str(job["video_url"]) not in text:
                wrong.append("neither video nor link")
            if wrong:
                yield f"a reply that is wrong ({', '.join(wrong)}):\n{text}\n  of {job}"


def _announced_twice(bot: BotUnderTest, jobs: list[Record]) -> Iterable[str]:
    texts = [
        message.content
        for channel in bot.discord.world.channels.values()
        for message in bot.discord.world.messages_of(channel)
    ]
    for job in jobs:
        link = f"{job['channel_id']}/{job['message_id']}"
        if (times := sum(link in text for text in texts if text)) > 1:
            yield f"the end was announced {times} times: {job}"


def _head(outcome: Outcome) -> str:
    """Return the first line of a reply with that outcome."""
    view = job_view(Finished(outcome, 0, video_url="https://h/v.mp4"), Asked(0, ""), datetime.now(UTC))
    return plain(view.paragraphs[0], 0).splitlines()[0].strip()


def _buttons(components: list[Record]) -> list[str]:
    return [str(component["custom_id"]) for _, component in walk(components) if "custom_id" in component]


def _of(command: Command, jobs: list[Record]) -> list[Record]:
    message = command.interaction.message
    return [job for job in jobs if message and job["message_id"] == message.id]

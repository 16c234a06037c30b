"""What must hold once all is quiet: nothing lost, nothing paid twice, nothing left unsaid, the book in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from benchmarks.soak.scene import Command, Record, Scene
from bot.models import Finished, Outcome
from bot.texts.job_reply import Asked, job_view
from playground.fake_discord.people.rendering import plain, render
from playground.fake_discord.world.components import walk
from playground.fake_discord.world.messages import Message
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.fake_video_service.scenarios import choose

TURNED_AWAY = (429, 503)  # the service has not begun: asking once more cannot cost twice
UNFINISHED = ("Making your video", "Queued", "thinking", "One moment")

_ENDED = """
    SELECT guild_id, date(created_at) AS day, outcome, count(*) AS jobs, sum(cost) AS cost FROM jobs
    WHERE outcome IS NOT NULL GROUP BY 1, 2, 3
"""
_BOOK = "SELECT guild_id, date(day) AS day, value AS outcome, jobs, cost FROM usage WHERE dimension = 'outcome'"
_COUNTED = """
    WITH counted AS (
        SELECT guild_id, user_id, created_at, outcome, cost FROM jobs WHERE coalesce(outcome, 'success') = 'success'
        UNION ALL
        SELECT guild_id, 0, created_at, outcome, cost FROM jobs WHERE coalesce(outcome, 'success') = 'success'
    )
    SELECT guild_id, user_id, 'now' AS period, count(*) AS videos, sum(cost) AS cost FROM counted
    WHERE outcome IS NULL GROUP BY 1, 2, 3
    UNION ALL SELECT guild_id, user_id, date(created_at), count(*), sum(cost) FROM counted GROUP BY 1, 2, 3
    UNION ALL SELECT guild_id, user_id, strftime('%Y-%m', created_at), count(*), sum(cost) FROM counted GROUP BY 1, 2, 3
"""
_COUNTERS = "SELECT guild_id, user_id, period, videos, cost FROM counters WHERE videos <> 0 OR cost <> 0"


def violations(scene: Scene, commands: list[Command]) -> list[str]:
    """Return, each as a sentence with its rows, what does not hold for ``commands`` and for the scene's book."""
    jobs = scene.jobs(commands)
    return [
        *_unsettled(jobs),
        *_misplaced(commands, jobs),
        *_paid_twice(scene.requests(), commands, jobs),
        *_wrong_replies(commands, jobs),
        *_announced_twice(scene, jobs),
        *wrong_book(scene),
    ]


def is_cut_short(command: Command, jobs: list[Record]) -> bool:
    """Whether the bot died between acknowledging ``command`` and writing it down: it thinks for ever."""
    message = command.interaction.message
    return bool(message and message.thinking and not _of(command, jobs))


def wrong_book(scene: Scene) -> Iterable[str]:
    """Yield where the sums, or the counters of limits, differ from the rows, or hold a job that is open still."""
    for name, rows, book in (
        ("sums", scene.rows(_ENDED), scene.rows(_BOOK)),
        ("counters", scene.rows(_COUNTED), scene.rows(_COUNTERS)),
    ):
        yield from (f"rows say what the {name} do not: {line}" for line in rows if line not in book)
        yield from (f"the {name} say what rows do not: {line}" for line in book if line not in rows)
    yield from (f"a counter holds open jobs: {line}" for line in scene.rows(_COUNTERS) if line["period"] == "now")


def tracebacks(log: str) -> list[str]:
    """Return each traceback in ``log``; its last line names the error."""
    return re.findall(r"^Traceback [^\n]*\n(?:[^\S\n][^\n]*\n)*\S[^\n]*", log, re.MULTILINE)


def _unsettled(jobs: list[Record]) -> Iterable[str]:
    for job in jobs:
        if job["state"] != "done" or not job["outcome"] or not job["delivery"]:
            yield f"not settled, or not delivered: {job}"
        expected = {*_outcomes(job["prompt"]), "interrupted"}
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
        elif len(found) > 1 or (not found and message and not _said_otherwise(message)):
            yield f"{len(found)} rows for one reply, of {command.prompt!r}: {found}"
    replies = {command.interaction.message.id for command in commands if command.interaction.message}
    yield from (f"a row without a reply: {job}" for job in jobs if job["message_id"] not in replies)


def _said_otherwise(message: Message) -> bool:
    """Whether a reply without a job is none that shows one: it thinks still, was taken away, or is for one alone."""
    return message.thinking or message.deleted or message.ephemeral


def _paid_twice(
    requests: dict[str, list[RecordedRequest]], commands: list[Command], jobs: list[Record]
) -> Iterable[str]:
    written_down = {job["prompt"] for job in jobs}
    for prompt in (command.prompt for command in commands):
        statuses = [request.status for request in requests.get(prompt, ())]
        if any(status not in TURNED_AWAY for status in statuses[:-1]):
            yield f"sent again after it had been taken, {statuses}: {prompt!r}"
        if len(statuses) > 2:
            yield f"sent {len(statuses)} times, {statuses}: {prompt!r}"
        if statuses and prompt not in written_down:
            yield f"paid but not written down, {statuses}: {prompt!r}"


def _wrong_replies(commands: list[Command], jobs: list[Record]) -> Iterable[str]:
    for command in commands:
        message = command.interaction.message
        for job in _of(command, jobs):
            if message is None or message.deleted or job["delivery"] != "reply" or not job["outcome"]:
                continue  # it was told elsewhere, as the row says, or that it was not is a complaint already
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


def _announced_twice(scene: Scene, jobs: list[Record]) -> Iterable[str]:
    said = [
        message.content
        for channel in scene.discord.world.channels.values()
        for message in scene.discord.world.messages_of(channel)
    ]
    for job in jobs:
        link = f"{job['channel_id']}/{job['message_id']}"
        if (times := sum(link in text for text in said if text)) > 1:
            yield f"the end was announced {times} times: {job}"


def _head(outcome: Outcome) -> str:
    """Return the first line of what a reply says at that end."""
    view = job_view(Finished(outcome, 0, video_url="https://h/v.mp4"), Asked(0, ""), datetime.now(UTC))
    return plain(view.paragraphs[0], 0).splitlines()[0].strip()


def _buttons(components: list[Record]) -> list[str]:
    return [str(component["custom_id"]) for _, component in walk(components) if "custom_id" in component]


def _of(command: Command, jobs: list[Record]) -> list[Record]:
    message = command.interaction.message
    return [job for job in jobs if message and job["message_id"] == message.id]

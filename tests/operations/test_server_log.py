"""Moderators who named a log channel read there how each request ended, and who was paused; others are told nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.i18n.translation import locale_context, number
from bot.models import Finished, Outcome, VideoModel
from bot.operations.server_log import ServerLog
from bot.policy.blocks import KINORA, Block
from bot.policy.policy import Policy
from tests.storage.records import NOON, a_job

MODELS = (VideoModel("sora_video2", "Sora 2"),)


class Rules:
    """Rules and pauses of one server, in memory."""

    def __init__(self, policy: Policy, *, pausing: bool = False) -> None:
        self.rules = policy
        self.pausing = pausing
        self.asked: list[int] = []

    async def policy(self, guild_id: int) -> Policy:
        return self.rules

    async def pause_after_refusals(self, guild_id: int, user_id: int, now: object, after: int) -> Block | None:
        self.asked.append(after)
        return Block(guild_id, user_id, NOON + timedelta(hours=1), "", KINORA, NOON) if self.pausing else None


class Away(Rules):
    """A database that is away."""

    async def policy(self, guild_id: int) -> Policy:
        raise StorageError("database is locked")


def server_log(rules: Rules) -> tuple[ServerLog, list[tuple[int, int, str]]]:
    lines: list[tuple[int, int, str]] = []
    kept = ServerLog(rules, rules, MODELS, lambda: NOON)
    kept.send = lambda *line: lines.append(line)
    return kept, lines


def done(outcome: Outcome) -> Finished:
    return Finished(outcome, 90.0, cost=200_000 if outcome is Outcome.SUCCESS else 0)


async def test_a_server_without_a_log_channel_is_told_nothing() -> None:
    kept, lines = server_log(Rules(Policy()))
    await kept.on_settled(a_job(), done(Outcome.SUCCESS))
    assert lines == []


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_each_end_is_one_line_with_who_what_and_where_and_without_the_prompt(outcome: Outcome) -> None:
    kept, lines = server_log(Rules(Policy(log_channel=9)))
    job = a_job(prompt="secret words")
    await kept.on_settled(job, done(outcome))
    ((guild, channel, line),) = lines
    assert (guild, channel) == (job.guild_id, 9)
    assert f"<@{job.user_id}>" in line
    assert f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id}" in line
    assert ("0.20" in line) == (outcome is Outcome.SUCCESS)
    assert "\n" not in line
    assert "secret" not in line


async def test_a_refused_prompt_may_pause_the_member_and_that_is_told() -> None:
    rules = Rules(Policy(log_channel=9, pause_after=5), pausing=True)
    kept, lines = server_log(rules)
    await kept.on_settled(a_job(), done(Outcome.MODERATION_PROMPT))
    assert rules.asked == [5]
    assert "paused" in lines[1][2]


@pytest.mark.parametrize(
    ("outcome", "pause_after"), [(Outcome.MODERATION_IMAGE, 3), (Outcome.SUCCESS, 3), (Outcome.MODERATION_PROMPT, 0)]
)
async def test_nothing_else_pauses_anybody(outcome: Outcome, pause_after: int) -> None:
    rules = Rules(Policy(pause_after=pause_after), pausing=True)
    kept, _ = server_log(rules)
    await kept.on_settled(a_job(), done(outcome))
    assert rules.asked == []


async def test_a_database_that_is_away_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    kept, lines = server_log(Away(Policy()))
    await kept.on_settled(a_job(), done(Outcome.SUCCESS))
    await kept.post(1, "a word")
    assert lines == []
    assert caplog.text.count("could not write a server's log") == 2


async def test_the_server_is_told_in_its_own_language_whoever_caused_it() -> None:
    kept, lines = server_log(Rules(Policy(log_channel=9)))
    kept.locale_of = {100: "de", 101: "en-GB"}.__getitem__

    with locale_context("ja"):
        await kept.post(100, lambda: number(1234))
        await kept.post(101, lambda: number(5678))
        assert number(1234) == "1,234"

    assert [text for _guild, _channel, text in lines] == ["1.234", "5,678"]

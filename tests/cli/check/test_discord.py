"""When today's logins are too few, and when SHARD_COUNT does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cli.check.discord import judge_shards, judge_starts
from bot.cli.check.findings import Severity
from bot.settings import Settings

if TYPE_CHECKING:
    from discord.types.gateway import SessionStartLimit


def settings(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    needed = {"DISCORD_TOKEN": "t", "VIDEO_API_URL": "http://v", "VIDEO_API_KEY": "k"}
    for name, value in {**needed, **changes}.items():
        monkeypatch.setenv(name, value)
    return Settings.load(None)


@pytest.mark.parametrize(
    ("left", "shards", "state"),
    [(1000, "16", Severity.OK), (99, "16", Severity.HINT), (15, "16", Severity.WRONG), (0, "1", Severity.WRONG)],
)
def test_logins_that_do_not_reach_for_one_more_start_are_wrong(
    monkeypatch: pytest.MonkeyPatch, left: int, shards: str, state: Severity
) -> None:
    starts: SessionStartLimit = {"total": 1000, "remaining": left, "reset_after": 5_400_000, "max_concurrency": 1}
    found = judge_starts(starts, settings(monkeypatch, SHARD_COUNT=shards), advised=16)

    assert found.state is state
    assert ("start none for 1.5 hours" in found.remedy) is (state is Severity.WRONG)


def test_a_process_of_several_needs_logins_for_its_own_shards_only(monkeypatch: pytest.MonkeyPatch) -> None:
    starts: SessionStartLimit = {"total": 1000, "remaining": 500, "reset_after": 0, "max_concurrency": 1}
    own = settings(monkeypatch, SHARD_COUNT="900", SHARD_IDS="0,1")

    assert judge_starts(starts, own, advised=900).state is Severity.OK


@pytest.mark.parametrize(
    ("count", "advised", "servers", "state"),
    [
        ("", 7, 6000, Severity.OK),
        ("8", 7, 6000, Severity.OK),
        ("4", 7, 6000, Severity.HINT),
        ("2", 7, 6000, Severity.WRONG),
    ],
)
def test_fewer_shards_than_discord_takes_are_wrong_and_fewer_than_it_advises_a_hint(
    monkeypatch: pytest.MonkeyPatch, count: str, advised: int, servers: int, state: Severity
) -> None:
    found = judge_shards(settings(monkeypatch, SHARD_COUNT=count), advised, servers)

    assert found.state is state
    assert ("SHARD_COUNT=7" in found.remedy) is (state is not Severity.OK)

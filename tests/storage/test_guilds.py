"""Rules belong to one server, every change of them is on record, and the operator's word stands above."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.policy.policy import Allowance, Policy, PolicyChange
from bot.policy.server_pause import ServerPause
from bot.policy.word_list import WordList
from bot.storage import GuildStore
from tests.storage.records import NOON

GUILD, MANAGER = 100, 9


async def test_a_server_of_which_nothing_was_said_has_kinoras_own_rules(guilds: GuildStore) -> None:
    guild = await guilds.get(GUILD)
    assert (guild.policy, guild.allowed) == (Policy(), True)


async def test_rules_hold_in_their_own_server_alone(guilds: GuildStore) -> None:
    await guilds.change(GUILD, MANAGER, NOON, lambda policy: replace(policy, prompt_days=7))
    assert (await guilds.policy(GUILD)).prompt_days == 7
    assert await guilds.policy(GUILD + 1) == Policy()
    assert await guilds.changes(GUILD + 1) == []


async def test_a_change_is_recorded_with_who_when_and_what(guilds: GuildStore) -> None:
    before, after = await guilds.change(
        GUILD, MANAGER, NOON, lambda policy: replace(policy, member=Allowance(videos_day=3), roles=frozenset({2, 1}))
    )
    assert (before, after.member) == (Policy(), Allowance(videos_day=3))
    assert sorted(await guilds.changes(GUILD), key=lambda change: change.what) == [
        PolicyChange(NOON, MANAGER, "member.videos_day", "null", "3"),
        PolicyChange(NOON, MANAGER, "roles", "[]", "[1, 2]"),
    ]


async def test_the_latest_changes_come_first_and_no_more_than_asked_for(guilds: GuildStore) -> None:
    for days in range(5):
        await guilds.change(GUILD, MANAGER, NOON, lambda policy, days=days: replace(policy, prompt_days=days))  # type: ignore[misc]
    assert [change.after for change in await guilds.changes(GUILD, 3)] == ["4", "3", "2"]


async def test_a_change_of_nothing_leaves_no_record_and_goes_on_following_the_operator(guilds: GuildStore) -> None:
    await guilds.change(GUILD, MANAGER, NOON, lambda policy: policy)
    assert await guilds.changes(GUILD) == []
    await guilds.set_default(Policy(prompt_days=3), MANAGER, NOON)
    assert (await guilds.policy(GUILD)).prompt_days == 3


async def test_a_pause_is_recorded_and_goes_on_following_the_operator(guilds: GuildStore) -> None:
    end = NOON + timedelta(hours=1)
    pause, longer = ServerPause(MANAGER, end, "a raid"), ServerPause(MANAGER)
    assert await guilds.set_pause(GUILD, MANAGER, NOON, pause) is None
    assert await guilds.set_pause(GUILD, MANAGER, NOON, pause) == pause
    assert await guilds.set_pause(GUILD, MANAGER, NOON, longer) == pause
    assert await guilds.set_pause(GUILD, MANAGER, end, None) == longer
    assert await guilds.set_pause(GUILD, MANAGER, end, None) is None
    recorded = [
        (change.what, json.loads(change.before), json.loads(change.after)) for change in await guilds.changes(GUILD)
    ]
    assert recorded == [
        ("pause", longer.to_dict(), None),
        ("pause", pause.to_dict(), longer.to_dict()),
        ("pause", None, pause.to_dict()),
    ]
    await guilds.set_default(Policy(prompt_days=3), MANAGER, NOON)
    guild = await guilds.get(GUILD)
    assert (guild.is_own, guild.policy.prompt_days, guild.pause) == (False, 3, None)


async def test_a_pause_that_is_over_is_none_and_touches_no_other_server(guilds: GuildStore) -> None:
    end = NOON + timedelta(hours=1)
    await guilds.set_pause(GUILD, MANAGER, NOON, pause := ServerPause(MANAGER, end))
    guild = await guilds.get(GUILD)
    assert (guild.pause_at(NOON), guild.pause_at(end)) == (pause, None)
    assert (await guilds.get(GUILD + 1)).pause is None
    assert await guilds.set_pause(GUILD, MANAGER, end, None) is None


async def test_rules_that_are_changed_during_a_pause_leave_it_as_it_is(guilds: GuildStore) -> None:
    await guilds.set_pause(GUILD, MANAGER, NOON, pause := ServerPause(MANAGER))
    await guilds.change(GUILD, MANAGER, NOON, lambda policy: replace(policy, prompt_days=7))
    guild = await guilds.get(GUILD)
    assert (guild.pause, guild.is_own, guild.policy.prompt_days) == (pause, True, 7)


async def test_words_are_recorded_and_go_on_following_the_operator(guilds: GuildStore) -> None:
    def with_words(*words: str) -> Callable[[WordList], WordList]:
        return lambda before: before.with_words(words)

    assert await guilds.change_words(GUILD, MANAGER, NOON, with_words()) == (WordList(), WordList())
    await guilds.change_words(GUILD, MANAGER, NOON, with_words("Cat", "big dog"))
    await guilds.change_words(GUILD, MANAGER, NOON, with_words("CAT"))
    await guilds.change_words(GUILD, MANAGER, NOON, lambda before: before.without(["cat"]))
    assert [
        (change.what, json.loads(change.before), json.loads(change.after)) for change in await guilds.changes(GUILD)
    ] == [
        ("words", {"count": 2}, {"count": 1, "added": [], "removed": ["Cat"]}),
        ("words", {"count": 0}, {"count": 2, "added": ["Cat", "big dog"], "removed": []}),
    ]
    guild = await guilds.get(GUILD)
    assert (guild.words, guild.is_own) == (WordList(("big dog",)), False)
    assert (await guilds.get(GUILD + 1)).words == WordList()


async def test_of_words_that_are_added_at_once_none_is_lost(guilds: GuildStore) -> None:
    def with_word(number: int) -> Callable[[WordList], WordList]:
        return lambda before: before.with_words([f"word{number}"])

    await asyncio.gather(*(guilds.change_words(GUILD, MANAGER, NOON, with_word(number)) for number in range(20)))
    assert set((await guilds.get(GUILD)).words.words) == {f"word{number}" for number in range(20)}


async def test_of_changes_at_once_none_is_lost(guilds: GuildStore) -> None:
    def with_role(role: int) -> object:
        return lambda policy: replace(policy, roles=policy.roles | {role})

    await asyncio.gather(*(guilds.change(GUILD, MANAGER, NOON, with_role(role)) for role in range(20)))  # type: ignore[arg-type]
    assert (await guilds.policy(GUILD)).roles == frozenset(range(20))


async def test_the_operators_default_holds_where_managers_have_set_nothing(guilds: GuildStore) -> None:
    await guilds.change(GUILD, MANAGER, NOON, lambda policy: replace(policy, pause_after=7))
    default = Policy(server=Allowance(videos_day=5), roles=frozenset({1}), channels=frozenset({2}), log_channel=3)
    await guilds.set_default(default, MANAGER, NOON)
    assert await guilds.policy(GUILD) == Policy(pause_after=7)
    assert await guilds.policy(GUILD + 1) == Policy(server=Allowance(videos_day=5))


async def test_the_operators_word_and_the_managers_rules_do_not_touch_each_other(guilds: GuildStore) -> None:
    await guilds.allow(GUILD, False)
    await guilds.change(GUILD, MANAGER, NOON, lambda policy: replace(policy, prompt_days=1))
    guild = await guilds.get(GUILD)
    assert (guild.allowed, guild.policy.prompt_days) == (False, 1)
    assert await guilds.denied() == [GUILD]
    await guilds.allow(GUILD, True)
    assert (await guilds.get(GUILD)).policy.prompt_days == 1

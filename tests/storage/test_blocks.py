"""Blocks end by themselves or are lifted, in their own server only; three refused prompts in a day pause a member."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.models import Outcome
from bot.policy.blocks import KINORA, Block
from bot.storage import AdmissionStore, BlockStore, JobStore
from tests.storage.records import NOON, added, settle

GUILD, MEMBER = 100, 400
HOUR = timedelta(hours=1)


def a_block(**changes: object) -> Block:
    values = {"guild_id": GUILD, "user_id": MEMBER, "until": NOON + HOUR, "reason": "spam", "by": 9, "at": NOON}
    return Block(**values | changes)  # type: ignore[arg-type]


async def refused(
    admissions: AdmissionStore, store: JobStore, at: datetime, outcome: Outcome = Outcome.MODERATION_PROMPT
) -> None:
    await settle(store, (await added(admissions, guild_id=GUILD, created_at=at)).id, outcome, at)


async def test_a_block_is_in_force_until_its_time(blocks: BlockStore) -> None:
    await blocks.put(a_block())
    assert await blocks.get(GUILD, MEMBER, NOON) == a_block()
    assert await blocks.get(GUILD, MEMBER, NOON + HOUR) is None
    assert await blocks.get(GUILD + 1, MEMBER, NOON) is None


async def test_reason_is_cleaned_of_what_not_every_database_takes(blocks: BlockStore) -> None:
    await blocks.put(a_block(reason="a\0b\ud83d"))
    assert await blocks.get(GUILD, MEMBER, NOON) == a_block(reason="ab?")


async def test_a_new_block_takes_the_place_of_the_old_one(blocks: BlockStore) -> None:
    await blocks.put(a_block())
    await blocks.put(a_block(until=NOON + 2 * HOUR, reason="again"))
    assert await blocks.active(GUILD, NOON) == [a_block(until=NOON + 2 * HOUR, reason="again")]


async def test_blocks_are_listed_by_their_end_for_one_server(blocks: BlockStore) -> None:
    for hours, member in ((3, 1), (1, 2), (2, 3)):
        await blocks.put(a_block(user_id=member, until=NOON + hours * HOUR))
    await blocks.put(a_block(guild_id=GUILD + 1))
    assert [block.user_id for block in await blocks.active(GUILD, NOON + HOUR)] == [3, 1]


async def test_lifting_ends_a_block_once(blocks: BlockStore) -> None:
    await blocks.put(a_block())
    assert not await blocks.lift(GUILD + 1, MEMBER, NOON)
    assert await blocks.lift(GUILD, MEMBER, NOON)
    assert not await blocks.lift(GUILD, MEMBER, NOON)
    assert await blocks.active(GUILD, NOON) == []


async def test_the_third_refused_prompt_in_a_day_pauses_for_an_hour(
    admissions: AdmissionStore, store: JobStore, blocks: BlockStore
) -> None:
    for hours in (30, 20, 10):
        await refused(admissions, store, NOON - hours * HOUR)
    await refused(admissions, store, NOON, Outcome.MODERATION_IMAGE)
    assert await blocks.pause_after_refusals(GUILD, MEMBER, NOON, 3) is None
    await refused(admissions, store, NOON)
    pause = await blocks.pause_after_refusals(GUILD, MEMBER, NOON, 3)
    assert pause == a_block(reason="", by=KINORA)
    assert await blocks.get(GUILD, MEMBER, NOON) == pause


async def test_after_a_pause_it_takes_as_many_again(
    admissions: AdmissionStore, store: JobStore, blocks: BlockStore
) -> None:
    for _ in range(2):
        await refused(admissions, store, NOON)
    assert await blocks.pause_after_refusals(GUILD, MEMBER, NOON, 2)
    later = NOON + 2 * HOUR
    await refused(admissions, store, later)
    assert await blocks.pause_after_refusals(GUILD, MEMBER, later, 2) is None
    await refused(admissions, store, later)
    assert await blocks.pause_after_refusals(GUILD, MEMBER, later, 2)


async def test_a_moderators_block_is_not_shortened_by_a_pause(
    admissions: AdmissionStore, store: JobStore, blocks: BlockStore
) -> None:
    await refused(admissions, store, NOON)
    await blocks.put(a_block(until=NOON + timedelta(days=7), at=NOON - HOUR))
    assert await blocks.pause_after_refusals(GUILD, MEMBER, NOON, 1) is None
    (block,) = await blocks.active(GUILD, NOON)
    assert block.by == 9


async def test_refusals_elsewhere_pause_nobody_here(
    admissions: AdmissionStore, store: JobStore, blocks: BlockStore
) -> None:
    await refused(admissions, store, NOON)
    assert await blocks.pause_after_refusals(GUILD + 1, MEMBER, NOON, 1) is None
    assert await blocks.pause_after_refusals(GUILD, MEMBER + 1, NOON, 1) is None

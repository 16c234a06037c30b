"""A reply outlives its token: it is edited as the bot's own message, replaced, or brought to the member's inbox."""

from __future__ import annotations

import re

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction
from playground.fake_discord.world.interaction import TokenDeath
from tests.e2e.conftest import Stage

READY = "Your video is ready"
BY_TOKEN = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
AS_BOT = "PATCH /channels/{channel_id}/messages/{message_id}"


async def under_way(stage: Stage, prompt: str, **options: object) -> Interaction:
    """Start a slow job and wait for its first percentage."""
    interaction = await stage.video(f"#slow {prompt}", **options)  # type: ignore[arg-type]
    await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
    return interaction


def edits(stage: Stage, interaction: Interaction, route: str) -> list[int]:
    """Return the statuses of the edits of one reply that went by ``route``."""
    assert interaction.message is not None
    of_reply = (interaction.token, str(interaction.message.id))
    return [r.status for r in stage.discord.requests.to(route) if any(part in r.path for part in of_reply)]


@pytest.mark.parametrize("death", ["401", "404"])
async def test_a_token_that_dies_is_tried_once_and_the_reply_goes_on_as_the_bots_own(
    stage: Stage, death: TokenDeath
) -> None:
    interaction = await under_way(stage, f"token dies with {death}")
    stage.discord.kill_token(interaction, death)
    message = await stage.shows(interaction, "[video: video.mp4")

    assert READY in render(message)
    assert sum(status in (401, 404) for status in edits(stage, interaction, BY_TOKEN)) == 1
    assert edits(stage, interaction, AS_BOT)
    assert (await stage.delivered(interaction))["delivery"] == "reply"


async def test_a_deleted_reply_is_replaced_by_one_new_message_with_the_video(stage: Stage) -> None:
    interaction = await under_way(stage, "deleted reply 7301")
    assert interaction.message is not None
    stage.discord.delete_message(interaction.message)
    row = await stage.delivered(interaction)

    assert row["delivery"] == "message"
    (new,) = [m for m in interaction.followups if not m.deleted]
    assert "deleted reply 7301" in render(new)
    assert "[video: video.mp4" in render(new)


async def test_a_channel_that_is_gone_sends_the_video_to_the_inbox(stage: Stage) -> None:
    interaction = await under_way(stage, "channel gone", by=stage.ben)
    fault = stage.discord.faults.add(route="* /channels/*", status=404, code=10003, message="Unknown Channel")
    stage.discord.kill_token(interaction)
    try:
        row = await stage.delivered(interaction)
    finally:
        stage.discord.faults.remove(fault)
    # The inbox is a channel as well, so this fault closes it too: the video is kept.
    assert row["delivery"] == "kept"
    back = await stage.video("ben is back", by=stage.ben)
    await stage.shows(back, READY)
    assert any("channel gone" in render(m) for m in back.followups if m.only_for is stage.ben)
    assert stage.row_of(interaction)["delivery"] == "reply"


async def test_a_channel_that_is_deleted_meanwhile_sends_the_video_to_the_inbox(stage: Stage) -> None:
    assert stage.videos.guild is not None
    channel = await stage.discord.create_channel(stage.videos.guild, "for a moment")
    await under_way(stage, "in a channel that is deleted", where=channel)
    await stage.discord.delete_channel(channel)
    (job,) = await stage.until(
        lambda: stage.rows("SELECT delivery, video_url FROM jobs WHERE channel_id = ?", channel.id),
        lambda rows: rows[0]["delivery"] is not None,
    )
    assert job["delivery"] == "inbox"
    inbox = stage.discord.world.direct_messages(stage.mara)
    assert job["video_url"] in render(stage.discord.world.messages_of(inbox)[-1])


@pytest.mark.parametrize(("status", "code"), [(400, 50083), (403, 50001)])
async def test_where_edits_are_refused_for_good_a_new_message_comes_instead(
    stage: Stage, status: int, code: int
) -> None:
    interaction = await under_way(stage, f"edits refused with {code}")
    fault = stage.discord.faults.add(route="PATCH /channels/*", status=status, code=code)
    stage.discord.kill_token(interaction)
    try:
        row = await stage.delivered(interaction)
    finally:
        stage.discord.faults.remove(fault)

    assert row["delivery"] == "message"
    assert edits(stage, interaction, AS_BOT) == [status]


async def test_in_a_channel_it_cannot_see_the_member_is_told_before_anything_is_paid(stage: Stage) -> None:
    staff = stage.discord.world.channel("staff")
    interaction = await stage.video("#slow behind closed doors", by=stage.mo, where=staff)
    told = await stage.shows(interaction, "can't see this channel")
    assert not stage.sent("closed doors")
    assert told.edits <= 1

    await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
    stage.discord.kill_token(interaction)
    row = await stage.delivered(interaction)
    assert row["delivery"] == "inbox"
    inbox = stage.discord.world.direct_messages(stage.mo)
    letter = [m for m in stage.discord.world.messages.values() if m.channel is inbox][-1]
    assert READY in render(letter)
    assert row["video_url"] in render(letter)
    assert not edits(stage, interaction, AS_BOT)


async def test_closed_direct_messages_keep_the_video_until_the_member_is_back(stage: Stage) -> None:
    staff = stage.discord.world.channel("staff")
    interaction = await under_way(stage, "no letters please", by=stage.mo, where=staff)
    stage.mo.accepts_direct_messages = False
    try:
        stage.discord.kill_token(interaction)
        row = await stage.delivered(interaction)
    finally:
        stage.mo.accepts_direct_messages = True
    assert row["delivery"] == "kept"

    back = await stage.video("mo is back", by=stage.mo)
    await stage.shows(back, READY)
    (private,) = [m for m in back.followups if m.only_for is stage.mo]
    assert row["video_url"] in render(private)
    assert stage.row_of(interaction)["delivery"] == "reply"

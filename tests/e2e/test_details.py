"""What moderators see behind one reply, and what they do about it: the reply deleted, the member blocked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, NotAllowed, button_id
from playground.fake_discord.world.entities import User
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY = "Your video is ready"


async def details(stage: Stage, message: Message, by: User | None = None) -> Message:
    """Return the private answer to **Video details** on ``message``."""
    interaction = await stage.discord.message_menu(by or stage.mo, message.channel, "Video details", message)
    return await stage.shows(interaction, "Video details")


async def press(stage: Stage, message: Message, label: str, by: User | None = None) -> Interaction:
    return await stage.discord.click(by or stage.mo, message, button_id(message, label))


async def delete(stage: Stage, page: Message, by: User | None = None) -> Interaction:
    """Press **Delete the reply**, and once more under the question that follows."""
    question = await stage.shows(await press(stage, page, "Delete the reply", by), "Delete this reply?")
    return await press(stage, question, "Delete", by)


async def block(stage: Stage, page: Message, **values: object) -> str:
    """Fill in the form behind **Block the member** and return what the moderator is told."""
    form = await press(stage, page, "Block the member")
    await form.acknowledged.wait()
    return await stage.told(await stage.discord.submit_modal(stage.mo, form, values))


async def made(stage: Stage, prompt: str, by: User | None = None) -> tuple[Interaction, Message]:
    """Let somebody make a video, and return the reply once nobody changes it any more."""
    interaction = await stage.video(prompt, by=by)
    await stage.delivered(interaction)
    return interaction, await stage.shows(interaction)


async def test_a_moderator_sees_who_what_and_when_in_private(stage: Stage) -> None:
    interaction, reply = await made(stage, "A **lighthouse** at dusk", by=stage.ben)
    page = await details(stage, reply)

    text = render(page)
    assert page.only_for is stage.mo
    for words in ("@Ben asked", "A **lighthouse** at dusk", "sora_video2", "made, shown in the reply", "not blocked"):
        assert words in text
    assert str(interaction.message and interaction.message.id) in text
    assert not page.pings


async def test_a_refusal_is_found_by_the_button_on_its_notice(stage: Stage) -> None:
    _, reply = await made(stage, "#refuse-prompt somebody famous", by=stage.ben)

    text = render(await details(stage, reply))
    assert "refused for the prompt" in text
    assert "somebody famous" in text
    assert re.search(r"[1-9]\d* refused prompt", text)


async def test_a_message_of_somebody_else_shows_no_video(stage: Stage) -> None:
    message = stage.discord.say(stage.ben, stage.videos, "kinora:cancel:" + "0" * 32)
    interaction = await stage.discord.message_menu(stage.mo, stage.videos, "Video details", message)

    assert "no video of mine" in await stage.told(interaction)


async def test_a_member_is_not_offered_the_menu(stage: Stage) -> None:
    _, reply = await made(stage, "not for members")
    with pytest.raises(NotAllowed):
        await stage.discord.message_menu(stage.ben, stage.videos, "Video details", reply)


async def test_a_role_let_in_by_integrations_gets_all_of_it(stage: Stage) -> None:
    guild = stage.videos.guild
    assert guild is not None
    _, reply = await made(stage, "for patrons too")
    await stage.discord.allow_command(guild, "Video details", stage.ben)
    try:
        page = await details(stage, reply, by=stage.ben)
        await stage.shows(await delete(stage, page, by=stage.ben), "eply deleted")
    finally:
        await stage.discord.allow_command(guild, "Video details", stage.ben, allowed=False)


async def test_the_picture_that_was_given_stands_beside_the_facts_while_it_is_kept(stage: Stage) -> None:
    interaction, reply = await made(stage, "with its picture", by=stage.ben)
    assert "[image: picture1." in render(await details(stage, reply))

    (stage.playground.bot.database.parent / "pictures" / stage.row_of(interaction)["picture"]).unlink()
    assert "[image:" not in render(await details(stage, reply))


async def test_deleting_takes_the_reply_out_of_the_channel_and_keeps_the_record(stage: Stage) -> None:
    interaction, reply = await made(stage, "to be taken down")
    page = await details(stage, reply)
    await stage.shows(await delete(stage, page), "eply deleted")

    assert reply.id not in stage.discord.world.messages
    assert stage.row_of(interaction)["outcome"] == "success"
    await stage.shows(await delete(stage, page), "already gone")


async def test_deleting_the_reply_of_an_open_job_cancels_it_and_nothing_is_posted_anew(stage: Stage) -> None:
    interaction = await stage.video("#stall never to be seen")
    page = await details(stage, await stage.shows(interaction, "42%"))
    assert "deleting its reply cancels it" in render(page)
    before = set(stage.discord.world.messages)
    answer = await stage.shows(await delete(stage, page), "cancelled")

    row = await stage.delivered(interaction)
    assert (row["outcome"], row["delivery"]) == ("cancelled", "dropped")
    assert set(stage.discord.world.messages) - before <= {answer.id}


async def test_a_video_made_meanwhile_is_not_posted_anew_after_its_reply_was_deleted(stage: Stage) -> None:
    interaction = await stage.video("#slow made and taken down")
    reply = await stage.shows(interaction, "Making your video")
    page = await details(stage, reply)
    question = await stage.shows(await press(stage, page, "Delete the reply"), "Delete this reply?")
    fault = stage.discord.faults.add(route="PATCH *", status=500)
    try:
        await stage.until(lambda: stage.row_of(interaction), lambda row: row["state"] == "done")
        before = set(stage.discord.world.messages)
        pressed = await press(stage, question, "Delete")
        await stage.until(lambda: reply.id in stage.discord.world.messages, lambda there: not there)
    finally:
        stage.discord.faults.remove(fault)

    answer = await stage.shows(pressed, "eply deleted")
    row = await stage.delivered(interaction)
    assert (row["outcome"], row["delivery"]) == ("success", "dropped")
    assert set(stage.discord.world.messages) - before <= {answer.id}


@pytest.mark.parametrize(("status", "code", "words"), [(403, 50001, "View Channel"), (400, 50035, "try again")])
async def test_what_discord_says_against_a_deletion_is_told(stage: Stage, status: int, code: int, words: str) -> None:
    _, reply = await made(stage, f"cannot be deleted, {status}")
    page = await details(stage, reply)
    fault = stage.discord.faults.add(route="DELETE /channels/*", status=status, code=code)
    try:
        await stage.shows(await delete(stage, page), words)
    finally:
        stage.discord.faults.remove(fault)
    assert reply.id in stage.discord.world.messages


async def test_a_block_by_the_form_holds_with_its_reason_until_it_is_lifted(stage: Stage) -> None:
    _, reply = await made(stage, "one too many", by=stage.ben)
    page = await details(stage, reply)
    told = await block(stage, page, length=["7 days"], reason="not _that_ again")
    try:
        assert "@Ben is blocked until" in told
        assert "not _that_ again" in told
        refused = await stage.told(await stage.video("let me in", by=stage.ben))
        assert "not _that_ again" in refused
        assert not stage.rows("SELECT * FROM jobs WHERE prompt = 'let me in'")
        assert "blocked until" in render(await details(stage, reply))
    finally:
        await stage.told(await stage.discord.slash(stage.mo, stage.videos, "blocks lift", {"member": stage.ben}))
    await made(stage, "thank you", by=stage.ben)


async def test_nothing_of_another_servers_video_is_shown_or_done(stage: Stage) -> None:
    world = stage.discord.world
    other = world.guild("Another Server")
    elsewhere = world.channel("general", other)
    ours, _ = await made(stage, "stays in the test server")
    theirs = await stage.video("stays in the other one", by=stage.ben, where=elsewhere)
    await stage.delivered(theirs)
    page = await details(stage, await stage.shows(theirs), by=world.person("Olga"))
    text = render(page)
    assert "stays in the other one" in text
    # A button that names a job of the first server, on a message of the second.
    assert theirs.message is not None
    job_id = stage.row_of(ours)["id"]
    live = world.messages[page.id]
    row = live.components[-1]["components"][-1]["components"][0]
    row["custom_id"] = f"kinora:delete:{job_id}"
    told = await stage.told(await stage.discord.click(world.person("Olga"), live, row["custom_id"]))
    assert "no video of mine" in told
    assert ours.message is not None
    assert ours.message.id in world.messages


async def test_after_a_restart_the_buttons_and_selects_of_before_still_work(tmp_path: Path, picture: bytes) -> None:
    async with Playground(tmp_path, pace=0.3, plan=SHORT_FILM, settings=QUICK) as playground:
        stage = Stage(playground, picture)
        interaction, reply = await made(stage, "before the restart", by=stage.ben)
        page = await details(stage, reply)
        await block(stage, page)
        listing = await stage.shows(await stage.discord.slash(stage.mo, stage.videos, "blocks list", {}), "@Ben")
        asked = await stage.shows(await stage.discord.slash(stage.ben, stage.videos, "privacy erase", {}), "Erase")
        await playground.bot.stop()
        await playground.start_bot()

        refused = await stage.video("still blocked", by=stage.ben)
        assert "blocked" in await stage.told(refused)
        lifted = await stage.discord.choose(stage.mo, listing, "kinora-blocks:lift", [stage.ben])
        await stage.shows(lifted, "can make videos again", "No one is blocked")
        assert "is blocked until" in await block(stage, page)
        await stage.shows(await press(stage, asked, "Erase my data", by=stage.ben), "of 1 request")
        assert stage.row_of(interaction)["prompt"] == ""
        assert "was erased" in render(await details(stage, reply))
        await stage.shows(await delete(stage, page), "eply deleted")
        assert reply.id not in stage.discord.world.messages
        assert "Traceback" not in stage.log()

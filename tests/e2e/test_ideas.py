"""Under a finished video: the same again, another prompt, a remix, and its idea for everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, Upload, button_id
from playground.fake_discord.world.entities import User
from playground.fake_discord.world.messages import Message
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.e2e.conftest import Stage
from tests.e2e.test_restarts import backdate, staged

READY = "Your video is ready"
UPLOADED = "[video: video.mp4"
TEXT, FILE = 4, 19  # types of a form's fields


async def finished(stage: Stage, prompt: str, **options: Any) -> Message:
    return await stage.shows(await stage.video(prompt, **options), UPLOADED)


async def press(stage: Stage, message: Message, label: str, *, by: User | None = None) -> Interaction:
    return await stage.discord.click(by or stage.mara, message, button_id(message, label))


async def form(stage: Stage, message: Message, label: str, *, by: User | None = None) -> Interaction:
    """Press a button that asks for something."""
    pressed = await press(stage, message, label, by=by)
    await pressed.acknowledged.wait()
    assert pressed.modal is not None, await stage.told(pressed)
    return pressed


def fields(form: Interaction) -> dict[int, dict[str, Any]]:
    """Return the form's components by their type."""
    assert form.modal is not None
    return {label["component"]["type"]: label["component"] for label in form.modal["components"]}


async def send(stage: Stage, form: Interaction, prompt: str | None = None, **files: Upload) -> Interaction:
    """Send a form with ``prompt``, or with the one it came with."""
    parts = fields(form)
    values: dict[str, Any] = {} if prompt is None else {parts[TEXT]["custom_id"]: prompt}
    if files:
        values[parts[FILE]["custom_id"]] = list(files.values())
    return await stage.discord.submit_modal(form.person, form, values)


def asked(stage: Stage, words: str) -> list[dict[str, Any]]:
    """Return the bodies of the requests whose last turn holds ``words``."""
    return [request.body for request in stage.sent(words)]


async def test_a_finished_video_offers_what_can_be_made_of_it_and_its_link(stage: Stage) -> None:
    message = await finished(stage, "an offer of three")
    row = "[ Again ]  [ Edit ]  [ Remix ]  [ 🗑️ ]  [ Open → http"
    assert row in render(message)


async def test_again_makes_the_same_once_more_and_a_double_click_once(stage: Stage) -> None:
    message = await finished(stage, "the very same again")
    first = await press(stage, message, "Again")
    await first.acknowledged.wait()  # of two that are looked at together, either may be the one that counts
    second = await press(stage, message, "Again")
    assert "Already making this again" in await stage.told(second)
    await stage.shows(first, READY, "the very same again")

    original, again = asked(stage, "the very same again")
    assert original == again


async def test_edit_and_try_again_comes_with_the_prompt_and_keeps_the_picture(stage: Stage) -> None:
    message = await finished(stage, "a boat, first draft")
    edit = await form(stage, message, "Edit")
    assert fields(edit)[TEXT]["value"] == "a boat, first draft"
    await stage.shows(await send(stage, edit, "a boat, second draft"), READY, "second draft")

    (first,), (second,) = asked(stage, "first draft"), asked(stage, "second draft")
    assert first["messages"][0]["content"][1] == second["messages"][0]["content"][1]


async def test_a_remix_goes_on_with_the_conversation_and_so_does_the_remix_of_a_remix(stage: Stage) -> None:
    message = await finished(stage, "a remixed kite")
    remixed = await stage.shows(await send(stage, await form(stage, message, "Remix"), "kite but at night"), UPLOADED)
    await stage.shows(await send(stage, await form(stage, remixed, "Remix"), "kite and slower"), READY)

    links = [stage.rows("SELECT video_url FROM jobs WHERE prompt = ?", p)[0]["video_url"] for p in KITES[:2]]
    (request,) = asked(stage, "kite and slower")
    turns = request["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user", "assistant", "user"]
    assert [turn["content"] for turn in turns[1::2]] == links
    assert [turn["content"][0]["text"] for turn in turns[::2]] == [*KITES]
    assert [len(turn["content"]) for turn in turns[::2]] == [2, 1, 1]  # the picture stands in the first one alone


KITES = ("a remixed kite", "kite but at night", "kite and slower")


async def test_again_under_a_remix_is_the_same_turn_of_the_same_conversation(stage: Stage) -> None:
    message = await finished(stage, "a pond")
    remixed = await stage.shows(await send(stage, await form(stage, message, "Remix"), "pond in the rain"), UPLOADED)
    await stage.shows(await press(stage, remixed, "Again"), READY)

    first, again = asked(stage, "pond in the rain")
    assert first == again


@pytest.mark.parametrize("label", ["Again", "Edit", "Remix"])
async def test_for_others_every_button_opens_their_own_form_on_their_own_allowance(stage: Stage, label: str) -> None:
    message = await finished(stage, f"mine, {label}")
    idea = await form(stage, message, label, by=stage.ben)
    assert idea.modal
    assert idea.modal["title"] == "Use this idea"
    assert fields(idea)[TEXT]["value"] == f"mine, {label}"

    before = counted(stage, stage.ben)
    sent = await send(stage, idea, f"Ben's own, {label}")
    await stage.shows(sent, READY, "Made for @Ben")
    assert counted(stage, stage.ben) == before + 1
    assert stage.row_of(sent)["user_id"] == stage.ben.id


def counted(stage: Stage, whose: User) -> int:
    rows = stage.rows("SELECT videos FROM counters WHERE user_id = ? AND length(period) = 10", whose.id)
    return int(sum(row["videos"] for row in rows))


async def test_who_asked_deletes_their_own_result_after_a_question_and_its_cost_stays(stage: Stage) -> None:
    interaction = await stage.video("not to be seen by anyone else")
    message = await stage.shows(interaction, UPLOADED)
    row = await stage.delivered(interaction)
    question = await stage.shows(await press(stage, message, "🗑️"), "Delete this reply?", "stays counted")
    assert message.id in stage.discord.world.messages
    await stage.shows(await press(stage, question, "Delete"), "Reply deleted")

    assert message.id not in stage.discord.world.messages
    assert stage.row_of(interaction) == row


async def test_another_member_deletes_nothing_of_it(stage: Stage) -> None:
    message = await finished(stage, "not Ben's to delete")
    assert "for the member who asked" in await stage.told(await press(stage, message, "🗑️", by=stage.ben))
    assert message.id in stage.discord.world.messages


async def test_once_the_picture_is_gone_another_one_is_asked_for_and_a_remix_is_kindly_declined(stage: Stage) -> None:
    interaction = await stage.video("without its picture")
    message = await stage.shows(interaction, UPLOADED)
    (stage.playground.bot.database.parent / "pictures" / stage.row_of(interaction)["picture"]).unlink()

    assert "kept for two days" in await stage.told(await press(stage, message, "Remix"))
    for person, label in ((stage.mara, "Again"), (stage.ben, "Edit")):
        idea = await form(stage, message, label, by=person)
        picture = Upload("other.png", encode(small_sample(), "PNG"), content_type="image/png")
        await stage.shows(await send(stage, idea, f"anew {label}", other=picture), READY)


async def test_once_the_words_are_erased_every_button_says_so(stage: Stage) -> None:
    interaction = await stage.video("soon forgotten", by=stage.mo)
    message = await stage.shows(interaction, UPLOADED)
    await stage.delivered(interaction)  # what is still being shown keeps its words
    asking = await stage.discord.slash(stage.mo, stage.videos, "privacy erase", {})
    await stage.told(asking)
    assert asking.message
    erased = await stage.discord.click(stage.mo, asking.message, button_id(asking.message, "Erase my data"))
    await stage.shows(asking, "Erased: ")
    assert erased.acknowledged.is_set()

    for label in ("Again", "Edit", "Remix"):
        assert "is no longer kept" in await stage.told(await press(stage, message, label, by=stage.mo))


async def test_the_buttons_of_before_work_after_a_restart_and_a_waiting_remix_goes_on(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1") as stage:
        spoiler = Upload("SPOILER_secret.png", picture, content_type="image/png")
        message = await stage.shows(await stage.video("made before", image=spoiler), "[video: SPOILER_video.mp4")
        running = await stage.video("#stall the running one", by=stage.ben)
        await stage.shows(running, "42%")
        waiting = await send(stage, await form(stage, message, "Remix"), "and then it rains")
        await stage.shows(waiting, "You're next")
        await stage.playground.bot.kill()
        backdate(stage, 60)
        await stage.playground.start_bot()

        await stage.shows(waiting, READY, "[video: SPOILER_video.mp4")
        (request,) = asked(stage, "and then it rains")
        assert [turn["role"] for turn in request["messages"]] == ["user", "assistant", "user"]
        for label in ("Again", "Edit"):
            pressed = await press(stage, message, label)
            sent = pressed if label == "Again" else await send(stage, await form(stage, message, label), "again")
            await stage.shows(sent, READY, "[video: SPOILER_video.mp4")

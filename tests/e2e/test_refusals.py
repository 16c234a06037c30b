"""A refusal is told kindly: a neutral line in the channel, the reasons to the requester alone, and a way on."""

from __future__ import annotations

import pytest

from playground.fake_discord.server import Interaction, Upload, button_id
from playground.fake_discord.world.messages import Message
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.e2e.conftest import Stage

NEUTRAL = "No video this time"


async def refused(stage: Stage, prompt: str) -> tuple[Message, str]:
    """Return the reply in the channel and what the member was told in private."""
    interaction = await stage.video(prompt)
    message = await stage.shows(interaction, NEUTRAL)
    return message, await stage.told(interaction)


@pytest.mark.parametrize(
    ("word", "title", "words", "buttons"),
    [
        ("#refuse-image", "picture was not accepted", "real people", ["Other picture", "Edit"]),
        ("#refuse-prompt", "prompt was not accepted", "violence, sexual content", ["Edit"]),
        ("#refuse-result", "finished video was refused", "once it is finished", ["Edit", "Other picture"]),
        ("#refuse-unknown", "request was not accepted", "without saying which", ["Edit", "Other picture"]),
    ],
)
async def test_each_stage_has_its_reasons_and_its_way_on(
    stage: Stage, word: str, title: str, words: str, buttons: list[str]
) -> None:
    _, told = await refused(stage, f"{word} and so on")

    assert title in told
    assert words in told
    assert "What to change" in told
    assert "didn't count against any limit" in told
    assert [label for label in ("Other picture", "Edit") if f"[ {label} ]" in told] == sorted(buttons, reverse=True)


async def test_the_channel_sees_neither_the_reason_nor_the_prompt(stage: Stage) -> None:
    message, _ = await refused(stage, "#refuse-prompt something unspeakable")

    assert not message.only_for
    shown = str(message.components)
    assert "unspeakable" not in shown
    assert "prompt" not in shown.lower()


async def test_what_happened_tells_it_again_to_the_requester_and_to_nobody_else(stage: Stage) -> None:
    message, told = await refused(stage, "#refuse-image twice told")

    again = await stage.discord.click(stage.mara, message, button_id(message, "Why?"))
    assert await stage.told(again) == told
    curious = await stage.discord.click(stage.ben, message, button_id(message, "Why?"))
    assert "for the member who asked" in await stage.told(curious)


async def open_form(stage: Stage, prompt: str, label: str) -> Interaction:
    """Let a request be refused and its requester press a button of the private message."""
    interaction = await stage.video(prompt)
    await stage.shows(interaction, NEUTRAL)
    await stage.told(interaction)
    (private,) = interaction.followups
    pressed = await stage.discord.click(stage.mara, private, button_id(private, label))
    await pressed.acknowledged.wait()
    assert pressed.modal is not None
    return pressed


def fields(form: Interaction) -> dict[int, dict[str, object]]:
    """Return the form's components by their type: 4 is a text field, 19 a file field."""
    assert form.modal is not None
    return {label["component"]["type"]: label["component"] for label in form.modal["components"]}


async def test_edit_and_try_again_comes_with_the_prompt_and_finds_the_picture(stage: Stage) -> None:
    form = await open_form(stage, "#refuse-prompt the old words", "Edit")
    text = fields(form)[4]
    assert text["value"] == "#refuse-prompt the old words"

    sent = await stage.discord.submit_modal(stage.mara, form, {str(text["custom_id"]): "the new words"})
    await stage.shows(sent, "Your video is ready", "the new words")
    (first,), (second,) = stage.sent("the old words"), stage.sent("the new words")
    assert first.body["messages"][0]["content"][1] == second.body["messages"][0]["content"][1]


async def test_try_another_picture_sends_the_new_one_with_the_same_prompt(stage: Stage) -> None:
    form = await open_form(stage, "#refuse-image #family-a look here", "Other picture")
    parts = fields(form)
    picture = Upload("other.png", encode(small_sample(), "PNG"), content_type="image/png")
    values = {str(parts[4]["custom_id"]): "look here, without them", str(parts[19]["custom_id"]): [picture]}

    sent = await stage.discord.submit_modal(stage.mara, form, values)
    await stage.shows(sent, "Your video is ready")
    first, second = stage.sent("look here")
    assert first.body["messages"][0]["content"][1] != second.body["messages"][0]["content"][1]


async def test_another_picture_that_is_none_is_named_in_private(stage: Stage) -> None:
    form = await open_form(stage, "#refuse-image not a picture", "Other picture")
    parts = fields(form)
    document = Upload("other.png", b"%PDF-1.7", content_type="image/png")

    sent = await stage.discord.submit_modal(
        stage.mara, form, {str(parts[4]["custom_id"]): "x", str(parts[19]["custom_id"]): [document]}
    )
    assert "a PDF document" in await stage.told(sent)


async def test_try_again_after_a_failure_starts_the_same_once_more(stage: Stage) -> None:
    interaction = await stage.video("#fail and again")
    message = await stage.shows(interaction, "The video service failed")
    pressed = await stage.discord.click(stage.mara, message, button_id(message, "Try again"))
    await stage.shows(pressed, "The video service failed")

    assert len(stage.sent("#fail and again")) == 2


async def test_busy_is_said_while_the_service_is_asked_once_more(stage: Stage) -> None:
    interaction = await stage.video("#busy-once please")
    await stage.shows(interaction, "busy. Trying again")
    await stage.shows(interaction, "Your video is ready")

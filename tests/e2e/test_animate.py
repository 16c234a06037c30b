"""**Animate this**: a picture of any message becomes a video, and a spoiler stays one."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from playground.fake_discord.server import Interaction, Upload
from playground.fake_discord.world.components import media_items
from playground.fake_discord.world.errors import NotAllowed
from playground.fake_discord.world.messages import Message
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.e2e.conftest import Stage
from tests.media.corpus import Odd, corpus

READY = "Your video is ready"


async def animate(stage: Stage, message: Message) -> Interaction:
    """Let Mara choose it in the menu of a message."""
    chosen = await stage.discord.message_menu(stage.mara, message.channel, "Animate this", message)
    await chosen.acknowledged.wait()
    return chosen


def parts(form: Interaction) -> list[dict[str, Any]]:
    assert form.modal is not None
    return [label["component"] for label in form.modal["components"]]


async def send(stage: Stage, form: Interaction, prompt: str, choice: str | None = None) -> Interaction:
    text, *select = parts(form)
    values: dict[str, Any] = {text["custom_id"]: prompt}
    if choice is not None:
        values[select[0]["custom_id"]] = [choice]
    return await stage.discord.submit_modal(stage.mara, form, values)


def pictures(stage: Stage, prompt: str) -> list[dict[str, Any]]:
    """Return the pictures that the service was sent with a prompt."""
    (request,) = stage.sent(prompt)
    return [part["image_url"]["url"] for part in request.body["messages"][0]["content"][1:]]


async def test_a_picture_that_somebody_else_posted_becomes_a_video(stage: Stage) -> None:
    message = stage.discord.say(stage.ben, stage.videos, "my cat", [Upload("cat.png", stage.picture)])
    form = await animate(stage, message)
    assert len(parts(form)) == 1
    shown = await stage.shows(await send(stage, form, "Ben's cat yawns"), READY, "[video: video.mp4", "Made for @Mara")
    assert pictures(stage, "Ben's cat yawns")[0]["type"] == "image/jpeg"
    gallery = next(c for c in shown.components[0]["components"] if c["type"] == 12)
    assert (gallery["items"][0]["description"], gallery["items"][0]["spoiler"]) == ("Ben's cat yawns", False)
    assert shown.attachments[0].description == "Ben's cat yawns"
    assert media_items(shown.components)


async def test_of_several_pictures_the_chosen_one_is_taken_and_others_are_left_out(stage: Stage) -> None:
    small = Upload("small.png", encode(small_sample(), "PNG"))
    files = [Upload("notes.txt", b"words"), Upload("big.png", stage.picture), small]
    form = await animate(stage, stage.discord.say(stage.ben, stage.videos, "choose", files))
    options = parts(form)[1]["options"]
    assert [option["label"] for option in options] == ["1. big.png", "2. small.png"]
    assert options[0]["default"]

    first = await send(stage, form, "the first of two")
    second = await send(
        stage, await animate(stage, form_message(stage, form)), "the second of two", options[1]["value"]
    )
    await stage.shows(first, READY)
    await stage.shows(second, READY)
    assert pictures(stage, "the first of two") != pictures(stage, "the second of two")


def form_message(stage: Stage, form: Interaction) -> Message:
    target = int(form.metadata["target_message_id"])
    return next(m for m in stage.discord.world.messages_of(form.channel) if m.id == target)


async def test_a_spoiler_stays_a_spoiler(stage: Stage) -> None:
    message = stage.discord.say(stage.ben, stage.videos, "the end", [Upload("SPOILER_end.png", stage.picture)])
    sent = await send(stage, await animate(stage, message), "he was the gardener")
    shown = await stage.shows(sent, "[video: SPOILER_video.mp4")
    gallery = next(c for c in shown.components[0]["components"] if c["type"] == 12)
    assert gallery["items"][0]["spoiler"] is True


async def test_the_picture_of_an_embed_can_be_animated(stage: Stage) -> None:
    posted = stage.discord.say(stage.ben, stage.videos, "here", [Upload("e.png", stage.picture)])
    link = stage.discord.cdn.url(posted.attachments[0])
    message = stage.discord.say(stage.ben, stage.videos, f"||{link}||")
    message.embeds = [{"type": "image", "url": link, "thumbnail": {"url": link, "proxy_url": link}}]
    sent = await send(stage, await animate(stage, message), "out of an embed")
    await stage.shows(sent, "[video: SPOILER_video.mp4")


async def test_a_message_without_a_picture_is_answered_kindly_and_in_private(stage: Stage) -> None:
    message = stage.discord.say(stage.ben, stage.videos, "words alone", [Upload("notes.txt", b"words")])
    assert "no picture in that message" in await stage.told(await animate(stage, message))


async def test_what_only_claims_to_be_a_picture_is_named_in_private(stage: Stage) -> None:
    message = stage.discord.say(stage.ben, stage.videos, "look", [Upload("x.png", b"%PDF-1.7")])
    sent = await send(stage, await animate(stage, message), "can't read that file as a picture")
    assert "a PDF document" in await stage.told(sent)


def odd(name: str) -> Odd:
    found = next((odd for odd in corpus() if odd.name == name), None)
    return found or pytest.skip(f"{name} cannot be written here")


@pytest.mark.parametrize(
    ("name", "file"),
    [("HEIC turned 6", "IMG_4711.HEIC"), ("grey of 16 bits beside the transparent one", "scan.png")],
)
async def test_an_odd_picture_of_a_forwarded_message_is_sent_to_the_service_as_it_is_seen(
    stage: Stage, name: str, file: str
) -> None:
    posted = stage.discord.say(stage.ben, stage.videos, "as my phone made it", [Upload(file, odd(name).data)])
    message = stage.discord.forward(stage.mara, stage.videos, posted)
    sent = await send(stage, await animate(stage, message), f"set in motion: {name}")
    await stage.shows(sent, READY)
    kept = stage.playground.bot.directory / "pictures" / (await stage.delivered(sent))["picture"]
    with Image.open(kept) as picture:
        assert odd(name).unlike(picture) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [("BigTIFF", "scan.tiff"), ("JXL in a container", "new.jxl"), ("HEIC of which half is there", "half.heic")],
)
async def test_an_odd_picture_that_cannot_be_used_is_named_in_private(stage: Stage, name: str, file: str) -> None:
    upload = Upload(file, odd(name).data, content_type="image/png")
    sent = await send(stage, await animate(stage, stage.discord.say(stage.ben, stage.videos, "look", [upload])), name)
    assert odd(name).said in await stage.told(sent)
    assert stage.sent(name) == []


async def test_it_is_not_offered_outside_of_servers(stage: Stage) -> None:
    inbox = stage.discord.world.direct_messages(stage.mara)
    message = stage.discord.say(stage.mara, inbox, "hello", [Upload("cat.png", stage.picture)])
    with pytest.raises(NotAllowed):
        await stage.discord.message_menu(stage.mara, inbox, "Animate this", message)


def shown_media(stage: Stage, name: str, content_type: str | None = "image/png") -> dict[str, Any]:
    """Return a media item of a file of that name, as Discord answers it."""
    posted = stage.discord.say(stage.ben, stage.videos, "kept", [Upload(name, stage.picture)])
    link = stage.discord.cdn.url(posted.attachments[0])
    return {"id": "1", "url": link, "proxy_url": link, "width": 8, "height": 8, "content_type": content_type}


def laid_out(stage: Stage) -> Message:
    """Return a message that shows pictures in every kind of component, and as stickers."""
    message = stage.discord.say(stage.ben, stage.videos, "laid out")
    section = {
        "type": 9,
        "id": 2,
        "components": [{"type": 10, "id": 3, "content": "words"}],
        "accessory": {"type": 11, "id": 4, "media": shown_media(stage, "thumb.png"), "spoiler": False},
    }
    plain = {"media": shown_media(stage, "plain.png"), "spoiler": False, "description": None}
    hidden = {"media": shown_media(stage, "SPOILER_named.png", None), "spoiler": False, "description": None}
    file = {"type": 13, "id": 6, "file": shown_media(stage, "file.png"), "spoiler": False, "name": "f", "size": 1}
    message.components = [
        section,
        {"type": 17, "id": 1, "spoiler": True, "components": [{"type": 12, "id": 5, "items": [plain]}, file]},
        {"type": 12, "id": 7, "items": [hidden]},
    ]
    formats = {"png": 1, "apng": 2, "lottie": 3, "gif": 4}
    message.stickers = [{"id": str(n), "name": name, "format_type": n} for name, n in formats.items()]
    return message


NAMES = ["1. thumb.png", "2. plain.png", "3. file.png", "4. named.png", "5. png", "6. apng", "7. gif"]


@pytest.mark.parametrize("forwarded", [False, True])
async def test_pictures_in_sections_containers_galleries_files_and_stickers_are_found_and_spoilers_inherited(
    stage: Stage, forwarded: bool
) -> None:
    message = laid_out(stage)
    if forwarded:
        message = stage.discord.forward(stage.mara, stage.videos, message)
    form = await animate(stage, message)
    options = parts(form)[1]["options"]
    assert [option["label"] for option in options] == NAMES

    open_one = await send(stage, form, f"a thumbnail, forwarded: {forwarded}")
    await stage.shows(open_one, READY, "[video: video.mp4")
    for choice in (1, 3):
        sent = await send(stage, await animate(stage, message), f"hidden {choice} {forwarded}", str(choice))
        await stage.shows(sent, "[video: SPOILER_video.mp4")

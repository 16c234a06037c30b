"""What each picture is decides its place in the request: where the video begins, where it ends, what looks alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.models import PictureRole
from bot.providers.tasks.descriptions.file import load_description, read_description
from bot.providers.tasks.request import ServiceCalls, base_address
from tests.providers.tasks.services import PICTURE, SECOND, order, plain_with

FIRST, LAST, REFERENCE = PictureRole.FIRST, PictureRole.LAST, PictureRole.REFERENCE
FRAMES, REFERENCES = (FIRST, LAST), (REFERENCE, REFERENCE)


def sent(name: str, model: str, roles: tuple[PictureRole, ...], **options: Any) -> tuple[str, Any]:
    """Return path and body of the create for two pictures, which are sent as links."""
    description = load_description(name, model)
    calls = ServiceCalls(description, base_address(description, ""), "key")
    asked = order(PICTURE, SECOND, pictures_as=roles, travels="link", **options)
    call = calls.create(replace(asked, model=model or "m"))
    return call.url.removeprefix(calls.base), call.json


def part(role: str, link: str) -> dict[str, Any]:
    return {"type": "image_url", "role": role, "image_url": {"url": link}}


@pytest.mark.parametrize("name", ["ark", "minimax"])
@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ((), ["first_frame", "last_frame"]),
        (FRAMES, ["first_frame", "last_frame"]),
        (REFERENCES, ["reference_image", "reference_image"]),
        ((FIRST, REFERENCE), ["first_frame", "reference_image"]),
    ],
)
def test_content_parts_say_what_each_picture_is(name: str, roles: tuple[PictureRole, ...], words: list[str]) -> None:
    _, body = sent(name, "a-model", roles)

    assert body["content"][1:] == [part(words[0], PICTURE.link), part(words[1], SECOND.link)]


@pytest.mark.parametrize(
    ("name", "field", "entry"),
    [
        ("dashscope", "media", {"type": "reference_image", "url": "<>"}),
        ("runway", "promptImage", {"uri": "<>"}),
        ("openrouter", "input_references", {"type": "image_url", "image_url": {"url": "<>"}}),
        ("vidu", "images", "<>"),
    ],
)
def test_references_stand_where_the_documents_of_each_service_say(name: str, field: str, entry: Any) -> None:
    _, body = sent(name, "a-model", REFERENCES)

    held = body.get("input", body)[field]
    assert str(held) == str([entry, entry]).replace("<>", PICTURE.link, 1).replace("<>", SECOND.link)


def test_references_are_the_subject_of_older_minimax_models() -> None:
    _, body = sent("minimax_v1", "S2V-01", REFERENCES)

    assert body["subject_reference"] == [{"type": "character", "image": [PICTURE.link, SECOND.link]}]


def test_a_path_may_be_that_of_references() -> None:
    assert [sent("vidu", "viduq3", roles)[0] for roles in ((), FRAMES, REFERENCES)] == [
        "/start-end2video",
        "/start-end2video",
        "/reference2video",
    ]


def test_veo_is_told_the_type_of_each_reference() -> None:
    _, body = sent("veo", "veo-3.1-generate-preview", REFERENCES)

    assert body["instances"][0]["referenceImages"] == [
        {"image": {"bytesBase64Encoded": each.link, "mimeType": each.media_type}, "referenceType": "asset"}
        for each in (PICTURE, SECOND)
    ]


def test_kie_says_what_its_links_are() -> None:
    kinds = [sent("kie_veo", "veo3_fast", roles)[1]["generationType"] for roles in (FRAMES, REFERENCES)]

    assert kinds == ["FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"]


def test_a_field_of_the_operators_takes_the_first_picture_and_leaves_the_last_where_it_belongs() -> None:
    _, body = sent("fal", "anything", FRAMES, image_field="start_image_url")

    assert (body["start_image_url"], body["end_image_url"]) == (PICTURE.link, SECOND.link)
    assert "image_url" not in body


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("ark", (FIRST, LAST, REFERENCE)),
        ("kling", (FIRST, LAST)),
        ("bfl", (FIRST, LAST)),
        ("vidu", (FIRST, LAST, REFERENCE)),
        ("qianfan", (FIRST,)),
        ("comfy", (FIRST, LAST, REFERENCE)),
    ],
)
def test_a_service_says_what_pictures_it_has_places_for(name: str, roles: tuple[PictureRole, ...]) -> None:
    assert load_description(name).picture_roles == roles


def test_an_entry_is_repeated_for_a_known_list_alone() -> None:

    wrong = plain_with().replace('"{image}"', '[{ "$each" = "prompts", url = "{prompt}" }]')
    with pytest.raises(SettingsError, match="each names 'prompts'; allowed: images, references"):
        read_description(wrong.encode(), "mine.toml")

"""Cases of what there is to read before a video is made."""

from __future__ import annotations

from functools import partial

from bot.models import PictureRole, VideoModel
from bot.texts.starting import (
    draft_facts,
    format_choice,
    length_choice,
    model_choice,
    model_facts,
    model_not_offered,
    not_made,
    picture_skipped,
    too_few_pictures,
    too_many_pictures,
)
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import MODELS, PRO, SORA

_TEXT = VideoModel("text", "Wan *Text*", min_images=0)
_WAN = VideoModel("wan", "Wan", price_per_second=20_000, seconds=(5, 10), sizes=("1280x720", "720x1280"))
_FRAMES = VideoModel(
    "frames", "Wan *Frames*", 400_000, max_images=2, pictures=(PictureRole.FIRST, PictureRole.LAST), min_images=2
)
_ALIKE = VideoModel("alike", "Vidu", max_images=3, pictures=(PictureRole.REFERENCE,) * 3)

CASES: Cases = {
    model_facts: {
        "with a price": partial(model_facts, PRO),
        "of a first and a last frame": partial(model_facts, _FRAMES),
        "of words alone": partial(model_facts, VideoModel("text", "Wan", min_images=0)),
    },
    model_choice: {
        "with a price": partial(model_choice, SORA),
        "the default": partial(model_choice, PRO, is_default=True),
        "without pictures": partial(model_choice, VideoModel("text", "Wan", min_images=0, max_images=0)),
        "without a price": partial(model_choice, VideoModel("s", "Sora 2")),
        "of a first and a last frame": partial(model_choice, _FRAMES),
        "of references": partial(model_choice, _ALIKE),
    },
    draft_facts: {
        "a picture": partial(draft_facts, SORA, None, ["7" * 40]),
        "two pictures, a length": partial(draft_facts, _WAN, 10, ["1", "2"]),
        "no picture": partial(draft_facts, VideoModel("text", "Wan", min_images=0), None, []),
    },
    length_choice: {
        "the default": partial(length_choice, _WAN, 5),
        "another, with its price": partial(length_choice, _WAN, 10),
    },
    format_choice: {shape: partial(format_choice, shape) for shape in ("1280x720", "9:16", "1024x1024")},
    not_made: {
        "a length": partial(not_made, _WAN, 7, None),
        "a length, of one that has one": partial(not_made, SORA, 7, None),
        "a format": partial(not_made, _WAN, 5, "1:1"),
        "a format, of one that has one": partial(not_made, SORA, None, "1:1"),
    },
    model_not_offered: {"two": partial(model_not_offered, MODELS)},
    too_many_pictures: {
        "none": partial(too_many_pictures, VideoModel("text", "Wan *Text*", min_images=0, max_images=0)),
        "one": partial(too_many_pictures, SORA),
        "three": partial(too_many_pictures, PRO),
        "a first and a last frame": partial(too_many_pictures, _FRAMES),
        "references": partial(too_many_pictures, _ALIKE),
    },
    too_few_pictures: {
        "one": partial(too_few_pictures, SORA, ()),
        "one, and others that need none": partial(too_few_pictures, SORA, [_TEXT, _WAN]),
        "two": partial(too_few_pictures, VideoModel("pair", "Pair", max_images=3, min_images=2), ()),
        "a first and a last frame": partial(too_few_pictures, _FRAMES, [_WAN]),
    },
    picture_skipped: {"the first frame": partial(picture_skipped, _FRAMES, 2)},
}

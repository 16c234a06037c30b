"""Cases of what there is to read before a video is made."""

from __future__ import annotations

from functools import partial

from bot.models import VideoModel
from bot.texts.starting import model_choice, model_not_offered, too_many_pictures
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import MODELS, PRO, SORA

CASES: Cases = {
    model_choice: {
        "with a price": partial(model_choice, SORA),
        "without a price": partial(model_choice, VideoModel("s", "Sora 2")),
    },
    model_not_offered: {"two": partial(model_not_offered, MODELS)},
    too_many_pictures: {
        "one": partial(too_many_pictures, SORA),
        "three": partial(too_many_pictures, PRO),
    },
}

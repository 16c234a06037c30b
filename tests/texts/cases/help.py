"""Cases of ``/help``."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.models import VideoModel
from bot.policy.policy import Allowance
from bot.texts.help import help_view
from bot.texts.policy import KnownServer
from bot.texts.quota import hindrance_words
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import (
    EVERY_LIMIT,
    FOR_A_DAY,
    FULL,
    HERE,
    LARGEST_ID,
    MODELS,
    MOST,
    MOST_USED,
    PLAIN,
    UNLIMITED,
    USED,
    usage,
)

IDS = {"video": 1001, "quota": 1002, "privacy": 1003}
_NUMBERED = tuple(VideoModel(f"m{number}", f"Sora {number}") for number in range(12))
_LARGEST_IDS = frozenset(range(LARGEST_ID - 500, LARGEST_ID))
_LONGEST_MODELS = tuple(VideoModel(f"m{number}", "*" * 100, 10**15, 10) for number in range(60))

CASES: Cases = {
    help_view: {
        "the rules that Kinora comes with": partial(help_view, PLAIN, HERE, UNLIMITED, UNLIMITED, MODELS, (), IDS),
        "rules of the server": partial(
            help_view, FULL, HERE, usage(EVERY_LIMIT, USED), usage(FULL.server, USED), MODELS, (), IDS
        ),
        "a freed member": partial(help_view, PLAIN, HERE, usage(Allowance(unlimited=True)), UNLIMITED, MODELS, (), IDS),
        "a blocked member": lambda: help_view(
            PLAIN, HERE, UNLIMITED, UNLIMITED, MODELS, hindrance_words(FOR_A_DAY, {7, 8}, offered=True), IDS
        ),
        "more models than are shown": partial(help_view, PLAIN, HERE, UNLIMITED, UNLIMITED, _NUMBERED, (), IDS),
        "a model that needs no picture": partial(
            help_view, PLAIN, HERE, UNLIMITED, UNLIMITED, [VideoModel("t", "Pro", max_images=2, min_images=0)], (), IDS
        ),
        "no model": partial(help_view, PLAIN, HERE, UNLIMITED, UNLIMITED, (), (), IDS),
    }
}
LONGEST: Cases = {
    help_view: {
        "long": partial(
            help_view,
            replace(
                FULL,
                roles=_LARGEST_IDS,
                channels=_LARGEST_IDS,
                models=frozenset("*" * 50 + str(number) for number in range(50)),
                log_channel=LARGEST_ID,
            ),
            KnownServer(_LONGEST_MODELS),
            usage(MOST, MOST_USED),
            usage(MOST, MOST_USED),
            _LONGEST_MODELS,
            ["⚠️ " + "x" * 200],
            dict.fromkeys(IDS, LARGEST_ID),
        )
    }
}

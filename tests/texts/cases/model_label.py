"""Cases of what a model is called."""

from __future__ import annotations

from functools import partial

from bot.texts.model_label import model_label
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import FORMER, MODELS, PRO

CASES: Cases = {
    model_label: {
        "offered": partial(model_label, PRO.name, MODELS),
        "no longer offered": partial(model_label, FORMER, MODELS),
        "cut": partial(model_label, PRO.name, MODELS, 6),
    }
}

"""What moderators read behind one reply, for every state and every end of a request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.models import Delivery, Outcome
from bot.texts.details import details_view
from bot.texts.outcomes import state_words
from tests.texts.cases.facts import DONE, MODELS


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("delivery", [None, *Delivery])
def test_every_end_has_its_words(outcome: Outcome, delivery: Delivery | None) -> None:
    view = details_view(replace(DONE, outcome=outcome, delivery=delivery), MODELS, None, 0)
    shown = "\n".join(view.paragraphs)
    assert state_words(replace(DONE, outcome=outcome)) in shown
    assert "None" not in shown
    assert view.actions == ("delete", "block")

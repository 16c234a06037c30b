"""What ``/help`` tells: the limits in force for whoever asks, the models with their price, what is refused."""

from __future__ import annotations

from bot.policy.policy import Policy
from bot.texts.help import help_view
from bot.texts.view import Tone
from tests.texts.cases.facts import HERE, MODELS, UNLIMITED


def test_what_stands_in_the_way_comes_before_the_limits_and_colours_the_reply() -> None:
    view = help_view(Policy(), HERE, UNLIMITED, UNLIMITED, MODELS, ["⚠️ blocked"])
    assert view.paragraphs[2] == "⚠️ blocked"
    assert view.tone is Tone.REFUSED

"""What ``/help`` tells: the limits in force for whoever asks, the models with their price, what is refused."""

from __future__ import annotations

import re

from bot.policy.policy import Policy
from bot.texts.help import help_view
from bot.texts.view import Tone
from tests.texts.cases.facts import HERE, MODELS, UNLIMITED


def test_what_stands_in_the_way_comes_before_the_limits_and_colours_the_reply() -> None:
    view = help_view(Policy(), HERE, UNLIMITED, UNLIMITED, MODELS, ["⚠️ blocked"], {})
    assert view.paragraphs[1] == "⚠️ blocked"
    assert view.tone is Tone.REFUSED


def test_a_member_finds_all_of_it_in_fifteen_lines_with_commands_that_can_be_clicked() -> None:
    view = help_view(Policy(), HERE, UNLIMITED, UNLIMITED, MODELS[:1], (), {"video": 7, "quota": 8, "privacy": 9})
    text = "\n".join(view.paragraphs)
    assert len(text.split("\n")) <= 15
    assert re.findall(r"<(/[a-z ]+):(\d+)>", text) == [("/video", "7"), ("/quota", "8"), ("/privacy show", "9")]


def test_while_discord_cannot_be_asked_the_commands_stand_as_plain_words() -> None:
    view = help_view(Policy(), HERE, UNLIMITED, UNLIMITED, MODELS, (), {})
    assert "`/privacy show`" in view.paragraphs[1]


def test_only_rules_that_there_are_stand_among_the_limits() -> None:
    plain = help_view(Policy(), HERE, UNLIMITED, UNLIMITED, MODELS, (), {})
    ruled = help_view(Policy(age_restricted=True), HERE, UNLIMITED, UNLIMITED, MODELS, (), {})
    assert "Channels for videos" not in "\n".join(plain.paragraphs)
    assert "Channels for videos" in "\n".join(ruled.paragraphs)

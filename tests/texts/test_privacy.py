"""What is kept of a member is told as it is, and what goes is said before it does."""

from __future__ import annotations

import pytest

from bot.texts.privacy import erase_view, erased_view, privacy_view
from bot.texts.view import View


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


@pytest.mark.parametrize(("days", "words"), [(1, "For 1 day*"), (30, "For 30 days")])
def test_privacy_names_the_retention_in_force(days: int, words: str) -> None:
    text = shown(privacy_view(days, 48, link_sent=False))
    assert words in text
    assert "For 48 hours" in text


def test_privacy_does_not_promise_a_cleaned_picture_where_the_link_is_passed_on() -> None:
    assert "without its metadata" in shown(privacy_view(30, 48, link_sent=False))
    text = shown(privacy_view(30, 48, link_sent=True))
    assert "metadata" not in text
    assert "as you uploaded it" in text


def test_erasing_says_beforehand_what_goes_and_what_stays() -> None:
    text = shown(erase_view())
    for words in ("What goes", "prompts", "What stays", "blocks", "Replies in channels", "cannot be undone"):
        assert words in text
    assert "from 3 requests" in shown(erased_view(3))
    assert "nothing left" in shown(erased_view(0))

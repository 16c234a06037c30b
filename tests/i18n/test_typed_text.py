"""Text that people type: what no one sees is nothing, and nothing in it breaks a database or turns a sentence round."""

from __future__ import annotations

import pytest

from bot.i18n.typed_text import typed, unturned
from bot.texts.view import alt_text, quote


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u200b\u200d\ufeff", "\u2060\u00ad\u034f", "\u3164\u115f\u1160\uffa0", "\u2800", "\u202e", "\x00",
     "\ufe0f", "\U000e0041\U000e007f", "\u0301", "\U000e0080\u2065\ufff0", "\U0001d159"],
    ids=ascii,
)  # fmt: skip
def test_what_no_one_sees_is_empty(text: str) -> None:
    assert typed(text) == ""


@pytest.mark.parametrize(
    "text", ["a", "·", "👩\u200d🚀", "🏳️\u200d🌈", "می\u200cخواهم", "שלום", "ก็", "\ue000", "é", "1️⃣", "…"], ids=ascii
)
def test_what_is_seen_stays_as_it_was_typed(text: str) -> None:
    assert typed(f" {text}\n") == text
    assert unturned(text) == text


def test_what_no_database_takes_is_left_out_and_lines_stay_lines() -> None:
    assert typed("a\x00b\ud83dc\x1b[1m\nd\te") == "abc[1m\nd\te"


def test_a_quoted_text_cannot_turn_the_sentence_round_it() -> None:
    assert quote("a \u202eb\u2066c\u2069\u202c") == "a bc"
    assert alt_text("a \u202eb\ud83d") == "a b"

"""What a member is told of each error: how to mend it, or a reference where it is not theirs to mend."""

from __future__ import annotations

import pytest

from bot.errors import FetchError, StorageError, UserError
from bot.texts.errors import fault_sentence, member_sentence


def test_a_sentence_for_people_is_told_as_it_stands() -> None:
    assert member_sentence(UserError("As it stands.")) == "As it stands."


@pytest.mark.parametrize("error", [StorageError("the disk is full"), FetchError("HTTP 404"), ValueError("a bug")])
def test_what_is_not_the_members_to_mend_is_a_reference_and_not_the_text_of_the_error(error: Exception) -> None:
    assert member_sentence(error) is None
    sentence = fault_sentence(error, "1a2b3c4d")
    assert "`1a2b3c4d`" in sentence
    assert str(error) not in sentence


def test_only_an_error_of_kinoras_own_says_that_nothing_was_started() -> None:
    assert "Nothing was started" in fault_sentence(StorageError(), "r")
    assert "Nothing was started" not in fault_sentence(ValueError(), "r")

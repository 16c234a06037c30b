"""What a member is told of each error: how to mend it, or a reference where it is not theirs to mend."""

from __future__ import annotations

import pytest

from bot.errors import FetchError, ShuttingDown, StorageError, UserError
from bot.media.picture_problems import PictureError, PictureProblem
from bot.policy.admission import Denial, LimitReached
from bot.reports.csv_export import ExportTooLarge
from bot.texts.errors import fault_sentence, member_sentence
from tests.policy.kinds import AT_ONCE


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UserError("As it stands."), "As it stands."),
        (LimitReached(Denial(AT_ONCE, limit=1)), "until one has ended"),
        (ShuttingDown(), "shutting down"),
        (PictureError(PictureProblem.TOO_LARGE), "larger than 20 MB"),
        (PictureError(PictureProblem.TOO_MANY_PIXELS), "more than 50 megapixels, which is more than I can take"),
        (PictureError(PictureProblem.TOO_MANY_PIXELS), "2048 pixels a side"),
        (
            ExportTooLarge(5_000_000, 2 * 1024 * 1024),
            "That makes a file of 4.8 MB, and even packed it is larger than the 2 MB that Discord takes here. "
            "Please choose a shorter span.",
        ),
    ],
)
def test_what_a_member_can_mend_is_told_in_a_sentence(error: Exception, words: str) -> None:
    assert words in (member_sentence(error) or "")


@pytest.mark.parametrize("problem", PictureProblem)
def test_every_problem_of_a_picture_is_a_whole_sentence(problem: PictureProblem) -> None:
    sentence = member_sentence(PictureError(problem)) or ""
    assert sentence.startswith(("That ", "I ", "Discord "))
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("error", [StorageError("the disk is full"), FetchError("HTTP 404"), ValueError("a bug")])
def test_what_is_not_the_members_to_mend_is_a_reference_and_not_the_text_of_the_error(error: Exception) -> None:
    assert member_sentence(error) is None
    sentence = fault_sentence(error, "1a2b3c4d")
    assert "`1a2b3c4d`" in sentence
    assert str(error) not in sentence


def test_only_an_error_of_kinoras_own_says_that_nothing_was_started() -> None:
    assert "cannot reach my own records" in fault_sentence(StorageError(), "r")
    assert "Something broke on my side" in fault_sentence(ValueError(), "r")

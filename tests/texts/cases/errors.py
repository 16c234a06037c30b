"""Cases of what a member is told of an error."""

from __future__ import annotations

from functools import partial

from bot.errors import ExportTooLarge, ShuttingDown, StorageError
from bot.media.pictures.problems import PictureError, PictureProblem
from bot.policy.admission import Denial, DenialReason, LimitReached
from bot.texts.errors import fault_sentence, member_sentence, not_started_line
from tests.texts.cases.case import Cases

_MENDED_BY_MEMBERS = {
    "shutting down": ShuttingDown(),
    "a rule": LimitReached(Denial(DenialReason.GUILD)),
    "a picture": PictureError(PictureProblem.TOO_LARGE),
    "an export": ExportTooLarge(5_000_000, 2 * 1024 * 1024),
}
_FAULTS = {"of the database": StorageError("the disk is full"), "of the code": ValueError("a bug")}

CASES: Cases = {
    member_sentence: {name: partial(member_sentence, error) for name, error in (_MENDED_BY_MEMBERS | _FAULTS).items()},
    fault_sentence: {name: partial(fault_sentence, error, "1a2b3c4d") for name, error in _FAULTS.items()},
    not_started_line: {"": partial(not_started_line, 42)},
}

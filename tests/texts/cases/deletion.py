"""Cases of what is said around deleting the reply of a job."""

from __future__ import annotations

from functools import partial

from bot.texts.deletion import ALREADY_GONE, NOT_ALLOWED_TO_DELETE, NOT_DELETED, answer, log_line, question
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import DONE, MODERATOR, RUNNING

_PROBLEMS = {
    "it was gone": ALREADY_GONE,
    "not allowed": NOT_ALLOWED_TO_DELETE,
    "not deleted": NOT_DELETED,
    "it is deleted": "",
}

CASES: Cases = {
    question: {
        "of a finished video": partial(question, DONE, "discard"),
        "of one in progress": partial(question, RUNNING, "remove"),
    },
    answer: {
        f"{'cancelled, ' if cancelled else ''}{name}": partial(answer, problem, cancelled=cancelled)
        for name, problem in _PROBLEMS.items()
        for cancelled in (False, True)
    },
    log_line: {
        "cancelled": partial(log_line, MODERATOR, DONE, cancelled=True, deleted=False),
        "deleted": partial(log_line, MODERATOR, DONE, cancelled=False, deleted=True),
        "cancelled and deleted": partial(log_line, MODERATOR, DONE, cancelled=True, deleted=True),
    },
}

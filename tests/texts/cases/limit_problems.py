"""Cases of why a change of rules cannot be made."""

from __future__ import annotations

from functools import partial

from bot.texts.limit_problems import LOG_PERMISSIONS, no_log_there, out_of_range
from tests.texts.cases.case import Cases

CASES: Cases = {
    out_of_range: {"always": partial(out_of_range, 1_000_000_000)},
    no_log_there: {
        "one permission": partial(no_log_there, "<#80>", ["send_messages"]),
        "both": partial(no_log_there, "<#80>", list(LOG_PERMISSIONS)),
    },
}

"""Cases of ``/privacy``."""

from __future__ import annotations

from functools import partial

from bot.texts.privacy import erase_view, erased_view, export_view, privacy_view
from tests.texts.cases.case import Cases

CASES: Cases = {
    privacy_view: {
        "a cleaned copy": partial(privacy_view, 30, 48, link_sent=False),
        "Discord's link": partial(privacy_view, 30, 48, link_sent=True),
        "a day and an hour": partial(privacy_view, 1, 1, link_sent=False),
    },
    export_view: {f"{jobs} requests": partial(export_view, jobs) for jobs in (1, 3)},
    erase_view: {"always": erase_view},
    erased_view: {f"{jobs} requests": partial(erased_view, jobs) for jobs in (0, 1, 3)},
}

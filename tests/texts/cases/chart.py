"""Cases of the words in a chart."""

from __future__ import annotations

from datetime import date
from functools import partial

from bot.texts.chart import chart_words
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import a_report, no_report

CASES: Cases = {
    chart_words: {
        "a month": partial(chart_words, a_report()),
        "a day": partial(chart_words, a_report(since=date(2026, 3, 30))),
        "a year": partial(chart_words, a_report(since=date(2025, 4, 1))),
        "no requests": partial(chart_words, no_report()),
    }
}

"""The words in the chart of a server's use; it is looked at on phones, so there is little room for each."""

from __future__ import annotations

from bot.i18n.translation import _, span_words
from bot.reports.chart import ChartWords, short
from bot.reports.usage_report import UsageReport
from bot.texts.punctuation import noted


def chart_words(report: UsageReport) -> ChartWords:
    """Return the words for the chart of ``report``, with its days, its busiest hour and its counts."""
    days = noted(span_words(report.since, report.until), "UTC")
    hour = report.by_hour.index(max(report.by_hour))
    total = report.total
    return ChartWords(
        days=days,
        # Translators: at most 32 characters
        nothing=_("Nothing to show yet"),
        no_requests=_("No finished requests, {days}", days=days),
        # Translators: at most 20 characters
        by_week=_("Requests by week"),
        # Translators: at most 20 characters
        by_day=_("Requests by day"),
        # Translators: at most 20 characters
        by_hour=_("Requests by hour"),
        # Translators: at most 20 characters
        of_day=_("Requests on this day"),
        # Translators: at most 17 characters
        average=_("earlier average"),
        # Translators: at most 15 characters
        day_before=_("day before"),
        # Translators: at most 40 characters
        busiest=_("busiest {hours} (UTC)", hours=f"{hour:02}:00–{hour + 1:02}:00"),
        # Translators: at most 14 characters
        made=_("{number} made", number=short(total.made)),
        # Translators: at most 14 characters
        refused=_("{number} refused", number=short(total.refused)),
        # Translators: at most 14 characters
        failed=_("{number} failed", number=short(total.failed)),
    )

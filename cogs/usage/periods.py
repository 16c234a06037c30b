"""The spans of days that ``/usage`` looks at, in UTC."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from discord.app_commands import Choice

from bot.errors import UserError
from bot.i18n.translation import _
from bot.texts.usage import PERIODS, REVERSED, no_day

_EARLIEST = date(2000, 1, 1)  # there are no requests from before
_EXPORTED = 30  # days, where only one end is given, or none


class Period(StrEnum):
    """What people choose from; the number of days, or a name. Their words are ``PERIODS`` in ``bot/texts/usage.py``."""

    TODAY = "today"
    DAYS_7 = "7"
    DAYS_30 = "30"
    THIS_MONTH = "month"
    LAST_MONTH = "last_month"
    DAYS_90 = "90"
    DAYS_365 = "365"

    @classmethod
    def of(cls, value: str | None) -> Period:
        """Return the period of that value, 30 days for none or for one that an older Kinora knew."""
        return next((period for period in cls if period.value == value), cls.DAYS_30)

    def span(self, today: date) -> tuple[date, date]:
        """Return its first and its last day."""
        first = today.replace(day=1)
        match self:
            case Period.TODAY:
                return today, today
            case Period.THIS_MONTH:
                return first, today
            case Period.LAST_MONTH:
                last = first - timedelta(days=1)
                return last.replace(day=1), last
            case _:
                return today - timedelta(days=int(self) - 1), today


PERIOD_CHOICES = [Choice(name=PERIODS[period], value=period.value) for period in Period]


def chosen_span(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """Return the days that were typed, to ``today`` or over 30 days where an end is left out. Raises UserError."""
    until = _day(last) if last else today
    since = _day(first) if first else until - timedelta(days=_EXPORTED - 1)
    if since > until:
        raise UserError(_(REVERSED))
    return since, until


def _day(text: str) -> date:
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise UserError(no_day(text)) from None
    if not _EARLIEST <= day < date.max:
        raise UserError(no_day(text))
    return day

"""How a number compares with the one of the span before, in words."""

from __future__ import annotations

from bot.i18n.translation import _, ngettext, number, percent

_MANIFOLD = 10  # from here on a rise is told as "times", not in percent


def trend(now: int, before: int, days: int) -> str:
    """Return how ``now`` compares with ``before``, the number of the span of ``days`` that came first."""
    return _with_the_day(now, before) if days == 1 else _with_the_days(now, before, days)


def _with_the_day(now: int, before: int) -> str:
    then = number(before)
    if not before:
        return _("Nothing to compare: none on the day before") if now else _("None on the day before either")
    if not now:
        return ngettext("There was {count} on the day before", "There were {count} on the day before", before)
    if now >= before * _MANIFOLD:
        return _("▲ {times} times as many as on the day before ({then})", times=number(round(now / before)), then=then)
    change = percent(abs(_change(now, before)), 0)
    if not _change(now, before):
        return _("▬ About the same as on the day before ({then})", then=then)
    if now > before:
        return _("▲ {percent} from the day before ({then})", percent=change, then=then)
    return _("▼ {percent} from the day before ({then})", percent=change, then=then)


def _with_the_days(now: int, before: int, days: int) -> str:
    then, span = number(before), number(days)
    if not before:
        if now:
            return _("Nothing to compare: none in the {days} days before", days=span)
        return _("None in the {days} days before either", days=span)
    if not now:
        return ngettext(
            "There was {count} in the {days} days before",
            "There were {count} in the {days} days before",
            before,
            days=span,
        )
    if now >= before * _MANIFOLD:
        times = number(round(now / before))
        return _("▲ {times} times as many as in the {days} days before ({then})", times=times, days=span, then=then)
    change = percent(abs(_change(now, before)), 0)
    if not _change(now, before):
        return _("▬ About the same as in the {days} days before ({then})", days=span, then=then)
    if now > before:
        return _("▲ {percent} from the {days} days before ({then})", percent=change, days=span, then=then)
    return _("▼ {percent} from the {days} days before ({then})", percent=change, days=span, then=then)


def _change(now: int, before: int) -> int:
    return round(100 * (now - before) / before)

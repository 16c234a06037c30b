"""The words of each limit kind and window, made from its unit and window wherever it has none of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.i18n.translation import _, money, ngettext, number, pgettext
from bot.policy.admission import DenialScope
from bot.policy.limit_kinds import DAY, MONTH, LimitKind, Unit, Window, kinds, windows
from bot.texts.view import duration

Texts = tuple[str, ...]  # one, or one for a single thing and one for several; {window} is the window's name in English


class KindWords(NamedTuple):
    """What is said of a kind: its name, one limit of it, and why a member or a whole server is denied."""

    label: Texts
    limit: Texts
    denied: Texts
    server_denied: Texts


_OF_UNIT = {
    Unit.VIDEOS: KindWords(
        label=("videos a {window}",),
        limit=("{count} video a {window}", "{count} videos a {window}"),
        denied=(
            "You have reached {current}'s limit of {count} video.",
            "You have reached {current}'s limit of {count} videos.",
        ),
        server_denied=(
            "This server has reached {current}'s limit of {count} video.",
            "This server has reached {current}'s limit of {count} videos.",
        ),
    ),
    Unit.MONEY: KindWords(
        label=("money a {window}",),
        limit=("{cost} a {window}",),
        denied=("This would go over your budget of {budget} for {current}.",),
        server_denied=("This would go over this server's budget of {budget} for {current}.",),
    ),
    Unit.SECONDS: KindWords(
        label=("wait between requests",),
        limit=("{time} between requests",),
        denied=("Please wait {time} between requests.",),
        server_denied=("Please wait {time} between requests.",),
    ),
}
_OF_KIND = {
    "at_once": KindWords(
        label=("videos at a time",),
        limit=("{count} at a time", "{count} at a time"),
        denied=(
            "You can make {count} video at a time. Please wait for it to finish.",
            "You can make {count} videos at a time. Please wait for one to finish.",
        ),
        server_denied=(
            "This server can make {count} video at a time. Please wait a moment.",
            "This server can make {count} videos at a time. Please wait a moment.",
        ),
    )
}
# The same whatever is counted: the numbers of all servers together are not for members.
_OPERATOR_DENIED = ("The budget of all servers for {current} has no room for this video.",)
_CURRENT = {DAY: "today"}
_HEADINGS = {DAY: ("Today",)}
_HEADING = ("This {window}",)
_USED = ("{used} this {window}",)
_NEXT = ("-# The next {window} begins {when}.",)


def limit_label(kind: LimitKind) -> str:
    """Return what a kind is called: ``videos a day``."""
    return _said(_words(kind).label, kind.window)


def limit_words(kind: LimitKind, value: int) -> str:
    """Return one limit of an Allowance: ``5 videos a day``, ``1 min between requests``, ``2.00 a month``."""
    if not value and kind.unit is Unit.VIDEOS:
        return _("no videos")
    if not value and kind.unit is Unit.SECONDS:
        return _("no wait")
    return _said(_words(kind).limit, kind.window, value, cost=money(value), time=wait_words(value))


def limit_value(kind: LimitKind, value: int) -> str:
    """Return the value of a limit alone: ``5``, ``1 min``, ``2.00``."""
    if kind.unit is Unit.SECONDS:
        return wait_words(value) if value else pgettext("wait", "none")
    return money(value) if kind.unit is Unit.MONEY else number(value)


def wait_words(seconds: int) -> str:
    """Return a time between two requests."""
    hours, rest = divmod(seconds, 3600)
    return _("{hours} h", hours=hours) if hours and rest < 60 else duration(seconds)


def denial_words(kind: LimitKind, value: int, scope: DenialScope) -> str:
    """Return why a request does not fit the limit ``value`` of a member, of the whole server, or of all servers."""
    if scope is DenialScope.OPERATOR:
        return _said(_OPERATOR_DENIED, kind.window)
    words = _words(kind)
    texts = words.server_denied if scope is DenialScope.SERVER else words.denied
    return _said(texts, kind.window, value, budget=money(value), time=duration(value))


def window_heading(window: Window) -> str:
    """Return what stands before the use of a window: ``Today``, ``This month``."""
    return _said(_HEADINGS.get(window, _HEADING), window)


def other_spans() -> list[Window]:
    """Return the windows besides the day and the month, which have sentences of their own."""
    return [window for window in windows() if window.days and window not in (DAY, MONTH)]


def used_in(window: Window, used: str) -> str:
    """Return what was used in one of the ``other_spans``: ``3 videos this week``."""
    return _said(_USED, window, used=used)


def next_begins(window: Window, when: str) -> str:
    """Return the line that tells when the next period of one of the ``other_spans`` begins."""
    return _said(_NEXT, window, when=when)


def messages() -> Iterator[Texts]:
    """Yield what the catalogues have to hold for the kinds there are."""
    for kind in kinds():
        yield from (filled_in(texts, kind.window) for texts in _words(kind))
        if kind.for_operator:
            yield filled_in(_OPERATOR_DENIED, kind.window)
    for window in windows():
        if window.days:
            yield filled_in(_HEADINGS.get(window, _HEADING), window)
    for window in other_spans():
        yield from (filled_in(texts, window) for texts in (_USED, _NEXT))


def _words(kind: LimitKind) -> KindWords:
    return _OF_KIND.get(kind.name) or _OF_UNIT[kind.unit]


def _said(texts: Texts, window: Window, count: int = 0, **values: str) -> str:
    one, *several = filled_in(texts, window)
    return ngettext(one, several[0], count, **values) if several else _(one, **values)


def filled_in(texts: Texts, window: Window) -> Texts:
    """Return ``texts`` with the name of ``window`` in its places."""
    current = _CURRENT.get(window, f"this {window.name}")
    return tuple(text.replace("{window}", window.name).replace("{current}", current) for text in texts)

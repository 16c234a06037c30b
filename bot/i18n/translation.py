"""
Translates into the reader's language: words by the catalogues in ``locales/``, numbers in the form of the locale.

The English sentence is the key, and shown where a translation is missing or broken. English loads nothing of Babel, and
a catalogue is loaded when its language is used for the first time.
"""

from __future__ import annotations

import gettext
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

DOMAIN = "kinora"
LOCALES = Path(__file__).with_name("locales")
ENGLISH = "en-US"
_BROKEN = (KeyError, IndexError, ValueError, AttributeError, TypeError)  # what str.format raises over placeholders


class Language(NamedTuple):
    """
    A language of ours, and the locale in whose form it writes numbers; both as Babel spells them.

    A catalogue with a ``base`` holds what is said in another way there, and leaves all else to that one.
    """

    catalogue: str
    locale: str
    base: str | None = None


# By Discord's locale; all others read English.
LANGUAGES = {
    "zh-CN": Language("zh_CN", "zh_Hans_CN"),
    "zh-TW": Language("zh_TW", "zh_Hant_TW", base="zh_CN"),
    "ja": Language("ja", "ja_JP"),
    "es-ES": Language("es_ES", "es_ES", base="es"),
    "es-419": Language("es", "es_419"),
    "de": Language("de", "de_DE"),
    "fr": Language("fr", "fr_FR"),
    "pt-BR": Language("pt_BR", "pt_BR"),
}

_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)
_currency: ContextVar[str] = ContextVar("currency", default="")


def set_locale(locale: str) -> None:
    """Use the language of Discord's ``locale`` from here on, in this task and those it starts."""
    _spoken.set(LANGUAGES.get(locale))


def set_currency(code: str) -> None:
    """Show amounts with the currency of that ISO 4217 code from here on, "" for without one."""
    _currency.set(code)


@contextmanager
def locale_context(locale: str) -> Iterator[None]:
    """Use the language of Discord's ``locale`` within the block."""
    token = _spoken.set(LANGUAGES.get(locale))
    try:
        yield
    finally:
        _spoken.reset(token)


def catalogue_spoken() -> str | None:
    """Return the catalogue of the current language, None for English."""
    spoken = _spoken.get()
    return spoken.catalogue if spoken else None


def _(text: str, **values: object) -> str:
    """Return ``text`` in the current language, its placeholders filled with ``values`` if there are any."""
    said = _catalogue(_spoken.get()).gettext(text)
    return _filled(said, text, values) if values else said


def pgettext(context: str, text: str, **values: object) -> str:
    """Return the same for ``text`` as it is said in one ``context`` of several, such as of a channel."""
    said = _catalogue(_spoken.get()).pgettext(context, text)
    return _filled(said, text, values) if values else said


def ngettext(one: str, more: str, count: int, **values: object) -> str:
    """Return the form for ``count`` things in the current language; ``{count}`` is filled with the number."""
    values = {"count": number(count), **values}
    said = _catalogue(_spoken.get()).ngettext(one, more, count)
    return _filled(said, one if count == 1 else more, values)


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Mark ``text`` for the catalogues; pass it to ``_`` where it is shown."""
    return text


def in_context(context: str, text: str, locale: str) -> str | None:
    """Return the translation of a command's word for Discord's ``locale``, None if there is none."""
    spoken = LANGUAGES.get(locale)
    said = _catalogue(spoken).pgettext(context, text) if spoken else text
    return said if said != text else None


def catalogues_hash() -> str:
    """Return a text that changes whenever a translation does."""
    found = hashlib.sha256()
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        found.update(path.read_bytes())
    return found.hexdigest()


def command(path: str) -> str:
    """Return a command such as ``/limits member`` as Discord calls it in the current language."""
    catalogue = _catalogue(_spoken.get())
    return "/" + " ".join(catalogue.pgettext("command name", word) for word in path[1:].split(" "))


def option(name: str) -> str:
    """Return an option of a command, such as ``image``, as Discord calls it in the current language."""
    return _catalogue(_spoken.get()).pgettext("option name", name)


def number(value: int) -> str:
    """Return a whole number with its thousands set apart."""
    if spoken := _spoken.get():
        from babel.numbers import format_decimal

        return format_decimal(value, locale=spoken.locale)
    return f"{value:,}"


def percent(value: float, decimals: int = 1) -> str:
    """Return a percentage, 100 being the whole, with its sign and without zeros at the end."""
    if spoken := _spoken.get():
        from babel.numbers import format_percent

        share = Decimal(f"{value:.{decimals}f}") / 100
        return format_percent(share, locale=spoken.locale, decimal_quantization=False)
    digits = f"{value:.{decimals}f}"
    return f"{digits.rstrip('0').rstrip('.') if decimals else digits}%"


def money(millionths: int) -> str:
    """Return an amount in the operator's currency, with its usual decimals or as many as it takes."""
    spoken, currency = _spoken.get(), _currency.get()
    if currency:
        from babel.numbers import format_currency

        amount, locale = Decimal(millionths).scaleb(-6), spoken.locale if spoken else "en_US"
        return format_currency(amount.normalize(), currency, locale=locale, decimal_quantization=False)
    if spoken:
        from babel.numbers import format_decimal

        return format_decimal(Decimal(millionths).scaleb(-6), format="#,##0.00####", locale=spoken.locale)
    whole, decimals = plain_money(millionths).split(".")
    return f"{int(whole):,}.{decimals}"


def plain_money(millionths: int) -> str:
    """Return an amount as programs and spreadsheets read it, the same in every language: ``12.50``."""
    whole, rest = divmod(millionths, 1_000_000)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"


def span_words(since: date, until: date) -> str:
    """Return a span of days: ``1 Mar – 23 Nov 2026``, or ``23 Nov 2026`` where it is one."""
    if spoken := _spoken.get():
        from babel.dates import format_date, format_interval

        if since == until:
            return format_date(until, "medium", locale=spoken.locale)
        return format_interval(since, until, "yMMMd", locale=spoken.locale)
    last = f"{until.day} {_MONTHS[until.month - 1]} {until.year}"
    if since == until:
        return last
    year = f" {since.year}" if since.year != until.year else ""
    return f"{day_words(since)}{year} – {last}"


def day_words(value: date) -> str:
    """Return a day without its year: ``23 Nov``."""
    if spoken := _spoken.get():
        from babel.dates import format_skeleton

        return format_skeleton("MMMd", value, locale=spoken.locale)
    return f"{value.day} {_MONTHS[value.month - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_or(names: Sequence[str]) -> str:
    """Return a choice of ``names``: ``a or b or c``."""
    return format_list(names, choice=True) if _spoken.get() else " or ".join(names)


def format_list(names: Sequence[str], *, choice: bool = False) -> str:
    """Return ``names`` as a sentence lists them: ``a, b and c``, or ``a, b or c`` where they are a ``choice``."""
    if spoken := _spoken.get():
        from babel import lists

        return lists.format_list(names, style="or" if choice else "standard", locale=spoken.locale)
    last = " or " if choice else " and "
    return last.join(filter(None, (", ".join(names[:-1]), names[-1])))


def _filled(said: str, english: str, values: dict[str, Any]) -> str:
    try:
        return said.format(**values)
    except _BROKEN:
        return english.format(**values)


@cache
def _catalogue(spoken: Language | None) -> gettext.NullTranslations:
    if not spoken:
        return gettext.NullTranslations()
    catalogue = _read(spoken.catalogue)
    if spoken.base:
        catalogue.add_fallback(_read(spoken.base))
    return catalogue


@cache
def _read(name: str) -> gettext.NullTranslations:
    """Return the catalogue of that name, compiled in memory."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    try:
        with (LOCALES / name / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
            write_mo(compiled, read_po(file, locale=name, domain=DOMAIN))
    except FileNotFoundError:
        return gettext.NullTranslations()
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

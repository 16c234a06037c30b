"""
What stands between words that are put together: colons, commas, brackets, quotation marks, and blanks.

Each is a message of its own, so that every language writes it in its way, and none of them stands in code.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from bot.i18n.translation import N_, _

# Translators: what stands between a label and what it is of: "Where: everywhere"
_LABEL = N_("{label}: {value}")
# Translators: two things of a plain list: "5 videos a day, 1 at a time"
_LIST = N_("{first}, {next}")
# Translators: two sentences, one after the other
_SENTENCES = N_("{sentence} {next}")
# Translators: words, and more about it: "3 refused (12 %)"
_NOTE = N_("{words} ({note})")
# Translators: the quotation marks around a name
_QUOTES = N_("“{name}”")


def labelled(label: str, value: str) -> str:
    """Return ``value`` behind its ``label``."""
    return _(_LABEL, label=label, value=value)


def with_commas(items: Iterable[str]) -> str:
    """Return ``items`` with a comma between each two, "" if there are none."""
    return _joined(_LIST, "first", items)


def joined_sentences(*said: str) -> str:
    """Return sentences one after the other, without those that are empty."""
    return _joined(_SENTENCES, "sentence", filter(None, said))


def noted(words: str, note: str) -> str:
    """Return ``words`` with a ``note`` in brackets behind it."""
    return _(_NOTE, words=words, note=note)


def in_quotes(name: str) -> str:
    """Return a name in quotation marks."""
    return _(_QUOTES, name=name)


def _joined(text: str, first: str, parts: Iterable[str]) -> str:
    found = list(parts)
    return reduce(lambda before, part: _(text, **{first: before}, next=part), found[1:], found[0]) if found else ""

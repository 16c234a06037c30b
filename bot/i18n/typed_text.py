"""Text as people give it, made fit to be kept, sent and shown."""

from __future__ import annotations

import re
import unicodedata

# What no one sees although Unicode calls it a letter or a sign: fillers of Hangul, Braille without a dot, a note that
# lacks its head; and what it keeps free for more of them (DerivedCoreProperties.txt, Default_Ignorable_Code_Point).
_BLANK = re.compile("[\u115f\u1160\u2065\u2800\u3164\uffa0\ufff0-\ufff8\U0001d159\U000e0000-\U000e0fff]")
_UNSEEN = ("C", "M", "Z")  # the categories of controls, of marks on what stands before, and of spaces
_SEEN = ("Cn", "Co")  # what a newer Unicode or a font of one's own may show
# NUL and other controls but line ends and tabs; halves of characters. PostgreSQL takes neither.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Marks that turn the direction of all that follows, beyond the text itself.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def typed(text: str) -> str:
    """Return what somebody typed without what cannot be kept, "" if nothing of it can be seen."""
    text = _UNFIT.sub("", text).strip()
    return text if any(map(_is_seen, text)) else ""


def unturned(text: str) -> str:
    """Return a text that cannot reorder the sentence it is put into. Words from right to left stay as they are."""
    return _TURNING.sub("", _UNFIT.sub("", text))


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    return not _BLANK.match(character) and (category in _SEEN or category[0] not in _UNSEEN)

"""A view: paragraphs with a tone, before Discord draws them; and helpers for the text in them."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from bot.i18n.translation import _, ngettext
from bot.i18n.translation import percent as in_percent
from bot.i18n.typed_text import unturned
from bot.models import DiscordLimits

PROMPT_SHOWN = 300  # characters
_BAR = 20  # blocks


class Tone(StrEnum):
    """How a view feels; the messenger chooses the colour."""

    WAITING = "waiting"
    WORKING = "working"
    GOOD = "good"
    REFUSED = "refused"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class View:
    """
    What to show: paragraphs of Discord's Markdown, the link of a finished video, the job actions on offer.

    Its text fits into one message: of what is longer, the longest paragraphs lose their last lines.
    """

    tone: Tone
    paragraphs: tuple[str, ...]
    link: str | None = None
    actions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "paragraphs", _fitted(self.paragraphs, DiscordLimits.TEXT))

    def without_controls(self) -> View:
        """Return the same words with nothing that can be pressed."""
        return replace(self, link=None, actions=())


def length(text: str) -> int:
    """Return how long a text is for Discord, at worst: what lies beyond the basic plane, as emoji do, counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitted(paragraphs: tuple[str, ...], room: int) -> tuple[str, ...]:
    fitted = list(paragraphs)
    while (over := sum(map(length, fitted)) - room) > 0:
        longest = max(range(len(fitted)), key=lambda index: length(fitted[index]))
        # Each has a fair share, so that no list is emptied for the sake of another.
        fitted[longest] = shortened(fitted[longest], max(length(fitted[longest]) - over, room // len(fitted)))
    return tuple(fitted)


def shortened(text: str, room: int) -> str:
    """Return ``text`` in at most ``room`` characters: without its last lines, of which it says how many they are."""
    if length(text) <= room:
        return text
    lines = text.split("\n")
    ends = list(accumulate(length(line) + 1 for line in lines[:-1]))  # of each line, with its break
    for kept in range(bisect_right(ends, room), 0, -1):
        more = ngettext("… and {count} more line", "… and {count} more lines", len(lines) - kept)
        if length(found := "\n".join([*lines[:kept], more])) <= room:
            return found
    return cut(text, room - sum(character > "\uffff" for character in text))


def cut(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters, ending in "…" if it was longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quote(text: str, limit: int = PROMPT_SHOWN) -> str:
    """Return text from outside on one line of at most ``limit`` characters, with nothing that Discord would act on."""
    text = " ".join(unturned(text).split())
    return re.sub(r"([\\*_~`|>#\-\[\]()<@:])", r"\\\1", cut(text, limit))


def timestamp(moment: datetime, style: str = "f") -> str:
    """
    Return a time that Discord shows to each reader in their own zone, in one of its styles: ``R`` is how far away.

    Up to a second late and never early: what is said to be free or over by then is.
    """
    return f"<t:{math.ceil(moment.timestamp())}:{style}>"


def duration(seconds: float) -> str:
    """Return a duration in words of two units at most: ``45 s``, ``2 min 5 s``, ``1 h 3 min``."""
    # Not Babel's: it has no word for a single hour in Spanish and Portuguese, and none at all for some short units.
    minutes, rest = divmod(max(0, round(seconds)), 60)
    if minutes >= 60:
        return _("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
    if minutes and rest:
        return _("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return _("{minutes} min", minutes=minutes) if minutes else _("{seconds} s", seconds=rest)


def alt_text(prompt: str) -> str:
    """Return a prompt as what a screen reader says of its video: plain text, in which Discord draws no names."""
    words = " ".join(re.sub(r"<(?:(@)[!&]?|(#)|a?:(\w+):)\d+>", _named, unturned(prompt)).split())
    return cut(words, DiscordLimits.ALT_TEXT)


def _named(mark: re.Match[str]) -> str:
    person, channel, emoji = mark.groups()
    return f":{emoji}:" if emoji else f"{person or channel}…"


def bar(percent: float) -> str:
    """Return a bar with the percentage beside it, for eyes and for screen readers."""
    full = min(_BAR, int(percent * _BAR / 100))
    return f"`{'█' * full}{'░' * (_BAR - full)}` **{in_percent(percent)}**"

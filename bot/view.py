"""What may be shown, before any messenger draws it: paragraphs with a tone, and how to word the smallest things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

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
    """What to show: paragraphs of Discord's Markdown, the link of a finished video, the job actions on offer."""

    tone: Tone
    paragraphs: tuple[str, ...]
    link: str | None = None
    actions: tuple[str, ...] = ()


def quote(text: str, limit: int = PROMPT_SHOWN) -> str:
    """Return text from outside on one line of at most ``limit`` characters, with nothing that Discord would act on."""
    text = " ".join(text.split())
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return re.sub(r"([\\*_~`|>#\-\[\]()<@:])", r"\\\1", text)


def duration(seconds: float) -> str:
    """Return a duration in words of two units at most: ``45 s``, ``2 min 5 s``, ``1 h 3 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def bar(percent: float) -> str:
    """Return a bar with the percentage beside it, for eyes and for screen readers."""
    full = min(_BAR, int(percent * _BAR / 100))
    number = f"{percent:.1f}".rstrip("0").rstrip(".")
    return f"`{'█' * full}{'░' * (_BAR - full)}` **{number} %**"


def money(millionths: int) -> str:
    """Return an amount of the operator's currency, with two decimals or as many as it takes."""
    whole, rest = divmod(millionths, 1_000_000)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"

"""The findings of ``check``: what was looked at, how severe it is, and what to do about it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

log = logging.getLogger(__name__)

NAME_SHOWN = 40  # characters of a name from outside


class Severity(StrEnum):
    """How severe a finding is. A hint can wait; unknown is what could not be looked at."""

    OK = "ok"
    HINT = "hint"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One line of the report. Several may have the same ``name``, which is for scripts and never changes.

    ``finding`` and ``remedy`` are for people: whole sentences without secrets; ``remedy`` is empty if none is needed.
    """

    name: str
    state: Severity
    finding: str
    remedy: str = ""


def unknown(names: Sequence[str], why: str) -> list[Finding]:
    """Return one finding for each of ``names``: none could be looked at, all for the same reason."""
    return [Finding(name, Severity.UNKNOWN, why) for name in names]


async def within(
    seconds: float, names: Sequence[str], examination: Coroutine[Any, Any, list[Finding]]
) -> list[Finding]:
    """Return what ``examination`` finds, or that ``names`` are unknown if it fails or takes more than ``seconds``."""
    try:
        async with asyncio.timeout(seconds):
            return await examination
    except TimeoutError:
        return unknown(names, f"There was no answer within {seconds:.0f} seconds.")
    except Exception as error:
        # Whatever it is, the other findings are still wanted.
        log.debug("could not be looked at: %s", ", ".join(names), exc_info=True)
        return unknown(names, f"It could not be looked at ({type(error).__name__}).")


def plain(text: str, limit: int = NAME_SHOWN) -> str:
    """Return a text from outside as a terminal may show it: one line of at most ``limit`` characters, no controls."""
    text = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def some_of(names: Sequence[str], most: int = 5) -> str:
    """Return ``names`` in a line, those beyond ``most`` as a number."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"

"""The choices that are offered while a member types the value of an option."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from discord.app_commands import Choice

from bot.i18n.typed_text import unturned
from bot.models import DiscordLimits

T = TypeVar("T", str, int)


def choices(offered: Iterable[tuple[str, T]]) -> list[Choice[T]]:
    """Return choices of these names and values, as many and as long as Discord takes."""
    return [
        Choice(name=unturned(name)[: DiscordLimits.CHOICE], value=value)
        for name, value in islice(offered, DiscordLimits.CHOICES)
    ]

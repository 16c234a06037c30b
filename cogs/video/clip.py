"""A finished video as an upload: the file, and the gallery item that plays it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import discord

from bot.texts.view import alt_text


@dataclass(frozen=True, slots=True)
class Clip:
    """The video in ``path``. ``prompt`` becomes its text for screen readers, "" for none."""

    path: Path
    prompt: str
    spoiler: bool

    def file(self) -> discord.File:
        """Return it for one upload. Discord goes by the ending of the name."""
        return discord.File(
            self.path, f"video{self.path.suffix}", spoiler=self.spoiler, description=alt_text(self.prompt) or None
        )

    def item(self) -> discord.MediaGalleryItem:
        """Return it for the gallery of the same message."""
        name = f"{'SPOILER_' if self.spoiler else ''}video{self.path.suffix}"
        return discord.MediaGalleryItem(
            f"attachment://{name}", description=alt_text(self.prompt) or None, spoiler=self.spoiler
        )

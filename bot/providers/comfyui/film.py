"""Finds the film among what the nodes of a workflow have saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_VIDEOS = (".mp4", ".webm", ".mov", ".mkv", ".m4v", ".avi")
_MOVING = (".webp", ".gif", ".png")  # pictures that move where their list says ``animated``, or is one of ``gifs``


@dataclass(frozen=True, slots=True)
class SavedFilm:
    """A file as ``/view`` gives it; ``type`` is its folder there, ``output`` or ``temp``."""

    filename: str
    subfolder: str
    type: str

    @property
    def path(self) -> str:
        """Where the server has it."""
        return f"/view?{urlencode({'filename': self.filename, 'subfolder': self.subfolder, 'type': self.type})}"


def film_in(outputs: Any, node: str | None = None) -> SavedFilm | None:
    """
    Return the film in ``outputs``, by the id of each node what it saved; None if there is none.

    A video comes before a moving picture, a saved one before a temporary one, a later one before an earlier one. With
    ``node``, only what that one saved counts.
    """
    best: tuple[tuple[bool, bool], SavedFilm] | None = None
    for id, output in outputs.items() if isinstance(outputs, dict) else ():
        for film, is_video in _films(output) if node in (None, id) else ():
            rank = is_video, film.type == "output"
            if best is None or rank >= best[0]:
                best = rank, film
    return best[1] if best else None


def _films(output: Any) -> Iterator[tuple[SavedFilm, bool]]:
    """Yield what may be a film among what one node saved, and whether it is a video."""
    if not isinstance(output, dict):
        return
    for name, items in output.items():
        moves = name == "gifs" or (name == "images" and output.get("animated") in (True, [True]))
        for item in items if isinstance(items, list) else ():
            film = _film(item)
            if film and film.filename.lower().endswith(_VIDEOS):
                yield film, True
            elif film and moves and film.filename.lower().endswith(_MOVING):
                yield film, False


def _film(item: Any) -> SavedFilm | None:
    if not isinstance(item, dict) or not isinstance(item.get("filename"), str) or not item["filename"]:
        return None
    subfolder, type = item.get("subfolder") or "", item.get("type") or "output"
    return SavedFilm(item["filename"], str(subfolder), str(type))

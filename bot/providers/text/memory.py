"""Remembers what was found out about a text by the hash of it: the text itself is nobody's business after its job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

MAX_KNOWN = 4096  # texts

T = TypeVar("T")


class Memory(Generic[T]):
    """What a few thousand texts told. Services say the same again and again."""

    def __init__(self) -> None:
        self._known: dict[int, T] = {}

    def recall(self, key: int, find_out: Callable[[], T]) -> T:
        """Return what is known under ``key``, the hash of a text, else what ``find_out`` says."""
        if key not in self._known:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[key] = find_out()
        return self._known[key]

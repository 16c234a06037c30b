"""A set whose entries expire."""

from __future__ import annotations

import time
from collections.abc import Callable


class ExpiringSet:
    """Names that were added in the last ``seconds`` of ``clock``."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._added: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        self._drop_expired()
        return name in self._added

    def add(self, name: str) -> None:
        """Remember ``name`` from now on."""
        self._drop_expired()
        self._added[name] = self._clock()

    def _drop_expired(self) -> None:
        oldest = self._clock() - self._seconds
        self._added = {name: added for name, added in self._added.items() if added > oldest}

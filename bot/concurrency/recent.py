"""What came up a short while ago, and is forgotten by itself."""

from __future__ import annotations

import time


class ExpiringSet:
    """Names that were added in the last ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._added: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        self._forget()
        return name in self._added

    def add(self, name: str) -> None:
        """Remember ``name`` from now on."""
        self._forget()
        self._added[name] = time.monotonic()

    def _forget(self) -> None:
        oldest = time.monotonic() - self._seconds
        self._added = {name: added for name, added in self._added.items() if added > oldest}

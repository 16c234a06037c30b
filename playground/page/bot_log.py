"""The latest warnings and errors in the bot's log, as its operator reads them."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path

from playground.page.redaction import Redaction

KEPT = 4
LOOK_EVERY = 0.25  # seconds
LONGEST = 400  # characters; the rest of a longer line is left out

_LINE = re.compile(r"\S+ (\S+ (?:WARNING|ERROR|CRITICAL) .*)")


class BotLog:
    """Follows the file `path`; `on_change` is called when `lines`, the oldest first and without secrets, change."""

    def __init__(self, path: Path, redact: Redaction, on_change: Callable[[], None]) -> None:
        self.lines: deque[str] = deque(maxlen=KEPT)
        self._path = path
        self._redact = redact
        self._on_change = on_change
        self._at = 0
        self._rest = b""

    async def follow(self) -> None:
        """Look for new lines, forever."""
        while True:
            if found := self._found(await asyncio.to_thread(self._read)):
                self.lines.extend(found)
                self._on_change()
            await asyncio.sleep(LOOK_EVERY)

    def _read(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:  # the bot was not started yet
            return b""
        self._at += len(data)
        return data

    def _found(self, data: bytes) -> list[str]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        found = (_LINE.match(line.decode("utf-8", "replace")) for line in lines)
        return [self._redact(line[1])[:LONGEST] for line in found if line]

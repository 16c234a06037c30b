"""The spool: what became of jobs, kept in files in the data folder for as long as the database has not taken it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from bot.models import Outcome
from bot.policy.charges import NOTHING, Booked, Charge, Counted
from bot.providers.base import TokenUsage

SUFFIX, UNREADABLE = ".spool", ".unreadable"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unsaved:
    """
    How a job of ``owner`` ended; without an ``outcome`` it waits again, since it has not been sent, or, if there is a
    ``task``, was accepted as that.

    ``revoked``: its member was told that there is none, so nobody is to be shown its end.
    """

    job_id: str
    guild_id: int
    owner: str
    at: datetime
    outcome: Outcome | None = None
    charge: Charge = NOTHING
    sent: bool = False
    percent: float | None = None
    video_url: str | None = None
    usage: TokenUsage | None = None
    revoked: bool = False
    task: str | None = None
    service_cost: int | None = None
    service: str | None = None
    price: int | None = None

    def to_line(self) -> bytes:
        """Return what ``from_line`` understands, between ends of lines: the one before may have been cut off."""
        return b"\n" + json.dumps(asdict(self) | {"at": self.at.isoformat()}).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Return what ``to_line`` wrote. Raises ValueError, TypeError or KeyError if it cannot be read."""
        found: dict[str, Any] = json.loads(line)
        charge, usage = found["charge"], found["usage"]
        return cls(
            **found
            | {
                "at": datetime.fromisoformat(found["at"]),
                "outcome": Outcome(found["outcome"]) if found["outcome"] else None,
                "charge": Charge(Counted(charge["video"]), bool(charge["member_cost"]), Booked(charge["cost"])),
                "usage": TokenUsage(**usage) if usage else None,
            }
        )


class SpoolFile(NamedTuple):
    """The file of one process, and what stood in its ``size`` bytes when it was read."""

    path: Path
    unsaved: tuple[Unsaved, ...]
    size: int


class Spool:
    """Keeps what ``owner`` could not save in a file of its own in ``folder``, and finds the files of others."""

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder = folder
        self._path = folder / f"{owner}{SUFFIX}"
        self._kept: set[Unsaved] = set()
        self._lock = asyncio.Lock()

    async def keep(self, unsaved: Unsaved) -> None:
        """Keep ``unsaved`` over a crash, too. What the disk does not take is logged."""
        async with self._lock:
            self._kept.add(unsaved)
            await self._try(lambda: _append(self._path, [unsaved.to_line()]))

    async def drop(self, unsaved: Unsaved) -> None:
        """Forget what the database has taken; the file goes with the last of it."""
        async with self._lock:
            self._kept.discard(unsaved)
            if not self._kept:
                await self._try(lambda: self._path.unlink(missing_ok=True))

    async def left(self) -> list[SpoolFile]:
        """
        Return the files of other processes. Lines that cannot be read are logged and moved into a file aside; a file
        that cannot be read is logged, and hides none of the others.
        """
        return await asyncio.to_thread(self._read)

    async def delete(self, file: SpoolFile) -> None:
        """Delete a file all of which the database has taken, unless its process lives and has kept more since."""
        await self._try(lambda: _delete(file))

    def _read(self) -> list[SpoolFile]:
        files = []
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            if path == self._path:
                continue
            try:
                files.append(_read(path))
            except FileNotFoundError:  # its process could save all of it meanwhile
                continue
            except OSError as error:
                log.error("could not read what another process could not save: %s", error)
        return files

    @staticmethod
    async def _try(work: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(work)
        except OSError as error:
            log.error("could not write what the database does not take to its file: %s", error)


def _append(path: Path, lines: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())


def _delete(file: SpoolFile) -> None:
    with suppress(FileNotFoundError):
        if file.size and file.path.stat().st_size == file.size:  # an empty one is about to be written
            file.path.unlink()


def _read(path: Path) -> SpoolFile:
    readable, broken = [], []
    text = path.read_bytes()
    for line in filter(bytes.strip, text.splitlines(keepends=True)):
        try:
            readable.append(Unsaved.from_line(line))
        except (ValueError, TypeError, KeyError):
            broken.append(line)
    aside = path.with_suffix(UNREADABLE)
    if broken and not aside.exists():
        log.error("%d lines of %s cannot be read, and are kept in %s", len(broken), path.name, aside.name)
        _append(aside, broken)
    return SpoolFile(path, tuple(readable), len(text))

"""Stores the rules of each server, with a record of their changes, and whether the operator allows the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from bot.errors import StorageError
from bot.policy.limit_kinds import kinds
from bot.policy.policy import Allowance, Policy, PolicyChange, differences
from bot.policy.server_pause import ServerPause
from bot.policy.word_list import WordList, word_changes
from bot.storage.engine.async_engine import AsyncConnection
from bot.storage.engine.database import Database
from bot.storage.engine.tables import changes, guilds
from bot.storage.engine.upsert import put

DEFAULTS = 0  # the row that holds for servers without rules of their own

# Asked several times for each job, and so built only once.
_OF_GUILDS = select(guilds).where(guilds.c.guild_id.in_(bindparam("wanted", expanding=True)))
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)  # what a text raises that is no rules

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GuildRules:
    """
    What holds for one server: ``policy``, the latest ``pause`` and the ``words`` that are not wanted are set by its
    managers, ``allowed`` by the operator.

    ``is_own``: its managers have set rules. ``cap``: what the operator allows all servers together.
    """

    policy: Policy
    allowed: bool
    cap: Allowance
    is_own: bool = False
    pause: ServerPause | None = None
    words: WordList = field(default_factory=WordList)

    def pause_at(self, now: datetime) -> ServerPause | None:
        """Return the pause that holds at ``now``."""
        return self.pause if self.pause and self.pause.holds(now) else None


async def load_rules(connection: AsyncConnection, guild_ids: Iterable[int]) -> dict[int, GuildRules]:
    """Return what holds for each of ``guild_ids``, in the caller's transaction. Raises StorageError."""
    found, default = await _rows(connection, guild_ids)
    cap = _read(default, "cap", _to_cap) or Allowance()
    return {
        guild_id: GuildRules(
            _policy(own, default),
            _allowed(own, default),
            cap,
            is_own=own is not None and own.rules is not None,
            pause=_read(own, "pause", ServerPause.from_json),
            words=_read(own, "words", WordList.from_json) or WordList(),
        )
        for guild_id, own in found.items()
    }


async def load_allowed(connection: AsyncConnection, guild_ids: Iterable[int]) -> dict[int, bool]:
    """Return of each server whether the operator allows it; rules that cannot be read are not in the way."""
    found, default = await _rows(connection, guild_ids)
    return {guild_id: _allowed(own, default) for guild_id, own in found.items()}


async def _rows(connection: AsyncConnection, guild_ids: Iterable[int]) -> tuple[dict[int, Any], Any]:
    """Return the row of each server, None where it has none, and that of ``DEFAULTS``."""
    wanted = set(guild_ids)
    rows = (await connection.execute(_OF_GUILDS, {"wanted": [DEFAULTS, *wanted]})).all()
    found = {row.guild_id: row for row in rows}
    return {guild_id: found.get(guild_id) for guild_id in wanted}, found.get(DEFAULTS)


def _policy(own: Any, default: Any) -> Policy:
    return _read(own, "rules", Policy.from_json) or _read(default, "rules", Policy.from_json) or Policy()


def _allowed(own: Any, default: Any) -> bool:
    rows = [row for row in (own, default) if row is not None]
    return next((row.allowed for row in rows if row.allowed is not None), True)


def _to_cap(text: str) -> Allowance:
    return Allowance.from_dict(json.loads(text))


def _read(row: Any, column: str, read: Callable[[str], T]) -> T | None:
    """Return what stands in a column of ``row``, None if nothing does. Raises StorageError, without the text."""
    text = getattr(row, column, None)
    if text is None:
        return None
    try:
        return read(text)
    except _UNREADABLE as error:
        raise StorageError(
            f"the {column} in the row {row.guild_id} of guilds cannot be read: {type(error).__name__}"
        ) from None


class GuildStore:
    """Keeps the rules of servers. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> GuildRules:
        """Return what holds for the server: its own rules, else the operator's default, else Kinora's."""
        async with self._database.read() as connection:
            return (await load_rules(connection, [guild_id]))[guild_id]

    async def policy(self, guild_id: int) -> Policy:
        """Return the rules in force in the server."""
        return (await self.get(guild_id)).policy

    async def change(
        self, guild_id: int, user_id: int, now: datetime, change: Callable[[Policy], Policy]
    ) -> tuple[Policy, Policy]:
        """
        Replace the rules by ``change`` of them, record the differences, and return the rules before and after.

        The server's row is locked in between, so of two changes at once none is lost. Without a difference nothing is
        stored: the server goes on following the operator's default.
        """
        async with self._database.write() as connection:
            await self._put(connection, guild_id)  # locks the row
            before = (await load_rules(connection, [guild_id]))[guild_id].policy
            after = change(before)
            if changed := sorted(differences(before, after)):
                await self._put(connection, guild_id, rules=after.to_json())
                await _write_changes(connection, guild_id, user_id, now, changed)
        return before, after

    async def set_pause(
        self, guild_id: int, user_id: int, now: datetime, pause: ServerPause | None
    ) -> ServerPause | None:
        """Let ``pause`` hold in the server, None for none, write that down, and return the one that held before."""
        async with self._database.write() as connection:
            await self._put(connection, guild_id)  # locks the row
            before = (await load_rules(connection, [guild_id]))[guild_id].pause_at(now)
            old, new = before and before.to_dict(), pause and pause.to_dict()
            if old != new:
                await self._put(connection, guild_id, pause=new and json.dumps(new))
                await _write_changes(connection, guild_id, user_id, now, [("pause", old, new)])
        return before

    async def change_words(
        self, guild_id: int, user_id: int, now: datetime, change: Callable[[WordList], WordList]
    ) -> tuple[WordList, WordList]:
        """Replace the server's word list by ``change`` of it, write down what that is, and return both lists."""
        async with self._database.write() as connection:
            await self._put(connection, guild_id)  # locks the row
            before = (await load_rules(connection, [guild_id]))[guild_id].words
            after = change(before)
            if after != before:
                await self._put(connection, guild_id, words=after.to_json())
                await _write_changes(connection, guild_id, user_id, now, [("words", *word_changes(before, after))])
        return before, after

    async def changes(self, guild_id: int, limit: int = 20) -> list[PolicyChange]:
        """Return the latest changes of the server's rules, the newest first."""
        statement = select(changes).where(changes.c.guild_id == guild_id).order_by(changes.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [PolicyChange(row.at, row.user_id, row.what, row.before, row.after) for row in rows]

    async def set_default(self, policy: Policy, user_id: int, now: datetime) -> None:
        """Let the general part of ``policy`` hold where managers have set nothing."""
        await self.change(DEFAULTS, user_id, now, lambda _: policy.general())

    async def allow(self, guild_id: int, allowed: bool) -> None:
        """Set whether the server may use Kinora; ``DEFAULTS`` stands for all servers without a setting of their own."""
        async with self._database.write() as connection:
            await self._put(connection, guild_id, allowed=allowed)

    async def denied(self) -> list[int]:
        """Return the servers that may not use Kinora, ``DEFAULTS`` among them if unnamed ones may not."""
        async with self._database.read() as connection:
            return list((await connection.scalars(select(guilds.c.guild_id).where(guilds.c.allowed.is_(False)))).all())

    async def change_cap(
        self, user_id: int, now: datetime, limits: Mapping[str, int | None], *, clear: bool = False
    ) -> tuple[Allowance, Allowance]:
        """
        Replace the given ``limits`` over all servers together, None taking one away; write down what became different,
        and return the caps of before and after. ``clear``: those that are not given are taken away as well.
        """
        async with self._database.write() as connection:
            await self._put(connection, DEFAULTS)  # locks the row
            before = (await load_rules(connection, [DEFAULTS]))[DEFAULTS].cap
            after = (Allowance() if clear else before).with_limits(**limits)
            if after != before:
                await self._put(connection, DEFAULTS, cap=json.dumps(after.to_dict()))
                changed = [
                    (f"cap.{kind}", before[kind], after[kind]) for kind in kinds() if before[kind] != after[kind]
                ]
                await _write_changes(connection, DEFAULTS, user_id, now, changed)
        return before, after

    async def is_bounded(self) -> bool:
        """Whether anything limits how many videos may be made, or what they may cost, in a day or longer."""
        statement = select(guilds).where(guilds.c.rules.is_not(None) | guilds.c.cap.is_not(None))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        found = (_read(row, "cap", _to_cap) or Allowance() for row in rows)
        rules = (policy for row in rows if (policy := _read(row, "rules", Policy.from_json)))
        allowances = chain(found, *(policy.allowances().values() for policy in rules))
        return any(kind.window.days for allowance in allowances for kind in allowance.in_force())

    async def _put(self, connection: AsyncConnection, guild_id: int, **values: Any) -> None:
        await connection.execute(put(self._database.dialect, guilds, guild_id=guild_id, **values))


async def _write_changes(
    connection: AsyncConnection, guild_id: int, user_id: int, now: datetime, changed: Iterable[tuple[str, Any, Any]]
) -> None:
    common = {"guild_id": guild_id, "user_id": user_id, "at": now}
    lines = [
        {"what": what, "before": json.dumps(old, default=sorted), "after": json.dumps(new, default=sorted)}
        for what, old, new in changed
    ]
    await connection.execute(changes.insert(), [common | line for line in lines])

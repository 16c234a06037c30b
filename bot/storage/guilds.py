"""Stores the rules of each server, with a record of their changes, and whether the operator allows the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.policy import Policy, PolicyChange, differences
from bot.storage.engine.database import Database
from bot.storage.engine.tables import changes, guilds
from bot.storage.engine.upsert import put

DEFAULTS = 0  # the row that holds for servers without rules of their own

# Asked several times for each job, and so built only once.
_OF_GUILDS = select(guilds).where(guilds.c.guild_id.in_(bindparam("wanted", expanding=True)))


@dataclass(frozen=True, slots=True)
class GuildRules:
    """What holds for one server: ``policy`` is set by its managers, ``allowed`` by the operator."""

    policy: Policy
    allowed: bool


async def load_rules(connection: AsyncConnection, guild_ids: Iterable[int]) -> dict[int, GuildRules]:
    """Return what holds for each of ``guild_ids``, in the caller's transaction."""
    wanted = set(guild_ids)
    rows = (await connection.execute(_OF_GUILDS, {"wanted": [DEFAULTS, *wanted]})).all()
    found = {row.guild_id: row for row in rows}
    return {guild_id: _rules(found.get(guild_id), found.get(DEFAULTS)) for guild_id in wanted}


def _rules(own: Any, default: Any) -> GuildRules:
    rows = [row for row in (own, default) if row is not None]
    rules = next((row.rules for row in rows if row.rules is not None), None)
    allowed = next((row.allowed for row in rows if row.allowed is not None), True)
    return GuildRules(Policy.from_json(rules) if rules else Policy(), allowed)


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
                common = {"guild_id": guild_id, "user_id": user_id, "at": now}
                lines = [
                    {"what": what, "before": json.dumps(old, default=sorted), "after": json.dumps(new, default=sorted)}
                    for what, old, new in changed
                ]
                await connection.execute(changes.insert(), [common | line for line in lines])
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

    async def _put(self, connection: AsyncConnection, guild_id: int, **values: Any) -> None:
        await connection.execute(put(self._database.dialect, guilds, guild_id=guild_id, **values))

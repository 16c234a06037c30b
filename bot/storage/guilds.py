"""What was decided about each server: its managers' rules, with a record of their changes, and the operator's word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.policy import Policy, PolicyChange
from bot.storage.engine.database import Database
from bot.storage.engine.tables import changes, guilds
from bot.storage.engine.upsert import insert

DEFAULTS = 0  # the row that holds for servers which have no word of their own

# Asked several times for each job, and so built only once.
_OF_GUILDS = select(guilds).where(guilds.c.guild_id.in_(bindparam("wanted", expanding=True)))


@dataclass(frozen=True, slots=True)
class GuildRules:
    """What holds for one server. ``allowed`` is the operator's to say, ``policy`` its managers'."""

    policy: Policy
    allowed: bool


async def load_rules(connection: AsyncConnection, guild_ids: Iterable[int]) -> dict[int, GuildRules]:
    """Return what holds for each of ``guild_ids``, in the caller's transaction."""
    wanted = set(guild_ids)
    rows = (await connection.execute(_OF_GUILDS, {"wanted": [DEFAULTS, *wanted]})).all()
    found = {row.guild_id: row for row in rows}
    return {guild_id: _ruling(found.get(guild_id), found.get(DEFAULTS)) for guild_id in wanted}


def _ruling(own: Any, every: Any) -> GuildRules:
    said = [row for row in (own, every) if row is not None]
    rules = next((row.rules for row in said if row.rules is not None), None)
    allowed = next((row.allowed for row in said if row.allowed is not None), True)
    return GuildRules(Policy.from_json(rules) if rules else Policy(), allowed)


class GuildStore:
    """Keeps the rules of servers. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> GuildRules:
        """Return what holds for the server: its own, else what the operator set for all, else Kinora's own."""
        async with self._database.read() as connection:
            return (await load_rules(connection, [guild_id]))[guild_id]

    async def policy(self, guild_id: int) -> Policy:
        """Return the rules in force in the server."""
        return (await self.get(guild_id)).policy

    async def change(
        self, guild_id: int, user_id: int, now: datetime, change: Callable[[Policy], Policy]
    ) -> tuple[Policy, Policy]:
        """
        Put ``change`` of the rules in their place, write down what became different, and return both.

        The server's row is locked in between, so of two changes at once none is lost. Where nothing becomes different
        nothing is put: the server goes on following what the operator set for all.
        """
        async with self._database.write() as connection:
            await self._put(connection, guild_id)
            await connection.execute(select(guilds.c.guild_id).where(guilds.c.guild_id == guild_id).with_for_update())
            before = (await load_rules(connection, [guild_id]))[guild_id].policy
            after = change(before)
            if lines := _differences(before, after):
                await self._put(connection, guild_id, rules=after.to_json())
                common = {"guild_id": guild_id, "user_id": user_id, "at": now}
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
        """Let the server use Kinora, or not. ``DEFAULTS`` says it of all servers that nothing was said of."""
        async with self._database.write() as connection:
            await self._put(connection, guild_id, allowed=allowed)

    async def denied(self) -> list[int]:
        """Return the servers that may not use Kinora, ``DEFAULTS`` among them if unnamed ones may not."""
        async with self._database.read() as connection:
            return list((await connection.scalars(select(guilds.c.guild_id).where(guilds.c.allowed.is_(False)))).all())

    async def _put(self, connection: AsyncConnection, guild_id: int, **values: Any) -> None:
        statement = insert(self._database.dialect, guilds).values(guild_id=guild_id, **values)
        if values:
            statement = statement.on_conflict_do_update(index_elements=["guild_id"], set_=values)
        else:
            statement = statement.on_conflict_do_nothing()
        await connection.execute(statement)


def _differences(before: Policy, after: Policy) -> list[dict[str, str]]:
    old, new = _flat(json.loads(before.to_json())), _flat(json.loads(after.to_json()))
    return [
        {"what": name, "before": json.dumps(old.get(name)), "after": json.dumps(new.get(name))}
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _flat(rules: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested rules with dotted names."""
    flat: dict[str, Any] = {}
    for name, value in rules.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat

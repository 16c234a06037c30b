"""Admitting jobs: the rules, the blocks and every limit are looked at, and the job written down, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import KINORA, Asking, Denial, Reason, Used
from bot.errors import StorageError
from bot.models import JobRecord
from bot.quota import Need, exceeded, forbidden, needs
from bot.storage.counters import Key, reserve, standing
from bot.storage.database import Database
from bot.storage.guilds import Guild, rulings
from bot.storage.tables import blocks, jobs

_TRIES = 50  # rounds in which every counter that was full had room again when it was looked at

# The limits of a server are named before those of a member, and what frees soonest first.
_ORDER = tuple(Reason)


class AdmissionStore:
    """
    Writes jobs down, if they may be.

    Jobs that are asked for at the same moment come together: what they need is added up and reserved in one statement,
    and only where that does not fit is it found out which of them has to go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, asked: Sequence[Asking], *, owner: str, lease: timedelta) -> list[Denial | None]:
        """
        Write the jobs of ``asked`` down as waiting, each with its place in all counters, and return for each why not.

        In the order given, so that of several jobs the first ones are admitted. Raises StorageError; then none was.
        """
        async with self._database.write() as connection:
            admission = _Admission(connection, self._database.dialect, asked)
            await admission.look_up()
            await admission.reserve()
            await admission.write_down(owner, lease)
        return admission.verdicts


class _Admission:
    """One round of admitting, inside a transaction."""

    def __init__(self, connection: AsyncConnection, dialect: str, asked: Sequence[Asking]) -> None:
        self._connection = connection
        self._dialect = dialect
        self._asked = asked
        self._needs: dict[int, list[Need]] = {}  # by the index in ``asked``, of those not turned away yet
        self.verdicts: list[Denial | None] = [None] * len(asked)

    async def look_up(self) -> None:
        """Turn away what the operator, a block or the server's rules do not let in at all."""
        of = {asking.job.guild_id for asking in self._asked}
        guilds = await rulings(self._connection, of)
        blocked = await self._blocks(of)
        for index, asking in enumerate(self._asked):
            guild = guilds[asking.job.guild_id]
            block = blocked.get((asking.job.guild_id, asking.job.user_id))
            self.verdicts[index] = _refused(guild, block, asking)
            if self.verdicts[index] is None:
                self._needs[index] = needs(guild.policy, asking)

    async def _blocks(self, of: Iterable[int]) -> dict[tuple[int, int], Any]:
        now = min(asking.job.created_at for asking in self._asked)
        members = {asking.job.user_id for asking in self._asked}
        wanted = blocks.c.guild_id.in_(of) & blocks.c.user_id.in_(members) & (blocks.c.until > now)
        rows = (await self._connection.execute(select(blocks).where(wanted))).all()
        return {(row.guild_id, row.user_id): row for row in rows}

    async def reserve(self) -> None:
        """Reserve for all that are left, and turn away those for which there is no room."""
        waiting = list(self._needs)
        while waiting:
            now, waiting = self._one_of_each_pausing(waiting)
            for _ in range(_TRIES):
                over = await self._try(now)
                if not over:
                    break
                now = await self._without_the_excess(now, over)
            else:
                raise StorageError("the counters of this server change too fast")

    def _one_of_each_pausing(self, waiting: list[int]) -> tuple[list[int], list[int]]:
        """Split off the later requests of members who have to pause between two: the first one decides about them."""
        seen: set[Key] = set()
        now: list[int] = []
        later: list[int] = []
        for index in waiting:
            pausing = {need.key for need in self._needs[index] if need.pause}
            (later if pausing & seen else now).append(index)
            seen |= pausing
        return now, later

    async def _try(self, indices: list[int]) -> set[Key]:
        """Reserve for all of ``indices``, or for none: then return the counters that have no room for all of them."""
        together: dict[Key, Need] = {}
        for need in (need for index in indices for need in self._needs[index]):
            together[need.key] = together[need.key].plus(need) if need.key in together else need
        # A counter without a row is not compared by the statement, so what is too much by itself is kept from it.
        too_much = {
            key for key, need in together.items() if need.videos > need.most_videos or need.cost > need.most_cost
        }
        if too_much or not together:
            return too_much
        async with self._connection.begin_nested() as savepoint:
            over = await reserve(self._connection, self._dialect, together.values())
            if over:
                await savepoint.rollback()
        return over

    async def _without_the_excess(self, indices: list[int], over: set[Key]) -> list[int]:
        """Return ``indices`` without those for which, first come first served, ``over`` has no room."""
        used = await standing(self._connection, over)
        kept = []
        for index in indices:
            short = [(need, used.get(need.key, Used())) for need in self._needs[index] if need.key in over]
            denials = [denial for need, stands in short if (denial := exceeded(need, stands))]
            if denials:
                self.verdicts[index] = min(denials, key=lambda denial: _ORDER.index(denial.reason))
                del self._needs[index]
                continue
            kept.append(index)
            for need, stands in short:
                used[need.key] = Used(stands.videos + need.videos, stands.cost + need.cost, stands.latest)
        return kept

    async def write_down(self, owner: str, lease: timedelta) -> None:
        """Insert the jobs that were not turned away."""
        admitted = [self._asked[index].job for index in self._needs]
        if admitted:
            await self._connection.execute(
                jobs.insert(), [_row(job, owner, job.created_at + lease) for job in admitted]
            )


def _refused(guild: Guild, block: Any, asking: Asking) -> Denial | None:
    if not guild.allowed:
        return Denial(Reason.GUILD)
    if block and block.until > asking.job.created_at:
        reason = Reason.PAUSED if block.by == KINORA else Reason.BLOCKED
        return Denial(reason, frees_at=block.until, note=block.reason)
    return forbidden(guild.policy, asking)


def _row(job: JobRecord, owner: str, lease_until: datetime) -> dict[str, Any]:
    row = {name: getattr(job, name) for name in JobRecord.__dataclass_fields__}
    return row | {"state": job.state.value, "outcome": None, "owner": owner, "lease_until": lease_until}

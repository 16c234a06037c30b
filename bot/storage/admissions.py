"""Admitting jobs: the rules, the blocks and every limit are looked at, and the job written down, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StorageError
from bot.models import JobRecord
from bot.policy.admission import AdmissionRequest, Denial, DenialReason
from bot.policy.blocks import KINORA
from bot.policy.limits import SERVER, CounterValue, Reservation, access_denial, exceeded_limit, reservations_for
from bot.policy.policy import Allowance, Policy
from bot.storage.counters import Key, read_counters, reserve
from bot.storage.engine.bulk_rows import ROWS, packed, select_rows
from bot.storage.engine.database import Database
from bot.storage.engine.tables import blocks, jobs
from bot.storage.guilds import GuildRules, load_rules

_TRIES = 50  # rounds in which every counter that was full had room again when it was looked at

# The limits of a server are named before those of a member, and what frees soonest first.
_ORDER = tuple(DenialReason)


class AdmissionStore:
    """
    Writes jobs down, if they may be.

    Jobs that are asked for at the same moment come together: what they need is added up and reserved in one statement,
    and only where that does not fit is it found out which of them has to go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, asked: Sequence[AdmissionRequest], *, owner: str, lease: timedelta) -> list[Denial | None]:
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

    def __init__(self, connection: AsyncConnection, dialect: str, asked: Sequence[AdmissionRequest]) -> None:
        self._connection = connection
        self._dialect = dialect
        self._asked = asked
        self._policies: dict[int, Policy] = {}
        self._allowances: dict[tuple[int, frozenset[int]], Allowance] = {}  # by server and the member's roles
        self._left: list[int] = []  # the places in ``asked`` of those that were not turned away yet
        self.verdicts: list[Denial | None] = [None] * len(asked)

    async def look_up(self) -> None:
        """Turn away what the operator, a block or the server's rules do not let in at all."""
        of = {asking.job.guild_id for asking in self._asked}
        guilds = await load_rules(self._connection, of)
        self._policies = {guild_id: guild.policy for guild_id, guild in guilds.items()}
        blocked = await self._blocks(of)
        for place, asking in enumerate(self._asked):
            block = blocked.get((asking.job.guild_id, asking.job.user_id))
            self.verdicts[place] = _refused(guilds[asking.job.guild_id], block, asking)
            if self.verdicts[place] is None:
                self._left.append(place)

    async def _blocks(self, of: Iterable[int]) -> dict[tuple[int, int], Any]:
        now = min(asking.job.created_at for asking in self._asked)
        members = {asking.job.user_id for asking in self._asked}
        wanted = blocks.c.guild_id.in_(of) & blocks.c.user_id.in_(members) & (blocks.c.until > now)
        rows = (await self._connection.execute(select(blocks).where(wanted))).all()
        return {(row.guild_id, row.user_id): row for row in rows}

    async def reserve(self) -> None:
        """Reserve for all that are left, and turn away those for which there is no room."""
        waiting = self._left
        while waiting:
            now, waiting = self._together(waiting)
            for _ in range(_TRIES):
                over = await self._try(now)
                if not over:
                    break
                now = await self._without_the_excess(now, over)
            else:
                raise StorageError("the counters of this server change too fast")

    def _together(self, waiting: list[int]) -> tuple[list[int], list[int]]:
        """
        Split off what cannot be reserved in one statement with the first of ``waiting``: what counts on another day,
        and later requests of members who have to pause between two, since the first one decides about them.
        """
        day = self._asked[waiting[0]].job.created_at.date()
        seen: set[tuple[int, int]] = set()
        now: list[int] = []
        later: list[int] = []
        for place in waiting:
            asking = self._asked[place]
            member = (asking.job.guild_id, asking.job.user_id)
            pausing = self._allowance(asking).cooldown
            fits = asking.job.created_at.date() == day and not (pausing and member in seen)
            (now if fits else later).append(place)
            seen.add(member)
        return now, later

    async def _try(self, places: list[int]) -> set[Key]:
        """Reserve for all of ``places``, or for none: then return the counters that have no room for all of them."""
        wanted = self._needs([self._asked[place] for place in places])
        # A counter without a row is not compared by the statement, so what is too much by itself is kept from it.
        too_much = {need.key for need in wanted if need.videos > need.video_limit or need.cost > need.cost_limit}
        if too_much or not wanted:
            return too_much
        async with self._connection.begin_nested() as savepoint:
            over = await reserve(self._connection, self._dialect, wanted)
            if over:
                await savepoint.rollback()
        return over

    async def _without_the_excess(self, places: list[int], over: set[Key]) -> list[int]:
        """Return ``places`` without those for which, first come first served, ``over`` has no room."""
        used = await read_counters(self._connection, over)
        kept = []
        for place in places:
            short = [
                (need, used.get(need.key, CounterValue()))
                for need in self._needs([self._asked[place]])
                if need.key in over
            ]
            denials = [denial for need, stands in short if (denial := exceeded_limit(need, stands))]
            if denials:
                self.verdicts[place] = min(denials, key=lambda denial: _ORDER.index(denial.reason))
                continue
            kept.append(place)
            for need, stands in short:
                used[need.key] = CounterValue(stands.videos + need.videos, stands.cost + need.cost, stands.latest)
        return kept

    def _needs(self, asked: Iterable[AdmissionRequest]) -> list[Reservation]:
        """Return what ``asked`` need together, added up for each server and each member."""
        servers: dict[int, list[AdmissionRequest]] = {}
        members: dict[tuple[int, int], list[AdmissionRequest]] = {}
        for asking in asked:
            servers.setdefault(asking.job.guild_id, []).append(asking)
            members.setdefault((asking.job.guild_id, asking.job.user_id), []).append(asking)
        of_servers = (
            reservations_for(self._policies[guild].server, SERVER, theirs) for guild, theirs in servers.items()
        )
        of_members = (
            reservations_for(self._allowance(theirs[-1]), user, theirs) for (_, user), theirs in members.items()
        )
        return list(chain.from_iterable(chain(of_servers, of_members)))

    def _allowance(self, asking: AdmissionRequest) -> Allowance:
        key = (asking.job.guild_id, asking.roles)
        if key not in self._allowances:
            self._allowances[key] = self._policies[asking.job.guild_id].allowance(asking.roles)
        return self._allowances[key]

    async def write_down(self, owner: str, lease: timedelta) -> None:
        """Insert the jobs that were not turned away."""
        admitted = [self._asked[place].job for place in self._left if self.verdicts[place] is None]
        if admitted:
            rows = [_row(job, owner, job.created_at + lease) for job in admitted]
            await self._connection.execute(_writing(self._dialect), {ROWS: packed(self._dialect, rows)})


@cache
def _writing(dialect: str) -> Any:
    columns = [jobs.c[name] for name in (*JobRecord.__dataclass_fields__, "owner", "lease_until")]
    return jobs.insert().from_select(columns, select_rows(dialect, columns))


def _refused(guild: GuildRules, block: Any, asking: AdmissionRequest) -> Denial | None:
    if not guild.allowed:
        return Denial(DenialReason.GUILD)
    if block and block.until > asking.job.created_at:
        reason = DenialReason.PAUSED if block.by == KINORA else DenialReason.BLOCKED
        return Denial(reason, retry_at=block.until, note=block.reason)
    return access_denial(guild.policy, asking)


def _row(job: JobRecord, owner: str, lease_until: datetime) -> tuple[Any, ...]:
    return *(getattr(job, name) for name in JobRecord.__dataclass_fields__), owner, lease_until

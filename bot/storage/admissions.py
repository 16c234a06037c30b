"""Admits jobs: compares them with rules, blocks and limits, and writes them down, in one transaction."""

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
from bot.policy.limit_kinds import NOW, Unit
from bot.policy.limit_usage import CounterValue
from bot.policy.limits import SERVER, Reservation, access_denial, exceeded_limit, first_exceeded, reservations_for
from bot.policy.policy import Allowance, Policy
from bot.storage.counters import Key, read_counters, reserve
from bot.storage.engine.bulk_rows import ROWS, packed, select_rows
from bot.storage.engine.database import Database
from bot.storage.engine.tables import blocks, jobs
from bot.storage.guilds import GuildRules, load_rules

_TRIES = 50  # rounds in which every counter that was full had room again when it was read


class AdmissionStore:
    """
    Writes down the jobs that are admitted.

    Requests of the same moment come together: their reservations are added up and made in one statement, and only
    where they do not fit is it found out which request is denied.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, requests: Sequence[AdmissionRequest], *, owner: str, lease: timedelta) -> list[Denial | None]:
        """
        Write the jobs of ``requests`` down as waiting, counted everywhere, and return for each its denial, if any.

        In the order given, so that of several jobs the first ones are admitted. Raises StorageError; then none was.
        """
        async with self._database.write() as connection:
            admission = _Admission(connection, self._database.dialect, requests)
            await admission.look_up()
            await admission.reserve()
            await admission.write_down(owner, lease)
        return admission.verdicts


class _Admission:
    """One round of admitting, inside a transaction."""

    def __init__(self, connection: AsyncConnection, dialect: str, requests: Sequence[AdmissionRequest]) -> None:
        self._connection = connection
        self._dialect = dialect
        self._requests = requests
        self._policies: dict[int, Policy] = {}
        self._allowances: dict[tuple[int, frozenset[int]], Allowance] = {}  # by server and the member's roles
        self._left: list[int] = []  # the places in ``requests`` of those that are not denied yet
        self.verdicts: list[Denial | None] = [None] * len(requests)

    async def look_up(self) -> None:
        """Deny what the operator, a block or the server's rules do not let in at all."""
        of = {request.job.guild_id for request in self._requests}
        guilds = await load_rules(self._connection, of)
        self._policies = {guild_id: guild.policy for guild_id, guild in guilds.items()}
        blocked = await self._blocks(of)
        for place, request in enumerate(self._requests):
            block = blocked.get((request.job.guild_id, request.job.user_id))
            self.verdicts[place] = _denial(guilds[request.job.guild_id], block, request)
            if self.verdicts[place] is None:
                self._left.append(place)

    async def _blocks(self, of: Iterable[int]) -> dict[tuple[int, int], Any]:
        now = min(request.job.created_at for request in self._requests)
        members = {request.job.user_id for request in self._requests}
        wanted = blocks.c.guild_id.in_(of) & blocks.c.user_id.in_(members) & (blocks.c.until > now)
        rows = (await self._connection.execute(select(blocks).where(wanted))).all()
        return {(row.guild_id, row.user_id): row for row in rows}

    async def reserve(self) -> None:
        """Reserve for all that are left, and deny those for which there is no room."""
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
        Split off what cannot be reserved in one statement with the first of ``waiting``: what is of another day, since
        a window may have ended, and later requests of members with a cooldown, since the first one decides about them.
        """
        day = self._requests[waiting[0]].job.created_at.date()
        seen: set[tuple[int, int]] = set()
        now: list[int] = []
        later: list[int] = []
        for place in waiting:
            request = self._requests[place]
            member = (request.job.guild_id, request.job.user_id)
            cooldown = self._allowance(request).limit(Unit.SECONDS, NOW)
            fits = request.job.created_at.date() == day and not (cooldown and member in seen)
            (now if fits else later).append(place)
            seen.add(member)
        return now, later

    async def _try(self, places: list[int]) -> set[Key]:
        """Reserve for all of ``places``, or for none: then return the counters that have no room for all of them."""
        reservations = self._reservations([self._requests[place] for place in places])
        # A counter without a row is not compared by the statement, so what is too much by itself is kept from it.
        oversized = {each.key for each in reservations if exceeded_limit(each, CounterValue())}
        if oversized or not reservations:
            return oversized
        async with self._connection.begin_nested() as savepoint:
            over = await reserve(self._connection, self._dialect, reservations)
            if over:
                await savepoint.rollback()
        return over

    async def _without_the_excess(self, places: list[int], over: set[Key]) -> list[int]:
        """Return ``places`` without those for which, first come first served, ``over`` has no room."""
        counters = await read_counters(self._connection, over)
        kept = []
        for place in places:
            counted = [
                (reservation, counters.get(reservation.key, CounterValue()))
                for reservation in self._reservations([self._requests[place]])
                if reservation.key in over
            ]
            if denial := first_exceeded(counted):
                self.verdicts[place] = denial
                continue
            kept.append(place)
            for reservation, counter in counted:
                videos, cost = counter.videos + reservation.videos, counter.cost + reservation.cost
                counters[reservation.key] = CounterValue(videos, cost, counter.latest)
        return kept

    def _reservations(self, requests: Iterable[AdmissionRequest]) -> list[Reservation]:
        """Return what ``requests`` reserve together, added up for each server and each member."""
        servers: dict[int, list[AdmissionRequest]] = {}
        members: dict[tuple[int, int], list[AdmissionRequest]] = {}
        for request in requests:
            servers.setdefault(request.job.guild_id, []).append(request)
            members.setdefault((request.job.guild_id, request.job.user_id), []).append(request)
        of_servers = (
            reservations_for(self._policies[guild].server, SERVER, theirs) for guild, theirs in servers.items()
        )
        of_members = (
            reservations_for(self._allowance(theirs[-1]), user, theirs) for (_, user), theirs in members.items()
        )
        return list(chain.from_iterable(chain(of_servers, of_members)))

    def _allowance(self, request: AdmissionRequest) -> Allowance:
        key = (request.job.guild_id, request.roles)
        if key not in self._allowances:
            self._allowances[key] = self._policies[request.job.guild_id].allowance(request.roles)
        return self._allowances[key]

    async def write_down(self, owner: str, lease: timedelta) -> None:
        """Insert the jobs that are not denied."""
        admitted = [self._requests[place].job for place in self._left if self.verdicts[place] is None]
        if admitted:
            rows = [_row(job, owner, job.created_at + lease) for job in admitted]
            await self._connection.execute(_writing(self._dialect), {ROWS: packed(self._dialect, rows)})


@cache
def _writing(dialect: str) -> Any:
    columns = [jobs.c[name] for name in (*JobRecord.__dataclass_fields__, "owner", "lease_until")]
    return jobs.insert().from_select(columns, select_rows(dialect, columns))


def _denial(guild: GuildRules, block: Any, request: AdmissionRequest) -> Denial | None:
    if not guild.allowed:
        return Denial(DenialReason.GUILD)
    if block and block.until > request.job.created_at:
        reason = DenialReason.PAUSED if block.by == KINORA else DenialReason.BLOCKED
        return Denial(reason, retry_at=block.until, note=block.reason)
    return access_denial(guild.policy, request)


def _row(job: JobRecord, owner: str, lease_until: datetime) -> tuple[Any, ...]:
    return *(getattr(job, name) for name in JobRecord.__dataclass_fields__), owner, lease_until

"""Looks at each call that was done: whether what was admitted and started might be, and which endings counted."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from benchmarks.soak.fuzz.calls import Call, Caller, Fault
from benchmarks.soak.fuzz.world import World
from bot.models import JobRecord, Outcome
from bot.policy.admission import Denial
from bot.policy.limit_kinds import Unit, windows
from bot.policy.limits import OPERATOR
from bot.storage import CounterStore, Database, Settled

Ending = tuple[Outcome, datetime]


class Watch:
    """Knows which jobs were written down, and the ``endings`` that counted, each with the processes that brought it."""

    def __init__(self, world: World, database: Database) -> None:
        self._world = world
        self._counters = CounterStore(database)
        self.records: dict[str, JobRecord] = {}
        self.prices: dict[str, int] = {}  # at which jobs were started last
        self.saved_for_others: set[str] = set()
        self.endings: defaultdict[str, dict[Ending, list[Caller]]] = defaultdict(dict)

    def on_call(self, call: Call) -> bool:
        """Return whether a job is about to be started that its process itself has to stop."""
        job = self.records.get(call.arguments[0]) if call.name == "start" else None
        return job is not None and (job.guild_id in self._world.left or job.model not in self._world.offered)

    def on_error(self, call: Call, error: Exception) -> None:
        """Note that a store could not do what it was asked to."""
        self._world.violate(f"{call.process.name}: {call.name} failed by itself: {error!r}")

    async def on_done(self, call: Call, result: object, fault: Fault) -> None:
        """Look at what a store did."""
        if words := _short(result):
            self._world.say(f"  {call.process.name}: {call.name} {self._about(call)}: {words}, {fault}")
        if call.name == "admit":
            job = call.arguments[0].job
            self.records[job.id] = job
            if result is None:
                await self._check_cap(job)
        elif call.name == "is_looked_after" and not result:
            self.saved_for_others.add(call.arguments[0])
        elif call.name == "start":
            self._check_start(call, result, fault)
        elif call.name == "accept" and result:
            number = self.records[call.arguments[0]].message_id
            for sent in self._world.service.of(number):
                sent.is_noted = True
        elif call.name == "settle" and getattr(result, "first", False):
            job_id, outcome, now = call.arguments
            self.endings[job_id].setdefault((outcome, now), []).append(call.process)

    def _about(self, call: Call) -> str:
        """Return which request a call is about, as far as that is known."""
        job = self.records.get(str(call.arguments[0])) if call.arguments else None
        return f"of {job.message_id}" if job else ""

    def _check_start(self, call: Call, result: object, fault: Fault) -> None:
        world, job, now = self._world, self.records[call.arguments[0]], call.arguments[2]
        if isinstance(result, Denial):
            # Where its answer is lost, its process takes the job for another's: somebody shows it, no listener is told.
            by = [] if fault is Fault.AFTER else [call.process]
            self.endings[job.id][Outcome.CANCELLED, now] = by
        elif result:
            self.prices[job.id] = call.options["price"]
        until = world.blocked.get((job.guild_id, job.user_id))
        barred = call.at or job.guild_id in world.disallowed or (until and until > now)
        if result is True and barred:
            world.violate(f"{job.message_id} is started although something stands against it")

    async def _check_cap(self, job: JobRecord) -> None:
        used = await self._counters.used(OPERATOR, None, job.created_at)
        for window in windows():
            videos, money = (self._world.cap.limit(unit, window) for unit in (Unit.VIDEOS, Unit.MONEY))
            here = used[window]
            if (videos is not None and here.videos > videos) or (money is not None and here.cost > money):
                self._world.violate(f"{job.message_id} is admitted past the operator's cap: {here}")


def _short(result: object) -> str:
    """Return what a store returned in a few words, none where that says nothing."""
    match result:
        case list():
            return ", ".join(str(getattr(one, "message_id", one)) for one in result)
        case JobRecord():
            return str(result.outcome or result.state)
        case Denial():
            return f"denied, {result.reason}"
        case Settled():
            return "the end that counts" if result.first else f"before, {result.record.outcome}"
        case float():
            return ""
        case _:
            return str(result)

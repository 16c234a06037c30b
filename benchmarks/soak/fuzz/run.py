"""One run: random steps from a seed, until all is healed and has come to rest; then it is looked at."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.soak.fuzz import audit
from benchmarks.soak.fuzz.calls import Calls, Fault
from benchmarks.soak.fuzz.operator_steps import OperatorSteps
from benchmarks.soak.fuzz.process import Process
from benchmarks.soak.fuzz.virtual_loop import VirtualLoop
from benchmarks.soak.fuzz.watch import Watch
from benchmarks.soak.fuzz.world import World
from bot.policy.limit_kinds import DAY, MONTH, Window
from bot.storage import Database

PROCESSES = 3  # at most at a time
CHECK_EVERY = 50  # steps
DRAINED_WITHIN = 900  # seconds, by the run's time
STILL = 40  # seconds in which nothing may be open, until it is over
GRACES = (0.0, 2.0, 20.0)  # seconds
BEFORE_MIDNIGHT = timedelta(seconds=3)
_FINE, _FLAKY, _AWAY = (1.0, 0.0, 0.0), (0.7, 0.15, 0.15), (0.0, 1.0, 0.0)  # how likely each Fault is

Step = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to; ``trace``: its last lines."""

    seed: int
    jobs: int
    sent: int
    processes: int
    calls: Counter[tuple[str, Fault]]
    violations: list[str]
    trace: Sequence[str]

    @property
    def faults(self) -> Counter[str]:
        """How many calls of each name failed, or had their answer lost."""
        found: Counter[str] = Counter()
        for (name, fault), count in self.calls.items():
            found[name] += count if fault is not Fault.NONE else 0
        return found


class Run:
    """A world with its processes, and the steps that happen to them."""

    def __init__(self, loop: VirtualLoop, database: Database, folder: Path, seed: int, at_once: int) -> None:
        """``at_once``: how many calls may be let through in the same moment; what comes of that no seed decides."""
        self._loop, self._database, self._seed, self._at_once = loop, database, seed, at_once
        self._folder = folder
        self._chance = random.Random(seed)
        self._world = World(loop, self._chance)
        self._watch = Watch(self._world, database)
        self._calls = Calls(self._watch.on_call, self._watch.on_done, self._watch.on_error)
        self._operator = OperatorSteps(self._world, database)
        self._processes: list[Process] = []  # those that are there
        self._started: list[Process] = []
        self._faults = _FINE
        self._pace = 0.9  # how likely a call does not wait for the next step

    def _steps(self) -> dict[Step, float]:
        """Return each step, and how often it is taken beside the others."""
        operator = self._operator
        return {
            self._ask: 30,
            self._answer: 24,
            self._wait: 24,
            self._cancel: 6,
            self._change_weather: 6,
            self._start: 3,
            self._kill: 2,
            self._leave: 1.5,
            self._wait_long: 2,
            lambda: self._jump(DAY): 0.5,
            lambda: self._jump(MONTH): 0.3,
            operator.block: 1.5,
            operator.allow: 1,
            operator.leave_server: 1,
            operator.offer: 1,
            operator.cap: 1,
        }

    async def play(self, steps: int) -> Report:
        """Do the steps, heal all, let it come to rest, and look at it; the first violation ends it."""
        await self._operator.set_rules()
        self._start()
        for part in (partial(self._do, steps), self._drain, self._look):
            if not self._world.violations:
                await part()
        await self._end()
        return Report(
            self._seed,
            jobs=len(await audit.rows_of(self._database)),
            sent=len(self._world.service.sent),
            processes=len(self._started),
            calls=self._calls.done,
            violations=self._world.violations,
            trace=self._world.trace,
        )

    async def _do(self, steps: int) -> None:
        choices = self._steps()
        for number in range(1, steps + 1):
            (step,) = self._chance.choices(list(choices), list(choices.values()))
            if done := step():
                await done
            await self._go_on()
            if number % CHECK_EVERY == 0:
                await audit.check_sums(self._world, self._database)
            if self._world.violations:
                return

    async def _look(self) -> None:
        await audit.check_sums(self._world, self._database)
        await audit.check_ends(self._world, self._watch, self._database)
        audit.check_spool(self._world, self._folder)

    # What members and the video service do

    def _ask(self) -> None:
        if not self._processes:
            self._start()
        process = self._chance.choice(self._processes)
        process.ask(self._world.new_request(process))

    def _cancel(self) -> None:
        """Cancel a job that waits, or was sent, through any process."""
        jobs = [job for job in self._watch.records.values() if not self._world.asked[job.message_id].shown]
        if jobs and self._processes:
            process = self._chance.choice(self._processes)
            process.cancel(self._chance.choice(jobs[-10:]))

    def _answer(self) -> None:
        if sent := self._world.service.open():
            self._world.say(f"of {(one := self._chance.choice(sent)).number}: {self._world.service.answer(one)}")

    # What happens to processes

    def _start(self) -> None:
        if len(self._processes) < PROCESSES:
            name, skew, most = f"p{len(self._started) + 1}", self._chance.uniform(0, 10), self._chance.randint(1, 4)
            process = Process(self._world, self._database, self._calls, self._folder, name, skew=skew, max_jobs=most)
            self._processes.append(process)
            self._started.append(process)
            self._world.say(f"{name} starts, its clock {skew:.1f} s ahead")
            process.start()

    async def _kill(self) -> None:
        """Kill a process; what it asked the database last may be done or not."""
        if self._processes:
            process = self._chance.choice(self._processes)
            self._world.say(f"{process.name} is killed")
            process.is_gone = process.was_killed = True
            for call in [call for call in self._calls.waiting if call.process is process]:
                await self._calls.let_through(call, self._chance.choice((Fault.NONE, Fault.BEFORE)))
            self._bury_gone()

    def _leave(self) -> None:
        staying = [process for process in self._processes if not process.is_leaving]
        if staying:
            process, grace = self._chance.choice(staying), self._chance.choice(GRACES)
            self._world.say(f"{process.name} is asked to leave within {grace} s")
            process.leave(grace)

    def _bury_gone(self) -> None:
        for process in [process for process in self._processes if process.is_gone]:
            self._processes.remove(process)
            self._world.say(f"{process.name} is gone")

    # Time, and the database

    async def _wait(self) -> None:
        await self._pass(self._chance.uniform(0.1, 4))

    async def _wait_long(self) -> None:
        await self._pass(self._chance.uniform(20, 60))

    async def _pass(self, seconds: float) -> None:
        while seconds > 0:
            self._loop.advance(min(seconds, 0.5))
            seconds -= 0.5
            await self._go_on()

    def _jump(self, window: Window) -> None:
        """Have all clocks go on to the end of a day or month: the machines slept."""
        now: datetime = self._world.now()
        if ends := window.resets_at(now):
            self._world.jumped += max(ends - now - BEFORE_MIDNIGHT, timedelta(0))
            self._world.say("the machines wake up")

    def _change_weather(self) -> None:
        self._faults = self._chance.choice((_FINE, _FINE, _FINE, _FLAKY, _FLAKY, _AWAY))
        self._pace = self._chance.choice((0.5, 0.9, 1.0))
        self._world.say(f"faults of the database: {self._faults}, its pace: {self._pace}")

    async def _go_on(self) -> None:
        """Let calls through, in any order, until one has to wait for the next step."""
        await self._loop.quiet()
        while self._calls.waiting and self._chance.random() < self._pace:
            waiting = self._calls.waiting
            calls = self._chance.sample(waiting, min(len(waiting), self._chance.randint(1, self._at_once)))
            faults = self._chance.choices(tuple(Fault), self._faults, k=len(calls))
            await asyncio.gather(*map(self._calls.let_through, calls, faults))
            await self._loop.quiet()
        self._bury_gone()

    # The end

    async def _drain(self) -> None:
        """Heal everything, and wait until nothing is open any more."""
        self._world.say("all is healed")
        self._faults, self._pace = _FINE, 1.0
        await self._operator.heal()
        self._start()
        still = 0
        for _ in range(DRAINED_WITHIN):
            if all(process.is_leaving for process in self._processes):
                self._start()
            self._answer()
            await self._pass(1)
            still = 0 if await audit.is_anything_open(self._database) else still + 1
            if still == STILL:
                return

    async def _end(self) -> None:
        self._calls.is_over = True
        self._loop.set_exception_handler(lambda *_: None)  # what the processes' tasks say of it is nobody's concern
        mine = asyncio.current_task()
        while others := asyncio.all_tasks() - {mine}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)

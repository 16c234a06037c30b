"""A thousand jobs over two services, one of which dies and comes back: what is paid twice or lost, and who rests."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks.table import Row
from bot.jobs.service import JobService
from bot.media.fetcher import Fetcher
from bot.models import JobRecord, Outcome, VideoModel, VideoRequest
from bot.policy.charges import charge_for
from bot.policy.limit_kinds import MONTH
from bot.policy.limits import OPERATOR
from bot.providers.base import Failure, Provider, Result
from bot.providers.chat.client import VideoClient
from bot.providers.patience import Patience
from bot.providers.router import Router
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description
from bot.storage import AdmissionStore, CounterStore, Database, HistoryStore, JobStore
from playground.fake_video_service.events import ServiceEvent
from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.server import VideoService

JOBS, AT_ONCE = 1_000, 40
LASTS = 600.0  # seconds in all, by the clock of the rests; it goes on with each job that ends
NAMES = (DYING, GOOD) = ("dying", "good")
_PRICES = {DYING: 150_000, GOOD: 110_000}
_BEHAVIOURS = ("", "", "", "", "", "", "#fail", "#refuse-result")
_PLAN, _PACE = FilmPlan(seconds=0.1, size=(64, 36), work_seconds=1.0), 0.5
_POLLS = 0.04  # of the pauses that a task's client makes between two
_KEY = "not-a-key"
_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_GUILD = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """
    How many jobs were ``made``, and ``cut`` so that nobody knows what they cost; ``twice``: begun by more than one
    service, or booked otherwise than at the price of the one; ``lost``: without an end, or ended without being sent;
    ``rests``: how often each service began to rest; ``back``: what the one began that was there again; ``seconds``: all
    of it.
    """

    made: int
    cut: int
    twice: int
    lost: int
    rests: Counter[str]
    back: int
    seconds: float


def measure() -> list[Row]:
    """Return what is paid twice, what is lost, and how often the good service rests."""
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(run(Path(folder), "chat", JOBS, AT_ONCE, seed=1))
    found = (figures.twice, figures.lost, figures.rests[GOOD])
    return [
        Row(
            f"{JOBS} jobs, one of two services dies: paid twice, lost, rests of the good one",
            ", ".join(map(str, found)),
            f"{figures.made} made, {figures.cut} cut; it rests {figures.rests[DYING]} x, then begins {figures.back}",
            f"{figures.seconds:.0f} s",
            "0, 0, 0",
            found == (0, 0, 0),
        )
    ]


async def run(folder: Path, kind: str, jobs: int, at_once: int, *, seed: int) -> Figures:
    """
    Let members ask for ``jobs`` videos, half of them each service first. The one that speaks ``kind`` (the other one
    speaks the other) dies when a quarter has ended, and is there again when half of them have.
    """
    async with _stage(folder, kind, jobs, at_once) as stage:
        chance = random.Random(seed)
        async with asyncio.TaskGroup() as group:
            group.create_task(stage.kill_and_revive())
            for number in range(jobs):
                group.create_task(stage.ask(number, chance))
        return await stage.figures()


class _Stage:
    """Two services with one model, what speaks to them, and what is known of each job from outside."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.rests: Counter[str] = Counter()
        self.begun: defaultdict[str, list[str]] = defaultdict(list)  # the services, by prompt
        self.services = {name: VideoService(_KEY, folder / name, pace=_PACE, plan=_PLAN) for name in NAMES}
        for name, service in self.services.items():
            service.listener = partial(self._on_event, name)
        self.database: Database
        self.jobs: JobService
        self._count = jobs
        self._ended = self._back = 0
        self._started = asyncio.get_running_loop().time()
        self._dies, self._revives = asyncio.Event(), asyncio.Event()

    def now(self) -> float:
        """Return the seconds by which the services rest."""
        return LASTS * self._ended / self._count

    def on_rest(self, service: str, failure: Failure | None) -> None:
        """Note that a service begins to rest."""
        self.rests[service] += failure is not None

    def on_ending(self, record: JobRecord, result: Result) -> None:
        """Note that a job has ended."""
        self._ended += 1
        for at, event in ((1 / 4, self._dies), (1 / 2, self._revives)):
            if self._ended >= at * self._count:
                event.set()

    def _on_event(self, service: str, event: ServiceEvent) -> None:
        if event.kind == "accepted":
            self.begun[event.text].append(service)
            self._back += service == DYING and self._revives.is_set()

    async def ask(self, number: int, chance: random.Random) -> None:
        """Ask for one more video, and return when that has ended."""
        models = [VideoModel("wan", "Wan", _PRICES[name], min_images=0, service=name) for name in NAMES]
        chance.shuffle(models)
        model = replace(models[0], stand_ins=(models[1],))
        prompt = f"boat {number} {chance.choice(_BEHAVIOURS)}".strip()
        job = await self.jobs.submit(VideoRequest(_GUILD, 2, number, 1 + number % 50, model, prompt))
        async for _ in job.updates():
            pass

    async def kill_and_revive(self) -> None:
        """Let the one service die, and come back, at their time."""
        await self._dies.wait()
        await self.services[DYING].go_down()
        await self._revives.wait()
        await self.services[DYING].start()

    async def figures(self) -> Figures:
        """Compare what is written down with what the services began."""
        rows = (await HistoryStore(self.database).page(_GUILD, count=self._count)).jobs
        booked = (await CounterStore(self.database).used(OPERATOR, None, _NOW))[MONTH].cost
        if booked != sum(row.cost for row in rows):
            raise RuntimeError(f"the counters say {booked}, the jobs {sum(row.cost for row in rows)}")
        return Figures(
            made=sum(row.outcome is Outcome.SUCCESS for row in rows),
            cut=sum(row.unconfirmed for row in rows),
            twice=sum(len(self.begun[row.prompt]) > 1 or row.cost != _due(row) for row in rows),
            lost=self._count - sum(row.outcome is not None and row.started_at is not None for row in rows),
            rests=self.rests,
            back=self._back,
            seconds=asyncio.get_running_loop().time() - self._started,
        )


def _due(row: JobRecord) -> int:
    """Return what is to be booked for an end at the service that the job went to."""
    charge = charge_for(row.outcome or Outcome.INTERRUPTED, sent=row.started_at is not None, refusals_cost=False)
    return charge.booking(_PRICES[row.service or DYING]).cost


@asynccontextmanager
async def _stage(folder: Path, kind: str, jobs: int, at_once: int) -> AsyncIterator[_Stage]:
    """A stage whose services listen; the one that dies speaks ``kind``."""
    stage = _Stage(folder, jobs)
    url = f"sqlite+aiosqlite:///{folder / 'kinora.db'}"
    async with (
        await Database.open(url) as stage.database,
        aiohttp.ClientSession() as session,
        Fetcher(["localhost"]) as fetcher,
    ):
        for service in stage.services.values():
            await service.start()
        dying, good = stage.services.values()
        clients: dict[str, Provider] = {DYING: _chat(session, dying.url), GOOD: _videos(session, fetcher, good.url)}
        if kind == "videos":
            clients = {DYING: _videos(session, fetcher, dying.url), GOOD: _chat(session, good.url)}
        stage.jobs = JobService(
            JobStore(stage.database),
            AdmissionStore(stage.database),
            Router(clients, stage.on_rest, stage.now),
            data=folder,
            max_jobs=at_once,
            rebuild=_nothing,
            on_ending=stage.on_ending,
            clock=lambda: _NOW,
        )
        try:
            yield stage
        finally:
            await stage.jobs.close(0)
            for service in stage.services.values():
                await service.stop()


async def _nothing(record: JobRecord) -> None:
    """Rebuild no request: there is one process alone."""


def _chat(session: aiohttp.ClientSession, url: str) -> Provider:
    return VideoClient(session, endpoint=f"{url}/v1/chat/completions", key=_KEY)


def _videos(session: aiohttp.ClientSession, fetcher: Fetcher, url: str) -> Provider:
    patience = Patience(sleep=lambda seconds: asyncio.sleep(seconds * _POLLS))
    describe = partial(load_description, "videos")
    return TaskClient(session, describe=describe, url=url, key=_KEY, fetch=fetcher.fetch, patience=patience)

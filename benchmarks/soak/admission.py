"""The time to admit or deny requests that come at the same moment, each from its call to the stored decision."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.soak import history
from benchmarks.soak.timing import milliseconds, p95, p95_and_median
from benchmarks.table import Row
from bot.jobs.job import Job
from bot.jobs.service import JobService
from bot.models import Picture, VideoModel, VideoRequest
from bot.policy.admission import LimitReached
from bot.policy.policy import Allowance, Policy
from bot.providers.base import FinishedVideo, Provider, ProviderEvent
from bot.storage import AdmissionStore, Database, GuildStore, JobStore

ROUNDS = 30
MAX_JOBS = 50  # the default of the settings
COMMANDS, GUILDS = 100, 4  # per round, and from how many servers
CROWD, DAILY_LIMIT = 200, 10  # commands in one server, and its limit of videos a day
WITHIN = 0.015  # seconds

NEW_YEAR = datetime.combine(history.LAST + timedelta(days=1), datetime.min.time(), UTC)

_ROLE = 1
_MODEL = VideoModel("sora_video2", "Sora 2", price=150_000)
_PICTURE = Picture(Path("picture.jpg"), "image/jpeg", 1)


async def measure(database: Database) -> list[Row]:
    """Return the times of rounds in which all requests are admitted, and of rounds in which few are."""
    service = _Service(database)
    admitted, refused = [], []
    await service.set_limits(videos_day=10_000)
    for _ in range(ROUNDS):
        admitted += await service.round([_request(index % GUILDS, index) for index in range(COMMANDS)], COMMANDS)
    await service.set_limits(videos_day=DAILY_LIMIT)
    for _ in range(ROUNDS):
        refused += await service.round([_request(0, index) for index in range(CROWD)], DAILY_LIMIT)
    return [
        Row(
            f"database: {COMMANDS} commands at once admitted, p95",
            *p95_and_median(admitted),
            "–",
            f"< {milliseconds(WITHIN)}",
            p95(admitted) < WITHIN,
        ),
        Row(f"database: {CROWD} at once where {DAILY_LIMIT} are admitted, p95", *p95_and_median(refused), "–"),
    ]


class _Service(Provider):
    """A job service on ``database`` with a video service in memory; each round is on its own day, from new year on."""

    def __init__(self, database: Database) -> None:
        self._guilds = GuildStore(database)
        self._now = NEW_YEAR
        self._gate = asyncio.Event()
        self._jobs = JobService(
            JobStore(database),
            AdmissionStore(database),
            self,
            data=Path(tempfile.gettempdir()),
            max_jobs=MAX_JOBS,
            rebuild=_nothing,
            clock=lambda: self._now,
        )

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The video service: every request waits until the round is over, then returns a video."""
        await self._gate.wait()
        yield FinishedVideo(("https://cdn.example/videos/new.mp4",))

    async def set_limits(self, *, videos_day: int) -> None:
        """Set a limit of every kind; only the server's videos a day are ever reached."""
        most = Allowance(
            videos_day=10_000, videos_month=100_000, at_once=1_000, money_day=10**12, money_month=10**12, cooldown=1
        )
        server = most.with_limits(videos_day=videos_day, cooldown=None)
        for guild in range(1, GUILDS + 1):
            channels = frozenset({history.channel_id(guild, 1)})
            rules = Policy(most, server, {_ROLE: most}, channels, frozenset({_ROLE}), frozenset({_MODEL.name}))
            await self._guilds.change(history.guild_id(guild), 1, self._now, partial(_replaced, rules))

    async def round(self, requests: Sequence[VideoRequest], expected: int) -> list[float]:
        """Return how long each of ``requests`` took, all at once; RuntimeError if not ``expected`` are admitted."""
        self._now += timedelta(days=1)
        self._gate.clear()
        answers = await asyncio.gather(*map(self._submit, requests))
        self._gate.set()
        jobs = [job for _, job in answers if job]
        if len(jobs) != expected:
            raise RuntimeError(f"{len(jobs)} of {len(requests)} were admitted, not {expected}")
        await asyncio.gather(*map(_ended, jobs))
        return [seconds for seconds, _ in answers]

    async def _submit(self, request: VideoRequest) -> tuple[float, Job | None]:
        start = time.perf_counter()
        try:
            job = await self._jobs.submit(request)
        except LimitReached:
            job = None
        return time.perf_counter() - start, job


def _replaced(rules: Policy, _: Policy) -> Policy:
    return rules


async def _nothing(_: object) -> None:
    return None


def _request(guild: int, member: int) -> VideoRequest:
    """Return the request of a member, both counted from 0."""
    number = guild + 1
    channel = history.channel_id(number, 1)
    return VideoRequest(
        history.guild_id(number),
        channel,
        1,
        history.member_id(number, member + 1),
        _MODEL,
        "a lighthouse at dusk, long exposure",
        (_PICTURE,),
        roles=frozenset({_ROLE}),
        channel_ids=frozenset({channel}),
    )


async def _ended(job: Job) -> None:
    async for _ in job.updates():
        pass

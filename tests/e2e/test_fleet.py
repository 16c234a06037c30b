"""Three processes share six shards and one database: they connect in turn, keep limits together, and inherit jobs."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from playground.bot_process import BotProcess
from playground.clock import Clock
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import DiscordServer, Interaction, Upload
from playground.fake_discord.world.default_world import wide_world
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from playground.fake_video_service.server import VideoService
from tests.conftest import apart
from tests.e2e.conftest import QUICK, SHORT_FILM
from tests.storage.conftest import POSTGRES, on_server, postgres_url

SHARDS = 6
SHARDS_OF = ("0,1", "2,3", "4,5")
READY = "Your video is ready"


class Fleet:
    """The processes, what they stand between, and what people do in "Server 0" to "Server 11", two on each shard."""

    def __init__(self, directory: Path, database_url: str, picture: bytes) -> None:
        clock = Clock()
        self.discord = DiscordServer(clock=clock, world=wide_world(clock, 2 * SHARDS))
        starts = self.discord.session_starts
        # Discord's five seconds, less what a loaded machine may hold up a frame.
        starts.interval, starts.max_concurrency, starts.shards = 4.5, 3, SHARDS
        self.service = VideoService("fleet-key", directory / "films", pace=0.3, plan=SHORT_FILM)
        self.picture = picture
        common = {
            **QUICK,
            "VIDEO_STALL_TIMEOUT": "99",
            "VIDEO_TIMEOUT": "99",
            "SHUTDOWN_GRACE": "0.5",
            "MAX_JOBS": "2",
            "DATABASE_URL": database_url,
            "SHARD_COUNT": str(SHARDS),
        }
        self.bots = [
            BotProcess(self.discord, self.service, directory, {**common, "SHARD_IDS": ids}, name=f"bot-{number}")
            for number, ids in enumerate(SHARDS_OF)
        ]
        self.people = [self.discord.world.person(name) for name in ("Mara", "Ben")]

    def channel(self, server: int) -> Channel:
        """Return #general of a server. Server 0 is on shard 0, and so is server 6."""
        return self.discord.world.channel("general", self.discord.world.guild(f"Server {server}"))

    async def complete(self) -> None:
        """Start whichever process is missing, and wait until all shards are connected."""
        for bot in self.bots:
            if not bot.running:
                await bot.start()
        await self.discord.wait_until_ready(120)

    async def stop(self) -> None:
        """Ask all processes to leave, and wait until they have."""
        await asyncio.gather(*(bot.stop() for bot in self.bots))

    async def video(self, server: int, prompt: str, *, by: User | None = None) -> Interaction:
        """Let somebody of a server type ``/video``."""
        upload = Upload("picture.png", self.picture, content_type="image/png")
        values = {"prompt": prompt, "image": upload}
        return await self.discord.slash(by or self.people[0], self.channel(server), "video", values)

    async def command(self, server: int, command: str, /, **options: object) -> str:
        """Let the owner of a server use a command, and return the private answer."""
        owner = self.discord.world.person("Olga")
        interaction = await self.discord.slash(owner, self.channel(server), command, options)
        message = await self.discord.wait_for(interaction, lambda m: not m.thinking, timeout=30)
        return render(message)

    async def shows(self, what: Interaction, pattern: str, within: float = 60) -> Message:
        """Wait until the reply shows what ``pattern`` describes."""
        return await self.discord.wait_for(what, lambda m: re.search(pattern, render(m)) is not None, timeout=within)

    def paid(self, words: str) -> int:
        """Return how many requests with these words in their prompt have reached the video service."""
        return sum(words in str(request.body) for request in self.service.requests)


@pytest.fixture(scope="module")
def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """PostgreSQL, as a fleet has it, or one SQLite file where the tests have no server."""
    if not POSTGRES:
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('fleet')}/kinora.db"
        return
    name = f"kinora_fleet_{uuid.uuid4().hex}"
    apart(on_server(f"CREATE DATABASE {name}"))
    yield postgres_url(name)
    apart(on_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def few(shared_database: str, tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Fleet]:
    """The fleet without a process, or with those that a test has left of it."""
    fleet = Fleet(tmp_path_factory.mktemp("bots"), shared_database, picture)
    async with AsyncExitStack() as stack:
        await fleet.discord.start()
        stack.push_async_callback(fleet.discord.stop)
        await fleet.service.start()
        stack.push_async_callback(fleet.service.stop)
        stack.push_async_callback(fleet.stop)
        yield fleet


@pytest_asyncio.fixture(loop_scope="session")
async def fleet(few: Fleet) -> Fleet:
    """The fleet with all its processes; at first they start at once, the making of the database included."""
    await few.complete()
    return few


async def test_six_shards_of_three_processes_identify_in_turn(fleet: Fleet) -> None:
    starts = fleet.discord.session_starts

    assert sorted(set(starts.identified)) == list(range(SHARDS))
    assert starts.early == []


async def test_limits_hold_exactly_however_many_ask_at_once_in_all_processes(fleet: Fleet) -> None:
    ben = fleet.people[1]
    limits = {6: 2, 9: 4, 11: 1}  # one server of each process
    for server, videos in limits.items():
        await fleet.command(server, "limits member", videos_day=videos)
    asked = [await fleet.video(server, f"limited in {server}", by=ben) for _ in range(7) for server in limits]
    async with asyncio.timeout(90):
        answers = await asyncio.gather(*(_end(fleet, interaction) for interaction in asked))

    ready = Counter(server for server, done in zip([*limits] * 7, answers, strict=True) if done)
    assert ready == limits
    assert {server: fleet.paid(f"limited in {server}") for server in limits} == limits


async def test_what_the_operator_denies_in_one_process_holds_in_another(fleet: Fleet) -> None:
    far = fleet.discord.world.guild("Server 10")
    await fleet.command(0, "operator deny", server=str(far.id))
    refused = await fleet.video(10, "denied from afar")
    denied = await _end(fleet, refused)
    await fleet.command(0, "operator allow", server=str(far.id))

    assert not denied
    await fleet.shows(await fleet.video(10, "allowed from afar"), READY)
    assert (fleet.paid("denied from afar"), fleet.paid("allowed from afar")) == (0, 1)


async def test_all_jobs_of_a_killed_process_are_resolved_by_the_others_and_none_is_paid_twice(fleet: Fleet) -> None:
    # Each process makes two at once, so that of four jobs, two of each of its shards, two wait.
    words = {shard: "#stall" if str(shard) in SHARDS_OF[1] else "#slow" for shard in range(SHARDS)}
    running = [await fleet.video(shard, f"{words[shard]} running on {shard}") for shard in range(SHARDS)]
    for interaction in running:
        await fleet.shows(interaction, r"\d%")
    waiting = [await fleet.video(shard, f"waiting on {shard}", by=fleet.people[1]) for shard in range(SHARDS)]
    for shard in (2, 3):
        await fleet.shows(waiting[shard], "in the queue|next")
    await fleet.bots[1].kill()

    for shard in (2, 3):
        await fleet.shows(running[shard], "Interrupted")
    for interaction in (*waiting, *running[:2], *running[4:]):
        await fleet.shows(interaction, READY)
    for shard in range(SHARDS):
        assert (fleet.paid(f"running on {shard}"), fleet.paid(f"waiting on {shard}")) == (1, 1)


async def _end(fleet: Fleet, interaction: Interaction) -> bool:
    """Wait until a request is over; return whether there is a video."""
    with fleet.discord.events.subscribe() as events:
        while True:
            if interaction.message and READY in render(interaction.message):
                return True
            if any(message.only_for for message in (*interaction.followups, interaction.message) if message):
                return False
            await events.get()

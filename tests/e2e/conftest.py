"""The real bot process between the playground's servers, shared by the tests that leave it as they found it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
import pytest_asyncio

from bot.policy.policy import Policy
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, Upload
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.pictures.art import draw_sample
from playground.playground import Playground

QUICK = {"PROGRESS_INTERVAL": "0.4", "VIDEO_STALL_TIMEOUT": "2", "VIDEO_TIMEOUT": "4"}
FOLDER = Path(__file__).parent
SHORT_FILM = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=2.0)


T = TypeVar("T")


class Stage:
    """What a test needs to act on the playground in few words."""

    def __init__(self, playground: Playground, picture: bytes) -> None:
        self.playground = playground
        self.discord = playground.discord
        self.service = playground.service
        self.picture = picture
        world = playground.discord.world
        self.mara, self.ben, self.mo = (world.person(name) for name in ("Mara", "Ben", "Mo"))
        self.videos = world.channel("videos")

    def newcomer(self, name: str) -> User:
        """Return somebody whom no other test counts."""
        user = self.discord.world.add_user(name.lower(), name)
        self.discord.world.add_member(self.videos.guild, user)  # type: ignore[arg-type]
        return user

    async def video(
        self,
        prompt: str,
        *,
        by: User | None = None,
        where: Channel | None = None,
        picture: bytes | None = None,
        **options: Any,
    ) -> Interaction:
        """Let somebody type ``/video``."""
        upload = Upload("picture.png", self.picture if picture is None else picture, content_type="image/png")
        values = {"prompt": prompt, "image": upload, **options}
        return await self.discord.slash(by or self.mara, where or self.videos, "video", values)

    async def shows(self, what: Interaction | Message, *texts: str, within: float = 20) -> Message:
        """Wait until the reply shows all of ``texts``."""
        return await self.discord.wait_for(what, lambda m: all(t in render(m) for t in texts), timeout=within)

    async def told(self, interaction: Interaction, within: float = 10) -> str:
        """Wait for the private message that follows, or answers, an interaction, and return it as shown."""
        with self.discord.events.subscribe() as events:
            async with self.deadline(within):
                while True:
                    for message in (*interaction.followups, interaction.message):
                        if message and message.only_for and not message.deleted and not message.thinking:
                            return render(message)
                    await events.get()

    @staticmethod
    def deadline(seconds: float) -> asyncio.Timeout:
        """A deadline for something that people wait for."""
        return asyncio.timeout(seconds)

    async def download(self, url: str) -> bytes:
        """Return the bytes behind a link, as a member's client would fetch them."""
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            response.raise_for_status()
            return await response.read()

    async def until(self, look: Callable[[], T], done: Callable[[T], bool], within: float = 30) -> T:
        """Look at something outside of Discord, such as the database, until ``done`` accepts what is seen."""
        async with self.deadline(within):
            while not done(seen := look()):  # noqa: ASYNC110 - what another process writes has no event here
                await asyncio.sleep(0.05)
        return seen

    async def delivered(self, interaction: Interaction) -> dict[str, Any]:
        """Return the job that answers ``interaction`` once its end has reached the member, or could not."""
        await interaction.acknowledged.wait()
        # By its id: a job that had to be shown in another message stands under that message from then on.
        (job,) = await self.until(lambda: self.job_ids(interaction), bool)
        (row,) = await self.until(
            lambda: self.rows("SELECT * FROM jobs WHERE id = ?", job["id"]),
            lambda rows: rows[0]["delivery"] is not None,
        )
        return row

    def sent(self, words: str) -> list[RecordedRequest]:
        """Return the requests whose latest prompt holds ``words``, as they reached the video service."""
        return [r for r in self.service.requests if r.body and words in r.prompt]

    def job_ids(self, interaction: Interaction) -> list[dict[str, Any]]:
        """Return the id of the job that answers ``interaction``, in a list that is empty before it is written down."""
        message_id = interaction.message.id if interaction.message else 0
        return self.rows("SELECT id FROM jobs WHERE message_id = ?", message_id)

    def rows(self, query: str = "SELECT * FROM jobs", *values: object) -> list[dict[str, Any]]:
        """Return rows of the bot's database, read from outside."""
        with closing(sqlite3.connect(self.playground.bot.database)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def row_of(self, interaction: Interaction) -> dict[str, Any]:
        """Return the job whose reply answers ``interaction``."""
        assert interaction.message is not None
        (row,) = self.rows("SELECT * FROM jobs WHERE message_id = ?", interaction.message.id)
        return row

    def standing(self) -> list[object]:
        """Return what outlasts a test and changes what the bot tells in the next ones."""
        now = datetime.now(UTC).replace(tzinfo=None)
        blocked = self.rows("SELECT user_id, reason FROM blocks WHERE until > ?", now.isoformat(" "))
        ruled = self.rows("SELECT guild_id, rules FROM guilds WHERE rules IS NOT NULL ORDER BY guild_id")
        paused = self.rows("SELECT guild_id FROM guilds WHERE pause IS NOT NULL OR words <> '[]'")
        rules = [replace(Policy.from_json(row["rules"]), pause_after=0) for row in ruled]
        return blocked + paused + [policy for policy in rules if policy != Policy(pause_after=0)]

    async def without_pauses(self) -> None:
        """Let nobody be paused, however many prompts the tests have refused."""
        manager = self.discord.world.guild("Kinora Test Server").owner
        changed = await self.discord.slash(manager, self.videos, "limits refusals", {"pause_after": 0})
        await self.told(changed)

    def log(self) -> str:
        """Return all that the bot has logged so far."""
        return self.playground.bot.log.read_text("utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Run all tests of this folder on one event loop, which serves the playground that most of them share: while another
    loop runs it says nothing, and a bot that hears nothing for a minute takes its connection for dead.
    """
    for item in items:
        if item.path.parent == FOLDER:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def picture() -> bytes:
    return draw_sample()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("playground")
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=QUICK) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


@pytest.fixture(autouse=True)
def leaves_the_stage_as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves rules or blocks behind, rather than one of those that share the bot with it."""
    if "stage" not in request.fixturenames:
        yield
        return
    stage: Stage = request.getfixturevalue("stage")
    found = stage.standing()
    yield
    assert stage.standing() == found

"""Money follows what was sent: cancelling is no way around a limit, and free while a request waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.world.entities import User
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

PRICED = '[{"name": "sora_video2", "label": "Sora 2", "price": "0.20"}]'
PATIENT = {"MAX_JOBS": "1", "VIDEO_STALL_TIMEOUT": "60", "VIDEO_TIMEOUT": "60"}


class Till(Stage):
    """A server where each video costs 0.20, and one is made at a time."""

    async def moderator(self, command: str, **options: Any) -> Interaction:
        """Let the moderator use a command."""
        return await self.discord.slash(self.mo, self.videos, command, options)

    async def cancel(self, message: Message, by: User) -> Message:
        """Press **Cancel** and return the reply once it says so."""
        await self.discord.click(by, message, button_id(message, "Cancel"))
        return await self.shows(message, "Cancelled")

    def booked(self, member: User) -> list[tuple[int, int]]:
        """Videos and money of this day: of all servers, of the server, of the member."""
        query = (
            "SELECT coalesce(sum(videos), 0) AS videos, coalesce(sum(cost), 0) AS cost FROM counters "
            "WHERE length(period) = 10 AND guild_id = ? AND user_id = ?"
        )
        here = self.videos.guild.id  # type: ignore[union-attr]
        rows = [self.rows(query, *key)[0] for key in ((0, 0), (here, 0), (here, member.id))]
        return [(row["videos"], row["cost"]) for row in rows]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def till(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Till]:
    settings = {**QUICK, **PATIENT, "VIDEO_MODELS": PRICED}
    directory = tmp_path_factory.mktemp("till")
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Till(playground, picture)


def more(before: list[tuple[int, int]], *added: tuple[int, int]) -> list[tuple[int, int]]:
    return [(was[0] + videos, was[1] + cost) for was, (videos, cost) in zip(before, added, strict=True)]


async def test_cancelling_what_was_sent_is_no_way_around_a_limit_and_the_reply_says_so_before_and_after(
    till: Till,
) -> None:
    kim = till.newcomer("Kim")
    await till.told(await till.moderator("limits member", videos_day=1))
    try:
        before = till.booked(kim)
        message = await till.shows(await till.video("#stall sent once", by=kim), "42%")
        assert "Already sent: it counts even if you cancel." in render(message)
        assert "so it counts, and so does its price" in render(await till.cancel(message, kim))
        assert till.booked(kim) == more(before, *[(1, 200_000)] * 3)
        for number in range(3):
            told = await till.told(await till.video(f"sent once, and then {number}", by=kim))
            assert "You have reached" in told
        assert len(till.sent("sent once")) == 1
    finally:
        await till.told(await till.moderator("limits lift", limit="member.videos_day"))


async def test_cancelling_what_waits_is_free_and_the_reply_says_so(till: Till) -> None:
    lee = till.newcomer("Lee")
    running = await till.shows(await till.video("#stall in the way"), "42%")
    before = till.booked(lee)
    waiting = await till.shows(await till.video("never sent", by=lee), "You're next")
    assert "Already sent" not in render(waiting)
    assert till.booked(lee) == more(before, *[(1, 200_000)] * 3)
    assert "so it doesn't count" in render(await till.cancel(waiting, lee))
    assert (till.booked(lee), till.sent("never sent")) == (before, [])
    await till.cancel(running, till.mara)

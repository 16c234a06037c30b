"""A video that has no link which its member could open reaches them as a file, whatever befalls its reply."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction
from playground.fake_discord.world.entities import User
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY, UPLOADED = "Your video is ready", "[video: video.mp4"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def locked(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    """A bot whose service gives its videos to nobody without the key."""
    settings = {**QUICK, "VIDEO_API": "videos", "VIDEO_FIT": "false"}
    async with Playground(
        tmp_path_factory.mktemp("locked"), pace=0.3, plan=SHORT_FILM, settings=settings
    ) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


async def under_way(stage: Stage, prompt: str, by: User, where: str = "videos") -> Interaction:
    channel = stage.discord.world.channel(where)
    interaction = await stage.video(f"#slow {prompt}", by=by, where=channel)
    await stage.shows(interaction, "Making your video")
    return interaction


def inbox_of(stage: Stage, member: User) -> list[Message]:
    inbox = stage.discord.world.direct_messages(member)
    return [message for message in stage.discord.world.messages.values() if message.channel is inbox]


async def test_one_that_goes_to_the_inbox_is_uploaded_there(locked: Stage) -> None:
    interaction = await under_way(locked, "behind closed doors", locked.mo, "staff")
    locked.discord.kill_token(interaction)

    assert (await locked.delivered(interaction))["delivery"] == "inbox"
    assert UPLOADED in render(inbox_of(locked, locked.mo)[-1])


async def test_one_whose_words_are_blocked_in_a_new_message_is_uploaded_without_them(locked: Stage) -> None:
    interaction = await under_way(locked, "words that this server forbids", locked.mara)
    assert interaction.message is not None
    locked.discord.delete_message(interaction.message)
    blocked = locked.discord.faults.add(route="POST *", status=400, code=200000, uploads_only=True, times=1)
    row = await locked.delivered(interaction)
    locked.discord.faults.remove(blocked)

    (new,) = [message for message in interaction.followups if not message.deleted]
    assert row["delivery"] == "message"
    assert UPLOADED in render(new)
    assert "forbids" not in render(new)


async def test_one_whose_upload_discord_fails_is_uploaded_once_it_is_well(locked: Stage) -> None:
    failing = locked.discord.faults.add(route="PATCH *", drop_connection=True, uploads_only=True, times=3)
    interaction = await locked.video("three uploads fail", by=locked.mara)
    await locked.shows(interaction, READY, UPLOADED, within=60)
    locked.discord.faults.remove(failing)

    assert (await locked.delivered(interaction))["delivery"] == "reply"


async def test_one_that_is_handed_over_while_discord_fails_is_handed_over_again(locked: Stage) -> None:
    ben = locked.ben
    interaction = await under_way(locked, "made for ben", ben)
    gone = locked.discord.faults.add(route="* /channels/*", status=404, code=10003, message="Unknown Channel")
    locked.discord.kill_token(interaction)
    assert (await locked.delivered(interaction))["delivery"] == "kept"
    locked.discord.faults.remove(gone)

    # As often as discord.py tries, which takes it 25 s.
    failing = locked.discord.faults.add(route="POST *", status=503, uploads_only=True, times=5)
    first = await locked.video("ben is back", by=ben)
    await locked.shows(first, READY, UPLOADED, within=60)
    locked.discord.faults.remove(failing)
    assert locked.row_of(interaction)["delivery"] == "kept"

    second = await locked.video("ben is back again", by=ben)
    await locked.shows(second, READY, UPLOADED)
    (private,) = [message for message in second.followups if message.only_for is ben]
    assert UPLOADED in render(private)
    assert "made for ben" in render(private)
    assert locked.row_of(interaction)["delivery"] == "reply"

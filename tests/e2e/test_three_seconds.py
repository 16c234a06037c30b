"""Discord waits three seconds for an answer: what may take longer is acknowledged first, a refusal in private."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, Upload, button_id
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

LOCKED = 3.5  # seconds


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Stage]:
    async with Playground(tmp_path_factory.mktemp("own"), pace=0.3, plan=SHORT_FILM, settings=QUICK) as playground:
        stage = Stage(playground, picture)
        await stage.without_pauses()
        yield stage


@asynccontextmanager
async def locked_database(stage: Stage) -> AsyncIterator[None]:
    """Nothing can be written from the beginning of the block until ``LOCKED`` seconds after its end."""
    with closing(sqlite3.connect(stage.playground.bot.database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        await asyncio.sleep(LOCKED)


async def test_what_waits_for_a_locked_database_is_answered_all_the_same(own: Stage) -> None:
    discord, names = own.discord, ("Eve", "Finn", "Gil", "Ida")
    eve, finn, gil, ida = (own.newcomer(name) for name in names)

    async def moderates(command: str, **values: object) -> Interaction:
        return await discord.slash(own.mo, own.videos, command, values)

    failed, film = await own.video("#fail once", by=ida), await own.video("an idea for others", by=ida)
    await own.delivered(failed)
    await own.delivered(film)
    assert failed.message is not None
    assert film.message is not None
    edit = await discord.click(ida, film.message, button_id(film.message, "Edit"))
    running = await own.video("#slow to be cancelled", by=finn)
    message = await own.shows(running, "Making your video")
    question = await discord.slash(eve, own.videos, "privacy erase")
    await own.told(question)
    details = await discord.message_menu(own.mo, own.videos, "Video details", message)
    await own.told(details)
    assert question.message is not None
    assert details.message is not None
    form = await discord.click(own.mo, details.message, button_id(details.message, "Block the member"))
    await own.told(await moderates("blocks add", member=gil, duration="1 day"))
    listed = await moderates("blocks list")
    await own.told(listed)
    assert listed.message is not None
    async with own.deadline(10):
        await form.acknowledged.wait()
        await edit.acknowledged.wait()

    async with locked_database(own):
        retried = await discord.click(ida, failed.message, button_id(failed.message, "Try again"))
        edited = await discord.submit_modal(ida, edit, {})
        added = await moderates("blocks add", member=eve, duration="1 day", reason="noise")
        lifted = await moderates("blocks lift", member=ida)
        sent = await discord.submit_modal(own.mo, form, {})
        chosen = await discord.choose(own.mo, listed.message, "kinora-blocks:lift", [gil])
        erased = await discord.click(eve, question.message, button_id(question.message, "Erase my data"))
        cancelled = await discord.click(finn, message, button_id(message, "Cancel"))

    assert not [one for one in (added, lifted, sent, chosen, erased, cancelled, retried, edited) if one.failed]
    assert "is blocked" in await own.told(added)
    assert "isn't blocked" in await own.told(lifted)
    assert "is blocked" in await own.told(sent)
    await discord.wait_for(listed.message, lambda shown: "can make videos again" in render(shown))
    await own.shows(running, "Cancelled")
    await own.shows(edited, "Your video is ready")
    await own.shows(retried, "failed")


async def test_a_request_that_a_rule_refuses_is_never_promised_in_public(own: Stage) -> None:
    hal = own.newcomer("Hal")
    await own.told(await own.discord.slash(own.mo, own.videos, "blocks add", {"member": hal, "duration": "1 day"}))
    refused = await own.video("never mind", by=hal)
    assert "blocked" in await own.told(refused)

    assert refused.message is not None
    assert refused.message.only_for is hal
    assert len([request for request in own.discord.requests if refused.token in request.path]) == 1


async def test_where_a_promise_stands_already_it_becomes_a_line_that_tells_nobody_else_why(own: Stage) -> None:
    values = {"prompt": "no picture at all", "image": Upload("words.png", b"just words", content_type="image/png")}
    refused = await own.discord.slash(own.mara, own.videos, "video", values)
    assert "can't read that file as a picture" in await own.told(refused)

    assert refused.message is not None
    assert not refused.message.deleted
    assert "was not started" in render(refused.message)
    assert not refused.message.pings

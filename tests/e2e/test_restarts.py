"""The process is killed, or asked to leave, in the middle of its work: nothing is lost and nothing is paid twice."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, button_id
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

READY = "Your video is ready"
LONG = {**QUICK, "VIDEO_STALL_TIMEOUT": "99", "VIDEO_TIMEOUT": "99", "SHUTDOWN_GRACE": "0.5"}


@asynccontextmanager
async def staged(directory: Path, picture: bytes, **settings: str) -> AsyncIterator[Stage]:
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings={**LONG, **settings}) as playground:
        yield Stage(playground, picture)


def backdate(stage: Stage, seconds: int) -> None:
    """Let the killed process have been silent, and its jobs have been asked for, that much longer ago."""
    with closing(sqlite3.connect(stage.playground.bot.database)) as connection:
        for column in ("lease_until", "created_at", "started_at"):
            shifted = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-{seconds} seconds')"
            connection.execute(f"UPDATE jobs SET {column} = {shifted} WHERE {column} IS NOT NULL")  # noqa: S608 - ours
        connection.commit()


async def test_after_a_kill_a_sent_job_says_interrupted_and_a_waiting_one_runs_with_its_picture(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1") as stage:
        running = await stage.video("#stall the running one")
        await stage.shows(running, "42%")
        waiting = await stage.video("the waiting one", by=stage.ben)
        await stage.shows(waiting, "You're next")
        await stage.playground.bot.kill()
        backdate(stage, 60)
        await stage.playground.start_bot()

        message = await stage.shows(running, "Interrupted", "[ Try again ]")
        assert "42%" not in render(message).replace("last percentage was 42%", "")
        await stage.shows(waiting, READY)
        assert (await stage.delivered(running))["outcome"] == "interrupted"
        assert (await stage.delivered(waiting))["outcome"] == "success"
        assert (len(stage.sent("the running one")), len(stage.sent("the waiting one"))) == (1, 1)
        usage = stage.rows("SELECT value, jobs, cost FROM usage WHERE dimension = 'outcome' ORDER BY value")
        assert usage == [
            {"value": "interrupted", "jobs": 1, "cost": 0},
            {"value": "success", "jobs": 1, "cost": 0},
        ]
        # Both places among the open jobs are free again; day and month count the video alone, for all servers as well.
        counted = stage.rows("SELECT DISTINCT period = 'now' AS now, sum(videos) AS videos FROM counters GROUP BY 1")
        assert counted == [{"now": 0, "videos": 6}, {"now": 1, "videos": 0}]
        # An interrupted job was asked for a minute ago: edits notify nobody, so a new message does.
        (notice,) = [m for m in stage.discord.world.messages.values() if m.content.startswith(f"<@{stage.mara.id}>")]
        assert notice.pings.users == {stage.mara.id}
        assert str(running.message and running.message.id) in notice.content


async def killed_unsaved(stage: Stage, prompt: str) -> tuple[Interaction, Message]:
    """Kill the bot once it shows a video whose end the locked database does not take."""
    interaction = await stage.video(prompt)
    await stage.shows(interaction, "%")
    with closing(sqlite3.connect(stage.playground.bot.database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        message = await stage.shows(interaction, READY)
        await stage.playground.bot.kill()
    return interaction, message


async def test_a_video_that_was_shown_while_the_database_was_locked_stays_shown_and_paid_after_a_kill(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction, _ = await killed_unsaved(stage, "shown but not saved")
        assert stage.row_of(interaction)["state"] == "running"
        backdate(stage, 60)
        await stage.playground.bot.start()

        row = await stage.delivered(interaction)
        assert (row["outcome"], bool(row["video_url"])) == ("success", True)
        await stage.shows(interaction, READY)
        assert "Interrupted" not in stage.log()
        assert len(stage.sent("shown but not saved")) == 1
        assert not list(stage.playground.bot.directory.glob("*.spool"))


async def test_a_reply_that_shows_its_video_is_left_alone_where_nothing_else_knows_of_it(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction, message = await killed_unsaved(stage, "shown and nowhere else")
        shown = render(message)
        for file in stage.playground.bot.directory.glob("*.spool"):
            file.unlink()
        backdate(stage, 60)
        await stage.playground.bot.start()

        row = await stage.delivered(interaction)
        assert (row["outcome"], row["video_url"] in shown) == ("success", True)
        assert render(message) == shown


async def test_two_kills_in_a_row_lose_nothing_and_pay_once(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#stall twice killed")
        await stage.shows(interaction, "42%")
        for _ in range(2):
            await stage.playground.bot.kill()
            backdate(stage, 60)
            await stage.playground.bot.start()
        await stage.shows(interaction, "Interrupted")

        assert (await stage.delivered(interaction))["outcome"] == "interrupted"
        assert len(stage.sent("twice killed")) == 1


async def test_try_again_works_after_the_restart_with_the_picture_from_before(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#stall once more")
        await stage.shows(interaction, "42%")
        await stage.playground.bot.kill()
        backdate(stage, 60)
        await stage.playground.start_bot()
        message = await stage.shows(interaction, "Interrupted")
        again = await stage.discord.click(stage.mara, message, button_id(message, "Try again"))
        await stage.shows(again, "42%")

        first, second = (r.body["messages"][0]["content"] for r in stage.service.requests)
        assert first == second


async def test_an_end_that_could_not_be_shown_before_the_kill_is_shown_after_it(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        fault = stage.discord.faults.add(route="PATCH *", status=500)
        interaction = await stage.video("made but not shown")
        await stage.until(lambda: stage.rows(), lambda rows: bool(rows) and rows[0]["state"] == "done")
        await stage.playground.bot.kill()
        stage.discord.faults.remove(fault)
        backdate(stage, 60)
        await stage.playground.start_bot()

        await stage.shows(interaction, READY, "[video: video.mp4")
        assert len(stage.sent("made but not shown")) == 1


async def test_cancel_pressed_while_nobody_looks_after_the_job_is_heeded_by_whoever_does_next(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#stall left alone")
        await stage.shows(interaction, "42%")
        await stage.playground.bot.kill()
        await stage.playground.start_bot()
        message = interaction.message
        assert message
        cancel = button_id(message, "Cancel")
        refused = await stage.discord.click(stage.ben, message, cancel)
        assert "Only the member" in await stage.told(refused)
        pressed = await stage.discord.click(stage.mara, message, cancel)
        assert "Cancelling in a moment" in await stage.told(pressed)
        backdate(stage, 60)

        await stage.shows(interaction, "Cancelled")
        assert (await stage.delivered(interaction))["outcome"] == "cancelled"


async def test_a_living_process_does_not_lose_its_jobs_to_a_second_one(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#slow mine")
        await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
        first = stage.playground.bot
        second = type(first)(stage.discord, stage.service, tmp_path / "second", {**LONG})
        second.database = first.database
        await second.start()
        try:
            await stage.shows(interaction, READY)
            assert (await stage.delivered(interaction))["outcome"] == "success"
        finally:
            await second.stop()
        assert len(stage.sent("mine")) == 1


async def test_asked_to_leave_it_keeps_the_waiting_for_the_next_start_and_refuses_new_ones(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture, MAX_JOBS="1", SHUTDOWN_GRACE="2") as stage:
        running = await stage.video("#stall until the end")
        await stage.shows(running, "42%")
        waiting = await stage.video("patience", by=stage.ben)
        await stage.shows(waiting, "You're next")
        stage.playground.bot.terminate()
        await stage.shows(waiting, "is safe and continues soon")
        refused = await stage.video("too late", by=stage.ben)
        assert "shutting down" in await stage.told(refused)
        assert await stage.playground.bot.stop() == 0
        await stage.shows(running, "Interrupted")
        await stage.playground.start_bot()

        await stage.shows(waiting, READY)
        assert (len(stage.sent("until the end")), len(stage.sent("patience")), len(stage.sent("too late"))) == (1, 1, 0)


async def test_past_minute_fifteen_the_same_reply_still_counts_up_and_gets_its_video(
    tmp_path: Path, picture: bytes
) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#slow a long job")
        await stage.discord.wait_for(interaction, lambda m: re.search(r"\d%", render(m)) is not None, timeout=20)
        stage.discord.clock.advance(15 * 60 + 1)
        await stage.shows(interaction, READY, "[video: video.mp4")

        refused = [r for r in list(stage.discord.requests) if r.status == 401]
        assert len(refused) == 1


async def test_ctrl_c_leaves_as_politely_as_sigterm(tmp_path: Path, picture: bytes) -> None:
    async with staged(tmp_path, picture) as stage:
        interaction = await stage.video("#stall until Ctrl-C")
        await stage.shows(interaction, "42%")
        os.kill(stage.playground.bot.pid, signal.SIGINT)
        assert await stage.playground.bot.exited() == 0

        await stage.shows(interaction, "Interrupted")
        assert "Traceback" not in stage.log()

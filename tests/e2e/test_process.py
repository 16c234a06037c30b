"""The bot as a process: how it starts, what it says when it cannot, how it leaves."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from playground.fake_discord.people.rendering import render
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

ROOT = Path(__file__).resolve().parents[2]


async def shell(
    directory: Path, *arguments: str, largest_file: int | None = None, **environment: str
) -> tuple[int, str]:
    """
    Run ``python -m bot`` in an empty folder and return its exit code and all it wrote.

    ``largest_file`` is the most bytes that a file of it may have, as on a full disk.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    if largest_file:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


def playground(directory: Path, picture: bytes) -> Playground:
    return Playground(directory, pace=0.3, plan=SHORT_FILM, settings=QUICK)


async def test_missing_settings_are_named_line_by_line_with_exit_code_2(tmp_path: Path) -> None:
    code, output = await shell(tmp_path, "run")

    assert code == 2
    lines = output.splitlines()
    for name in ("DISCORD_TOKEN", "VIDEO_API_URL", "VIDEO_API_KEY"):
        assert sum(line.startswith(f"{name} is missing") for line in lines) == 1
    assert "Traceback" not in output


async def test_a_missing_token_alone_is_the_only_complaint_and_the_key_is_not_printed(tmp_path: Path) -> None:
    code, output = await shell(tmp_path, VIDEO_API_URL="https://video.example", VIDEO_API_KEY="sk-very-secret")

    assert code == 2
    assert output.splitlines()[0].startswith("DISCORD_TOKEN is missing")
    assert "VIDEO_API" not in output
    assert "sk-very-secret" not in output


async def test_a_token_that_discord_refuses_ends_the_bot_with_a_sentence(tmp_path: Path, picture: bytes) -> None:
    async with playground(tmp_path / "p", picture) as world:
        settings = world.bot.environment | {"DISCORD_TOKEN": "not.the.token"}
        code, output = await shell(tmp_path, "run", **settings)

    assert code == 2
    assert output.splitlines()[-1].startswith("Kinora left: Discord does not accept DISCORD_TOKEN.")
    assert "Traceback" not in output
    assert "not.the.token" not in output


async def test_while_the_bot_runs_check_and_migrate_find_all_in_order(tmp_path: Path, picture: bytes) -> None:
    async with playground(tmp_path / "p", picture) as world:
        code, output = await shell(tmp_path, "check", **world.bot.environment)
        assert (code, "WRONG" in output) == (0, False), output
        code, output = await shell(tmp_path, "migrate", **world.bot.environment)
        assert (code, output) == (0, "The database is up to date.\n")


async def test_a_wrong_key_is_told_to_members_without_being_shown(tmp_path: Path, picture: bytes) -> None:
    world = playground(tmp_path / "p", picture)
    world.bot = type(world.bot)(world.discord, world.service, tmp_path / "b", {**QUICK, "VIDEO_API_KEY": "wrong-key-7"})
    async with world:
        stage = Stage(world, picture)
        message = await stage.shows(await stage.video("x"), "rejected the bot's key")

        assert "wrong-key-7" not in render(message) + stage.log()


async def test_commands_are_sent_to_discord_once_and_not_at_the_next_start(tmp_path: Path, picture: bytes) -> None:
    async with playground(tmp_path, picture) as world:
        assert await world.bot.stop() == 0
        await world.start_bot()
        sent = [r for r in list(world.discord.requests) if r.method == "PUT" and r.path.endswith("/commands")]

    assert len(sent) == 1


async def test_sigterm_interrupts_the_running_job_tells_the_member_and_leaves_by_itself(
    tmp_path: Path, picture: bytes
) -> None:
    world = Playground(
        tmp_path,
        pace=0.3,
        plan=SHORT_FILM,
        settings={**QUICK, "VIDEO_STALL_TIMEOUT": "99", "VIDEO_TIMEOUT": "99", "SHUTDOWN_GRACE": "0.5"},
    )
    async with world:
        stage = Stage(world, picture)
        interaction = await stage.video("#stall")
        await stage.shows(interaction, "42%")
        code = await world.bot.stop()
        message = await stage.shows(interaction, "Interrupted")

        assert code == 0
        assert "[ Cancel ]" not in render(message)
        assert stage.row_of(interaction)["outcome"] == "interrupted"
        usage = stage.rows("SELECT value, jobs FROM usage WHERE dimension = 'outcome'")
        assert usage == [{"value": "interrupted", "jobs": 1}]


async def test_an_error_nobody_thought_of_gives_the_member_a_number_that_stands_in_the_log(
    tmp_path: Path, picture: bytes
) -> None:
    async with playground(tmp_path, picture) as world:
        stage = Stage(world, picture)
        with closing(sqlite3.connect(world.bot.database)) as connection:
            connection.execute("DROP TABLE jobs")
        told = await stage.told(await stage.video("x"))

        assert "Nothing was started" in told
        reference = told.split("owner: ")[1][:8]
        assert f"ref={reference}" in stage.log()
        assert "Traceback" in stage.log()
        assert not stage.service.requests

"""What watchers of the process are told, from its start to its end, and what its log tells of one job."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from playground.fake_discord.server import button_id
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.e2e.test_process import shell

MODELS = '[{"name": "sora_video2", "price": 0.15}]'
READY = {"ready": True, "starting": False, "gateway": True, "database": True, "draining": False}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def fetch(url: str) -> tuple[int, str]:
    """Return the status and the body of a page, as curl gets them; 0 where nothing answers."""
    if not shutil.which("curl"):
        try:
            async with aiohttp.ClientSession() as session, session.get(url) as response:
                return response.status, await response.text()
        except aiohttp.ClientConnectionError:
            return 0, ""
    process = await asyncio.create_subprocess_exec(
        *("curl", "-s", "-m", "20", "-w", "\n%{http_code}", url), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    body, _, status = output.decode().rpartition("\n")
    return int(status), body


class Watched(Stage):
    """A stage whose bot serves its health at ``url``."""

    def __init__(self, world: Playground, picture: bytes, url: str) -> None:
        super().__init__(world, picture)
        self.url = url

    async def ready(self) -> tuple[int, dict[str, bool]]:
        """Return what ``/readyz`` answers."""
        status, body = await fetch(f"{self.url}/readyz")
        return status, json.loads(body) if body else {}

    async def becomes(self, status: int, **parts: bool) -> dict[str, bool]:
        """Ask for ``/readyz`` until it answers so."""

        def matches(answer: tuple[int, dict[str, bool]]) -> bool:
            return answer[0] == status and parts.items() <= answer[1].items()

        return (await self.asked(self.ready, matches))[1]

    async def asked(self, ask: Callable[[], Awaitable[Any]], done: Callable[[Any], bool]) -> Any:
        """Ask again and again until ``done`` accepts the answer."""
        async with self.deadline(40):
            while not done(answer := await ask()):  # noqa: ASYNC110 - another process has no event here
                await asyncio.sleep(0.05)
        return answer

    async def count(self, name: str, **labels: str) -> float:
        """Return one number of ``/metrics``."""
        status, body = await fetch(f"{self.url}/metrics")
        assert status == 200
        samples = [sample for family in text_string_to_metric_families(body) for sample in family.samples]
        (value,) = [s.value for s in samples if s.name == name and labels.items() <= s.labels.items()]
        return value

    def entries(self) -> list[dict[str, Any]]:
        """Return the log, in which every line has to be one JSON object."""
        return [json.loads(line) for line in self.log().splitlines()]


def watched_world(directory: Path, picture: bytes, **settings: str) -> Watched:
    port = free_port()
    health = {"HEALTH_PORT": str(port), "LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "VIDEO_MODELS": MODELS}
    world = Playground(directory, pace=0.3, plan=SHORT_FILM, settings=QUICK | health | settings)
    return Watched(world, picture, f"http://127.0.0.1:{port}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def watched(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Watched]:
    watched = watched_world(tmp_path_factory.mktemp("watched"), picture)
    async with watched.playground:
        yield watched


async def test_process_says_where_it_stands_from_its_start_to_its_end(tmp_path: Path, picture: bytes) -> None:
    forever = {"VIDEO_STALL_TIMEOUT": "99", "VIDEO_TIMEOUT": "99", "SHUTDOWN_GRACE": "3"}
    stage = watched_world(tmp_path, picture, **forever)
    bot = stage.playground.bot
    bot.directory.mkdir(parents=True)
    async with AsyncExitStack() as stack:
        with closing(sqlite3.connect(bot.database, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            entering = asyncio.create_task(stack.enter_async_context(stage.playground))
            starting = await stage.becomes(503, starting=True)
            alive = await fetch(f"{stage.url}/healthz")
            lock.execute("ROLLBACK")
        await entering
        assert starting == {**dict.fromkeys(READY, False), "starting": True}
        assert alive == (200, "ok\n")

        assert await stage.becomes(200) == READY
        await stage.shows(await stage.video("#stall"), "42%")
        bot.terminate()
        draining = await stage.becomes(503, draining=True)
        alive = await fetch(f"{stage.url}/healthz")
        assert draining == {**READY, "ready": False, "draining": True}
        assert alive == (200, "ok\n")

        assert await bot.exited() == 0
        assert await fetch(f"{stage.url}/healthz") == (0, "")


async def test_jobs_are_counted_by_how_they_end_and_what_they_cost(watched: Watched) -> None:
    before = await watched.count("kinora_jobs_ended_total", outcome="success", model="sora_video2")
    spent = await watched.count("kinora_spend_total", model="sora_video2")
    await watched.delivered(await watched.video("a lighthouse"))
    await watched.delivered(await watched.video("#refuse-image"))
    await watched.told(await watched.discord.slash(watched.mo, watched.videos, "limits server", {"videos_day": 0}))
    await watched.told(await watched.video("one too many"))
    await watched.told(await watched.discord.slash(watched.mo, watched.videos, "limits server", {"videos_day": 99}))

    assert await watched.count("kinora_jobs_ended_total", outcome="success", model="sora_video2") == before + 1
    assert await watched.count("kinora_jobs_ended_total", outcome="moderation_image", model="sora_video2") == 1
    assert await watched.count("kinora_jobs_ended_total", outcome="success", model="other") == 0
    assert await watched.count("kinora_spend_total", model="sora_video2") == pytest.approx(spent + 0.15)
    assert await watched.count("kinora_requests_denied_total", reason="videos_day") == 1
    assert await watched.count("kinora_jobs_running") == await watched.count("kinora_jobs_waiting") == 0
    for phase in ("waiting", "making", "showing"):
        assert await watched.count("kinora_job_phase_seconds_count", phase=phase) >= 2


async def test_what_is_said_to_discord_and_to_the_service_is_counted(watched: Watched) -> None:
    limited = watched.discord.faults.add("PATCH /webhooks/*", status=429, times=1)
    await watched.delivered(await watched.video("#overload"))
    watched.discord.faults.remove(limited)

    assert await watched.count("kinora_video_service_errors_total", kind="rate_limited") == 2
    assert await watched.count("kinora_reply_edits_total", result="done") >= 1
    assert await watched.count("kinora_discord_requests_total", method="PATCH", status="2xx") >= 1
    assert await watched.count("kinora_discord_requests_total", method="PATCH", status="4xx") == 1
    assert await watched.count("kinora_discord_rate_limited_total", scope="shared", via="yes") == 1
    assert await watched.count("kinora_shards") == await watched.count("kinora_shards_connected") == 1
    assert 0 < await watched.count("kinora_gateway_latency_seconds") < 60


async def test_process_is_not_ready_while_the_gateway_is_away(watched: Watched) -> None:
    await watched.becomes(200)
    await watched.discord.take_gateway_away()
    away = await watched.becomes(503)
    alive = await fetch(f"{watched.url}/healthz")
    connected = await watched.count("kinora_shards_connected")
    watched.discord.bring_gateway_back()

    assert away == {**READY, "ready": False, "gateway": False}
    assert (alive, connected) == ((200, "ok\n"), 0)
    assert await watched.becomes(200) == READY


async def test_process_is_not_ready_while_another_program_holds_the_database(watched: Watched) -> None:
    await watched.becomes(200)
    with closing(sqlite3.connect(watched.playground.bot.database, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        held = await watched.becomes(503)
        assert await fetch(f"{watched.url}/healthz") == (200, "ok\n")
        lock.execute("ROLLBACK")

    assert held == {**READY, "ready": False, "database": False}
    assert await watched.becomes(200) == READY


async def test_pages_say_nothing_of_people_servers_or_prompts(watched: Watched) -> None:
    interaction = await watched.video("a most private prompt")
    await watched.delivered(interaction)
    said = "".join([(await fetch(f"{watched.url}{page}"))[1] for page in ("/healthz", "/readyz", "/metrics")])
    ids = [person.id for person in (watched.mara, watched.mo)] + [watched.videos.id, interaction.channel.guild.id]

    secrets = [watched.discord.token, watched.service.key, "private prompt", *map(str, ids)]
    assert not [secret for secret in secrets if secret in said]


async def test_log_tells_the_whole_story_of_a_job_in_json_without_its_words(watched: Watched) -> None:
    interaction = await watched.video("zyzzyva in a most private prompt")
    row = await watched.delivered(interaction)
    story = [entry for entry in watched.entries() if entry.get("job") == row["id"]]
    told = [entry["message"].split(":")[0].split(" after")[0] for entry in story]

    assert told == ["queued", "started", "first progress", "ended", "uploaded the video into the reply", "delivered"]
    assert {entry["guild"] for entry in story} == {row["guild_id"]}
    assert not [text for text in ("zyzzyva", "private prompt", interaction.token, "hm=") if text in watched.log()]


async def test_log_holds_no_prompt_however_a_job_fails(watched: Watched) -> None:
    troubles = ("leak", "fail", "quota", "garbage", "cut", "refuse-prompt", "html-504")
    asked = [await watched.video(f"#{trouble} a quincunx of zyzzyvas at dawn") for trouble in troubles]
    for interaction in asked:
        await watched.delivered(interaction)

    said = [
        text for text in ("quincunx", "zyzzyva", watched.service.key, watched.discord.token) if text in watched.log()
    ]
    assert not said


async def test_log_tells_that_a_job_was_stopped(watched: Watched) -> None:
    interaction = await watched.video("#slow zyzzyva")
    message = await watched.shows(interaction, "%")
    await watched.discord.click(watched.mara, message, button_id(message, "Cancel"))
    row = await watched.delivered(interaction)
    told = [entry["message"] for entry in watched.entries() if entry.get("job") == row["id"]]

    assert "stopped while running: cancelled" in told
    assert "zyzzyva" not in watched.log()


async def test_port_in_use_ends_the_bot_with_a_sentence(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output = await shell(
            tmp_path, DISCORD_TOKEN="t", VIDEO_API_URL="http://h", VIDEO_API_KEY="k", HEALTH_PORT=str(port)
        )

    assert code == 1
    assert f"HEALTH_PORT {port} of 127.0.0.1 cannot be opened" in output
    assert "Traceback" not in output
    assert len(output.splitlines()) == 1

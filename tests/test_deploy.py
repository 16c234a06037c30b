"""
What `deploy/` holds does what its page says.

There is no container engine here: the steps of the container file are run in a folder that stands for the image. What
that leaves open is the base image itself, its user and its read-only root.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from aiohttp import web

from bot.gateway.client import ALERT_GRACE, REPLY_GRACE
from bot.settings import Settings
from bot.storage import Database, inspect
from playground.playground import Playground

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
PAGE = (DEPLOY / "README.md").read_text("utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")
UNIT = (DEPLOY / "kinora.service").read_text("utf-8")
LAST_WORDS = Settings.model_fields["shutdown_grace"].default + ALERT_GRACE + REPLY_GRACE
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")


class Containerfile:
    """``deploy/Containerfile``, taken apart: its instructions by stage."""

    def __init__(self) -> None:
        text = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text("utf-8"))
        lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
        starts = [place for place, (word, _) in enumerate(lines) if word == "FROM"]
        self.build = lines[starts[0] : starts[1]]
        self.image = lines[starts[1] :]

    def every(self, word: str) -> list[str]:
        """Return what stands behind each ``word`` of the last stage."""
        return [rest for found, rest in self.image if found == word]

    def only(self, word: str) -> str:
        """Return what stands behind ``word``, which is there once."""
        (rest,) = self.every(word)
        return rest

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the image sets."""
        pairs = (pair.partition("=") for rest in self.every("ENV") for pair in shlex.split(rest))
        return {name: value for name, _, value in pairs}

    @property
    def health_check(self) -> list[str]:
        """The program that asks whether the container is well."""
        command: list[str] = json.loads(self.only("HEALTHCHECK").partition("CMD ")[2])
        return command


FILE = Containerfile()


_LAZY = {"PIP_NO_COMPILE": "1"}


class Image:
    """A folder in which the steps of the container file were run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.opt = root / "opt/kinora"
        # What is used is compiled beside the image: to compile all of it would take longer than the rest of the test.
        self._compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(root / "compiled")}

    async def build(self) -> None:
        """Copy just what the file names, and run what it runs."""
        source = self.root / "src"
        source.mkdir(parents=True)
        for word, rest in FILE.build:
            if word == "COPY":
                *names, target = rest.split()
                for name in names:
                    _copy(ROOT / name, source / target / (name if target == "./" else ""))
            elif word == "RUN":
                base = f"{sys.base_prefix}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
                command = (
                    re.sub(r"^python ", f"{base} ", rest)
                    .replace("/opt/kinora", str(self.opt))
                    .replace("--no-cache-dir ", "")
                )
                process = await asyncio.create_subprocess_shell(
                    command, cwd=source, env=os.environ | _LAZY, stdout=PIPE, stderr=STDOUT
                )
                output, _ = await process.communicate()
                assert process.returncode == 0, output.decode()
        _copy(DEPLOY / "entrypoint.sh", self.opt / "bin/kinora")
        (self.opt / "bin/kinora").chmod(0o755)

    def files(self) -> dict[Path, int]:
        """Every file of the image, with the time of its last change."""
        return {path: path.stat().st_mtime_ns for path in self.opt.rglob("*") if path.is_file()}

    async def start(self, data: Path, **environment: str) -> Process:
        """Start the container, with ``data`` for its volume."""
        image = {
            name: value.replace("/opt/kinora", str(self.opt)).replace("/data", str(data))
            for name, value in FILE.environment.items()
        }
        image["PATH"] = image["PATH"].replace("$PATH", os.environ["PATH"])
        command = [*json.loads(FILE.only("ENTRYPOINT")), *json.loads(FILE.only("CMD"))]
        return await asyncio.create_subprocess_exec(
            shutil.which(command[0], path=image["PATH"]) or command[0],
            *command[1:],
            cwd=data,
            env=image | {"TMPDIR": str(data)} | self._compiled | environment,
            stdout=PIPE,
            stderr=STDOUT,
        )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image, built once."""
    image = Image(tmp_path_factory.mktemp("image"))
    asyncio.run(image.build())
    return image


def programs(folder: Path, **scripts: str) -> str:
    """Put shell scripts into ``folder`` and return a PATH on which they come first."""
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.timeout(300)
def test_image_holds_the_bot_and_nothing_else_of_the_repository(image: Image) -> None:
    (packages,) = image.opt.glob("lib/python*/site-packages")
    installed = {path.relative_to(packages) for name in ("bot", "cogs") for path in (packages / name).rglob("*.*")}
    sources = {path.relative_to(ROOT) for name in ("bot", "cogs") for path in (ROOT / name).rglob("*.*")}

    assert {path for path in installed if path.suffix != ".pyc"} == {path for path in sources if path.suffix != ".pyc"}
    assert Path("bot/i18n/locales/de/LC_MESSAGES/kinora.po") in installed
    for name in ("playground", "tests", "tools", "benchmarks", "pytest", "playwright"):
        assert not (packages / name).exists(), name


@pytest.mark.timeout(300)
async def test_container_without_settings_ends_with_a_sentence_for_each_and_code_2(
    image: Image, tmp_path: Path
) -> None:
    path = programs(tmp_path, sleep="exit 0")
    process = await image.start(tmp_path, PATH=f"{image.opt}/bin:{path}")
    output, _ = await process.communicate()

    assert process.returncode == 2
    for name in ("DISCORD_TOKEN", "VIDEO_API_URL", "VIDEO_API_KEY"):
        assert f"{name} is missing" in output.decode()


@pytest.mark.timeout(300)
async def test_container_logs_in_writes_to_its_volume_alone_and_leaves_when_asked(image: Image, tmp_path: Path) -> None:
    before, data = image.files(), tmp_path / "data"
    data.mkdir()
    async with servers(tmp_path) as world:
        environment = world.bot.environment.items()
        settings = {name: value for name, value in environment if name.startswith(("DISCORD", "VIDEO"))}
        process = await image.start(data, HEALTH_PORT=str(free_port()), **settings)
        try:
            await world.discord.wait_until_ready(100)
            process.send_signal(getattr(signal, FILE.only("STOPSIGNAL")))
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()

    assert process.returncode == 0, output.decode()
    assert (data / "kinora.db").exists()
    assert image.files() == before


@asynccontextmanager
async def servers(folder: Path) -> AsyncIterator[Playground]:
    """The playground without its bot."""
    world = Playground(folder)
    await world.discord.start()
    await world.service.start()
    try:
        yield world
    finally:
        await world.service.stop()
        await world.discord.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_image_is_built_from_what_is_not_ignored_and_no_setting_of_anybody_is_in_it() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = [name for word, rest in (*FILE.build, *FILE.image) if word == "COPY" for name in rest.split()[:-1]]

    assert rules[1] == "*"
    assert {f"!{name}" for name in copied if not name.startswith(("-", "/"))} == {r for r in rules if r[0] == "!"}
    assert not {name for name in FILE.environment if "TOKEN" in name or "KEY" in name}
    assert FILE.only("USER") == "10001:10001"


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Callable[[int], int]]:
    """Something that answers on ``/healthz``: called with the status it is to answer with, it returns its port."""
    status = 200

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    def say(new: int) -> int:
        nonlocal status
        status = new
        port: int = runner.addresses[0][1]
        return port

    application = web.Application()
    application.router.add_get("/healthz", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield say
    await runner.cleanup()


async def healthy(port: int) -> bool:
    """Whether the container's health check, run beside such a port, finds it well."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *FILE.health_check[1:]), env={"HEALTH_PORT": str(port)}, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait() == 0


async def test_health_check_believes_healthz(serving: Callable[[int], int]) -> None:
    assert await healthy(serving(200))
    assert not await healthy(serving(503))
    assert not await healthy(free_port())


async def entrypoint(path: str, *arguments: str) -> Process:
    """Start the container's first program with stand-ins on ``path``."""
    return await asyncio.create_subprocess_exec(
        *("/bin/sh", str(DEPLOY / "entrypoint.sh"), *arguments), env={"PATH": path}, stdout=PIPE, stderr=STDOUT
    )


async def test_failure_rests_before_it_ends_the_container(tmp_path: Path) -> None:
    path = programs(tmp_path, python='echo "python $*"; exit 7', sleep='echo "rested $1"')
    process = await entrypoint(path, "run")
    output, _ = await process.communicate()

    assert output.decode().splitlines()[0] == "python -m bot run"
    assert output.decode().splitlines()[-1] == "rested 90"
    assert process.returncode == 7
    assert 86_400 / 90 < 1000  # logins a day


async def test_signal_reaches_the_bot_whose_last_words_are_waited_for(tmp_path: Path) -> None:
    bot = "trap 'echo leaving; /bin/sleep 0.3; echo left; exit 0' TERM; echo ready; while :; do /bin/sleep 0.05; done"
    process = await entrypoint(programs(tmp_path, python=bot, sleep="echo rested"), "run")
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    process.terminate()
    output, _ = await process.communicate()

    assert output.decode().split() == ["leaving", "left"]
    assert process.returncode == 0


async def test_rest_ends_when_the_container_is_asked_to_leave(tmp_path: Path) -> None:
    process = await entrypoint(programs(tmp_path, python="exit 1", sleep="echo resting; exec /bin/sleep 60"), "run")
    assert process.stdout
    while await process.stdout.readline() != b"resting\n":
        pass
    process.terminate()

    async with asyncio.timeout(30):
        assert await process.wait() == 1


async def test_other_commands_in_the_container_do_not_rest(tmp_path: Path) -> None:
    process = await entrypoint(programs(tmp_path, python='echo "python $*"; exit 1', sleep="echo rested"), "check")
    output, _ = await process.communicate()

    assert output == b"python -m bot check\n"
    assert process.returncode == 1


def test_every_way_to_stop_leaves_time_for_the_last_words() -> None:
    times = [
        *re.findall(r"stop_grace_period: (\d+)s", COMPOSE)[:1],
        *re.findall(r"TimeoutStopSec=(\d+)", UNIT),
        *re.findall(r"--stop-timeout (\d+)", PAGE),
    ]
    assert len(times) == 3
    assert all(float(seconds) > LAST_WORDS for seconds in times)


def verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze."""
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607


@needs_systemd
def test_unit_is_what_systemd_understands(tmp_path: Path) -> None:
    unit = tmp_path / "kinora.service"
    unit.write_text(UNIT.replace("/opt/kinora/venv/bin/python", sys.executable))  # verify wants a program that is there
    done = verify("verify", "--man=no", str(unit))

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_unit_exposes_no_more_than_the_page_says() -> None:
    stated = re.search(r"prints an exposure of (\d)\.(\d)", PAGE)
    assert stated
    done = verify("security", "--offline=true", f"--threshold={stated[1]}{stated[2]}", str(DEPLOY / "kinora.service"))

    assert done.returncode == 0, done.stdout[-200:]


def blocks(heading: str) -> list[str]:
    """Return the shell commands of a section of the page, block by block."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


async def run(command: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-ec", command), cwd=folder, env={"PATH": path}, stdout=PIPE, stderr=STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder in which Kinora has run: with a database of its own."""
    (tmp_path / "data").mkdir()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/data/kinora.db")
    await database.close()
    return tmp_path


@pytest.mark.parametrize("block", [0, 1], ids=["sqlite3", "python"])
async def test_backup_made_while_somebody_writes_is_whole_and_opens_after_a_restore(folder: Path, block: int) -> None:
    if block == 0 and shutil.which("sqlite3") is None:
        pytest.skip("there is no sqlite3")
    file = folder / "data/kinora.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("INSERT INTO notes VALUES ('before', 'the backup')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO notes VALUES ('during', 'the backup')")
        await run(blocks("Back up")[block], folder)
        writer.execute("COMMIT")
    assert (folder / "backup.db").stat().st_mode & 0o077 == 0
    for name in ("kinora.db", "kinora.db-wal", "kinora.db-shm"):
        (folder / "data" / name).write_bytes(b"what is left of a crash")

    for restoring in blocks("Restore")[:2]:
        await run(restoring, folder)

    condition = await inspect(f"sqlite+aiosqlite:///{file}", patience=10)
    assert condition.sound
    assert condition.revision == condition.newest
    with closing(sqlite3.connect(file)) as reader:
        assert reader.execute("SELECT name FROM notes WHERE value = 'the backup'").fetchall() == [("before",)]


async def test_what_waited_in_the_backup_is_not_asked_for_a_second_time(folder: Path) -> None:
    columns = (
        "id, guild_id, channel_id, message_id, user_id, model, prompt, state, cost, picture, picture_link, created_at"
    )
    with closing(sqlite3.connect(folder / "data/kinora.db")) as writer:
        writer.execute(f"INSERT INTO jobs ({columns}) VALUES ('j', 1, 2, 3, 4, 'm', 'p', 'queued', 5, '', '', '2026')")  # noqa: S608
        writer.commit()
    await run(blocks("Restore")[1], folder)

    with closing(sqlite3.connect(folder / "data/kinora.db")) as reader:
        assert reader.execute("SELECT state FROM jobs").fetchall() == [("running",)]

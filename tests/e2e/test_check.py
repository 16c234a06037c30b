"""The doctor as a process, in front of a Discord, a service, a database and a clock that are each out of order."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.storage import Database
from playground.bot_process import BotProcess
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.entities import ChannelType
from playground.fake_discord.world.permissions import Overwrite, Permission
from playground.fake_video_service import error_replies as replies
from playground.fake_video_service.error_replies import ErrorReply
from playground.fake_video_service.server import VideoService
from tests.e2e.test_process import ROOT, shell

KEY = "sk-the-key-of-the-service"
PAGE = ROOT / "docs" / "commands.md"
NOWHERE = "127.0.0.1:9"
EVERY_NAME = (
    *("settings", "python", "disk", "pictures", "open_files", "edit_pace", "fit", "heic", "charts"),
    *("database", "database_version", "budget"),
    *(
        "discord",
        "clock",
        "token",
        "intents",
        "interactions",
        "gateway",
        "session_starts",
        "shards",
        "servers",
        "permissions",
    ),
    *("commands", "service", "key", "models", "dialect"),
)

Commands = list[dict[str, Any]]


@dataclass(frozen=True)
class Report:
    """What one run of the doctor said."""

    code: int
    output: str
    left: frozenset[str]  # what stands in the patient's folder afterwards

    def of(self, name: str) -> list[tuple[str, str, str]]:
        """Return state, finding and remedy of each finding of that name; the output must be JSON."""
        rows = json.loads(self.output)["findings"]
        return [(row["state"], row["finding"], row["remedy"] or "") for row in rows if row["name"] == name]


class Patient:
    """A Discord that knows Kinora's commands, a video service and an empty folder: all is well, until a test acts."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = directory / "kinora.db"
        self.discord = DiscordServer()
        self.service = VideoService(KEY, directory / "films")
        self.largest_file: int | None = None
        self.settings: dict[str, str] = {}
        self.doors = AsyncExitStack()

    async def check(self, *arguments: str) -> Report:
        """Run the doctor."""
        bot = BotProcess(self.discord, self.service, self.directory)
        settings = _own(bot.environment) | self.settings
        code, output = await shell(self.directory, "check", *arguments, largest_file=self.largest_file, **settings)
        return Report(code, output, frozenset(path.name for path in self.directory.iterdir()))

    async def serve(self, reply: ErrorReply) -> None:
        """Let the video service answer everything with ``reply``."""

        async def answer(_: web.Request) -> web.Response:
            headers = {name: value.format(port=9, retry_after=1) for name, value in reply.headers.items()}
            return web.Response(
                status=reply.status, body=reply.body, headers={**headers, "Content-Type": reply.content_type}
            )

        self.settings["VIDEO_API_URL"] = f"http://{await self.listen(answer)}"

    async def listen(self, answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        """Serve everything with ``answer`` and return host and port."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        self.doors.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        return f"{host}:{port}"

    async def migrate(self) -> None:
        """Let the database be made."""
        await (await Database.open(f"sqlite+aiosqlite:///{self.database}")).close()

    def write(self, statement: str) -> None:
        """Change the database from outside."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement)

    def change_commands(self, change: Callable[[Commands], Commands]) -> None:
        """Let Discord know other commands than Kinora's."""
        known = self.discord.commands.listing(None)
        self.discord.commands.replace(None, change([dict(command) for command in known]))


def _own(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in ("PATH", "PYTHONPATH")}


@asynccontextmanager
async def a_patient(directory: Path, commands: Commands) -> AsyncIterator[Patient]:
    directory.mkdir()
    patient = Patient(directory)
    await patient.discord.start()
    await patient.service.start()
    patient.discord.commands.replace(None, commands)
    try:
        async with patient.doors:
            yield patient
    finally:
        await patient.service.stop()
        await patient.discord.stop()


# -- the broken states: several in each run, as far as none hides another -------------------------------------------


async def well(patient: Patient) -> None:
    await bounded(patient)


async def first_start(_: Patient) -> None:
    pass


async def turned_away(patient: Patient) -> None:
    patient.settings |= {"DISCORD_TOKEN": "not.the.token", "VIDEO_API_KEY": "not-the-key"}
    patient.database.write_bytes(b"this is no database, and it is long enough to be looked at" * 100)


async def cut_off(patient: Patient) -> None:
    patient.settings |= {"DISCORD_API_URL": f"http://{NOWHERE}", "VIDEO_API_URL": f"http://{NOWHERE}"}
    lock = patient.doors.enter_context(closing(sqlite3.connect(patient.database, isolation_level=None)))
    lock.execute("CREATE TABLE t (x)")
    lock.execute("BEGIN EXCLUSIVE")


async def out_of_step(patient: Patient) -> None:
    world = patient.discord.world
    server = world.guild("Kinora Test Server")
    mute = Overwrite(deny=Permission.ATTACH_FILES | Permission.EMBED_LINKS)
    for name in ("art", "films"):
        world.add_channel(server, name, {world.bot.id: mute})
    world.add_channel(server, "rules", {server.id: Overwrite(deny=Permission.SEND_MESSAGES)})
    world.add_channel(server, "ideas", {world.bot.id: Overwrite(deny=Permission.SEND_MESSAGES)}, ChannelType.FORUM)
    world.interactions_endpoint = "https://former.example/interactions"
    world.application_flags = 1 << 18  # Message Content, as applications in few servers have it
    patient.discord.clock.advance(20)
    patient.settings |= {"VIDEO_MODELS": "sora_vidoe2,sora_video2", "PROGRESS_INTERVAL": "0.1", "MAX_JOBS": "400000"}
    patient.change_commands(lambda commands: [{**commands[0], "description": "Old."}, *commands[2:], FORMER])
    await patient.migrate()
    patient.write("UPDATE alembic_version SET version_num = '0002'")
    (patient.directory / "kinora.db.before-0003").write_bytes(b"0" * 2_000_000)


async def misspelt(patient: Patient) -> None:
    """A first start, with a name that is none, a port that another program holds, and without the extras."""
    (patient.directory / ".env").write_text("MAX_JOB=3\n", "utf-8")
    host, port = (await patient.listen(_login_page)).split(":")
    patient.settings |= {"HEALTH_HOST": host, "HEALTH_PORT": port, "PYTHONPATH": f"{patient.directory}:{ROOT}"}
    patient.discord.commands.replace(None, [])
    (patient.directory / "sitecustomize.py").write_text(
        "import sys\nsys.modules.update(dict.fromkeys(['av', 'matplotlib', 'pillow_heif', 'prometheus_client']))"
    )


async def unbounded(patient: Patient) -> None:
    await patient.migrate()


async def bounded(patient: Patient) -> None:
    await patient.migrate()
    patient.write("INSERT INTO guilds (guild_id, cap) VALUES (0, '{\"money_day\": 5000000}')")


async def never_begun(patient: Patient) -> None:
    world = patient.discord.world
    for server in world.guilds.values():
        del server.members[world.bot.id]
    patient.discord.clock.advance(90)
    patient.discord.commands.replace(None, [])
    await patient.serve(ErrorReply(200, b"<!doctype html><title>Welcome</title>", "text/html"))
    # The password of a proxy is in no finding.
    patient.settings |= {"DISCORD_GATEWAY_URL": f"ws://kinora:pr0xy@{NOWHERE}", "SHARD_COUNT": "1"}
    await patient.migrate()
    patient.write("UPDATE alembic_version SET version_num = '9999'")


async def not_allowed(patient: Patient) -> None:
    for server in patient.discord.world.guilds.values():
        for role in (server.everyone, server.role("Kinora")):
            role.permissions &= ~(Permission.ATTACH_FILES | Permission.SEND_MESSAGES_IN_THREADS)
    await patient.serve(replies.bad_request("Invalid URL (GET /v1/models)", None, 404))
    (patient.directory / "file").write_text("in the way")
    patient.settings["DATABASE_URL"] = f"sqlite+aiosqlite:///{patient.directory}/file/kinora.db"


async def moved_away(patient: Patient) -> None:
    patient.discord.faults.add("GET /gateway", status=503)
    await patient.serve(replies.REDIRECT)
    await patient.migrate()
    patient.settings["DATABASE_URL"] = f"sqlite+aiosqlite:///file:{patient.database}?mode=ro&uri=true"


async def shut_out(patient: Patient) -> None:
    patient.discord.faults.add("GET /gateway", status=429, via=False)
    empty = {"error": {"message": "user quota is not enough", "type": "one_api_error"}}
    await patient.serve(replies.json_reply(403, empty))
    # As where the extra is not installed.
    (patient.directory / "asyncpg.py").write_text("raise ModuleNotFoundError(\"No module named 'asyncpg'\")")
    patient.settings["DATABASE_URL"] = "postgresql+asyncpg://kinora:the-password@127.0.0.1:9/kinora"


async def out_of_room(patient: Patient) -> None:
    await patient.migrate()
    patient.largest_file = 4096
    patient.settings["DISCORD_API_URL"] = f"http://{await patient.listen(_login_page)}"
    patient.settings["VIDEO_API_URL"] = patient.service.url.replace("http:", "https:")


async def asked_for_tasks(patient: Patient) -> None:
    patient.settings |= {"VIDEO_API": "openrouter", "VIDEO_API_URL": patient.service.url}


async def asked_as_another(patient: Patient) -> None:
    patient.settings |= {"VIDEO_API": "videos", "VIDEO_API_URL": f"{patient.service.url}/api/v1"}


async def switched_off(patient: Patient) -> None:
    patient.settings |= {"VIDEO_API_URL": "https://api.openai.com", "VIDEO_MODELS": "sora-2"}


async def silent(patient: Patient) -> None:
    address = f"http://{await patient.listen(_say_nothing)}"
    patient.settings |= {"DISCORD_API_URL": address, "VIDEO_API_URL": address}


async def _login_page(_: web.Request) -> web.Response:
    return web.Response(text="<html>Welcome to the Wi-Fi", content_type="text/html")


async def _say_nothing(_: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


FORMER = {"name": "imagine", "description": "Of another bot that had this token.", "type": 1}
CASES = {
    case.__name__: case
    for case in (
        *(
            well,
            first_start,
            turned_away,
            cut_off,
            out_of_step,
            never_begun,
            not_allowed,
            moved_away,
            shut_out,
            out_of_room,
        ),
        *(silent, unbounded, bounded, asked_for_tasks, asked_as_another, switched_off, misspelt),
    )
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """What was found in each case so far: a run takes seconds, and has many findings."""
    return {}


@pytest.fixture(scope="module")
def commands() -> Commands:
    """The commands as Kinora sends them, once they were sent."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def examine(reports: dict[str, Report], commands: Commands, tmp_path: Path) -> Callable[[str], Awaitable[Report]]:
    """Return a function that lets the doctor look at a case, unless it has."""

    async def look(case: str) -> Report:
        if not commands:
            commands.extend(await _sent_commands(tmp_path))
        if case not in reports:
            async with a_patient(tmp_path / case, commands) as patient:
                await CASES[case](patient)
                reports[case] = await patient.check("--json")
        return reports[case]

    return look


async def _sent_commands(directory: Path) -> Commands:
    async with a_patient(directory / "first", []) as patient:
        bot = BotProcess(patient.discord, patient.service, patient.directory)
        await shell(patient.directory, "sync", **_own(bot.environment))
        sent = [request.body for request in patient.discord.requests if request.method == "PUT"]
    return list(sent[-1])


Examine = Callable[[str], Awaitable[Report]]


@pytest.mark.parametrize(
    ("case", "name", "state", "finding", "remedy"),
    [
        ("turned_away", "token", "wrong", "DISCORD_TOKEN is not accepted", "Copy it again from the application's page"),
        ("turned_away", "key", "wrong", "VIDEO_API_KEY is not accepted", "Copy it again from the service's page"),
        ("turned_away", "database", "wrong", "not a database", "put the latest backup in its place"),
        ("cut_off", "discord", "wrong", "Nothing answers at 127.0.0.1, port 9", "DISCORD_API_URL right?"),
        ("cut_off", "service", "wrong", "Nothing answers at 127.0.0.1, port 9", "Check VIDEO_API_URL"),
        ("cut_off", "database", "wrong", "locked", "Another program holds it"),
        ("out_of_step", "intents", "hint", "no use for: Message Content", "Switch them off"),
        ("out_of_step", "interactions", "wrong", "Discord sends commands there", "Empty that field"),
        ("out_of_step", "clock", "hint", "seconds behind", "timedatectl set-ntp true"),
        ("out_of_step", "commands", "wrong", "left over /imagine", "python -m bot sync"),
        ("out_of_step", "models", "wrong", "does not list sora_vidoe2", "VIDEO_MODELS"),
        ("out_of_step", "database_version", "hint", "version 0002", "the next start upgrades it"),
        ("out_of_step", "upgrade_copies", "hint", "2.0 MB", "Delete them"),
        ("misspelt", "unknown_settings", "hint", "MAX_JOB is no setting", "Did you mean MAX_JOBS?"),
        ("misspelt", "health_port", "wrong", "cannot be opened", "end what listens there"),
        ("misspelt", "charts", "hint", "without its chart", "-e '.[charts]'"),
        ("misspelt", "heic", "hint", "HEIC pictures", "-e '.[heic]'"),
        ("misspelt", "fit", "hint", "PyAV is not installed", "-e '.[fit]'"),
        ("misspelt", "metrics", "hint", "/metrics answers 501", "-e '.[metrics]'"),
        ("misspelt", "commands", "ok", "none of the", ""),
        ("first_start", "budget", "hint", "Nothing limits how many videos", "/operator cap"),
        ("unbounded", "budget", "hint", "Nothing limits how many videos", "/operator cap"),
        ("bounded", "budget", "ok", "There are limits", ""),
        ("out_of_step", "edit_pace", "hint", "PROGRESS_INTERVAL=0.1", "2.5"),
        ("out_of_step", "open_files", "hint", "MAX_JOBS=400000", "ulimit -n"),
        ("never_begun", "servers", "hint", "in no server yet", "https://discord.com/oauth2/authorize?client_id="),
        ("never_begun", "clock", "wrong", "seconds behind", "timedatectl set-ntp true"),
        ("never_begun", "commands", "wrong", "none of the", "python -m bot sync"),
        ("never_begun", "gateway", "wrong", "No greeting came from 127.0.0.1:9", "DISCORD_GATEWAY_URL right?"),
        ("never_begun", "service", "wrong", "A web page answers", "Compare VIDEO_API_URL"),
        (
            "never_begun",
            "database_version",
            "wrong",
            "A newer Kinora made the database",
            "Install the newer Kinora again",
        ),
        ("not_allowed", "database", "wrong", "annot create", "may write to that folder"),
        ("not_allowed", "pictures", "wrong", "cannot be kept", "Check DATABASE_URL"),
        ("not_allowed", "service", "unknown", "no list of models", "If videos fail as well"),
        ("moved_away", "discord", "wrong", "Discord is in trouble (HTTP 503)", "https://discordstatus.com"),
        (
            "moved_away",
            "service",
            "wrong",
            "sends on to http://localhost:9",
            "http://localhost:9 into VIDEO_API_URL",
        ),
        ("moved_away", "database", "wrong", "readonly", "chown"),
        ("shut_out", "discord", "wrong", "keeps this machine out", "wait an hour"),
        ("shut_out", "key", "wrong", "out of credit", "Top it up"),
        ("shut_out", "database", "wrong", "pip install -c constraints.txt -e '.[postgres]'", "Install it"),
        ("asked_for_tasks", "service", "ok", "The service answers at 127.0.0.1", ""),
        ("asked_for_tasks", "key", "ok", "VIDEO_API_KEY is taken", ""),
        ("asked_for_tasks", "models", "ok", "The service has sora_video2", ""),
        ("asked_for_tasks", "dialect", "ok", "seems to speak VIDEO_API=openrouter", ""),
        ("asked_as_another", "dialect", "wrong", "another dialect than VIDEO_API=videos", "Set VIDEO_API=openrouter."),
        ("switched_off", "models", "wrong", "Sora and its Videos API off on 2026-09-24", "VIDEO_API=openrouter"),
        ("out_of_room", "database", "wrong", "", "The disk has no room left"),
        ("out_of_room", "discord", "wrong", "not as Discord does", "DISCORD_API_URL right?"),
        ("out_of_room", "service", "wrong", "Nothing speaks TLS", "Check VIDEO_API_URL"),
        ("silent", "discord", "wrong", "no answer within", "DISCORD_API_URL right?"),
        ("silent", "service", "wrong", "no answer within", "Check VIDEO_API_URL"),
    ],
)
async def test_each_broken_state_has_its_finding_and_its_remedy(
    examine: Examine, case: str, name: str, state: str, finding: str, remedy: str
) -> None:
    report = await examine(case)

    ((how, what, cure),) = report.of(name)
    assert (how, finding in what, remedy in cure) == (state, True, True), (how, what, cure)
    assert report.code == (0 if '"ok": true' in report.output else 1)
    assert "Traceback" not in report.output


async def test_where_all_is_well_each_thing_is_named_once_and_the_exit_code_is_0(examine: Examine) -> None:
    report = await examine("well")

    found = json.loads(report.output)
    assert [row["name"] for row in found["findings"]] == list(EVERY_NAME)
    assert {row["state"] for row in found["findings"]} == {"ok"}
    assert (report.code, found["ok"]) == (0, True)


async def test_a_lack_in_several_channels_is_one_hint_and_what_is_closed_to_all_is_no_lack(examine: Examine) -> None:
    told = (await examine("out_of_step")).of("permissions")

    (lack, summary) = told
    assert lack[:2] == ("hint", "Kinora Test Server: Kinora lacks Embed Links, Attach Files in #art, #films.")
    assert "A manager of that server" in lack[2]
    assert summary[:2] == (
        "ok",
        "Looked at 8 channels. Kinora cannot see 1 of them, as it should be with private ones. In 1 members may only "
        "read.",
    )


async def test_what_every_server_lacks_as_a_whole_is_wrong_and_mended_by_the_invite_link(examine: Examine) -> None:
    report = await examine("not_allowed")

    (lack, _) = report.of("permissions")
    assert lack[:2] == (
        "wrong",
        "Kinora lacks Attach Files, Send Messages in Threads in the whole of these servers: "
        "Kinora Test Server, Another Server.",
    )
    assert "opens the invite link again and confirms: https://discord.com/oauth2/authorize" in lack[2]
    assert report.code == 1


@pytest.mark.parametrize(
    ("case", "wrong", "unknown"),
    [
        ("cut_off", ["database", "discord", "service"], 13),
        ("turned_away", ["database", "token", "key"], 10),
    ],
)
async def test_what_depends_on_something_wrong_is_unknown_and_not_wrong_as_well(
    examine: Examine, case: str, wrong: list[str], unknown: int
) -> None:
    rows = json.loads((await examine(case)).output)["findings"]

    assert [row["name"] for row in rows if row["state"] == "wrong"] == wrong
    assert sum(row["state"] == "unknown" for row in rows) == unknown


async def test_the_page_of_commands_names_every_finding(examine: Examine) -> None:
    section = PAGE.read_text("utf-8").split("`--json` prints", 1)[1].split("\n\n", 1)[0]
    named = set(re.findall(r"`(\w+)`", section))

    rows = [
        row
        for case in ("well", "out_of_step", "unbounded", "misspelt")
        for row in json.loads((await examine(case)).output)["findings"]
    ]
    of_a_file = {"services"}  # of several services, which these have not
    assert {row["name"] for row in rows} | of_a_file == named


async def test_no_secret_is_printed_in_any_state(examine: Examine) -> None:
    for case in ("well", "turned_away", "shut_out"):
        output = (await examine(case)).output
        for secret in ("playground.", KEY, "not.the.token", "not-the-key", "the-password"):
            assert secret not in output


async def test_looking_makes_no_database_and_no_folder_of_pictures(examine: Examine) -> None:
    assert (await examine("first_start")).left == {"films"}


async def test_looking_upgrades_nothing(examine: Examine) -> None:
    report = await examine("out_of_step")

    assert report.of("database_version")[0][0] == "hint"
    assert "kinora.db.before-0005" not in report.left


async def test_people_read_columns_with_the_remedy_below_and_a_last_line_that_names_what_is_wrong(
    tmp_path: Path, commands: Commands
) -> None:
    async with a_patient(tmp_path / "patient", commands or await _sent_commands(tmp_path)) as patient:
        await turned_away(patient)
        report = await patient.check()

    lines = report.output.splitlines()
    assert report.code == 1
    assert "ok     discord           Discord answers through 127.0.0.1" in report.output
    at = lines.index("WRONG  token             DISCORD_TOKEN is not accepted.")
    assert lines[at + 1].startswith(" " * 25 + "-> Copy it again")
    assert lines[-1] == "Wrong: database, token, key."
    assert all(len(line) <= 100 for line in lines if "/" not in line)
    together = [
        line for line in lines if line.startswith("?") and "Not looked at: intents, interactions, gateway" in line
    ]
    assert len(together) == 1


async def test_wrong_settings_are_told_all_at_once_as_json_too_with_exit_code_2(tmp_path: Path) -> None:
    code, output = await shell(tmp_path, "check", "--json", VIDEO_API_KEY="two words", PROGRESS_INTERVAL="soon")

    found = json.loads(output)
    assert (code, found["ok"]) == (2, False)
    assert {row["name"] for row in found["findings"]} == {"settings"}
    said = " ".join(row["finding"] for row in found["findings"])
    for name in ("DISCORD_TOKEN is missing", "VIDEO_API_URL is missing", "VIDEO_API_KEY must", "PROGRESS_INTERVAL"):
        assert name in said
    assert "two words" not in output


async def test_the_example_file_is_named_only_where_there_is_no_file_of_settings(tmp_path: Path) -> None:
    _, before = await shell(tmp_path, "run")
    (tmp_path / ".env").write_text("MAX_JOBS=many\n", "utf-8")
    _, after = await shell(tmp_path, "run")

    assert before.splitlines()[-1].startswith("Copy .env.example to .env")
    assert after.splitlines()[-1] == "Correct it in .env."
    assert "MAX_JOBS must be a whole number." in after.splitlines()

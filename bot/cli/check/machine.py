"""Checks this machine: Python, what is installed beside it, disk, folders, open files, the port of health."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path

import aiohttp
from yarl import URL

from bot.cli.check.findings import Finding, Severity
from bot.cli.check.http_probe import Answer, ask
from bot.installation.extras import Extra
from bot.operations.health import SERVER
from bot.settings import Settings

NAMES = ("python", "disk", "pictures", "open_files", "edit_pace", "fit", "heic", "charts", "metrics", "health_port")

TESTED_UP_TO = (3, 13)
LITTLE_ROOM = 1e9  # bytes
LEAST_INTERVAL = 1.0  # seconds; Discord takes about five edits of a reply in two seconds, then makes them wait
_FILES_FOR_A_JOB = 4  # connections to the service, to where the video lies and to Discord, and the file itself
_FILES_ANYWAY = 100
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a server on all addresses can be asked


async def check_machine(settings: Settings) -> list[Finding]:
    """Return the findings about what Kinora uses of this machine."""
    folder = settings.data_directory.absolute()
    return [
        _python(),
        _disk(folder),
        _pictures(folder / "pictures"),
        *_open_files(settings),
        _edit_pace(settings),
        _fit(settings),
        _heic(),
        _charts(),
        *await _health(settings),
    ]


def _python() -> Finding:
    major, minor, micro = sys.version_info[:3]
    what = f"Python {major}.{minor}.{micro}, aiohttp {aiohttp.__version__}."
    if (major, minor) > TESTED_UP_TO:
        newest = ".".join(map(str, TESTED_UP_TO))
        return Finding("python", Severity.HINT, what, f"Kinora is tested up to {newest}: use that if anything is odd.")
    return Finding("python", Severity.OK, what)


def _disk(folder: Path) -> Finding:
    place = _nearest(folder)
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Finding("disk", Severity.UNKNOWN, f"{place} could not be asked ({error.strerror}).")
    what = f"{free / 1e9:.1f} GB are free at {place}."
    if free < LITTLE_ROOM:
        remedy = "Make room: the database, pictures of the last 48 hours and videos on their way need some."
        return Finding("disk", Severity.HINT, what, remedy)
    return Finding("disk", Severity.OK, what)


def _pictures(folder: Path) -> Finding:
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"0")
    except OSError as error:
        what = f"Members' pictures cannot be kept in {folder}: {error.strerror}."
        remedy = "Check DATABASE_URL: pictures are kept beside the database."
        if isinstance(error, PermissionError):
            remedy = f"Let this user write there: sudo chown -R $(id -un) {place}"
        return Finding("pictures", Severity.WRONG, what, remedy)
    return Finding("pictures", Severity.OK, f"Members' pictures can be kept in {folder}.")


def _nearest(folder: Path) -> Path:
    """Return ``folder``, or its nearest parent that exists."""
    return next((place for place in (folder, *folder.parents) if place.exists()), folder)


def _open_files(settings: Settings) -> list[Finding]:
    if sys.platform == "win32":
        return []
    import resource  # there is none on Windows

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.max_jobs * _FILES_FOR_A_JOB + _FILES_ANYWAY
    if limit != resource.RLIM_INFINITY and limit < needed:
        what = f"This process may open {limit} files; MAX_JOBS={settings.max_jobs} may need {needed}."
        remedy = f"Lower MAX_JOBS, or allow more: ulimit -n {needed}, in systemd LimitNOFILE={needed}."
        return [Finding("open_files", Severity.HINT, what, remedy)]
    return [Finding("open_files", Severity.OK, f"This process may open enough for MAX_JOBS={settings.max_jobs}.")]


def _edit_pace(settings: Settings) -> Finding:
    interval = settings.progress_interval
    if interval < LEAST_INTERVAL:
        what = f"PROGRESS_INTERVAL={interval:g} is faster than Discord takes edits of one reply."
        return Finding("edit_pace", Severity.HINT, what, "Set it to 2.5, or take it out.")
    return Finding("edit_pace", Severity.OK, f"A reply changes at most every {interval:g} seconds.")


def _fit(settings: Settings) -> Finding:
    if not settings.video_fit:
        return Finding("fit", Severity.OK, "Videos that are too large for Discord stay links: VIDEO_FIT is false.")
    if not Extra.FIT.is_installed:
        what = "Videos that are too large for Discord stay links, since PyAV is not installed."
        return Finding("fit", Severity.HINT, what, f"Set VIDEO_FIT=false, or: {Extra.FIT.how_to_add}")
    return Finding("fit", Severity.OK, "Videos that are too large for Discord are made smaller.")


def _heic() -> Finding:
    if not Extra.HEIC.is_installed:
        what = "HEIC pictures, as iPhones take them, are turned away, since pillow-heif is not installed."
        return Finding("heic", Severity.HINT, what, f"To add it: {Extra.HEIC.how_to_add}")
    return Finding("heic", Severity.OK, "HEIC pictures are taken.")


def _charts() -> Finding:
    if not Extra.CHARTS.is_installed:
        what = "/usage comes without its chart, since matplotlib is not installed."
        return Finding("charts", Severity.HINT, what, f"To add it: {Extra.CHARTS.how_to_add}")
    return Finding("charts", Severity.OK, "/usage comes with a chart.")


async def _health(settings: Settings) -> list[Finding]:
    """Return the findings about what ``HEALTH_PORT`` opens, none where it is not set."""
    if settings.health_port is None:
        return []
    metrics = Finding("metrics", Severity.OK, "/metrics can be served.")
    if not Extra.METRICS.is_installed:
        what = "/metrics answers 501, since prometheus-client is not installed."
        metrics = Finding("metrics", Severity.HINT, what, f"To add it: {Extra.METRICS.how_to_add}")
    return [metrics, await _port(settings.health_host, settings.health_port)]


async def _port(host: str, port: int) -> Finding:
    """Return whether the port is free, or held by a Kinora that runs."""
    if _is_free(host, port):
        return Finding("health_port", Severity.OK, f"HEALTH_PORT {port} is free.")
    answer = await ask(str(URL.build(scheme="http", host=_LOOPBACK.get(host, host), port=port, path="/healthz")))
    if isinstance(answer, Answer) and answer.headers.get("Server") == SERVER:
        return Finding("health_port", Severity.OK, f"A Kinora that runs answers on HEALTH_PORT {port}.")
    what = f"HEALTH_PORT {port} of {host} cannot be opened: Kinora would not start."
    return Finding("health_port", Severity.WRONG, what, "Choose another one, or end what listens there.")


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False

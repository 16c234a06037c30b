"""The two bots as processes, measured from outside: their processor time and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from benchmarks.live.stand_ins import StandIns

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_JOBS = 1200  # more than are ever live, so that none has to wait for its turn
STOP_WITHIN = 60.0  # seconds

_KINORA = ("-m", "bot", "run", "--env-file", os.devnull)
_COMMANDS = {
    "kinora": _KINORA,
    "kinora, tasks": _KINORA,
    "naive": ("-m", "benchmarks.naive_bot"),
}
_INHERITED = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV")

BOTS = ("kinora", "naive")
WITH_TASKS = "kinora, tasks"  # the same with a service that it polls


class Bot:
    """One running bot, connected to its gateway. ``seconds_to_ready`` is the time from its start to READY."""

    def __init__(self, name: str, pid: int, seconds_to_ready: float) -> None:
        self.name = name
        self.seconds_to_ready = seconds_to_ready
        self._process = psutil.Process(pid)

    def cpu(self) -> float:
        """Return the processor seconds used so far."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Return the resident bytes."""
        return int(self._process.memory_info().rss)

    def kill(self) -> None:
        """Kill it without a shutdown."""
        self._process.kill()


@contextmanager
def running(name: str, stand_ins: StandIns, folder: Path, source: Path = ROOT) -> Iterator[Bot]:
    """
    Start the bot of that name, its database and log in ``folder``, and stop it as systemd does.

    ``source`` is the checkout that it runs from.
    """
    started = time.monotonic()
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *_COMMANDS[name]],
            env=_environment(name, stand_ins.settings, folder, source),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield Bot(name, process.pid, stand_ins.wait_until("up") - started)
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        stand_ins.wait_until("down")


def _environment(name: str, settings: Mapping[str, str], folder: Path, source: Path) -> dict[str, str]:
    inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    hosts = [url.split("//")[1].split("/")[0] for url in (settings["DISCORD_API_URL"], settings["VIDEO_API_URL"])]
    kinora = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{(folder / f'{name}.db').as_posix()}",
        "VIDEO_ALLOWED_HOSTS": ",".join((*hosts, "localhost")),
        "MAX_JOBS": str(MOST_JOBS),
    }
    own = {
        "kinora": kinora,
        WITH_TASKS: kinora | {"VIDEO_API": "videos"},
        "naive": {"DATABASE": str(folder / "naive.db")},
    }
    return inherited | dict(settings) | own[name] | {"PYTHONPATH": str(source)}

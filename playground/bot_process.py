"""Runs the real bot as a process that talks to the playground's servers; several in one directory are a fleet."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playground.fake_discord.server import DiscordServer
from playground.fake_video_service.server import VideoService

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = ROOT / "playground" / "fake_video_service" / "comfyui" / "workflow.json"
STOP_TIMEOUT = 45.0  # seconds; more than the bot's own grace for jobs and last edits

# What the bot inherits from the environment; its settings never come from outside the playground.
_INHERITED = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")


class BotProcess:
    """Starts ``python -m bot`` against the servers, any number of times; its database and log are in ``directory``."""

    def __init__(
        self,
        discord: DiscordServer,
        service: VideoService,
        directory: Path,
        settings: Mapping[str, str] | None = None,
        *,
        name: str = "bot",
    ) -> None:
        self.directory = directory
        self.database = directory / "kinora.db"
        self.log = directory / f"{name}.log"
        self._discord = discord
        self._service = service
        self._settings = dict(settings or {})
        self._process: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings that the bot is started with, and what a process needs from the environment."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        hosts = [urlsplit(url).netloc for url in (self._service.url, self._discord.api_url)]
        hosts.append(f"localhost:{urlsplit(self._service.url).port}")
        alone = {
            "VIDEO_API_URL": self._service.url,
            "VIDEO_API_KEY": self._service.key,
            "COMFYUI_WORKFLOW": str(WORKFLOW),
        }
        service = {} if "SERVICES_FILE" in self._settings else alone
        return inherited | {
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self._discord.token,
            "DISCORD_API_URL": self._discord.api_url,
            "DISCORD_GATEWAY_URL": self._discord.gateway_url,
            **service,
            "VIDEO_ALLOWED_HOSTS": ",".join(hosts),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database.as_posix()}",
            **self._settings,
        }

    def configure(self, settings: Mapping[str, str]) -> None:
        """Start with these settings too, from the next start on."""
        self._settings |= settings

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process id. Raises RuntimeError if the bot was never started."""
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return self._process.pid

    async def start(self) -> None:
        """Start the process; ``DiscordServer.wait_until_ready`` returns when it has logged in."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run", "--env-file", os.devnull),
                env=self.environment,
                cwd=self.directory,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def stop(self, within: float = STOP_TIMEOUT) -> int:
        """Terminate it as Docker does and return its exit code; after `within` seconds it is killed."""
        self.terminate()
        return await self._wait(self._process, within) if self._process else 0

    def terminate(self) -> None:
        """Send SIGTERM and do not wait."""
        if self._process and self._process.returncode is None:
            self._process.terminate()

    async def kill(self) -> None:
        """Kill it without a shutdown."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def exited(self) -> int:
        """Wait until the process exits by itself and return its exit code."""
        return await self._process.wait() if self._process else 0

    async def _wait(self, process: Process, within: float) -> int:
        try:
            async with asyncio.timeout(within):
                return await process.wait()
        except TimeoutError:
            process.kill()
            return await process.wait()

"""The whole playground: a fake Discord, one or two fake video services, and the real bot between them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from playground.bot_process import BotProcess
from playground.clock import Clock
from playground.fake_discord.server import DiscordServer
from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.server import VideoService
from playground.services_file import HOME, HOME_KEY, RELAY, write_services

KEY = "playground-key"
# Values of VIDEO_API that the playground's video service speaks.
APIS = (
    "chat",
    "videos",
    "openrouter",
    "xai",
    "comfyui",
)
READY_TIMEOUT = 60.0  # seconds; the first start compiles every module


class BotDiedError(Exception):
    """The bot exited before it was ready; the text is the end of its log."""


class Playground:
    """
    Use it with ``async with``: inside, both servers listen on loopback and the bot is ready.

    Films, the bot's database and its log are in ``directory``. ``pace`` multiplies the video service's waits.
    With ``relay_api``, one of ``APIS``, there are two services in a ``services.toml``, of which the first speaks that.
    """

    def __init__(
        self,
        directory: Path,
        *,
        pace: float = 1.0,
        plan: FilmPlan | None = None,
        settings: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        relay_api: str | None = None,
    ) -> None:
        self.films = directory / "films"
        self.discord = DiscordServer(clock=clock)
        keys = {RELAY: KEY} if relay_api is None else {RELAY: KEY, HOME: HOME_KEY}
        self.services = {
            name: VideoService(key, self.films, pace=pace, plan=plan or FilmPlan()) for name, key in keys.items()
        }
        self.service = self.services[RELAY]
        self._relay_api = relay_api
        self.bot = BotProcess(self.discord, self.service, directory / "bot", settings)

    async def __aenter__(self) -> Self:
        await self.discord.start()
        for service in self.services.values():
            await service.start()
        try:
            if self._relay_api is not None:
                self._describe_services(self._relay_api)
            await self.start_bot()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def start_bot(self) -> None:
        """Start the bot and wait until it is ready. Raises BotDiedError."""
        await self.bot.start()
        ready = asyncio.create_task(self.discord.wait_until_ready(READY_TIMEOUT))
        exited = asyncio.create_task(self.bot.exited())
        try:
            await asyncio.wait([ready, exited], return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                raise BotDiedError(self._log_tail())
            ready.result()
        finally:
            ready.cancel()
            exited.cancel()
            await asyncio.wait([ready, exited])

    def _describe_services(self, relay_api: str) -> None:
        described = write_services(self.bot.directory / "services.toml", relay_api, self.services)
        hosts = (self.bot.environment["VIDEO_ALLOWED_HOSTS"], urlsplit(self.services[HOME].url).netloc)
        self.bot.configure({**described, "VIDEO_ALLOWED_HOSTS": ",".join(hosts)})

    def _log_tail(self) -> str:
        return "\n".join(self.bot.log.read_text("utf-8", "replace").splitlines()[-20:])

    async def _close(self) -> None:
        await self.bot.stop()
        for service in self.services.values():
            await service.stop()
        await self.discord.stop()

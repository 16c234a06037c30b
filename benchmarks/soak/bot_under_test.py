"""The bot in a running playground, as the soak tests drive and inspect it: commands, kills, rows, requests, log."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from PIL import Image

from playground.fake_discord.server import Interaction, Upload
from playground.fake_discord.world.entities import Channel, User
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.playground import Playground

GONE_TIMEOUT = 10.0  # seconds until the fake Discord notices that the process is dead

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """One ``/video``; ``kills`` counts the bot's processes killed before it was sent."""

    prompt: str
    interaction: Interaction
    kills: int


class BotUnderTest:
    """Sends commands to the bot of an open playground, kills it, and reads its database and log from outside."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.discord = playground.discord
        self.kills = 0
        self.left_behind: Counter[str] = Counter()  # unfinished jobs at each kill, by state
        self._picture = Upload("picture.png", _small_picture(), content_type="image/png")
        self._log_read = 0

    async def send_command(self, person: User, channel: Channel, prompt: str) -> Command:
        """Let ``person`` use ``/video``, whether or not the bot is running."""
        kills = self.kills
        options = {"prompt": prompt, "image": self._picture}
        return Command(prompt, await self.discord.slash(person, channel, "video", options), kills)

    async def without_pauses(self) -> None:
        """Switch off the pause that members get after refused prompts."""
        for guild in self.discord.world.guilds.values():
            channel = guild.channels[0]
            changed = await self.discord.slash(guild.owner, channel, "limits refusals", {"pause_after": 0})
            await changed.acknowledged.wait()
            await self.discord.wait_for(changed, lambda message: not message.thinking)

    async def kill(self) -> None:
        """Kill the bot, and return when the fake Discord has noticed it."""
        self.kills += 1
        await self.playground.bot.kill()
        await self.discord.wait_until_gone(GONE_TIMEOUT)
        open_jobs = self.rows("SELECT state FROM jobs WHERE delivery IS NULL")
        self.left_behind.update("ended, not shown" if job["state"] == "done" else job["state"] for job in open_jobs)

    async def kill_while_starting(self, after: float) -> None:
        """Start the bot and kill it after ``after`` seconds, however far it has started by then."""
        await self.playground.bot.start()
        await asyncio.sleep(after)
        await self.kill()

    def rows(self, query: str, *values: object) -> list[Record]:
        """Return rows of the bot's database."""
        with closing(sqlite3.connect(self.playground.bot.database, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def jobs(self, commands: list[Command]) -> list[Record]:
        """Return the rows of these commands' prompts."""
        prompts = {command.prompt for command in commands}
        return [row for row in self.rows("SELECT * FROM jobs ORDER BY created_at") if row["prompt"] in prompts]

    def requests(self) -> dict[str, list[RecordedRequest]]:
        """Return the requests that the video service has read, oldest first, by their prompt."""
        found: dict[str, list[RecordedRequest]] = {}
        for request in self.playground.service.requests:
            if request.body is not None:
                found.setdefault(request.prompt, []).append(request)
        return found

    def new_log(self) -> str:
        """Return what the bot has logged since the last call."""
        with self.playground.bot.log.open("rb") as log:
            log.seek(self._log_read)
            text = log.read()
        self._log_read += len(text)
        return text.decode("utf-8", "replace")


def _small_picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((96, 64)).convert("RGB").save(out, "PNG")
    return out.getvalue()

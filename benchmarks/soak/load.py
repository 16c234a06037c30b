"""A steady load: a given number of jobs is live at any time; each job that ends is followed by another."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from benchmarks.soak.bot_under_test import BotUnderTest, Command
from playground.fake_discord.world.entities import Channel, User

# All end by themselves within about half a minute; one in five without a video.
WORDS = ("", "", "", "", "#silent", "#no-done", "#retry-inside", "#expiring", "#refuse-result", "#fail")
TICK = 0.5  # seconds
AT_ONCE = 6  # commands per tick: the load rises within half a minute, and the ends of jobs stay spread out
PEOPLE, CHANNELS = 20, 6

_OVER = "SELECT message_id FROM jobs WHERE delivery IS NOT NULL AND message_id >= ?"


@dataclass(slots=True)
class Load:
    """Sends commands from ``places`` and tracks them. The people must exist before the bot starts."""

    bot: BotUnderTest
    size: int
    chance: random.Random
    places: list[tuple[User, Channel]]
    commands: list[Command] = field(default_factory=list)
    live: list[Command] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)  # live jobs, each tick

    async def run(self, seconds: float) -> None:
        """Keep up the load for ``seconds``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._drop_finished()
            self.levels.append(len(self.live))
            for _ in range(min(AT_ONCE, self.size - len(self.live))):
                prompt = f"job {len(self.commands)} {self.chance.choice(WORDS)}".strip()
                command = await self.bot.send_command(*self.chance.choice(self.places), prompt)
                self.commands.append(command)
                self.live.append(command)
            await asyncio.sleep(TICK)

    async def drain(self, within: float) -> bool:
        """Send no further commands; return whether all live jobs ended in time."""
        end = time.monotonic() + within
        while self.live and time.monotonic() < end:
            await asyncio.sleep(TICK)
            self._drop_finished()
        return not self.live

    def _drop_finished(self) -> None:
        """Drop the commands whose jobs have ended."""
        first = min((_reply(command) for command in self.live), default=0)
        over = {row["message_id"] for row in self.bot.rows(_OVER, first)}
        self.live = [command for command in self.live if not (_reply(command) in over or failed_visibly(command))]


def failed_visibly(command: Command) -> bool:
    """Whether the command itself failed, and the member was told so."""
    message = command.interaction.message
    return command.interaction.failed or bool(message and (message.ephemeral or message.deleted))


def _reply(command: Command) -> int:
    """Return the id of the command's reply, or a lower bound of it: Discord's ids grow with time."""
    message = command.interaction.message
    return message.id if message else command.interaction.id


def populate(bot: BotUnderTest) -> list[tuple[User, Channel]]:
    """Add people and channels to the first server, and return all pairs of them."""
    world = bot.discord.world
    guild = next(iter(world.guilds.values()))
    people = [world.add_user(f"guest{number}", f"Guest {number}") for number in range(PEOPLE)]
    for person in people:
        world.add_member(guild, person)
    channels = [world.add_channel(guild, f"stage-{number}") for number in range(CHANNELS)]
    return [(person, channel) for person in people for channel in channels]

"""A load that stays: as many jobs as asked for are live at any time, each one that ends is followed by another."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from benchmarks.soak.scene import Command, Scene
from playground.fake_discord.world.entities import Channel, User

# All end by themselves within half a minute or so; one in five without a video.
WORDS = ("", "", "", "", "#silent", "#no-done", "#retry-inside", "#expiring", "#refuse-result", "#fail")
TICK = 0.5  # seconds
AT_ONCE = 6  # commands in one tick: the load rises within half a minute, and its ends stay spread out
PEOPLE, CHANNELS = 20, 6

_OVER = "SELECT message_id FROM jobs WHERE delivery IS NOT NULL AND message_id >= ?"


@dataclass(slots=True)
class Load:
    """Who asks where, and what was asked so far. The people must be there before the bot is."""

    scene: Scene
    size: int
    chance: random.Random
    places: list[tuple[User, Channel]]
    commands: list[Command] = field(default_factory=list)
    live: list[Command] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)  # live jobs, each tick

    async def run(self, seconds: float) -> None:
        """Keep the load up for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._look()
            self.levels.append(len(self.live))
            for _ in range(min(AT_ONCE, self.size - len(self.live))):
                prompt = f"job {len(self.commands)} {self.chance.choice(WORDS)}".strip()
                command = await self.scene.ask(*self.chance.choice(self.places), prompt)
                self.commands.append(command)
                self.live.append(command)
            await asyncio.sleep(TICK)

    async def ebb(self, within: float) -> bool:
        """Ask for nothing more, and return whether all that is live has come to its end in time."""
        end = time.monotonic() + within
        while self.live and time.monotonic() < end:
            await asyncio.sleep(TICK)
            self._look()
        return not self.live

    def _look(self) -> None:
        """Let go of what is over."""
        first = min((_reply(command) for command in self.live), default=0)
        over = {row["message_id"] for row in self.scene.rows(_OVER, first)}
        self.live = [command for command in self.live if not (_reply(command) in over or is_told(command))]


def is_told(command: Command) -> bool:
    """Whether the command itself failed, and Discord or the bot said so."""
    message = command.interaction.message
    return command.interaction.failed or bool(message and (message.ephemeral or message.deleted))


def _reply(command: Command) -> int:
    """Return the id of the command's reply, or of what will be a reply: the ids of Discord grow."""
    message = command.interaction.message
    return message.id if message else command.interaction.id


def populate(scene: Scene) -> list[tuple[User, Channel]]:
    """Add people and channels to the first server, and return who may ask where."""
    world = scene.discord.world
    guild = next(iter(world.guilds.values()))
    people = [world.add_user(f"guest{number}", f"Guest {number}") for number in range(PEOPLE)]
    for person in people:
        world.add_member(guild, person)
    channels = [world.add_channel(guild, f"stage-{number}") for number in range(CHANNELS)]
    return [(person, channel) for person in people for channel in channels]

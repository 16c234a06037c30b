"""Generates load: people who use ``/video`` at a given rate, and the replies that they wait for."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from benchmarks.live.job_log import JobLog, JobProgress, JobTimes
from benchmarks.live.world import Place
from playground.fake_discord.gateway.gateway import Gateway
from playground.fake_discord.payloads.entities import user_payload
from playground.fake_discord.payloads.interactions import installation_owners, interaction_payload
from playground.fake_discord.payloads.messages import message_payload
from playground.fake_discord.people.command_calls import OptionType
from playground.fake_discord.state.cdn import Cdn
from playground.fake_discord.state.commands import CommandKind, Commands
from playground.fake_discord.state.replies import bare_reply
from playground.fake_discord.world.entities import DEFAULT_UPLOAD_LIMIT, Channel, User
from playground.fake_discord.world.interaction import Interaction, InteractionType
from playground.fake_discord.world.world import World

PROMPT = "let the old keeper of the lighthouse climb his stairs once more while the storm is coming in, job {number}"


@dataclass(slots=True)
class TimedReply:
    """A reply that is logged. ``message`` is its JSON, ``film`` the path that its final link must contain."""

    times: JobTimes
    progress: JobProgress
    acknowledgement: dict[str, Any]
    message: dict[str, Any]
    film: str


class LoadGenerator:
    """Sends the interactions. ``picture_link`` is the URL of the picture attached to all of them."""

    def __init__(self, world: World, places: list[Place], gateway: Gateway, commands: Commands, log: JobLog) -> None:
        self.picture_link = ""
        self.replies: dict[str, TimedReply] = {}  # by the interaction's token
        self._world = world
        self._places = cycle(places)
        self._gateway = gateway
        self._commands = commands
        self._log = log
        self._cdn = Cdn(world.clock)

    async def run(self, count: int, per_second: float) -> None:
        """Send ``count`` commands, ``per_second`` of them a second."""
        begun = time.monotonic()
        for place in range(count):
            await asyncio.sleep(begun + place / per_second - time.monotonic())
            await self._send_command()

    async def _send_command(self) -> None:
        person, channel = next(self._places)
        interaction = self._interaction(person, channel)
        number = self._log.add_job()
        bare = bare_reply(self._world, interaction, ephemeral=False)
        acknowledgement = {
            "id": str(interaction.id),
            "type": int(interaction.type),
            "channel_id": str(channel.id),
            "guild_id": str(channel.guild.id) if channel.guild else None,
            "response_message_id": str(bare.id),
            "response_message_loading": True,
            "response_message_ephemeral": False,
        }
        self.replies[interaction.token] = TimedReply(
            self._log.jobs[number],
            self._log.progress[number],
            acknowledgement,
            message_payload(bare, self._cdn),
            f"/film/{number}.mp4",
        )
        payload = interaction_payload(interaction, self._command_data(number), self._world)
        self._log.jobs[number].requested = time.monotonic()
        await self._gateway.dispatch("INTERACTION_CREATE", payload, channel.guild.id if channel.guild else None)

    def _interaction(self, person: User, channel: Channel) -> Interaction:
        interaction_id = self._world.ids.next()
        metadata = {
            "id": str(interaction_id),
            "type": int(InteractionType.COMMAND),
            "user": user_payload(person),
            "authorizing_integration_owners": installation_owners(channel),
        }
        return Interaction(
            id=interaction_id,
            type=InteractionType.COMMAND,
            person=person,
            channel=channel,
            name="video",
            token=secrets.token_urlsafe(96),
            created_at=self._world.clock.now(),
            attachment_size_limit=DEFAULT_UPLOAD_LIMIT,
            metadata=metadata,
        )

    def _command_data(self, number: int) -> dict[str, Any]:
        """Return the interaction's ``data``: the command and its options."""
        definition = self._commands.find(CommandKind.SLASH, "video", None)
        picture = str(self._world.ids.next())
        attachment = {
            "id": picture,
            "filename": "picture.jpg",
            "size": 50_000,
            "url": self.picture_link,
            "proxy_url": self.picture_link,
            "content_type": "image/jpeg",
            "width": 640,
            "height": 480,
            "ephemeral": True,
        }
        return {
            "id": definition["id"],
            "name": "video",
            "type": int(CommandKind.SLASH),
            "options": [
                {"name": "prompt", "type": int(OptionType.STRING), "value": PROMPT.format(number=number)},
                {"name": "image", "type": int(OptionType.ATTACHMENT), "value": picture},
            ],
            "resolved": {"attachments": {picture: attachment}},
        }

"""The interactions sent to the bot: each must be acknowledged in time, and its token expires."""

from __future__ import annotations

import asyncio
import base64
import secrets
from datetime import timedelta

from playground.fake_discord.state.events import Event, Events
from playground.fake_discord.world.errors import (
    already_acknowledged,
    token_expired,
    unknown_channel,
    unknown_interaction,
    unknown_webhook,
)
from playground.fake_discord.world.interaction import Interaction
from playground.fake_discord.world.world import World

ACKNOWLEDGE_WITHIN = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)


class Interactions:
    """All interactions by id and by token, each with a deadline for its acknowledgement."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self._deadlines: set[asyncio.Task[None]] = set()

    def new_token(self, interaction_id: int) -> str:
        """A token in Discord's format."""
        return base64.urlsafe_b64encode(f"interaction:{interaction_id}:{secrets.token_hex(32)}".encode()).decode()

    def open(self, interaction: Interaction) -> None:
        """Start the three seconds in which the bot must answer."""
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self.changed(interaction)
        deadline = asyncio.create_task(self._expire(interaction), name=f"deadline of interaction {interaction.id}")
        self._deadlines.add(deadline)
        deadline.add_done_callback(self._deadlines.discard)

    async def close(self) -> None:
        """Stop all running deadlines."""
        deadlines = list(self._deadlines)
        for deadline in deadlines:
            deadline.cancel()
        await asyncio.gather(*deadlines, return_exceptions=True)

    def changed(self, interaction: Interaction) -> None:
        """Publish that the interaction has a new state."""
        self._events.publish(Event("interaction", self._world.clock.now(), interaction=interaction))

    def to_acknowledge(self, interaction_id: int, token: str) -> Interaction:
        """The interaction of a callback; raises 10062 when unknown or too late, 40060 when answered already."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token or interaction.failed or interaction.killed_as:
            raise unknown_interaction()
        if interaction.acknowledged.is_set():
            raise already_acknowledged()
        return interaction

    def of_webhook(self, application_id: int, token: str) -> Interaction:
        """The interaction of a webhook route; raises 10015 when unknown or unanswered, 50027 when expired.

        With its channel the webhook is gone as well (10003).
        """
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self._world.application_id:
            raise unknown_webhook()
        expired = self._world.clock.now() >= interaction.created_at + TOKEN_LIFE
        if interaction.killed_as == "401" or expired:
            raise token_expired()
        if interaction.killed_as == "404" or not interaction.acknowledged.is_set():
            raise unknown_webhook()
        if interaction.channel.id not in self._world.channels:
            raise unknown_channel()
        return interaction

    def acknowledge(self, interaction: Interaction) -> None:
        """Mark the interaction as answered in time."""
        interaction.acknowledged.set()
        interaction.settled.set()
        self.changed(interaction)

    async def _expire(self, interaction: Interaction) -> None:
        """Fail the interaction at its deadline: its token is void and the person sees that the bot did not respond."""
        until_deadline = asyncio.ensure_future(
            self._world.clock.sleep_until(interaction.created_at + ACKNOWLEDGE_WITHIN)
        )
        answered = asyncio.ensure_future(interaction.acknowledged.wait())
        try:
            await asyncio.wait({until_deadline, answered}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            until_deadline.cancel()
            answered.cancel()
        if not interaction.acknowledged.is_set():
            interaction.failed = True
            interaction.settled.set()
            self.changed(interaction)

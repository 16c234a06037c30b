"""An interaction: one use of the bot by a person, and the bot's answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message

TokenDeath = Literal["401", "404"]


class InteractionType(IntEnum):
    """What a person did (docs: interactions/receiving-and-responding)."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


@dataclass(eq=False)
class Interaction:
    """One use of a command, button, select, modal or autocomplete.

    `message` is the reply (for a component answered by an update: the component's own message), `followups`
    the messages after it, `modal` the modal or `choices` the suggestions it was answered with. `source` is the message
    whose component was used. `acknowledged` is set when the bot answered in time; `settled` also when it did not.
    """

    id: int
    type: InteractionType
    person: User
    channel: Channel
    name: str
    token: str
    created_at: datetime
    attachment_size_limit: int
    metadata: dict[str, Any]
    source: Message | None = None
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    failed: bool = False
    deferred: bool = False
    ephemeral: bool = False
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    killed_as: TokenDeath | None = None

"""A message and its attachments, as Discord stores them."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag
from typing import Any

from playground.fake_discord.world.entities import Channel, User


class MessageFlag(IntFlag):
    """Message flags that the fake supports (docs: resources/message)."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_COMPONENTS_V2 = 1 << 15


NO_FLAGS = MessageFlag(0)


class MessageType(IntEnum):
    """How a message came to be."""

    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on the CDN. `path` is its place there; each answer gets a newly signed URL."""

    id: int
    filename: str
    size: int
    content_type: str
    path: str
    width: int | None = None
    height: int | None = None
    description: str | None = None
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Pings:
    """The users and roles that a message notified when it was sent. Edits never notify."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


@dataclass(eq=False)
class Message:
    """One message. The world keeps the live object; watchers get snapshots of it.

    `components` and `embeds` are as Discord answers them (ids given, media resolved); `embedded` holds the ids of
    attachments that an embed shows; `mentions` are the people named in the text, `pings` those who were notified.
    `only_for` is set on ephemeral messages.
    """

    id: int
    channel: Channel
    author: User
    created_at: datetime
    type: MessageType = MessageType.DEFAULT
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    embedded: set[int] = field(default_factory=set)
    flags: MessageFlag = NO_FLAGS
    edited_at: datetime | None = None
    edits: int = 0
    deleted: bool = False
    only_for: User | None = None
    mentions: list[User] = field(default_factory=list)
    mentions_everyone: bool = False
    mentioned_roles: list[int] = field(default_factory=list)
    pings: Pings = Pings()
    interaction_metadata: dict[str, Any] | None = None
    command_name: str | None = None
    replies_to: Message | None = None
    forwards: Message | None = None
    stickers: list[dict[str, Any]] = field(default_factory=list)
    nonce: str | int | None = None

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it; only interaction tokens reach such a message."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """Whether it is a deferred reply that is not filled yet."""
        return bool(self.flags & MessageFlag.LOADING)

    @property
    def components_v2(self) -> bool:
        """Whether it shows only components; the flag cannot be removed."""
        return bool(self.flags & MessageFlag.IS_COMPONENTS_V2)

    def visible_to(self, user: User) -> bool:
        """Whether `user` sees it among the messages of its channel."""
        return not self.deleted and (self.only_for is None or self.only_for is user)

    def snapshot(self) -> Message:
        """A copy that later edits do not change."""
        taken = copy.copy(self)
        taken.embeds = copy.deepcopy(self.embeds)
        taken.components = copy.deepcopy(self.components)
        taken.attachments = list(self.attachments)
        taken.mentions = list(self.mentions)
        return taken

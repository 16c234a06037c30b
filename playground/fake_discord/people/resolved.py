"""The `resolved` part of an interaction: the objects that its values refer to."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.payloads.entities import channel_payload, member_payload, role_payload, user_payload
from playground.fake_discord.world.entities import Channel, Role, User

_NOT_OF_A_PARTIAL_MEMBER = {"user", "deaf", "mute"}


class Resolved:
    """Objects that `person` refers to in `channel`; each `add` returns the id that is the object's value."""

    def __init__(self, person: User, channel: Channel) -> None:
        self.person = person
        self.channel = channel
        self._lists: dict[str, dict[str, Any]] = {}

    @property
    def part(self) -> dict[str, Any]:
        """The part of an interaction's `data` that holds them; empty if there are none."""
        return {"resolved": self._lists} if self._lists else {}

    def add(self, thing: User | Role | Channel) -> str:
        """Add a person (also as a member, where they are one), a role or a channel."""
        if isinstance(thing, User):
            return self._add_user(thing)
        if isinstance(thing, Role):
            return self._list("roles", role_payload(thing))
        permissions = str(int(thing.permissions_of(self.person)))
        return self._list("channels", channel_payload(thing) | {"permissions": permissions})

    def add_attachment(self, payload: dict[str, Any]) -> str:
        """Add a file that is stored on the CDN already."""
        return self._list("attachments", payload)

    def _add_user(self, user: User) -> str:
        member = self.channel.guild.members.get(user.id) if self.channel.guild else None
        if member is not None:
            shown = {key: value for key, value in member_payload(member).items() if key not in _NOT_OF_A_PARTIAL_MEMBER}
            shown["permissions"] = str(int(self.channel.permissions_of(user)))
            self._lists.setdefault("members", {})[str(user.id)] = shown
        return self._list("users", user_payload(user))

    def _list(self, kind: str, payload: dict[str, Any]) -> str:
        self._lists.setdefault(kind, {})[payload["id"]] = payload
        return str(payload["id"])

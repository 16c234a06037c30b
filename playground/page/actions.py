"""Turns frames of the page into actions of a person in the fake Discord: commands, clicks, modals, messages."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.server import CannotDo, DiscordServer, Interaction, NotAllowed, Upload
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import Permission
from playground.page.presenter import can_see
from playground.page.upload_store import UploadStore

Frame = dict[str, Any]


class Actions:
    """Actions of one person. Each raises CannotDo, with a sentence for the page, where Discord would not allow it."""

    def __init__(self, discord: DiscordServer, uploads: UploadStore, person: User) -> None:
        self._discord = discord
        self._uploads = uploads
        self._person = person
        self._interactions: dict[int, Interaction] = {}

    def started(self, interaction: Interaction) -> bool:
        """Whether the interaction was started on this page."""
        return interaction.id in self._interactions

    def channel(self, frame: Frame) -> Channel:
        """The channel a frame names; CannotDo unless the person can see it."""
        channel = self._discord.world.channels.get(_number(frame.get("channel_id")))
        if channel is None or not can_see(self._person, channel):
            raise CannotDo("The channel is not there.")
        return channel

    async def slash(self, frame: Frame) -> Interaction:
        """Use a slash command."""
        return self._remember(
            await self._discord.slash(
                self._person, self.channel(frame), str(frame.get("command")), self._options(frame)
            )
        )

    async def autocomplete(self, frame: Frame) -> list[dict[str, Any]]:
        """Type in an option and return the bot's suggestions."""
        focused = str(frame.get("focused"))
        options = {focused: ""} | self._options(frame)
        command = str(frame.get("command"))
        return await self._discord.autocomplete(self._person, self.channel(frame), command, focused, options)

    async def menu(self, frame: Frame) -> Interaction:
        """Use an entry of a message's menu."""
        message = self._message(frame)
        command = str(frame.get("command"))
        return self._remember(await self._discord.message_menu(self._person, message.channel, command, message))

    async def click(self, frame: Frame) -> Interaction:
        """Press a button."""
        message = self._message(frame)
        return self._remember(await self._discord.click(self._person, message, str(frame.get("custom_id"))))

    async def choose(self, frame: Frame) -> Interaction:
        """Choose in a select."""
        values = [str(value) for value in _list(frame.get("values"))]
        message = self._message(frame)
        return self._remember(await self._discord.choose(self._person, message, str(frame.get("custom_id")), values))

    async def modal(self, frame: Frame) -> Interaction:
        """Submit a modal that the bot opened in answer to an earlier action."""
        interaction = self._interactions.get(_number(frame.get("interaction_id")))
        if interaction is None:
            raise CannotDo("The window is no longer open.")
        values = {name: self._field(value) for name, value in _object(frame.get("values")).items()}
        return self._remember(await self._discord.submit_modal(self._person, interaction, values))

    def say(self, frame: Frame) -> Message:
        """Write a message."""
        files = [self._uploads.get(str(upload_id)) for upload_id in _list(frame.get("uploads"))]
        return self._discord.say(self._person, self.channel(frame), str(frame.get("content") or ""), files)

    def delete(self, frame: Frame) -> None:
        """Delete one's own message, or with MANAGE_MESSAGES anyone's."""
        message = self._message(frame)
        manages = message.channel.permissions_of(self._person) & Permission.MANAGE_MESSAGES
        if message.ephemeral or (message.author is not self._person and not manages):
            raise NotAllowed(f"{self._person.display_name} may not delete this message.")
        self._discord.delete_message(message)

    def _remember(self, interaction: Interaction) -> Interaction:
        self._interactions[interaction.id] = interaction
        return interaction

    def _message(self, frame: Frame) -> Message:
        message = self._discord.world.messages.get(_number(frame.get("message_id")))
        if message is None or not message.visible_to(self._person):
            raise CannotDo("The message is not there.")
        return message

    def _options(self, frame: Frame) -> dict[str, Any]:
        return {name: self._value(value) for name, value in _object(frame.get("options")).items()}

    def _value(self, value: Any) -> Any:
        """A plain value as it is; for an object with one key, the file, person, channel or role that it names."""
        if not isinstance(value, dict):
            return value
        if "upload" in value:
            return self._uploads.get(str(value["upload"]))
        world = self._discord.world
        found: Any = None
        if "user" in value:
            found = world.users.get(_number(value["user"]))
        elif "channel" in value:
            found = world.channels.get(_number(value["channel"]))
        elif "role" in value:
            roles = (role for guild in world.guilds.values() for role in guild.roles)
            found = next((role for role in roles if role.id == _number(value["role"])), None)
        if found is None:
            raise CannotDo("What was chosen is not there.")
        return found

    def _field(self, value: Any) -> str | bool | list[str | Upload]:
        """One value of a modal."""
        if isinstance(value, (str, bool)):
            return value
        return [self._value(one) if isinstance(one, dict) else str(one) for one in _list(value)]


def _number(text: Any) -> int:
    """An id from a frame; 0, which no object has, where there is none."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else 0


def _object(value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise CannotDo("The page sent something that is no list of values.")
    return value or {}


def _list(value: Any) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise CannotDo("The page sent something that is no list.")
    return value or []

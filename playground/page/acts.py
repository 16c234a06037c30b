"""What the page's frames ask for, done by a person of the fake Discord."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.server import CannotDo, DiscordServer, Interaction, NotAllowed, Upload
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import Permission
from playground.page.showing import sees
from playground.page.upload_shelf import UploadShelf

Frame = dict[str, Any]


class Actions:
    """Acts of one person. Each raises CannotDo, with a sentence for the page, where Discord would not let them."""

    def __init__(self, discord: DiscordServer, shelf: UploadShelf, person: User) -> None:
        self._discord = discord
        self._shelf = shelf
        self._person = person
        self._asked: dict[int, Interaction] = {}

    def asked(self, interaction: Interaction) -> bool:
        """Whether the interaction began here, on this very page."""
        return interaction.id in self._asked

    def channel(self, frame: Frame) -> Channel:
        """The channel a frame names; CannotDo unless the person can see it."""
        channel = self._discord.world.channels.get(_number(frame.get("channel_id")))
        if channel is None or not sees(self._person, channel):
            raise CannotDo("The channel is not there.")
        return channel

    async def slash(self, frame: Frame) -> Interaction:
        """Use a slash command."""
        return self._note(
            await self._discord.slash(
                self._person, self.channel(frame), str(frame.get("command")), self._options(frame)
            )
        )

    async def autocomplete(self, frame: Frame) -> list[dict[str, Any]]:
        """Type in an option, and get what the bot suggests."""
        focused = str(frame.get("focused"))
        options = {focused: ""} | self._options(frame)
        command = str(frame.get("command"))
        return await self._discord.autocomplete(self._person, self.channel(frame), command, focused, options)

    async def menu(self, frame: Frame) -> Interaction:
        """Use an entry of a message's menu."""
        message = self._message(frame)
        command = str(frame.get("command"))
        return self._note(await self._discord.message_menu(self._person, message.channel, command, message))

    async def click(self, frame: Frame) -> Interaction:
        """Press a button."""
        message = self._message(frame)
        return self._note(await self._discord.click(self._person, message, str(frame.get("custom_id"))))

    async def choose(self, frame: Frame) -> Interaction:
        """Choose in a select."""
        values = [str(value) for value in _list(frame.get("values"))]
        message = self._message(frame)
        return self._note(await self._discord.choose(self._person, message, str(frame.get("custom_id")), values))

    async def modal(self, frame: Frame) -> Interaction:
        """Send a modal that an earlier act was answered with."""
        interaction = self._asked.get(_number(frame.get("interaction_id")))
        if interaction is None:
            raise CannotDo("The window is no longer open.")
        values = {name: self._field(value) for name, value in _object(frame.get("values")).items()}
        return self._note(await self._discord.submit_modal(self._person, interaction, values))

    def say(self, frame: Frame) -> Message:
        """Write a message."""
        files = [self._shelf.get(str(upload_id)) for upload_id in _list(frame.get("uploads"))]
        return self._discord.say(self._person, self.channel(frame), str(frame.get("content") or ""), files)

    def delete(self, frame: Frame) -> None:
        """Delete a message of one's own, or as a moderator another's."""
        message = self._message(frame)
        manages = message.channel.permissions_of(self._person) & Permission.MANAGE_MESSAGES
        if message.ephemeral or (message.author is not self._person and not manages):
            raise NotAllowed(f"{self._person.display_name} may not delete this message.")
        self._discord.delete_message(message)

    def _note(self, interaction: Interaction) -> Interaction:
        self._asked[interaction.id] = interaction
        return interaction

    def _message(self, frame: Frame) -> Message:
        message = self._discord.world.messages.get(_number(frame.get("message_id")))
        if message is None or not message.visible_to(self._person):
            raise CannotDo("The message is not there.")
        return message

    def _options(self, frame: Frame) -> dict[str, Any]:
        return {name: self._value(value) for name, value in _object(frame.get("options")).items()}

    def _value(self, value: Any) -> Any:
        """A plain value as it is; for an object with one key, the file, person, channel or role it names."""
        if not isinstance(value, dict):
            return value
        if "upload" in value:
            return self._shelf.get(str(value["upload"]))
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
    """An id from a frame; 0, which nothing has, where there is none."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else 0


def _object(value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise CannotDo("The page sent something that is no list of values.")
    return value or {}


def _list(value: Any) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise CannotDo("The page sent something that is no list.")
    return value or []

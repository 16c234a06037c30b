"""What people do in the fake Discord: use commands, buttons, selects and modals, and write messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.fake_discord.payloads.entities import user_payload
from playground.fake_discord.payloads.interactions import installation_owners, interaction_payload
from playground.fake_discord.payloads.messages import attachment_payload, message_payload
from playground.fake_discord.people.command_calls import CommandCall, check_offered, nested_options, target_of
from playground.fake_discord.people.modals import submitted
from playground.fake_discord.people.resolved import Resolved
from playground.fake_discord.people.selects import Choice, chosen_values
from playground.fake_discord.platform import Platform
from playground.fake_discord.state.commands import CommandDefinition, CommandKind
from playground.fake_discord.state.posting import MessageRequest
from playground.fake_discord.world.components import SELECTS, ComponentType, find, walk
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.errors import CannotDo, NotAllowed
from playground.fake_discord.world.interaction import Interaction, InteractionType
from playground.fake_discord.world.messages import Message
from playground.fake_discord.world.permissions import Permission
from playground.fake_discord.world.uploads import Upload

_LINK = 5


class People:
    """Each method does what Discord's client allows the person to do, and raises CannotDo or NotAllowed otherwise.

    They return as soon as the interaction is sent; the bot's response appears on it, and can be followed by `Watching`.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.world = platform.world

    async def slash(
        self, person: User, channel: Channel, command: str, options: dict[str, Any] | None = None
    ) -> Interaction:
        """Use a slash command, e.g. "usage overview" with its subcommands; files are given as `Upload`."""
        definition, data = self._command(person, channel, command, options or {}, complete=True)
        interaction = self._new(InteractionType.COMMAND, person, channel, definition["name"])
        return await self._send(interaction, data)

    async def autocomplete(
        self, person: User, channel: Channel, command: str, focused: str, options: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Type in the option `focused` and return the bot's suggestions, none if it does not answer in time."""
        definition, data = self._command(person, channel, command, options, complete=False)
        innermost = data["options"]
        while innermost and "options" in innermost[0]:
            innermost = innermost[0]["options"]
        for value in innermost:
            if value["name"] == focused:
                value["focused"] = True
        interaction = self._new(InteractionType.AUTOCOMPLETE, person, channel, definition["name"])
        await self._send(interaction, data)
        await interaction.settled.wait()
        return interaction.choices or []

    async def message_menu(self, person: User, channel: Channel, command: str, message: Message) -> Interaction:
        """Use a command of a message's "Apps" menu."""
        definition = self._platform.commands.find(CommandKind.MESSAGE_MENU, command, channel.guild)
        check_offered(definition, person, channel, self._platform.command_permissions)
        message = self._seen(person, message)
        data = {
            **_command_data(definition),
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message_payload(message, self._platform.cdn)}},
        }
        interaction = self._new(InteractionType.COMMAND, person, channel, command)
        interaction.metadata["target_message_id"] = str(message.id)
        return await self._send(interaction, data)

    async def click(self, person: User, message: Message, custom_id: str) -> Interaction:
        """Press a button."""
        message = self._seen(person, message)
        button = _usable(message, custom_id)
        if button["type"] != ComponentType.BUTTON:
            raise CannotDo(f"{custom_id!r} is no button")
        return await self._use_component(person, message, {"custom_id": custom_id, "component_type": button["type"]})

    async def choose(self, person: User, message: Message, custom_id: str, values: Sequence[Choice]) -> Interaction:
        """Choose values of a select; people, roles and channels as objects or by their ids."""
        message = self._seen(person, message)
        select = _usable(message, custom_id)
        if select["type"] not in SELECTS:
            raise CannotDo(f"{custom_id!r} is no select")
        resolved = Resolved(person, message.channel)
        chosen = chosen_values(select, values, resolved)
        data = {"custom_id": custom_id, "component_type": select["type"], "values": chosen}
        return await self._use_component(person, message, data | resolved.part)

    async def submit_modal(self, person: User, interaction: Interaction, values: dict[str, Any]) -> Interaction:
        """Fill in the modal that `interaction` was answered with; `values` by custom id, defaults where none is given.

        Text inputs and radio groups take a string, checkboxes a bool, all others a list: of values, of ids or the
        people, roles and channels themselves, of `Upload`s.
        """
        if interaction.modal is None or interaction.person is not person:
            raise CannotDo(f"{person.display_name} has no modal open from this interaction")
        resolved = Resolved(person, interaction.channel)

        def attach(upload: Upload) -> str:
            return resolved.add_attachment(self._attach(upload, person, interaction.channel))

        components = submitted(interaction.modal, values, attach, resolved)
        data = {"custom_id": interaction.modal["custom_id"], "components": components} | resolved.part
        answer = self._new(InteractionType.MODAL_SUBMIT, person, interaction.channel, data["custom_id"])
        answer.source = interaction.source
        answer.metadata["triggering_interaction_metadata"] = interaction.metadata
        return await self._send(answer, data)

    def say(self, person: User, channel: Channel, content: str = "", files: list[Upload] | None = None) -> Message:
        """Write a message."""
        if not channel.permissions_of(person) & channel.posting:
            raise NotAllowed(f"{person.display_name} may not write in #{channel.name}")
        message = Message(self.world.ids.next(), channel, person, self.world.clock.now())
        uploads = dict(enumerate(files or []))
        return self._platform.posting.create(
            message, MessageRequest({"content": content}, uploads, self._limit(person, channel))
        )

    def forward(self, person: User, channel: Channel, original: Message) -> Message:
        """Forward a message to a channel."""
        message = Message(self.world.ids.next(), channel, person, self.world.clock.now(), forwards=original.snapshot())
        self._platform.posting.add(message)
        return message

    def delete_message(self, message: Message) -> None:
        """Remove a message, as a moderator can."""
        self._platform.posting.delete(self.world.messages[message.id])

    # -- sending interactions ------------------------------------------------------------------------------------

    def _command(
        self, person: User, channel: Channel, command: str, options: dict[str, Any], *, complete: bool
    ) -> tuple[CommandDefinition, dict[str, Any]]:
        name, *subcommands = command.removeprefix("/").split()
        definition = self._platform.commands.find(CommandKind.SLASH, name, channel.guild)
        check_offered(definition, person, channel, self._platform.command_permissions)
        call = CommandCall(Resolved(person, channel), lambda upload: self._attach(upload, person, channel))
        call.fill(target_of(definition, subcommands), options, complete=complete)
        data = _command_data(definition) | {"options": nested_options(definition, subcommands, call.values)}
        return definition, data | call.resolved.part

    async def _use_component(self, person: User, message: Message, data: dict[str, Any]) -> Interaction:
        component = find(message.components, data["custom_id"])
        interaction = self._new(InteractionType.COMPONENT, person, message.channel, data["custom_id"])
        interaction.source = message
        interaction.metadata["interacted_message_id"] = str(message.id)
        return await self._send(interaction, data | {"id": component["id"] if component else 0})

    def _new(self, kind: InteractionType, person: User, channel: Channel, name: str) -> Interaction:
        interaction_id = self.world.ids.next()
        metadata = {
            "id": str(interaction_id),
            "type": int(kind),
            "user": user_payload(person),
            "authorizing_integration_owners": installation_owners(channel),
        }
        return Interaction(
            id=interaction_id,
            type=kind,
            person=person,
            channel=channel,
            name=name,
            token=self._platform.interactions.new_token(interaction_id),
            created_at=self.world.clock.now(),
            attachment_size_limit=self._limit(person, channel),
            metadata=metadata,
        )

    async def _send(self, interaction: Interaction, data: dict[str, Any]) -> Interaction:
        payload = interaction_payload(interaction, data, self.world)
        if interaction.source is not None:
            payload["message"] = message_payload(interaction.source, self._platform.cdn)
        self._platform.interactions.open(interaction)
        guild_id = interaction.channel.guild.id if interaction.channel.guild else None
        await self._platform.gateway.dispatch("INTERACTION_CREATE", payload, guild_id)
        return interaction

    def _limit(self, person: User, channel: Channel) -> int:
        return max(person.upload_limit, self.world.upload_limit(channel))

    def _attach(self, upload: Upload, person: User, channel: Channel) -> dict[str, Any]:
        limit = self._limit(person, channel)
        if len(upload.data) > limit:
            raise CannotDo(f"{upload.filename!r} is larger than {limit} bytes")
        attachment = self._platform.cdn.store(upload, self.world.ids.next(), person.id, ephemeral=True)
        return attachment_payload(attachment, self._platform.cdn)

    def _seen(self, person: User, message: Message) -> Message:
        """The present message of a snapshot, if `person` can see it."""
        live = self.world.messages.get(message.id)
        if live is None or not live.visible_to(person):
            raise CannotDo("the message is not there")
        if not live.channel.permissions_of(person) & Permission.VIEW_CHANNEL:
            raise NotAllowed(f"{person.display_name} cannot see #{live.channel.name}")
        return live


def button_id(message: Message, label: str) -> str:
    """The custom id of the button with that label, or emoji where it has none; CannotDo lists the existing labels."""
    shown = [c for _, c in walk(message.components) if c["type"] == ComponentType.BUTTON]
    buttons = {c.get("label") or (c.get("emoji") or {}).get("name", ""): c for c in shown}
    if label not in buttons or "custom_id" not in buttons[label]:
        raise CannotDo(f"there is no button {label!r}, only {sorted(buttons)}")
    return str(buttons[label]["custom_id"])


def _usable(message: Message, custom_id: str) -> dict[str, Any]:
    component = find(message.components, custom_id)
    if component is None:
        offered = [c["custom_id"] for _, c in walk(message.components) if "custom_id" in c]
        raise CannotDo(f"there is no {custom_id!r} on the message, only {offered}")
    if component.get("disabled"):
        raise CannotDo(f"{custom_id!r} is disabled")
    return component


def _command_data(definition: CommandDefinition) -> dict[str, Any]:
    data = {"id": definition["id"], "name": definition["name"], "type": definition["type"]}
    return data | ({"guild_id": definition["guild_id"]} if "guild_id" in definition else {})

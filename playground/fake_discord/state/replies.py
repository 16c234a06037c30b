"""Creates the empty message that a reply to an interaction starts as."""

from __future__ import annotations

from playground.fake_discord.world.interaction import Interaction, InteractionType
from playground.fake_discord.world.messages import Message, MessageFlag, MessageType
from playground.fake_discord.world.world import World


def bare_reply(world: World, interaction: Interaction, *, ephemeral: bool, followup: bool = False) -> Message:
    """A message by the bot, still empty, that belongs to the interaction."""
    metadata = dict(interaction.metadata)
    if followup and interaction.message is not None:
        metadata["original_response_message_id"] = str(interaction.message.id)
    message = Message(
        id=world.ids.next(),
        channel=interaction.channel,
        author=world.bot,
        created_at=world.clock.now(),
        type=_type_of(interaction, followup=followup),
        interaction_metadata=metadata,
    )
    if interaction.type is InteractionType.COMMAND and not followup:
        message.command_name = interaction.name
    elif followup:
        message.replies_to = interaction.message
    else:
        message.replies_to = interaction.source
    if ephemeral:
        message.flags |= MessageFlag.EPHEMERAL
        message.only_for = interaction.person
    return message


def _type_of(interaction: Interaction, *, followup: bool) -> MessageType:
    if followup or interaction.source is not None:
        return MessageType.REPLY
    if interaction.type is not InteractionType.COMMAND:
        return MessageType.DEFAULT
    in_menu = "target_message_id" in interaction.metadata or "target_user" in interaction.metadata
    return MessageType.CONTEXT_MENU_COMMAND if in_menu else MessageType.CHAT_INPUT_COMMAND

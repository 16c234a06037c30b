"""Tells a member, in private, why an interaction failed."""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any

import aiohttp
import discord

from bot.gateway.callbacks import ANSWERED
from bot.texts.errors import fault_sentence, member_sentence

UNANSWERED = (discord.HTTPException, aiohttp.ClientError, OSError)  # raised where Discord does not do what it is asked

log = logging.getLogger(__name__)

_UNREACHED = (aiohttp.ClientError, ConnectionError, discord.DiscordServerError)  # nobody here can do anything about it

_TOO_LATE = 10062  # Discord's code for an answer that comes too late


def refused_fields(error: discord.HTTPException) -> str:
    """Return which fields of a request Discord refused, for the log, without what stands in them."""
    fields = re.findall(r"^In ([\w.]+):", error.text, re.MULTILINE)
    return f" in {', '.join(fields)}" if fields else ""


async def tell_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the member of ``error`` in private, and log it unless it is their own."""
    # An error of the member's stands for itself, whatever it was raised from.
    cause, sentence = error, member_sentence(error)
    if sentence is None:
        cause = getattr(error, "original", None) or error.__cause__ or error
        sentence = member_sentence(cause)
    if sentence is not None:
        await tell(interaction, sentence)
        return
    code = cause.code if isinstance(cause, discord.HTTPException) else None
    if code == _TOO_LATE:
        log.warning("an interaction was acknowledged too late and cannot be answered")
        return
    if code == ANSWERED:
        log.warning(
            "another process answered the same interaction: do two run with the same shards? Check SHARD_IDS, and that "
            "no second Kinora has this DISCORD_TOKEN"
        )
        return
    reference = secrets.token_hex(4)
    extra = {"ref": reference, "guild": interaction.guild_id}
    if isinstance(cause, _UNREACHED):
        log.warning("Discord could not be reached: %s", type(cause).__name__, extra=extra)
    else:
        log.error("a command failed", exc_info=cause, extra=extra)
    await tell(interaction, fault_sentence(cause, reference))


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Send ``sentence`` to the member alone, in place of an acknowledgement that promised a public reply."""
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(sentence, ephemeral=True)
            return
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            # The first message after a public "thinking…" would be public as well.
            await interaction.delete_original_response()
        await interaction.followup.send(sentence, ephemeral=True)
    except UNANSWERED as error:
        log.warning("could not answer a member: %s", error)

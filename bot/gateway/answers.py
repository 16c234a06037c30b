"""Tells a member, in private, why an interaction failed."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord

from bot.concurrency.backoff import retry
from bot.errors import StorageError
from bot.gateway.callbacks import ANSWERED
from bot.gateway.known_server import known_server
from bot.models import DiscordLimits
from bot.texts.errors import fault_sentence, member_sentence, not_started_line
from bot.texts.view import shortened

UNANSWERED = (discord.HTTPException, aiohttp.ClientError, OSError)  # raised where Discord does not do what it is asked

log = logging.getLogger(__name__)

T = TypeVar("T")

_UNREACHED = (aiohttp.ClientError, ConnectionError, discord.DiscordServerError)  # nobody here can do anything about it

READING_TIME = 2.0  # seconds; an interaction has to be answered within three

_PAUSES = (0.2, 1.0)  # seconds between tries to tell a member something
_NOBODY = discord.AllowedMentions.none()
_PRIVATE, _ANSWER_DUE = "private", "answer_due"  # what is noted of an interaction, in its extras
_TOO_LATE = 10062  # Discord's code for an answer that comes too late


def is_worth_a_traceback(record: logging.LogRecord) -> bool:
    """
    Whether discord.py's record of an autocompletion that failed tells of a mistake. Other ones are told in a line.

    A filter of its logger: these errors, which come with each slow connection, reach no handler.
    """
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, (*UNANSWERED, StorageError)):
        return True
    log.warning("choices were not offered: %s", type(error).__name__)
    return False


class NotInTime(StorageError):
    """What has to be known before an interaction is answered did not come within ``READING_TIME``."""


def refused_fields(error: discord.HTTPException) -> str:
    """Return which fields of a request Discord refused, for the log, without what stands in them."""
    fields = re.findall(r"^In ([\w.]+):", error.text, re.MULTILINE)
    return f" in {', '.join(fields)}" if fields else ""


async def tell_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the member of ``error`` in private, and log it unless it is their own."""
    # An error of the member's stands for itself, whatever it was raised from.
    here = known_server(interaction)
    cause, sentence = error, member_sentence(error, here)
    if sentence is None:
        cause = getattr(error, "original", None) or error.__cause__ or error
        sentence = member_sentence(cause, here)
    if sentence is not None:
        await tell(interaction, sentence)
        return
    code = cause.code if isinstance(cause, discord.HTTPException) else None
    if code == _TOO_LATE:
        log.warning("an interaction was acknowledged too late and cannot be answered")
        return
    if isinstance(cause, discord.HTTPException) and _is_of_the_past(cause):
        log.warning("the answer to an interaction is gone: HTTP %d, code %d", cause.status, cause.code)
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


def _is_of_the_past(error: discord.HTTPException) -> bool:
    """Whether an answer was dismissed by its member, went with its channel, or outlived its token."""
    return error.status in (401, 404) and "/webhooks/" in str(error.response.url)


async def defer_privately(interaction: discord.Interaction[Any]) -> None:
    """Acknowledge ``interaction`` by a private "thinking…", before anything is asked of the database or the network."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    interaction.extras[_PRIVATE] = True


async def in_time(interaction: discord.Interaction[Any], reading: Awaitable[T]) -> T:
    """
    Return what is read before ``interaction`` is answered, by a form or in public. Raises NotInTime when it takes
    longer than all such readings together may.
    """
    if interaction.response.is_done():
        return await reading
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout_at(interaction.extras.setdefault(_ANSWER_DUE, loop.time() + READING_TIME)):
            return await reading
    except TimeoutError:
        raise NotInTime from None


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Send ``sentence`` to the member alone; where a public reply was promised, it says no more than that it ended."""
    sentence = shortened(sentence, DiscordLimits.CONTENT)
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(sentence, ephemeral=True)
            return
        promised = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
        if promised and _PRIVATE not in interaction.extras:
            # The first message after a public "thinking…" would be public as well, and under a deleted one it would
            # hang below "The message was deleted".
            await interaction.edit_original_response(view=_ended(interaction.user.id), allowed_mentions=_NOBODY)
        # Better twice than never, where it is not known whether it arrived.
        send = partial(interaction.followup.send, sentence, ephemeral=True)
        await retry(send, _PAUSES, on=aiohttp.ClientError, tries=len(_PAUSES) + 1)
    except UNANSWERED as error:
        log.warning("could not answer a member: %s", error)


def _ended(user_id: int) -> discord.ui.LayoutView:
    """Return what all may read of a request that did not start: a layout, since the reply may be one by now."""
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(discord.ui.TextDisplay(not_started_line(user_id)))
    return layout

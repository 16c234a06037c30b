"""
The message of a reply, edited through its interaction's token first, and as the bot's own message after.

The token lives 15 minutes and may die earlier; edits as the bot need to see the channel. What failed with 401, 403 or
404 is never tried again: they count towards Discord's ban, of ten thousand in ten minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

import aiohttp
import discord

from bot.gateway.answers import refused_fields
from bot.gateway.edit_pacing import EditPacing
from bot.gateway.upload_limits import UploadLimits
from bot.models import DiscordLimits, jump_link
from bot.operations.instrumentation import Meters
from cogs.video.clip import Clip

# Left unused at the end of the token's life: an edit under way may take discord.py 25 s.
TOKEN_MARGIN = timedelta(minutes=1)

# Discord's codes. Dead tokens (401/50027, 404/10015), hidden channels (403/50001) and deleted channels
# (404/10003) need no names: their status says as much.
UNKNOWN_MESSAGE, TOO_LARGE_CODE, ARCHIVED = 10008, 40005, 50083
AUTOMOD = (200000, 200001)
TIMED_OUT = 408  # Discord does not say it, but REST proxies do of what takes them too long: nirn-proxy after 5 s

log = logging.getLogger(__name__)


class EditResult(Enum):
    """What became of an edit or a message."""

    DONE = auto()
    RETRY = auto()  # Discord fails, or limits the rate: the same may succeed later
    REFUSED = auto()  # Discord does not accept this content
    BLOCKED = auto()  # AutoMod does not accept this text
    TOO_LARGE = auto()  # the file, for Discord or for the time limit of a proxy
    DELETED = auto()  # the message was deleted
    UNREACHABLE = auto()  # neither the token nor the bot can edit it


class ReplyMessage:
    """The message that shows a job. ``interaction`` is the one it answers, None after a restart."""

    def __init__(
        self,
        client: discord.Client,
        pacing: EditPacing,
        *,
        guild_id: int,
        channel_id: int,
        message_id: int,
        interaction: discord.Interaction[Any] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        meters: Meters | None = None,
        upload_limits: UploadLimits | None = None,
    ) -> None:
        self._client = client
        self._pacing = pacing
        self._guild_id = guild_id
        self._channel_id = channel_id
        self._message_id = message_id
        self._interaction = interaction
        self._clock = clock
        self._meters = meters or Meters()
        self._upload_limits = upload_limits or UploadLimits()
        self._bot_edits_allowed = bool(channel_id and message_id)
        self.resent_id: int | None = None  # the id of the latest message that was sent beside this one

    @property
    def jump_url(self) -> str:
        """The link that leads people to this message."""
        return jump_link(self._guild_id, self._channel_id, self._message_id)

    @property
    def interval(self) -> float:
        """Least seconds between two edits on the way in use."""
        pace = self._pacing.pace
        return pace if self.has_own_allowance else max(pace, self._pacing.interval(self._channel_id))

    @property
    def has_own_allowance(self) -> bool:
        """Whether no other reply shares what Discord allows: so it is while the interaction's token is in use."""
        return self._token() is not None

    @property
    def filesize_limit(self) -> int:
        """
        Bytes that one file may have, as far as it is known. The asking member's own allowance counts only while the
        token lives; after that the level of the server says what it takes at least.
        """
        if interaction := self._token():
            stated = interaction.filesize_limit
        else:
            guild = self._client.get_guild(self._guild_id)
            stated = max(guild.filesize_limit if guild else 0, DiscordLimits.UPLOAD)
        return self._upload_limits.limit(self._guild_id, stated)

    async def edit(
        self, layout: discord.ui.LayoutView, clip: Clip | None = None, *, keep_files: bool = False
    ) -> EditResult:
        """Let the message show ``layout`` and hold ``clip`` alone, or ``keep_files``."""
        result = await self._edit(layout, clip, keep_files)
        self._meters.edited(result.name.lower())
        self._learn(result, clip)
        return result

    def _learn(self, result: EditResult, clip: Clip | None) -> None:
        """Remember what the server takes. What it takes by a token may be the allowance of one member."""
        if clip and result is EditResult.TOO_LARGE:
            self._upload_limits.refused(self._guild_id, clip.size)
        elif clip and result is EditResult.DONE and self._interaction is None:
            self._upload_limits.took(self._guild_id, clip.size)

    async def _edit(self, layout: discord.ui.LayoutView, clip: Clip | None, keep_files: bool) -> EditResult:
        upload = bool(clip)

        def content() -> dict[str, Any]:
            return _content(layout, clip, keep_files)

        result = await self._by_token(lambda token: token.edit_original_response(**content()), upload)
        if result is not EditResult.UNREACHABLE or not self._bot_edits_allowed:
            return result
        message = self._channel().get_partial_message(self._message_id)
        result = await attempt(lambda: message.edit(**content()), upload)
        self._bot_edits_allowed = result is not EditResult.UNREACHABLE
        return result

    async def send_ephemeral(self, layout: discord.ui.LayoutView) -> EditResult:
        """Say something to the member who asked, alone. Only the token can."""
        interaction = self._token()
        if interaction is None:
            return EditResult.UNREACHABLE
        mentions = discord.AllowedMentions.none()
        return await attempt(lambda: interaction.followup.send(view=layout, ephemeral=True, allowed_mentions=mentions))

    async def ping(self, text: str, user_id: int, nonce: str) -> EditResult:
        """Send a new message that notifies ``user_id`` alone. ``nonce`` keeps Discord from showing it twice."""
        return await self._send(lambda: {"content": text, "allowed_mentions": _mentioning(user_id)}, nonce)

    async def resend(self, layout: discord.ui.LayoutView, clip: Clip | None, user_id: int, nonce: str) -> EditResult:
        """Show ``layout`` in a new message of the same channel, for a reply that is gone; it notifies ``user_id``."""

        def content() -> dict[str, Any]:
            file = {"file": clip.file()} if clip else {}
            return {"view": layout, "allowed_mentions": _mentioning(user_id), **file}

        result = await self._send(content, nonce, upload=bool(clip))
        self._learn(result, clip)
        return result

    async def send_dm(self, user_id: int, layout: discord.ui.LayoutView, clip: Clip | None, nonce: str) -> EditResult:
        """Show ``layout``, with ``clip``, in the member's own inbox."""

        async def send() -> None:
            inbox = await self._client.create_dm(discord.Object(user_id))
            file: dict[str, Any] = {"file": clip.file()} if clip else {}
            await inbox.send(view=layout, nonce=nonce, allowed_mentions=discord.AllowedMentions.none(), **file)

        return await attempt(send, upload=bool(clip))

    async def _send(self, content: Callable[[], dict[str, Any]], nonce: str, *, upload: bool = False) -> EditResult:
        result = await self._by_token(lambda token: self._note(token.followup.send(wait=True, **content())), upload)
        if result is not EditResult.UNREACHABLE:
            return result
        channel = self._channel()
        return await attempt(lambda: self._note(channel.send(nonce=nonce, **content())), upload)

    async def _note(self, sending: Awaitable[discord.Message]) -> None:
        self.resent_id = (await sending).id

    async def _by_token(self, call: Callable[[discord.Interaction[Any]], Awaitable[Any]], upload: bool) -> EditResult:
        """Make a request by the interaction's token. UNREACHABLE leaves the next try to the bot."""
        interaction = self._token()
        if interaction is None:
            return EditResult.UNREACHABLE
        result = await attempt(lambda: call(interaction), upload)
        if result is EditResult.UNREACHABLE:
            self._switch_to_bot("the token died")
        return result

    def _token(self) -> discord.Interaction[Any] | None:
        """Return the interaction while its token is good, or until its last minute if there is no other way."""
        if self._interaction is None:
            return None
        left = self._interaction.expires_at - self._clock()
        if left > (TOKEN_MARGIN if self._sees_channel() else timedelta(0)):
            return self._interaction
        self._switch_to_bot("the token is about to die")
        return None

    def _sees_channel(self) -> bool:
        return self._interaction is None or self._interaction.app_permissions.view_channel

    def _switch_to_bot(self, reason: str) -> None:
        log.info("editing the reply as the bot's own message from now on: %s", reason, extra={"guild": self._guild_id})
        if not self._sees_channel():
            self._bot_edits_allowed = False
        self._interaction = None

    def _channel(self) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(self._channel_id, guild_id=self._guild_id)


def _mentioning(user_id: int) -> discord.AllowedMentions:
    who = [discord.Object(user_id)]
    return discord.AllowedMentions(everyone=False, roles=False, users=who, replied_user=False)


def _content(layout: discord.ui.LayoutView, clip: Clip | None, keep_files: bool) -> dict[str, Any]:
    return {
        "view": layout,
        **({} if keep_files else {"attachments": [clip.file()] if clip else []}),
        # discord.py sends the client's default only along with ``content``.
        "allowed_mentions": discord.AllowedMentions.none(),
    }


async def attempt(call: Callable[[], Awaitable[Any]], upload: bool = False) -> EditResult:
    """Make a request to Discord, which brings a file if ``upload``, and sort its failure, or that of the file."""
    try:
        await call()
    except discord.HTTPException as error:
        log.warning("Discord refused a request: HTTP %d, code %d%s", error.status, error.code, refused_fields(error))
        if error.status == TIMED_OUT and upload:
            log.warning("the REST proxy timed out on an upload: raise its time limit (nirn-proxy: REQUEST_TIMEOUT)")
        return _sort(error, upload=upload)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("could not reach Discord, or read the file: %s", type(error).__name__)
        return EditResult.RETRY
    except Exception:  # an answer that discord.py cannot read, for one; the job's end must get past it
        log.exception("unexpected error in a request to Discord")
        return EditResult.REFUSED
    return EditResult.DONE


def _sort(error: discord.HTTPException, *, upload: bool) -> EditResult:
    if error.code == TOO_LARGE_CODE or error.status == 413 or (error.status == TIMED_OUT and upload):
        return EditResult.TOO_LARGE
    if error.code in AUTOMOD:
        return EditResult.BLOCKED
    if error.code == UNKNOWN_MESSAGE:
        return EditResult.DELETED
    if error.status in (401, 403, 404) or error.code == ARCHIVED:
        return EditResult.UNREACHABLE
    if error.status in (429, TIMED_OUT) or error.status >= 500:
        return EditResult.RETRY
    return EditResult.REFUSED

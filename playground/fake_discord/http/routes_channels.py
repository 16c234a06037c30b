"""Routes for channels and messages: called with the bot token, subject to the bot's permissions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from playground.fake_discord.http.server import NO_CONTENT, Answer, Call, Route
from playground.fake_discord.payloads.entities import channel_payload
from playground.fake_discord.payloads.messages import message_payload
from playground.fake_discord.platform import Platform
from playground.fake_discord.state.posting import MessageRequest
from playground.fake_discord.state.rate_limits import (
    DELETE_MESSAGE,
    EDIT_MESSAGE,
    EDIT_OLD_MESSAGE,
    POST_MESSAGE,
    rate_limit_body,
)
from playground.fake_discord.world import errors
from playground.fake_discord.world.entities import Channel
from playground.fake_discord.world.errors import ApiError, FormErrors
from playground.fake_discord.world.messages import Message, MessageType
from playground.fake_discord.world.permissions import Permission

MAX_REFRESHED = 50
OLD = timedelta(hours=1)
TOO_MANY_OLD_EDITS = "Maximum number of edits to messages older than 1 hour reached. Try again later"


class ChannelRoutes:
    """Channels, their messages, direct messages, and the renewal of CDN links."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._world = platform.world

    def routes(self) -> Iterator[Route]:
        """The routes served here."""
        messages = "/channels/{channel_id}/messages"
        message = f"{messages}/{{message_id}}"
        yield Route("POST", "/users/@me/channels", self.open_direct_messages)
        yield Route("POST", "/attachments/refresh-urls", self.refresh_urls)
        yield Route("GET", "/channels/{channel_id}", self.channel, bucket="channel_id")
        yield Route("GET", messages, self.list_messages, bucket="channel_id")
        yield Route("POST", messages, self.post, POST_MESSAGE, "channel_id")
        yield Route("GET", message, self.read, bucket="channel_id")
        yield Route("PATCH", message, self.edit, EDIT_MESSAGE, "channel_id")
        yield Route("DELETE", message, self.delete, DELETE_MESSAGE, "channel_id")

    async def channel(self, call: Call) -> Answer:
        """One channel the bot can see."""
        return Answer(channel_payload(self._channel(call)))

    async def open_direct_messages(self, call: Call) -> Answer:
        """The direct message channel with a person."""
        person = self._world.users.get(int(call.body.object.get("recipient_id") or 0))
        if person is None:
            raise errors.unknown_user()
        if person.bot:
            raise errors.no_direct_messages()
        return Answer(channel_payload(self._world.direct_messages(person)))

    async def list_messages(self, call: Call) -> Answer:
        """The latest messages, newest first; none without READ_MESSAGE_HISTORY."""
        channel = self._channel(call)
        if not channel.permissions_of(self._world.bot) & Permission.READ_MESSAGE_HISTORY:
            return Answer([])
        before, after = int(call.query.get("before") or 2**63), int(call.query.get("after") or 0)
        limit = min(int(call.query.get("limit") or 50), 100)
        seen = [m for m in self._world.messages_of(channel) if after < m.id < before and not m.ephemeral]
        return Answer([message_payload(m, self._platform.cdn) for m in reversed(seen[-limit:])])

    async def post(self, call: Call) -> Answer:
        """A new message by the bot."""
        channel = self._channel(call)
        self._demand(channel, channel.posting)
        if call.body.files:
            self._demand(channel, Permission.ATTACH_FILES)
        if not all(person.accepts_direct_messages for person in channel.recipients):
            raise errors.no_direct_messages()
        writing = self._writing(call, channel)
        if writing.body.get("embeds"):
            self._demand(channel, Permission.EMBED_LINKS)
        if (sent_before := self._same_nonce(channel, writing.body)) is not None:
            return Answer(message_payload(sent_before, self._platform.cdn))
        message = self._bare(channel)
        message.nonce = writing.body.get("nonce")
        message.replies_to = self._reply_target(channel, writing.body)
        if message.replies_to is not None:
            message.type = MessageType.REPLY
        self._platform.posting.create(message, writing)
        return Answer(message_payload(message, self._platform.cdn))

    async def read(self, call: Call) -> Answer:
        """One message."""
        return Answer(message_payload(self._message(call), self._platform.cdn))

    async def edit(self, call: Call) -> Answer:
        """Change a message of the bot; needs to see the channel, not to send there (api-docs#3096)."""
        message = self._message(call)
        if message.author is not self._world.bot:
            raise errors.not_the_author()
        if call.body.files:
            self._demand(message.channel, Permission.ATTACH_FILES)
        if self._world.clock.now() - message.created_at > OLD:
            verdict = self._platform.limits.take(EDIT_OLD_MESSAGE, str(message.channel.id), counts_globally=False)
            if not verdict.allowed:
                body = rate_limit_body(verdict.reset_after, code=30046, message=TOO_MANY_OLD_EDITS)
                return Answer(body, 429, verdict.headers)
        self._platform.posting.edit(message, self._writing(call, message.channel))
        return Answer(message_payload(message, self._platform.cdn))

    async def delete(self, call: Call) -> Answer:
        """Remove a message of the bot, or with MANAGE_MESSAGES anyone's."""
        message = self._message(call)
        if message.author is not self._world.bot:
            self._demand(message.channel, Permission.MANAGE_MESSAGES)
        self._platform.posting.delete(message)
        return NO_CONTENT

    async def refresh_urls(self, call: Call) -> Answer:
        """New signatures for CDN links, 1 to 50 at once (undocumented; userdoccers, topics/cloud-uploads)."""
        urls = call.body.object.get("attachment_urls") or []
        form = FormErrors()
        if not 1 <= len(urls) <= MAX_REFRESHED:
            form.add("attachment_urls", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_REFRESHED} in length.")
        form.raise_if_any()
        refreshed = [{"original": url, "refreshed": self._platform.cdn.refreshed(url)} for url in urls]
        return Answer({"refreshed_urls": refreshed})

    def _channel(self, call: Call) -> Channel:
        """The channel of the path; raises 10003 if the bot's guilds have no such channel, 50001 if it is hidden."""
        channel = self._world.channels.get(call.id("channel_id"))
        bot = self._world.bot
        if channel is None or (channel.guild is not None and bot.id not in channel.guild.members):
            raise errors.unknown_channel()
        if not channel.permissions_of(bot) & Permission.VIEW_CHANNEL:
            raise errors.missing_access()
        return channel

    def _message(self, call: Call) -> Message:
        """The message of the path; raises 10008 also for ephemeral ones, which the bot token cannot see."""
        channel = self._channel(call)
        message = self._world.messages.get(call.id("message_id"))
        if message is None or message.channel is not channel or message.ephemeral:
            raise errors.unknown_message()
        return message

    def _demand(self, channel: Channel, permission: Permission) -> None:
        if not channel.permissions_of(self._world.bot) & permission:
            raise errors.missing_permissions()

    def _writing(self, call: Call, channel: Channel) -> MessageRequest:
        return MessageRequest(call.body.object, call.body.files, self._world.upload_limit(channel))

    def _bare(self, channel: Channel) -> Message:
        return Message(self._world.ids.next(), channel, self._world.bot, self._world.clock.now())

    def _same_nonce(self, channel: Channel, body: dict[str, Any]) -> Message | None:
        """The message already sent with this nonce, if the bot set `enforce_nonce`."""
        nonce = body.get("nonce")
        if nonce is None or not body.get("enforce_nonce"):
            return None
        recent = reversed(self._world.messages_of(channel)[-100:])
        return next((m for m in recent if m.nonce == nonce and m.author is self._world.bot), None)

    def _reply_target(self, channel: Channel, body: dict[str, Any]) -> Message | None:
        reference = body.get("message_reference")
        if not reference:
            return None
        if not channel.permissions_of(self._world.bot) & Permission.READ_MESSAGE_HISTORY:
            raise errors.no_history_to_reply()
        target = self._world.messages.get(int(reference["message_id"]))
        if target is not None and target.channel is channel and not target.ephemeral:
            return target
        if reference.get("fail_if_not_exists") is False:
            return None
        problem = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise ApiError(400, 50035, "Invalid Form Body", errors={"message_reference": {"_errors": [problem]}})

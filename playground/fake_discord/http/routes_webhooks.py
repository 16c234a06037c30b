"""Routes authorized by an interaction token: the reply and its follow-up messages."""

from __future__ import annotations

from collections.abc import Iterator

from playground.fake_discord.http.server import NO_CONTENT, Answer, Call, Route
from playground.fake_discord.payloads.messages import message_payload
from playground.fake_discord.platform import Platform
from playground.fake_discord.rules.mentions import INTERACTION_DEFAULT
from playground.fake_discord.state.posting import MessageRequest
from playground.fake_discord.state.rate_limits import WEBHOOK
from playground.fake_discord.state.replies import bare_reply
from playground.fake_discord.world.errors import unknown_message
from playground.fake_discord.world.interaction import Interaction
from playground.fake_discord.world.messages import Message, MessageFlag

ORIGINAL = "@original"


class WebhookRoutes:
    """/webhooks/{application}/{token} and its messages: without bot token and permissions, for 15 minutes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> Iterator[Route]:
        """The routes served here."""
        webhook = "/webhooks/{webhook_id}/{webhook_token}"
        message = f"{webhook}/messages/{{message_id}}"
        for method, template, handler in (
            ("POST", webhook, self.follow_up),
            ("GET", message, self.read),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
        ):
            yield Route(method, template, handler, WEBHOOK, "webhook_token", bot_token=False)

    async def follow_up(self, call: Call) -> Answer:
        """Send a message after the reply, or fill the reply itself while it is still "thinking"."""
        interaction = self._interaction(call)
        writing = _writing(call, interaction)
        if interaction.message is not None and interaction.message.thinking and not interaction.message.deleted:
            message = self._platform.posting.edit(interaction.message, writing)
        else:
            ephemeral = bool(writing.flags & MessageFlag.EPHEMERAL)
            bare = bare_reply(self._platform.world, interaction, ephemeral=ephemeral, followup=True)
            message = self._platform.posting.create(bare, writing)
            interaction.followups.append(message)
        self._platform.interactions.changed(interaction)
        return Answer(message_payload(message, self._platform.cdn))

    async def read(self, call: Call) -> Answer:
        """One message of the interaction."""
        message = self._message(call, self._interaction(call))
        return Answer(message_payload(message, self._platform.cdn))

    async def edit(self, call: Call) -> Answer:
        """Change one message of the interaction."""
        interaction = self._interaction(call)
        message = self._platform.posting.edit(self._message(call, interaction), _writing(call, interaction))
        return Answer(message_payload(message, self._platform.cdn))

    async def delete(self, call: Call) -> Answer:
        """Remove one message of the interaction."""
        self._platform.posting.delete(self._message(call, self._interaction(call)))
        return NO_CONTENT

    def _interaction(self, call: Call) -> Interaction:
        return self._platform.interactions.of_webhook(call.id("webhook_id"), call.params["webhook_token"])

    def _message(self, call: Call, interaction: Interaction) -> Message:
        own = [message for message in (interaction.message, *interaction.followups) if message is not None]
        if call.params["message_id"] == ORIGINAL:
            found = interaction.message
        else:
            wanted = call.id("message_id")
            found = next((message for message in own if message.id == wanted), None)
        if found is None or found.deleted:
            raise unknown_message()
        return found


def _writing(call: Call, interaction: Interaction) -> MessageRequest:
    return MessageRequest(call.body.object, call.body.files, interaction.attachment_size_limit, INTERACTION_DEFAULT)

"""The interaction callback: the first response to an interaction."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from playground.fake_discord.http.server import NO_CONTENT, Answer, Call, Route
from playground.fake_discord.payloads.messages import message_payload
from playground.fake_discord.platform import Platform
from playground.fake_discord.rules.mentions import INTERACTION_DEFAULT
from playground.fake_discord.rules.modals import check_modal
from playground.fake_discord.state.posting import MessageRequest
from playground.fake_discord.state.rate_limits import Limit
from playground.fake_discord.state.replies import bare_reply
from playground.fake_discord.world.errors import FormErrors
from playground.fake_discord.world.interaction import Interaction, InteractionType
from playground.fake_discord.world.messages import MessageFlag

CALLBACK = Limit("callback", 5, 2.0)
MAX_CHOICES = 25


class CallbackType(IntEnum):
    """Kinds of callback (docs: interactions/receiving-and-responding)."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


_WITH_MESSAGE = {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE}
_OF_COMPONENT = {CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE}


def _allowed(interaction: Interaction) -> set[CallbackType]:
    if interaction.type is InteractionType.AUTOCOMPLETE:
        return {CallbackType.AUTOCOMPLETE}
    allowed = set(_WITH_MESSAGE)
    if interaction.source is not None:
        allowed |= _OF_COMPONENT
    if interaction.type is not InteractionType.MODAL_SUBMIT:
        allowed.add(CallbackType.MODAL)
    return allowed


class InteractionRoutes:
    """POST /interactions/{id}/{token}/callback."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> Iterator[Route]:
        """The one route served here."""
        template = "/interactions/{interaction_id}/{interaction_token}/callback"
        yield Route("POST", template, self.callback, CALLBACK, "interaction_token", bot_token=False)

    async def callback(self, call: Call) -> Answer:
        """Acknowledge an interaction; 200 with the resulting message if `with_response` is set, else 204."""
        interactions = self._platform.interactions
        interaction = interactions.to_acknowledge(call.id("interaction_id"), call.params["interaction_token"])
        body = call.body.object
        errors = FormErrors()
        if body.get("type") not in (allowed := _allowed(interaction)):
            choices = tuple(sorted(int(kind) for kind in allowed))
            errors.add("type", "BASE_TYPE_CHOICES", f"Value must be one of {choices}.")
        errors.raise_if_any()
        kind = CallbackType(body["type"])
        self._perform(kind, interaction, body.get("data") or {}, call)
        interactions.acknowledge(interaction)
        if call.query.get("with_response") not in ("1", "true"):
            return NO_CONTENT
        return Answer(self._response(kind, interaction))

    def _perform(self, kind: CallbackType, interaction: Interaction, data: dict[str, Any], call: Call) -> None:
        writing = MessageRequest(data, call.body.files, interaction.attachment_size_limit, INTERACTION_DEFAULT)
        if kind is CallbackType.MESSAGE:
            message = bare_reply(self._platform.world, interaction, ephemeral=_wants_ephemeral(writing))
            interaction.message = self._platform.posting.create(message, writing)
            interaction.ephemeral = message.ephemeral
        elif kind is CallbackType.DEFERRED_MESSAGE:
            # A deferral takes the EPHEMERAL flag and nothing else (docs: receiving-and-responding).
            message = bare_reply(self._platform.world, interaction, ephemeral=_wants_ephemeral(writing))
            message.flags |= MessageFlag.LOADING
            interaction.message, interaction.deferred, interaction.ephemeral = message, True, message.ephemeral
            self._platform.posting.add(message)
        elif kind is CallbackType.DEFERRED_UPDATE:
            interaction.message, interaction.deferred = interaction.source, True
        elif kind is CallbackType.UPDATE and interaction.source is not None:
            interaction.message = self._platform.posting.edit(interaction.source, writing)
        elif kind is CallbackType.AUTOCOMPLETE:
            interaction.choices = _checked_choices(data)
        else:
            check_modal(data)
            interaction.modal = data

    def _response(self, kind: CallbackType, interaction: Interaction) -> dict[str, Any]:
        outcome: dict[str, Any] = {
            "id": str(interaction.id),
            "type": int(interaction.type),
            "channel_id": str(interaction.channel.id),
        }
        if interaction.channel.guild is not None:
            outcome["guild_id"] = str(interaction.channel.guild.id)
        if interaction.message is None:
            return {"interaction": outcome}
        outcome |= {
            "response_message_id": str(interaction.message.id),
            "response_message_loading": kind is CallbackType.DEFERRED_MESSAGE,
            "response_message_ephemeral": interaction.message.ephemeral,
        }
        if kind not in (CallbackType.MESSAGE, CallbackType.UPDATE):
            return {"interaction": outcome}
        message = message_payload(interaction.message, self._platform.cdn)
        return {"interaction": outcome, "resource": {"type": int(kind), "message": message}}


def _wants_ephemeral(writing: MessageRequest) -> bool:
    return bool(writing.flags & MessageFlag.EPHEMERAL)


def _checked_choices(data: dict[str, Any]) -> list[dict[str, Any]]:
    choices: list[dict[str, Any]] = data.get("choices") or []
    errors = FormErrors()
    if len(choices) > MAX_CHOICES:
        errors.add("data.choices", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_CHOICES} or fewer in length.")
    for index, choice in enumerate(choices):
        if not 1 <= len(choice.get("name") or "") <= 100:
            errors.add(f"data.choices.{index}.name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    errors.raise_if_any()
    return choices

"""Creates, edits and deletes messages by Discord's rules, and publishes each change."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from playground.fake_discord.rules.mentions import MESSAGE_DEFAULT, mark_mentions
from playground.fake_discord.rules.messages import Draft, check_draft
from playground.fake_discord.state.cdn import Cdn
from playground.fake_discord.state.events import Event, EventKind, Events
from playground.fake_discord.world.components import ComponentType, as_answered, text_of, walk
from playground.fake_discord.world.entities import DEFAULT_UPLOAD_LIMIT
from playground.fake_discord.world.errors import FormErrors, blocked_by_automod, too_large
from playground.fake_discord.world.messages import Attachment, Message, MessageFlag, Pings
from playground.fake_discord.world.uploads import Upload
from playground.fake_discord.world.world import World

_SETTABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.IS_COMPONENTS_V2


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """The body of a request that writes a message, with its files by number and the limits that apply to it."""

    body: dict[str, Any]
    files: dict[int, Upload] = field(default_factory=dict)
    upload_limit: int = DEFAULT_UPLOAD_LIMIT
    mention_default: dict[str, Any] = field(default_factory=lambda: MESSAGE_DEFAULT)

    @property
    def flags(self) -> MessageFlag:
        """The message flags the body asks for."""
        return MessageFlag(int(self.body.get("flags") or 0))


class Posting:
    """The only place that creates, edits and deletes messages."""

    def __init__(self, world: World, cdn: Cdn, events: Events) -> None:
        self._world = world
        self._cdn = cdn
        self._events = events

    def create(self, message: Message, writing: MessageRequest) -> Message:
        """Post `message`, a bare one with id, place and author, with what `writing` says.

        Raises ApiError (40005, 50035, 50006) and then leaves no trace.
        """
        pings = self._write(message, writing, old=[])
        if not message.ephemeral and not message.flags & MessageFlag.SUPPRESS_NOTIFICATIONS:
            message.pings = pings
        self.add(message)
        return message

    def add(self, message: Message) -> None:
        """Post a message as it is, e.g. the empty "thinking" one of a deferred reply."""
        message.channel.message_ids.append(message.id)
        self._world.messages[message.id] = message
        self._tell("message_created", message)

    def edit(self, message: Message, writing: MessageRequest) -> Message:
        """Change a message; the first edit of a "thinking" reply fills it. Edits never notify (api-docs#5497)."""
        was_thinking = message.thinking
        self._write(message, writing, old=message.attachments)
        message.flags &= ~MessageFlag.LOADING
        message.edits += 1
        if not was_thinking:
            message.edited_at = self._world.clock.now()
        self._tell("message_updated", message)
        return message

    def delete(self, message: Message) -> None:
        """Remove a message and its files."""
        message.deleted = True
        message.channel.message_ids.remove(message.id)
        self._world.messages.pop(message.id, None)
        for attachment in message.attachments:
            self._cdn.discard(attachment)
        self._tell("message_deleted", message)

    def _write(self, message: Message, writing: MessageRequest, old: list[Attachment]) -> Pings:
        """Validate everything, then change the message; returns the users and roles a new message would notify."""
        body, files = writing.body, writing.files
        if any(len(upload.data) > writing.upload_limit for upload in files.values()):
            raise too_large()
        plan = _attachment_plan(body, files, old)
        draft = Draft(
            content=body.get("content", message.content) or "",
            embeds=body.get("embeds", message.embeds) or [],
            components=body.get("components", message.components) or [],
            file_names=[item.safe_name if isinstance(item, Upload) else item.filename for item in plan],
            v2=message.components_v2 or bool(writing.flags & MessageFlag.IS_COMPONENTS_V2),
        )
        check_draft(draft, body)
        if any(word in f"{draft.content}\n{text_of(draft.components)}" for word in self._world.forbidden_words):
            raise blocked_by_automod()

        message.attachments = [self._stored(item, message) for item in plan]
        message.content = draft.content.strip()
        self._set_flags(message, writing)
        if "embeds" in body:
            message.embeds = self._embeds_as_answered(message, draft.embeds)
        if "components" in body:
            message.components = as_answered(draft.components, lambda _, url: self._media(message, url))
            _name_files(message)
        text = f"{message.content}\n{text_of(message.components)}"
        allowed = body.get("allowed_mentions")
        return mark_mentions(message, text, writing.mention_default if allowed is None else allowed, self._world)

    def _set_flags(self, message: Message, writing: MessageRequest) -> None:
        if "flags" in writing.body:
            # IS_COMPONENTS_V2 stays once set, whatever an edit says (docs: components/reference).
            kept = message.flags & (~_SETTABLE | MessageFlag.IS_COMPONENTS_V2)
            message.flags = kept | (writing.flags & _SETTABLE)

    def _stored(self, item: Upload | Attachment, message: Message) -> Attachment:
        if isinstance(item, Attachment):
            return item
        return self._cdn.store(item, self._world.ids.next(), message.channel.id)

    def _media(self, message: Message, url: str) -> dict[str, Any]:
        """An unfurled media item: of one of the message's own files, or of a link elsewhere."""
        found = _attachment_named(message, url)
        if found is None:
            return {"id": str(self._world.ids.next()), "url": url, "proxy_url": url, "width": 0, "height": 0}
        link = self._cdn.url(found)
        return {
            "id": str(self._world.ids.next()),
            "url": link,
            "proxy_url": link,
            "width": found.width,
            "height": found.height,
            "content_type": found.content_type,
            "attachment_id": str(found.id),
        }

    def _embeds_as_answered(self, message: Message, embeds: list[dict[str, Any]]) -> list[dict[str, Any]]:
        embeds = copy.deepcopy(embeds)
        message.embedded.clear()
        for embed in embeds:
            embed["type"] = "rich"
            for shown in embed.get("fields") or []:
                shown.setdefault("inline", False)
            for key in ("image", "thumbnail"):
                found = _attachment_named(message, (embed.get(key) or {}).get("url") or "")
                if found is not None:
                    embed[key] = {"url": (link := self._cdn.url(found)), "proxy_url": link}
                    message.embedded.add(found.id)
        return embeds

    def _tell(self, kind: EventKind, message: Message) -> None:
        self._events.publish(Event(kind, self._world.clock.now(), message=message.snapshot()))


def _attachment_named(message: Message, url: str) -> Attachment | None:
    name = url.removeprefix("attachment://") if url.startswith("attachment://") else None
    return next((a for a in message.attachments if a.filename == name), None)


def _name_files(message: Message) -> None:
    """Set the name and size of file components, which a bot cannot set itself."""
    by_id = {str(attachment.id): attachment for attachment in message.attachments}
    for _, component in walk(message.components):
        if component["type"] == ComponentType.FILE:
            shown = by_id[component["file"]["attachment_id"]]
            component["name"], component["size"] = shown.filename, shown.size


def _attachment_plan(
    body: dict[str, Any], files: dict[int, Upload], old: list[Attachment]
) -> list[Upload | Attachment]:
    """The message's files after the request, in order.

    Without an `attachments` list the old ones stay and the uploads are added; with one, only what it lists stays
    (docs: reference, "Editing Message Attachments"). An entry's id is the number in `files[n]` or an old file's id.
    """
    listed = body.get("attachments")
    if listed is None:
        return [*old, *files.values()]
    old_by_id = {attachment.id: attachment for attachment in old}
    plan: list[Upload | Attachment] = []
    errors = FormErrors()
    for index, entry in enumerate(listed):
        number = int(entry.get("id", -1))
        if number in files:
            upload = files[number]
            name = entry.get("filename") or upload.filename
            plan.append(Upload(name, upload.data, upload.content_type, entry.get("description")))
        elif number in old_by_id:
            plan.append(old_by_id[number])
        else:
            errors.add(f"attachments.{index}.id", "ATTACHMENT_NOT_FOUND", "The attachment was not found")
    errors.raise_if_any()
    return plan

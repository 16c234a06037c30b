"""Validation of a message as a whole, with Discord's form errors (docs: resources/message)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.fake_discord.rules.components import check_components
from playground.fake_discord.world.components import media_slots
from playground.fake_discord.world.errors import FormErrors, empty_message

MAX_CONTENT = 2000
MAX_EMBEDS = 10
MAX_EMBED_TEXT = 6000
MAX_FILES = 10
MAX_URL = 2048
MAX_DESCRIPTION = 1024
_EMBED_LIMITS = {"title": 256, "description": 4096}
_MEDIA_OF_EMBED = ("image", "thumbnail", "author", "footer")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it would be after a request: the old message with the fields of the body applied."""

    content: str
    embeds: list[dict[str, Any]]
    components: list[dict[str, Any]]
    file_names: list[str]
    v2: bool


def check_draft(draft: Draft, body: dict[str, Any]) -> None:
    """Raise 400/50035 with every error in the draft, or 400/50006 if there is nothing to show."""
    errors = FormErrors()
    errors.too_long("content", draft.content, MAX_CONTENT)
    if draft.v2:
        _check_no_legacy_fields(draft, errors)
    if len(draft.file_names) > MAX_FILES:
        errors.add("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_FILES} or fewer in length.")
    _check_embeds(draft.embeds, errors)
    if "components" in body:
        check_components(draft.components, v2=draft.v2, errors=errors)
        _check_media(draft, errors)
    _check_allowed_mentions(body.get("allowed_mentions") or {}, errors)
    errors.raise_if_any()
    if not (draft.content.strip() or draft.embeds or draft.components or draft.file_names):
        raise empty_message()


def _check_no_legacy_fields(draft: Draft, errors: FormErrors) -> None:
    for field, value in (("content", draft.content), ("embeds", draft.embeds)):
        if value:
            message = f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            errors.add(field, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    if not draft.components:
        errors.add("components", "BASE_TYPE_REQUIRED", "This field is required")


def _check_embeds(embeds: list[dict[str, Any]], errors: FormErrors) -> None:
    if len(embeds) > MAX_EMBEDS:
        errors.add("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_EMBEDS} or fewer in length.")
    total = 0
    for index, embed in enumerate(embeds):
        for key, limit in _EMBED_LIMITS.items():
            errors.too_long(f"embeds.{index}.{key}", embed.get(key), limit)
            total += len(embed.get(key) or "")
        fields = embed.get("fields") or []
        if len(fields) > 25:
            errors.add(f"embeds.{index}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for number, field in enumerate(fields):
            errors.too_long(f"embeds.{index}.fields.{number}.name", field.get("name"), 256)
            errors.too_long(f"embeds.{index}.fields.{number}.value", field.get("value"), 1024)
            total += len(field.get("name") or "") + len(field.get("value") or "")
        total += len((embed.get("footer") or {}).get("text") or "") + len((embed.get("author") or {}).get("name") or "")
    if total > MAX_EMBED_TEXT:
        message = f"Embed size exceeds maximum size of {MAX_EMBED_TEXT}"
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_media(draft: Draft, errors: FormErrors) -> None:
    for path, holder, key in media_slots(draft.components):
        url = str((holder.get(key) or {}).get("url") or "")
        errors.too_long(f"{path}.url", url, MAX_URL)
        errors.too_long(f"{path.removesuffix('.media')}.description", holder.get("description"), MAX_DESCRIPTION)
        if url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in draft.file_names:
                message = "The referenced attachment was not found"
                errors.add(f"{path}.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)
        elif key == "file" or not url.startswith(("http://", "https://")):
            message = "Scheme must be one of ('http', 'https', 'attachment')."
            errors.add(f"{path}.url", "URL_TYPE_INVALID_SCHEME", message)


def _check_allowed_mentions(allowed: dict[str, Any], errors: FormErrors) -> None:
    for kind in ("users", "roles"):
        if allowed.get(kind) and kind in (allowed.get("parse") or []):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            errors.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)

"""Renders a message as plain text for a terminal, as a member would see it."""

from __future__ import annotations

import itertools
import re
import textwrap
import time
from collections.abc import Sequence
from typing import Any

from playground.fake_discord.world.components import SELECTS, ComponentType
from playground.fake_discord.world.interaction import Interaction
from playground.fake_discord.world.messages import Message

_TIMESTAMP = re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>")
_MASKED_LINK = re.compile(r"\[([^\]]+)\]\((?:<)?(https?://[^)>]+)(?:>)?\)")
_BOLD = re.compile(r"(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_HEADING = re.compile(r"^(?:#{1,3}|-#) +", re.MULTILINE)
_FENCE = re.compile(r"```(?:\w+\n)?(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_ESCAPE = re.compile(r"\\([\\*_~`|<>\[\]()#+\-.!@:])")
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_MENTION = re.compile(r"<(@!?|@&|#)(\d+)>")
_BAR = "│ "
_UNKNOWN = {"@": "@unknown-user", "@!": "@unknown-user", "@&": "@unknown-role", "#": "#unknown"}
_ANY = {
    ComponentType.STRING_SELECT: "nothing",
    ComponentType.USER_SELECT: "any member",
    ComponentType.ROLE_SELECT: "any role",
    ComponentType.MENTIONABLE_SELECT: "any member or role",
    ComponentType.CHANNEL_SELECT: "any channel",
}


def render(message: Message, *, now: float | None = None) -> str:
    """The message as lines of text; `now` is the Unix time that relative times refer to."""
    now = time.time() if now is None else now
    if message.deleted:
        return "(message deleted)"
    lines: list[str] = []
    if message.thinking:
        lines.append(f"{message.author.display_name} is thinking…")
    if message.content:
        lines += _text(message, message.content, now)
    for embed in message.embeds:
        lines += [_BAR + line for line in _embed(message, embed, now)]
    for component in message.components:
        lines += _component(message, component, now)
    if not message.components_v2:
        lines += [f"[{_kind(a.content_type)}: {a.filename}, {size_in_words(a.size)}]" for a in message.attachments]
    if message.ephemeral:
        lines.append("(only you can see this)")
    return "\n".join(lines)


def render_interaction(interaction: Interaction, *, now: float | None = None) -> str:
    """What the person sees of an interaction: its reply, its modal's title, or that the bot did not respond."""
    if interaction.failed:
        return "The application did not respond"
    if interaction.modal is not None:
        return f"(form: {interaction.modal['title']})"
    if interaction.message is not None:
        return render(interaction.message, now=now)
    return "(no answer yet)" if not interaction.acknowledged.is_set() else "(nothing to see)"


def side_by_side(texts: Sequence[str], width: int) -> str:
    """`texts` as columns of `width` characters each, wrapped."""
    columns = [
        [part for line in text.splitlines() for part in textwrap.wrap(line, width, subsequent_indent=_BAR) or [""]]
        for text in texts
    ]
    rows = itertools.zip_longest(*columns, fillvalue="")
    return "\n".join("  ".join(cell.ljust(width) for cell in row).rstrip() for row in rows)


def size_in_words(size: int) -> str:
    """A number of bytes as text: "1.2 MB"."""
    for unit, name in ((1_000_000, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"


def relative_time(seconds: float) -> str:
    """Seconds from now in Discord's words: "in 5 minutes", "2 hours ago"."""
    for length, name in _UNITS:
        count = int(abs(seconds) // length)
        if count:
            words = f"{count} {name}{'s' if count > 1 else ''}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "now"


def plain(text: str, now: float) -> str:
    """Discord markdown without its marks; code is kept literally, timestamps become words."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\0{len(kept) - 1}\0"

    for literal in (_FENCE, _CODE, _ESCAPE):
        text = literal.sub(keep, text)
    text = _TIMESTAMP.sub(lambda match: _timestamp(match, now), text)
    text = _MASKED_LINK.sub(r"\1 (\2)", text)
    text = _HEADING.sub("", text)
    previous = None
    while previous != text:
        previous, text = text, _ITALIC.sub(r"\1", _BOLD.sub(r"\2", text))
    while "\0" in text:
        text = re.sub("\0(\\d+)\0", lambda match: kept[int(match[1])], text)
    return text


def _timestamp(match: re.Match[str], now: float) -> str:
    moment = int(match[1])
    if match[2] == "R":
        return relative_time(moment - now)
    shapes = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%Y-%m-%d", "D": "%Y-%m-%d", "F": "%A %Y-%m-%d %H:%M"}
    return time.strftime(shapes.get(match[2] or "f", "%Y-%m-%d %H:%M"), time.localtime(moment))


def _text(message: Message, text: str, now: float) -> list[str]:
    text = _MENTION.sub(lambda match: _name_of(message, match[2]) or _UNKNOWN[match[1][:2]], text)
    return plain(text, now).splitlines()


def _component(message: Message, component: dict[str, Any], now: float) -> list[str]:
    kind = component["type"]
    children = component.get("components") or []
    if kind == ComponentType.CONTAINER:
        return [_BAR + line for child in children for line in _component(message, child, now)]
    if kind == ComponentType.ACTION_ROW:
        return ["  ".join(_control(message, child) for child in children)]
    if kind == ComponentType.SECTION:
        lines = [line for child in children for line in _component(message, child, now)]
        return [*lines, *_component(message, component["accessory"], now)]
    if kind == ComponentType.TEXT_DISPLAY:
        return _text(message, component["content"], now)
    if kind == ComponentType.MEDIA_GALLERY:
        return [_media(message, item["media"], item.get("description")) for item in component["items"]]
    if kind == ComponentType.THUMBNAIL:
        return [_media(message, component["media"], component.get("description"))]
    if kind == ComponentType.FILE:
        return [_media(message, component["file"], None)]
    if kind == ComponentType.SEPARATOR:
        return ["─" * 24] if component.get("divider", True) else [""]
    return [_control(message, component)]


def _control(message: Message, component: dict[str, Any]) -> str:
    if component["type"] in SELECTS:
        return _select(message, component)
    emoji = (component.get("emoji") or {}).get("name")
    label = " ".join(part for part in (emoji, component.get("label")) if part)
    link = f" → {component['url']}" if component.get("url") else ""
    return f"({label})" if component.get("disabled") else f"[ {label}{link} ]"


def _select(message: Message, select: dict[str, Any]) -> str:
    """The chosen values, or else the placeholder, and the options."""
    options = select.get("options") or []
    chosen = [option["label"] for option in options if option.get("default")]
    chosen += [_name_of(message, str(default["id"])) or "unknown" for default in select.get("default_values") or []]
    offered = " · ".join(option["label"] for option in options) or _ANY[ComponentType(select["type"])]
    told = f"{', '.join(chosen) or select.get('placeholder') or 'Make a selection'} ▾ {offered}"
    return f"({told})" if select.get("disabled") else f"[ {told} ]"


def _name_of(message: Message, snowflake: str) -> str | None:
    """The name of a person, role or channel of the message's server, as a mention shows it."""
    guild = message.channel.guild
    names = {str(user.id): f"@{user.display_name}" for user in message.channel.people}
    if guild is not None:
        names |= {str(role.id): f"@{role.name.removeprefix('@')}" for role in guild.roles}
        names |= {str(channel.id): f"#{channel.name}" for channel in (*guild.channels, *guild.threads)}
    return names.get(snowflake)


def _media(message: Message, media: dict[str, Any], description: str | None) -> str:
    told = f", “{description}”" if description else ""
    own = next((a for a in message.attachments if str(a.id) == media.get("attachment_id")), None)
    if own is not None:
        return f"[{_kind(own.content_type)}: {own.filename}, {size_in_words(own.size)}{told}]"
    return f"[media: {media['url']}{told}]"


def _kind(content_type: str) -> str:
    kind = content_type.partition("/")[0]
    return kind if kind in ("image", "video", "audio") else "file"


def _embed(message: Message, embed: dict[str, Any], now: float) -> list[str]:
    lines: list[str] = []
    for text in ((embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")):
        lines += _text(message, text or "", now)
    for field in embed.get("fields") or []:
        lines += _text(message, f"{field['name']}: {field['value']}", now)
    for key in ("image", "thumbnail"):
        if embed.get(key):
            lines.append(f"[image: {embed[key]['url'].partition('?')[0].rpartition('/')[2]}]")
    return lines + _text(message, (embed.get("footer") or {}).get("text") or "", now)

"""One walk through any JSON value that finds links, errors and percentages by the names of their fields."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from bot.providers.places.complaints import MAX_DEPTH, complaint_of, flags_of, status_of
from bot.providers.places.field_names import (
    BASE64_KEYS,
    PERCENT_KEYS,
    TYPE_KEYS,
    is_link_key,
    is_never_key,
    is_part_of_video,
    is_video_key,
    known,
    plain_key,
    watermark_rank,
)

MAX_ITEMS = 64  # of one list or object
MAX_LINKS = 16
MAX_PRINTED = 32 * 1024  # characters
_WAITING = re.compile(
    r"queue|pending|submit|process|running|progress|generating|waiting|created|starting"
    r"|preparing|dreaming|throttled|initiali|排队|处理中|生成中|进行中|等待"
)
_NO_VIDEO_TYPE = re.compile(
    r"image|audio|sound|thumb|cover|poster|subtitle|caption|^input|frame|json|archive"
    r"|reference|music|gif"
)
_VIDEO_TYPE = re.compile(r"video")
_SUCCEEDED = re.compile(r"succe|complete|finish|done|ready|成功|完成")
_LINK = re.compile(r"(?:https?:)?(?:\\?/){2}[^\s\"'<>]+\Z|data:video/[\w.+-]+;base64,", re.IGNORECASE)
_ROOT_PATH = re.compile(
    r"/[\w.~%-]+(?:/[\w.~%-]+)+(?:\?\S*)?\Z|/[\w.~%-]+\.(?:mp4|webm|mov|m4v|mkv)(?:\?\S*)?\Z", re.IGNORECASE
)
_VIDEO_FILE = re.compile(r"\.(?:mp4|mov|webm|m4v|mkv)(?:[?#]|\Z)|mime_type=video|\Adata:video/", re.IGNORECASE)
_PERCENT = re.compile(r"\s*(\d{1,3}(?:\.\d{1,6})?)\s*[%％]?\s*\Z")
_PRINTED = re.compile(r"\[?\s*\{\s*'")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}\Z")
_OF = re.compile(r"\s*(\d{1,4})\s*/\s*(\d{1,4})\s*\Z")


@dataclass(slots=True)
class Findings:
    """What a walk found. Each link has its trust: 0 under a key that says video, 1 under any other; and its mark."""

    links: list[tuple[int, int, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    percent: float | None = None

    def best_links(self) -> list[str]:
        """Return the links of the best trust that is there, each once, those without a watermark first."""
        best = min((trust for trust, _, _ in self.links), default=0)
        good = sorted((found for found in self.links if found[0] == best), key=itemgetter(1))
        return list(dict.fromkeys(link for _, _, link in good))


def search(value: Any) -> Findings:
    """Return what ``value``, any JSON, tells of links, errors and progress. Text of a chat is not its business."""
    found = Findings()
    _walk(value, "", found, 0, takes_links=True)
    return found


def _walk(value: Any, key: str, found: Findings, depth: int, *, takes_links: bool) -> None:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        _take_object(value, key, found, depth, takes_links=takes_links)
    elif isinstance(value, list):
        for item in value[:MAX_ITEMS]:
            _walk(item, key, found, depth + 1, takes_links=takes_links)
    elif isinstance(value, str):
        if value[:1] in "{[" and (inner := as_json(value)) is not None:
            _walk(inner, key, found, depth + 1, takes_links=takes_links)
        elif takes_links and value:
            _take_link(value.strip(), key, found)


def _take_object(entry: dict[str, Any], key: str, found: Findings, depth: int, *, takes_links: bool) -> None:
    keys = {plain_key(name): held for name, held in list(entry.items())[:MAX_ITEMS]}
    status = status_of(keys)
    if complaint := complaint_of(keys, entry, nested=bool(key)):
        found.errors.append(complaint)
        takes_links = takes_links and bool(_SUCCEEDED.match(status))  # Kie's example of a success has a failCode
    elif _WAITING.search(status):
        takes_links = False
    found.errors += flags_of(keys)
    if takes_links and (picture := _link_within(keys.get("imageurl"))) and _VIDEO_FILE.search(picture):
        _take_link(picture, "url", found)  # some relays have only pictures in their schema, and put the video there
    kinds = " ".join(held.lower() for name in known(keys, TYPE_KEYS) if isinstance(held := keys[name], str))
    takes_links = takes_links and not _NO_VIDEO_TYPE.search(kinds)
    if takes_links and _VIDEO_TYPE.search(kinds):
        key = "video"
        _take_base64(keys, found)
    for name, held in keys.items():
        if name in PERCENT_KEYS:
            percent = percent_of(held)
            found.percent = percent if percent is not None else found.percent
        if is_never_key(name):
            continue
        if isinstance(held, dict | list) or (isinstance(held, str) and (takes_links or held[:1] in "{[")):
            # An object under a key of the video is the video's: {"video": {"url": …}}.
            inherited = key if is_part_of_video(name) and is_video_key(key) else name
            _walk(held, inherited, found, depth + 1, takes_links=takes_links)


def _link_within(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("url")
    return value if isinstance(value, str) else ""


def _take_base64(keys: dict[str, Any], found: Findings) -> None:
    """Take a video that an object holds itself: Vertex AI's bytesBase64Encoded beside its mimeType, Gemini's data."""
    texts = (held for name in known(keys, BASE64_KEYS) if isinstance(held := keys[name], str))
    held = next(filter(_BASE64.match, texts), "")
    if held and len(found.links) < MAX_LINKS:
        found.links.append((0, 0, f"data:video/mp4;base64,{held}"))


def _take_link(text: str, key: str, found: Findings) -> None:
    if len(found.links) >= MAX_LINKS or not text:
        return
    named = is_video_key(key)
    mark = watermark_rank(key)
    if _LINK.match(text):
        if named or is_link_key(key) or _VIDEO_FILE.search(text):
            found.links.append((0 if named else 1, mark, text.replace("\\/", "/")))
    elif named and _ROOT_PATH.match(text):
        found.links.append((0, mark, text))
    elif "//" in text and len(found.texts) < MAX_ITEMS:
        found.texts.append(text[:4096])


def percent_of(value: Any) -> float | None:
    """Return the percentage that a field holds: a number, ``"30%"``, ``"45/100"``, or a fraction below one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if whole := _OF.match(value):
            value = 100 * int(whole[1]) / int(whole[2]) if int(whole[2]) else None
        else:
            match = _PERCENT.match(value)
            value = float(match[1]) if match else None
    if not isinstance(value, int | float) or not 0 <= value <= 100:
        return None
    return round(value * 100, 4) if isinstance(value, float) and 0 < value < 1 else float(value)


def as_json(text: str) -> Any:
    """Return the object or list that ``text`` is the JSON of, else None."""
    text = text.strip()
    if not text or text[0] not in "{[":
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = _as_printed(text) if _PRINTED.match(text) and len(text) <= MAX_PRINTED else None
    return value if isinstance(value, dict | list) else None


def _as_printed(text: str) -> Any:
    """Return what ``text`` is the Python notation of, as a service written in it prints a dict, else None."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def shape(value: Any, depth: int = 0) -> str:
    """Return the names of fields and the kinds of values of ``value``, for the log; no value of it, and no text."""
    if isinstance(value, dict):
        if depth > 3:
            return "{…}"
        names = list(value)[:12]
        inside = ", ".join(f"{str(name)[:24]}: {shape(value[name], depth + 1)}" for name in names)
        return "{" + inside + (", …" if len(value) > len(names) else "") + "}"
    if isinstance(value, list):
        return (
            "[" + (shape(value[0], depth + 1) if value else "") + (f" × {len(value)}" if len(value) > 1 else "") + "]"
        )
    return "null" if value is None else type(value).__name__


def names_in(value: Any, depth: int = 0) -> Iterable[str]:
    """Yield the plain keys of ``value``, of objects within it too."""
    if isinstance(value, list) and depth < MAX_DEPTH:
        for item in value[:MAX_ITEMS]:
            yield from names_in(item, depth + 1)
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for name, held in value.items():
            yield plain_key(name)
            yield from names_in(held, depth + 1)

"""What a JSON object complains of: by its status, its code, or a field for errors; and the words of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.providers.places.field_names import CODE_KEYS, ERROR_KEYS, INSIDE_KEYS, MESSAGE_KEYS, STATUS_KEYS, plain_key

MAX_DEPTH = 12  # of values within values
_TITLED = (
    ("moderationstage", "moderation stage"),
    ("category", "category"),
    ("categories", "category"),
    ("flaggedcategories", "category"),
)
_FINE = frozenset(
    (
        "",
        "0",
        "200",
        "201",
        "ok",
        "success",
        "succeed",
        "succeeded",
        "successful",
        "none",
        "null",
        "10000",
        "20000",
        "00000",
        "true",
        "completed",
        "sucess",
        "请求成功",
        "成功",
        "000000",
    )
)
_NOTHING = ("", "0", "ok", "success", None)
_SUCCESS_WORDS = frozenset(
    ("ok", "success", "succeed", "succeeded", "successful", "sucess", "请求成功", "成功", "completed")
)
_FAILED = re.compile(
    r"fail|error|cancel|expired|reject|moderat|block|refus|violat|denied|abort|timeout|illegal"
    r"|forbidden|失败|违规|拒绝|取消|超时"
)
_DECODER = json.JSONDecoder()


def status_of(keys: dict[str, Any]) -> str:
    return next((held.lower() for name in STATUS_KEYS if isinstance(held := keys.get(name), str)), "")


def complaint_of(keys: dict[str, Any], entry: dict[str, Any], *, nested: bool) -> str:
    """Return what an object complains of, empty if it does not: by its status, its code, or a field for errors."""
    status = status_of(keys)
    failed = any(_says_something(keys.get(name)) for name in ERROR_KEYS & keys.keys())
    failed = failed or (keys.get("error") == "None" and not status)  # Python's own word for a reason it does not know
    failed = failed or (bool(_FAILED.search(status)) and "not fail" not in status)
    failed = failed or _bad_code(keys, nested=nested)
    if isinstance(base := keys.get("baseresp"), dict):
        failed = failed or str(base.get("status_code", 0)) not in _FINE
    if isinstance(code := keys.get("status"), int) and not isinstance(code, bool) and 400 <= code < 600:
        failed = True
    if keys.get("inputsensitive") is True or keys.get("outputsensitive") is True:
        failed = True
    failed = failed or keys.get("respectmoderation") is False
    return (error_message(entry) or status or "error") if failed else ""


def _says_something(value: Any) -> bool:
    """Whether a field for errors holds more than "none", 0, or an object of such: {"code": 0, "message": ""}."""
    if isinstance(value, dict):
        return any(held not in _NOTHING for held in map(_folded, value.values()))
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return _folded(value) not in _FINE if isinstance(value, str) else value is not False and bool(value)


def _folded(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value if value else None


def _bad_code(keys: dict[str, Any], *, nested: bool) -> bool:
    """Whether ``{"code": -1, "msg": …}`` reports a failure; a message alone does if there is nothing else."""
    code = keys.get("code", keys.get("statuscode", keys.get("ret", keys.get("errno"))))
    worded = any(
        isinstance(keys.get(name), str) and keys[name]
        for name in ("msg", "message", "detail", "err", "errormsg", "statusmsg", "retmsg")
    )
    listed = isinstance(keys.get("detail"), list) and bool(keys["detail"])
    message = next((keys[name] for name in ("msg", "message") if isinstance(keys.get(name), str)), "")
    if isinstance(code, str | int) and not isinstance(code, bool) and code is not None:
        if str(code).lower() in _FINE or message.strip().lower() in _SUCCESS_WORDS:
            return False
        return (worded or "data" in keys) and not keys.get("choices")
    if keys.get("success") is False:
        return True
    if nested or keys.get("choices") or keys.get("data") or isinstance(keys.get("message"), dict):
        return False
    return (worded or listed) and not keys.keys() & {
        "videourl",
        "url",
        "video",
        "role",
        "content",
        "progress",
        "answer",
        "text",
    }


def error_message(body: Any) -> str:
    """
    Return the codes and the texts of an error body in one line, set apart by `` | ``; empty if it holds none.

    What stood at a place of the request is told as ``at image_url``: that place is what was at fault.
    """
    pieces = (piece.strip() for piece in _words(body, depth=0))
    return " | ".join(dict.fromkeys(piece for piece in pieces if piece))


def _words(body: Any, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    if isinstance(body, str):
        yield from _unfolded(body, depth)
    elif isinstance(body, list):
        for part in body[:8]:
            yield from _words(part, depth + 1)
    elif isinstance(body, dict):
        yield from _words_of_object({plain_key(name): held for name, held in body.items()}, depth)


def _words_of_object(keys: dict[str, Any], depth: int) -> Iterator[str]:
    yield from _codes(keys)
    yield from _what_was_checked(keys)
    for name in MESSAGE_KEYS:
        if held := keys.get(name):
            yield from _words(held, depth + 1)
    yield from _marks(keys)
    for name in INSIDE_KEYS:
        held = keys.get(name)
        if isinstance(held, dict) or (name == "raw" and isinstance(held, str)):
            yield from _words(held, depth + 1)


def _codes(keys: dict[str, Any]) -> Iterator[str]:
    for name in CODE_KEYS:
        if not (held := keys.get(name)):
            continue
        if isinstance(held, str):
            yield held
        elif isinstance(held, int) and not isinstance(held, bool):
            yield f"code {held}"
    if (status := status_of(keys)) and _FAILED.search(status):
        yield f"status {status}"
    if isinstance(base := keys.get("baseresp"), dict) and base.get("status_code"):
        yield f"base_resp {base['status_code']}"


def _what_was_checked(keys: dict[str, Any]) -> Iterator[str]:
    """Yield the place of the request that was at fault: FastAPI's ``loc``, OpenAI's ``param``, Zhipu's ``role``."""
    if isinstance(loc := keys.get("loc"), list):
        place = " ".join(str(part) for part in loc if part != "body")
        yield f"at {place}" if place else ""
    if isinstance(param := keys.get("param"), str):
        yield f"at {param}" if param else ""
    if isinstance(filtered := keys.get("contentfilter"), list):
        roles = {part.get("role") for part in filtered if isinstance(part, dict)}
        if roles == {"user"}:
            yield "at prompt"
        elif roles == {"assistant"}:
            yield "moderation stage: output"


def _marks(keys: dict[str, Any]) -> Iterator[str]:
    """Yield what fields tell that hold no sentence: a stage, categories, MiniMax's and Google's marks."""
    for name, title in _TITLED:
        if isinstance(held := keys.get(name), str | list) and held:
            yield f"{title}: {held if isinstance(held, str) else ', '.join(map(str, held[:8]))}"
    if keys.get("inputsensitive") is True:
        yield "input sensitive"
    if keys.get("outputsensitive") is True:
        yield "output new sensitive"
    if keys.get("respectmoderation") is False:  # xAI, of the video that it made
        yield "moderation stage: output"
    if keys.get("raimediafilteredcount") and not keys.get("raimediafilteredreasons"):
        yield "rai media filtered"


def _unfolded(text: str, depth: int = 0) -> Iterator[str]:
    """Yield ``text``, the JSON inside it taken apart: ``API request failed: 400 - {"error": {…}}``."""
    at = text.find("{")
    tries = 0
    while at >= 0 and tries < 4 and depth < MAX_DEPTH:
        tries += 1
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        inner = list(_words(value, depth + 1))
        yield text[:at]
        yield from inner or [text[at:end]]
        text = text[end:]
        at = text.find("{")
    yield text


def unfolded(text: str) -> str:
    """Return ``text`` with the JSON inside it taken apart as ``error_message`` does."""
    return " | ".join(filter(str.strip, _unfolded(text))) if "{" in text else text

"""What a JSON object complains of: by its status, its code, or a field for errors; and the words of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.providers.places.field_names import (
    CODE_KEYS,
    FAILED_FLAGS,
    FINE,
    FLAGS,
    INSIDE_KEYS,
    STATUS_KEYS,
    SUCCESS_WORDS,
    is_error_key,
    is_never_key,
    is_video_key,
    known,
    message_keys,
    plain_key,
)

MAX_DEPTH = 12  # of values within values
MAX_STATUS = 40  # characters
_TITLED = (
    ("moderationstage", "moderation stage"),
    ("category", "category"),
    ("categories", "category"),
    ("flaggedcategories", "category"),
)
_NOTHING = ("", "0", "ok", "success", None)
_FAILED = re.compile(
    r"fail|error|cancel|expired|reject|moderat|block|refus|violat|denied|abort|timeout|illegal"
    r"|forbidden|not found|失败|违规|拒绝|取消|超时"
)
_FAILED_WORD = re.compile(
    r"(?:[a-z]+[._ -])*"
    r"(?:fail|failed|failure|error|errored|rejected|cancell?ed|expired|aborted|timeout|timed_?out|denied)"
)
_PRINTED_NAME = re.compile(r"'\w{1,40}': ?")
_DECODER = json.JSONDecoder()


def status_of(keys: dict[str, Any]) -> str:
    for name in known(keys, STATUS_KEYS):
        if isinstance(held := keys[name], str) and len(held) <= MAX_STATUS and "/" not in held:
            return held.lower()
    return ""


def complaint_of(keys: dict[str, Any], entry: dict[str, Any], *, nested: bool) -> str:
    """Return what an object complains of, empty if it does not: by its status, its code, or a field for errors."""
    status = status_of(keys)
    failed = any(_says_something(held) for name, held in keys.items() if is_error_key(name))
    failed = failed or (keys.get("error") == "None" and not status)  # Python's own word for a reason it does not know
    failed = failed or (bool(_FAILED.search(status)) and "not fail" not in status)
    failed = failed or any(_says_failed(name, held) for name, held in keys.items())
    failed = failed or _bad_code(keys, nested=nested)
    if isinstance(base := keys.get("baseresp"), dict):
        failed = failed or str(base.get("status_code", 0)) not in FINE
    if isinstance(code := keys.get("status"), int) and not isinstance(code, bool) and 400 <= code < 600:
        failed = True
    return (error_message(entry) or " | ".join(_sentences_within(entry)) or status or "error") if failed else ""


def _says_failed(name: str, value: Any) -> bool:
    """Whether a field says no more than that it failed, whatever it is called."""
    if isinstance(value, bool):
        return FAILED_FLAGS.get(name) is value
    if not isinstance(value, str) or len(value) > MAX_STATUS or is_never_key(name):
        return False
    return _FAILED_WORD.fullmatch(value.lower()) is not None


def flags_of(keys: dict[str, Any]) -> list[str]:
    """Return what the fields of a yes or no tell of a review; none of them takes a link away."""
    return [FLAGS[name][1] for name in keys.keys() & FLAGS.keys() if keys[name] == FLAGS[name][0]]


def _says_something(value: Any) -> bool:
    """Whether a field for errors holds more than "none", 0, or an object of such: {"code": 0, "message": ""}."""
    if isinstance(value, dict):
        return any(held not in _NOTHING for held in map(_folded, value.values()))
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return _folded(value) not in FINE if isinstance(value, str) else value is not False and bool(value)


def _folded(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value if value else None


def _bad_code(keys: dict[str, Any], *, nested: bool) -> bool:
    """Whether ``{"code": -1, "msg": …}`` reports a failure; a message alone does if there is nothing else."""
    code = keys.get("code", keys.get("statuscode", keys.get("ret", keys.get("errno"))))
    worded = any(
        isinstance(held, str) and held and held.strip().lower() not in SUCCESS_WORDS
        for name, held in keys.items()
        if name in ("detail", "err") or name.endswith(("msg", "message"))
    )
    listed = isinstance(keys.get("detail"), list) and bool(keys["detail"])
    message = next((keys[name] for name in ("msg", "message", "detail") if isinstance(keys.get(name), str)), "")
    if message.strip().lower() in SUCCESS_WORDS:
        return False
    if isinstance(code, str | int) and not isinstance(code, bool) and code is not None:
        if str(code).lower() in FINE:
            return False
        return (worded or "data" in keys) and not keys.get("choices")
    if nested or keys.get("choices") or keys.get("data") or isinstance(keys.get("message"), dict):
        return False
    fine = keys.keys() & {"url", "role", "content", "progress", "answer", "text"} or any(map(is_video_key, keys))
    return (worded or listed) and not (fine or status_of(keys))


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
        if "{" in body:
            yield from _unfolded(body, depth)
        else:
            yield body
    elif isinstance(body, list):
        for part in body[:8]:
            yield from _words(part, depth + 1)
    elif isinstance(body, dict):
        yield from _words_of_object({plain_key(name): held for name, held in body.items()}, depth)


def _words_of_object(keys: dict[str, Any], depth: int) -> Iterator[str]:
    yield from _codes(keys)
    yield from _what_was_checked(keys)
    worded = False
    for name in message_keys(keys):
        if held := keys[name]:
            worded = True
            inner = list(_words(held, depth + 1))
            yield from inner or _sentences_within(held)
    yield from _marks(keys)
    for name in known(keys, INSIDE_KEYS):
        held = keys[name]
        if isinstance(held, dict) or (isinstance(held, str) and (name == "raw" or not worded)):
            yield from _words(held, depth + 1)


def _sentences_within(value: Any) -> Iterator[str]:
    """Yield the sentences of an object of no known name: {"zh": "提示词违规", "en": "The prompt …"}."""
    for held in value.values() if isinstance(value, dict) else ():
        for text in held[:8] if isinstance(held, list) else [held]:
            if isinstance(text, str) and (" " in text or not text.isascii()):
                yield text


def _codes(keys: dict[str, Any]) -> Iterator[str]:
    for name in known(keys, CODE_KEYS):
        held = keys[name]
        if isinstance(held, str):
            yield held
        elif isinstance(held, int) and held and not isinstance(held, bool):
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
    yield from flags_of(keys)
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
            if text.startswith("{'", at):  # a dict as Python prints it, most likely cut off: names without a meaning
                text = text[:at] + _PRINTED_NAME.sub("", text[at:])
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

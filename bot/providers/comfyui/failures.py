"""Why a ComfyUI server makes no video: a sentence for the operator, without paths of the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.models import Outcome
from bot.providers.base import Failure
from bot.providers.classify import log_excerpt, outcome_of_status
from bot.providers.turned_away import turned_away

_FOLDERS = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/]+[^\\/'\"\n:]+)*[\\/]+(?=[^\s\\/])")
_NO_MEMORY = re.compile(r"out ?of ?memory|allocation on device|not enough memory", re.IGNORECASE)
_OLD_MISSING = re.compile(r"node (\S+) does not exist")  # before 0.12
_CHOICES = 8  # that are named


def without_folders(text: str) -> str:
    """Return ``text`` with the names of files in place of their paths."""
    return _FOLDERS.sub("", text)


def refused(status: int, text: str, body: Any) -> Failure:
    """
    Return what a refusal of a call means: nothing has begun. ``body`` is what ``text`` holds as JSON, or None. What is
    wrong with a workflow is the operator's to mend, whoever's prompt was in it.
    """
    if status in (401, 403):
        return Failure(Outcome.AUTH, f"the server, or what stands before it, refuses the key (HTTP {status})")
    if status == 429 and "subscription" in text.lower():
        return Failure(Outcome.QUOTA, "the subscription is not active")
    if status == 413:
        return Failure(Outcome.PROVIDER_ERROR, "the picture is larger than the server's --max-upload-size")
    outcome = outcome_of_status(status)
    if status in (429, 503):
        return turned_away(Failure(outcome, f"what stands before the server is too busy (HTTP {status})"))
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        detail = log_excerpt(f"HTTP {status}: {without_folders(text) or 'no words'}")
        return Failure(outcome, detail, not_begun=status < 500)
    wrong = [*_missing_node(error), *_wrong_inputs(body.get("node_errors"))]
    if not wrong:
        wrong = [f"{error.get('message', '')} {error.get('details', '')}".strip() or str(error.get("type"))]
    gone = any(fault.get("type") == "value_not_in_list" for _, fault in _faults(body.get("node_errors")))
    detail = log_excerpt(f"the workflow is refused: {without_folders('; '.join(wrong))}")
    return Failure(outcome, detail, model_gone=gone, not_begun=True)


def failed(data: Any) -> Failure:
    """Return what an ``execution_error`` means, by the data that comes with it."""
    data = data if isinstance(data, dict) else {}
    where = _node(data.get("node_id"), data.get("node_type"))
    kind, message = str(data.get("exception_type") or ""), str(data.get("exception_message") or "")
    if _NO_MEMORY.search(f"{kind} {message}"):
        detail = f"the server ran out of memory at {where}: a smaller size, a shorter length or a smaller model fits"
    else:
        first = next(iter(message.strip().splitlines()), "")
        detail = f"{where} failed: {kind.rpartition('.')[2]}: {without_folders(first)}"
    return Failure(Outcome.PROVIDER_ERROR, log_excerpt(detail))


def interrupted(data: Any) -> Failure:
    """Return what an ``execution_interrupted`` means."""
    data = data if isinstance(data, dict) else {}
    where = _node(data.get("node_id"), data.get("node_type"))
    return Failure(Outcome.CANCELLED, f"it was interrupted at {where}")


def _node(id: Any, kind: Any) -> str:
    return f"node {id} ({kind})" if kind else f"node {id}"


def _missing_node(error: dict[str, Any]) -> Iterator[str]:
    extra = error.get("extra_info")
    name = extra.get("class_type") if isinstance(extra, dict) else None
    if not name and (old := _OLD_MISSING.search(str(error.get("message")))):
        name = old[1]
    if name:
        yield f"the server has no node {name}; install what brings it, or change the workflow"


def _faults(node_errors: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each fault with its node."""
    for id, found in node_errors.items() if isinstance(node_errors, dict) else ():
        held = found if isinstance(found, dict) else {}
        faults = held.get("errors")
        for fault in faults if isinstance(faults, list) else ():
            if isinstance(fault, dict):
                yield _node(id, held.get("class_type")), fault


def _wrong_inputs(node_errors: Any) -> Iterator[str]:
    for where, fault in _faults(node_errors):
        extra = fault.get("extra_info")
        extra = extra if isinstance(extra, dict) else {}
        if fault.get("type") == "value_not_in_list":
            yield not_there(where, extra.get("input_name"), extra.get("received_value"), extra.get("input_config"))
        else:
            yield f"{where}: {fault.get('message')}: {fault.get('details')}"


def not_there(where: str, input: Any, value: Any, spec: Any) -> str:
    """Return that ``value`` is no choice of an input, and which there are by ``spec``, its row of ``/object_info``."""
    there = offered_choices(spec) or []
    names = ", ".join(map(str, there[:_CHOICES])) + f" and {len(there) - _CHOICES} more" * (len(there) > _CHOICES)
    return f"{where}: {input} {value!r} is not on the server" + (f"; it has {names}" if names else "; it has none")


def offered_choices(spec: Any) -> list[Any] | None:
    """Return the choices that an input has by its row of ``/object_info``, None if it is free."""
    if not isinstance(spec, list) or not spec:
        return None
    if isinstance(spec[0], list):
        return spec[0]
    options = spec[1].get("options") if len(spec) > 1 and isinstance(spec[1], dict) else None  # since 2025
    return options if spec[0] == "COMBO" and isinstance(options, list) else None

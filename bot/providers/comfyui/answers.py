"""What the answers of a ComfyUI server say of one prompt: https://docs.comfy.org/development/comfyui-server/comms_routes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.models import Outcome
from bot.providers.base import Failure, Waiting
from bot.providers.comfyui.failures import failed, interrupted, refused
from bot.providers.comfyui.film import SavedFilm, film_in

ENDS = ("execution_success", "execution_error", "execution_interrupted")


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The answer to one call."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        """What it holds as JSON, None if it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


class Where(Enum):
    """Where a prompt is that has not ended: being worked on, not to be found there, or unknown."""

    WORKING = "working"
    ABSENT = "absent"
    UNKNOWN = "unknown"


State = Waiting | Where | SavedFilm | Failure


def read_upload(answer: ServerAnswer) -> str | Failure:
    """Return what LoadImage takes for the picture that was uploaded."""
    body = answer.body
    if answer.status != 200 or not isinstance(body, dict) or not isinstance(body.get("name"), str):
        return _refusal(answer)
    folder, type = body.get("subfolder"), body.get("type")
    name = f"{folder}/{body['name']}" if folder else body["name"]
    return name if type in (None, "input") else f"{name} [{type}]"


def read_create(answer: ServerAnswer) -> str | Failure:
    """Return the id of the prompt that was queued. A left-out branch stands in ``node_errors`` and does no harm."""
    body = answer.body
    if answer.status == 200 and isinstance(body, dict) and isinstance(body.get("prompt_id"), str):
        return str(body["prompt_id"])
    return _refusal(answer)


def read_history(answer: ServerAnswer, id: str, output: str | None = None) -> State:
    """Return what ``/history/{id}`` says; ``output`` is the node that saves the film, if one is named."""
    body = answer.body
    if answer.status != 200 or not isinstance(body, dict):
        return _unread(answer)
    entry = body.get(id)
    if not isinstance(entry, dict):
        return Where.ABSENT
    status = entry.get("status")
    return _ended(status if isinstance(status, dict) else {}, entry.get("outputs"), output)


def read_job(answer: ServerAnswer, output: str | None = None) -> State:
    """Return what ``/api/jobs/{id}`` says, which has no place in the queue: ``Waiting(0)``."""
    body = answer.body
    if answer.status == 404 and isinstance(body, dict):
        return Where.ABSENT
    if answer.status != 200 or not isinstance(body, dict):
        return _unread(answer)
    status = body.get("execution_status")
    match body.get("status"):
        case "pending":
            return Waiting(0)
        case "in_progress":
            return Where.WORKING
        case "failed" if isinstance(body.get("execution_error"), dict):
            return failed(body["execution_error"])
        case "cancelled":
            closing = list(_closings(status))
            return interrupted(closing[-1][1]) if closing else Failure(Outcome.CANCELLED, "it was taken out")
        case "completed" | "failed":
            return _ended(status if isinstance(status, dict) else {}, body.get("outputs"), output)
        case _:
            return Where.UNKNOWN


def read_queue(answer: ServerAnswer, id: str) -> State:
    """Return what ``/queue`` says: it holds everybody's prompts, the waiting ones in no order."""
    body = answer.body
    if answer.status != 200 or not isinstance(body, dict):
        return _unread(answer)
    if any(row[1] == id for row in _rows(body.get("queue_running"))):
        return Where.WORKING
    waiting = sorted(_rows(body.get("queue_pending")), key=lambda row: row[0])
    return next((Waiting(place) for place, row in enumerate(waiting, 1) if row[1] == id), Where.ABSENT)


def has_no_jobs(answer: ServerAnswer) -> bool:
    """Whether a server answers so that does not know ``/api/jobs`` yet (before 0.6)."""
    return answer.status in (404, 405) and not isinstance(answer.body, dict)


def _rows(queue: Any) -> list[Any]:
    rows = queue if isinstance(queue, list) else []
    return [row for row in rows if isinstance(row, list) and len(row) > 1 and isinstance(row[0], int | float)]


def _ended(status: dict[str, Any], outputs: Any, output: str | None) -> SavedFilm | Failure:
    """Return how a run ended. An interruption is told from a failure by the last message alone."""
    for event, data in reversed(list(_closings(status))):
        if event != ENDS[0]:
            return interrupted(data) if event == ENDS[2] else failed(data)
        break
    if status.get("status_str") == "error":
        return Failure(Outcome.PROVIDER_ERROR, "the run failed, and the server does not say why")
    where = f"node {output}" if output else "any node"
    return film_in(outputs, output) or Failure(Outcome.PROVIDER_ERROR, f"the run ended without a film of {where}")


def _closings(status: Any) -> Iterator[tuple[str, Any]]:
    messages = status.get("messages") if isinstance(status, dict) else None
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, list) and len(message) == 2 and message[0] in ENDS:
            yield message[0], message[1]


def _refusal(answer: ServerAnswer) -> Failure:
    if answer.status == 200:
        return Failure(Outcome.BAD_STREAM, "the answer is not that of a ComfyUI server")
    return refused(answer.status, answer.text, answer.body)


def _unread(answer: ServerAnswer) -> Where | Failure:
    """Return what an answer is that says nothing of the prompt: the key may be refused, all else may pass."""
    return _refusal(answer) if answer.status in (401, 403) else Where.UNKNOWN

"""Who speaks /v1/videos, in OpenAI's shape (O) and the two others: the bodies of their answers, and their habits."""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from playground.fake_video_service.error_replies import ErrorReply, bad_request, json_reply
from playground.fake_video_service.tasks.order import Order
from playground.fake_video_service.tasks.task import Task

_INPUT_BLOCK = "The request is blocked by our moderation system when checking inputs. Possible reasons: {}."
_REASONS = {"moderation_image": "people-in-user-uploads", "moderation_prompt": "sexual"}
_WORDS = {
    "moderation_image": "The image shows a real person and was rejected by content moderation.",
    "moderation_prompt": "The prompt was rejected by content moderation.",
    "moderation_result": "Generated video rejected by content moderation.",
    "moderation_unknown": "Your request was blocked by our moderation system.",
}
_TRIGGER = re.compile(r"#([a-z0-9-]+)")


def complaint(task: Task, key: str) -> str:
    """What the service says of a task that failed; one scenario has it give away the `key`."""
    if task.scenario.ending == "leak":
        return f"@everyone upstream http://sora-pool-3.internal:9000/v1 said 500 for Bearer {key}"
    return _WORDS.get(task.outcome, "The video could not be generated.")


class Dialect:
    """OpenAI's own: every field always there, whole percentages, refusals of inputs at the create."""

    status: Mapping[str, str] = {
        "waiting": "queued",
        "working": "in_progress",
        "made": "completed",
        "failed": "failed",
    }

    def check(self, order: Order, picture_size: tuple[int, int] | None) -> ErrorReply | None:
        """The answer to an order that is not taken, None if it is."""
        if order.size and picture_size and order.size != "{}x{}".format(*picture_size):
            return bad_request("Inpaint image must match the requested width and height", None)
        return None

    def new_id(self) -> str:
        return f"video_{secrets.token_hex(16)}"

    def refuse_create(self, outcome: str) -> ErrorReply | None:
        """The answer to a create whose inputs are refused, None where that is told later."""
        reason = _REASONS.get(outcome)
        return bad_request(_INPUT_BLOCK.format(reason), None) if reason else None

    def created(self, task: Task, base: str) -> ErrorReply:
        return json_reply(200, self.body(task, base, ""))

    def polled(self, task: Task, base: str, key: str) -> ErrorReply:
        return json_reply(200, self.body(task, base, complaint(task, key) if task.state == "failed" else ""))

    def body(self, task: Task, base: str, failure: str) -> dict[str, Any]:
        over = task.created_at + 60 if task.state in ("made", "failed") else None
        return {
            "id": task.id,
            "object": "video",
            "model": task.order.model,
            "status": self.status[task.state],
            "progress": 100 if task.state == "made" else int(task.percent),
            "created_at": task.created_at,
            "completed_at": over,
            "expires_at": over and over + 24 * 3600,
            "prompt": task.order.prompt,
            "size": task.order.size or "720x1280",
            "seconds": str(task.order.seconds or 4),
            "remixed_from_video_id": None,
            "error": self.error(task.outcome, failure) if failure else None,
        }

    def error(self, outcome: str, message: str) -> Any:
        return {
            "code": "moderation_blocked" if "moderation" in outcome else "video_generation_failed",
            "message": message,
        }

    def cancel(self, task: Task) -> tuple[ErrorReply, bool]:
        """The answer to a DELETE, and whether the task really stops."""
        if task.state not in ("made", "failed"):
            return bad_request("Video is still being processed.", None), False
        return json_reply(200, {"id": task.id, "deleted": True, "object": "video.deleted"}), True

    def unknown(self) -> ErrorReply:
        return bad_request("Video with id was not found.", "video_id", 404)


class NewApi(Dialect):
    """new-api: both ids, `unknown` at first, the link in `metadata`, an upstream's JSON inside a string."""

    def new_id(self) -> str:
        return f"task_{secrets.token_urlsafe(24)[:32]}"

    def refuse_create(self, outcome: str) -> ErrorReply | None:
        if outcome not in _REASONS:
            return None
        inner = json.dumps({"error": {"message": _INPUT_BLOCK.format(_REASONS[outcome])}})
        return json_reply(400, {"code": "fail_to_fetch_task", "message": inner, "data": None})

    def created(self, task: Task, base: str) -> ErrorReply:
        return json_reply(200, {**self.body(task, base, ""), "status": "unknown"})

    def body(self, task: Task, base: str, failure: str) -> dict[str, Any]:
        body = {**super().body(task, base, failure), "task_id": task.id}
        return {**body, "metadata": {"url": task.link}} if task.link else body

    def error(self, outcome: str, message: str) -> Any:
        return {"code": "400", "message": message}

    def cancel(self, task: Task) -> tuple[ErrorReply, bool]:
        return bad_request(f"Invalid URL (DELETE /v1/videos/{task.id})", None, 404), False


class VllmOmni(Dialect):
    """vLLM-Omni: a form alone, 0 and then 100 %, a failed task inside HTTP 400, and a DELETE that stops it."""

    def check(self, order: Order, picture_size: tuple[int, int] | None) -> ErrorReply | None:
        if order.is_form:
            return None
        return json_reply(422, {"detail": [{"type": "missing", "loc": ["body", "prompt"], "msg": "Field required"}]})

    def new_id(self) -> str:
        return f"video_gen_{secrets.token_hex(16)}"

    def refuse_create(self, outcome: str) -> ErrorReply | None:
        return None

    def polled(self, task: Task, base: str, key: str) -> ErrorReply:
        reply = super().polled(task, base, key)
        return ErrorReply(400, reply.body) if task.state == "failed" else reply

    def body(self, task: Task, base: str, failure: str) -> dict[str, Any]:
        body = {**super().body(task, base, failure), "progress": 100 if task.state == "made" else 0}
        return {**body, "file_path": f"/tmp/out/{task.id}.mp4"} if task.state == "made" else body  # noqa: S108

    def error(self, outcome: str, message: str) -> Any:
        return {"code": 400, "message": message}

    def cancel(self, task: Task) -> tuple[ErrorReply, bool]:
        return json_reply(200, {"id": task.id, "deleted": True, "object": "video.deleted"}), True

    def unknown(self) -> ErrorReply:
        return json_reply(404, {"detail": "Video not found"})


class SgLang(Dialect):
    """SGLang: a UUID, 0 and then 100 %, errors without a code, a DELETE that stops nothing."""

    def check(self, order: Order, picture_size: tuple[int, int] | None) -> ErrorReply | None:
        return None

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def refuse_create(self, outcome: str) -> ErrorReply | None:
        return None

    def body(self, task: Task, base: str, failure: str) -> dict[str, Any]:
        return {**super().body(task, base, failure), "progress": 100 if task.state == "made" else 0, "url": None}

    def error(self, outcome: str, message: str) -> Any:
        return {"message": message}

    def cancel(self, task: Task) -> tuple[ErrorReply, bool]:
        return json_reply(200, {"id": task.id, "object": "video", "status": "deleted"}), False

    def unknown(self) -> ErrorReply:
        return json_reply(404, {"detail": "Video not found"})


class OpenRouter(Dialect):
    """OpenRouter's shape (R): 202 and an address to poll, no percentage, errors as text, the cost in the end."""

    status: Mapping[str, str] = {**Dialect.status, "waiting": "pending"}

    def refuse_create(self, outcome: str) -> ErrorReply | None:
        return None

    def created(self, task: Task, base: str) -> ErrorReply:
        return json_reply(202, self.body(task, base, ""))

    def body(self, task: Task, base: str, failure: str) -> dict[str, Any]:
        body = {"id": task.id, "polling_url": f"/api/v1/videos/{task.id}", "status": self.status[task.state]}
        if failure:
            return {**body, "error": failure}
        if task.state != "made":
            return body
        link = task.link if task.scenario.link != "plain" else f"{base}/api/v1/videos/{task.id}/content?index=0"
        return {**body, "unsigned_urls": [link], "usage": {"cost": 0.5, "is_byok": False}}


class XAi(Dialect):
    """xAI's shape (X): an id alone, a video in place of a status, refusals as HTTP 400, costs in ticks."""

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def refuse_create(self, outcome: str) -> ErrorReply | None:
        return None

    def created(self, task: Task, base: str) -> ErrorReply:
        return json_reply(200, {"request_id": task.id})

    def polled(self, task: Task, base: str, key: str) -> ErrorReply:
        usage = {"cost_in_usd_ticks": 5_000_000_000}
        if task.state == "made":
            return json_reply(
                200, {"video": {"url": task.link, "duration": 8}, "model": task.order.model, "usage": usage}
            )
        if task.state != "failed":
            return json_reply(202, {"status": "pending", "progress": int(task.percent)})
        message = complaint(task, key)
        if task.outcome in ("moderation_prompt", "moderation_result"):
            return json_reply(400, {"code": "imagine:content-moderated", "error": message, "usage": usage})
        return json_reply(200, {"status": "failed", "error": {"code": "internal_error", "message": message}})


OPENAI_SHAPED: Mapping[str, type[Dialect]] = {
    "openai": Dialect,
    "new-api": NewApi,
    "vllm-omni": VllmOmni,
    "sglang": SgLang,
}


def dialect_in(words: str) -> Dialect:
    """The speaker of shape O that the #words of a prompt name, OpenAI where they name none."""
    named = (word for word in _TRIGGER.findall(words.lower()) if word in OPENAI_SHAPED)
    return OPENAI_SHAPED[next(named, "openai")]()

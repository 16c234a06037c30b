"""What goes wrong on the way at services of tasks, by the word that asks for it in a prompt; most of it passes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from playground.fake_video_service import error_replies as replies
from playground.fake_video_service.error_replies import ErrorReply
from playground.fake_video_service.tasks.dialects import OPENAI_SHAPED

Step = Literal["create", "poll", "content"]
TIMES = 2
_WORD = re.compile(r"#([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Habit:
    """One fault of `step`, `times` in a row (0: always); `outcome` is what a correct client reports in the end."""

    word: str
    summary: str
    step: Step
    reply: ErrorReply | Literal["cut", "half", "redirect", "link"]
    times: int = TIMES
    outcome: str = "success"


_TOO_EARLY = replies.bad_request("Video is not ready yet, use GET /v1/videos/{id} to check status", None, 404)
_UNKNOWN = replies.bad_request("Video with id was not found.", "video_id", 404)
_EXPIRED = replies.json_reply(403, {"error": {"code": "expired", "message": "The video has expired."}})
_ERROR_AS_VIDEO = ErrorReply(
    200,
    json.dumps({"error": {"message": "Failed to fetch video content", "type": "server_error"}}).encode(),
    "video/mp4",
)

HABITS: tuple[Habit, ...] = (
    Habit("create-lost", "the create begins a task, and nobody is told", "create", "cut", 1, "interrupted"),
    Habit("poll-busy", "429 to two polls", "poll", replies.OVERLOAD),
    Habit("poll-html", "two polls meet the web page of a proxy", "poll", replies.GATEWAY_TIMEOUT),
    Habit("poll-cut", "two polls end without an answer", "poll", "cut"),
    Habit("poll-unknown", "a young task is not known yet", "poll", _UNKNOWN),
    Habit("poll-auth", "the key is withdrawn meanwhile", "poll", replies.INVALID_KEY, 0, "auth"),
    Habit("content-late", "the video is made, but not there yet", "content", _TOO_EARLY),
    Habit("content-half", "the transfer breaks off, and can be gone on with", "content", "half", 3),
    Habit("content-elsewhere", "a redirect to the file", "content", "redirect", 0),
    Habit("content-link", "JSON with a link in place of the video", "content", "link", 0),
    Habit("content-error", "an error that calls itself video/mp4", "content", _ERROR_AS_VIDEO, 0, "provider_error"),
    Habit("content-expired", "403: the video is gone, the key is fine", "content", _EXPIRED, 0, "provider_error"),
)
_HABIT_OF = {habit.word: habit for habit in HABITS}


def habit_in(words: str) -> Habit | None:
    """The first habit that the #words of a prompt name."""
    return next((_HABIT_OF[word] for word in _WORD.findall(words.lower()) if word in _HABIT_OF), None)


def describe_words() -> str:
    """The words for tasks as plain text, one line each."""
    rows = [(f"#{word}", dialect.__doc__ or "", "success") for word, dialect in OPENAI_SHAPED.items()]
    rows += [(f"#{habit.word}", habit.summary, habit.outcome) for habit in HABITS]
    width = max(len(word) for word, _, _ in rows)
    lines = [f"  {word:<{width}}  {summary} -> {outcome}" for word, summary, outcome in rows]
    head = "At /v1/videos these combine with one behaviour: who speaks, and what goes wrong on the way:"
    return "\n".join([head, *lines])

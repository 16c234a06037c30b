"""Family C, sora2api and its forks: progress in `reasoning_content`, the video as a html tag in `content`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from playground.fake_video_service.error_replies import json_reply
from playground.fake_video_service.families.family import Chunk, ErrorEvent, Family, Piece

UPLOAD = "**Image Upload Begins**\n\nUploading image to server...\n"
UPLOADED = "Image uploaded successfully. Proceeding to generation...\n"
BEGIN = "**Generation Process Begins**\n\nInitializing generation request...\n"
COMPLETED = "**Video Generation Completed**\n\nVideo generation successful. Now caching the video file...\n"
RETRY = "**生成失败，正在重试**\n\n第 1 次重试（共 3 次）...\n\n失败原因：Something went wrong\n"
VIOLATION = "This content may violate our guardrails concerning similarity to third-party content."
SENTINEL = {
    "message": "Hmmm something didn't look right with your request.",
    "type": "invalid_request_error",
    "param": None,
    "code": "sentinel_block",
}
ERRORS = {
    "moderation_image": "Upload may depict a realistic human. Please try again without humans in the frame.",
    "moderation_prompt": "This content may violate our content policies.",
    "moderation_unknown": f"API request failed: 400 - {json.dumps({'error': SENTINEL})}",
}
NO_STREAM_ANSWER = json_reply(
    200,
    {
        "id": "chatcmpl-1767105249627",
        "object": "chat.completion",
        "created": 1767105249,
        "model": "sora",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "All tokens available for video generation. "
                    "Please enable streaming to use the generation feature.",
                },
                "finish_reason": "stop",
            }
        ],
    },
)


class Sora2Api(Family):
    """sora2api and its forks: progress in reasoning_content, a html tag at the end."""

    without_stream = NO_STREAM_ANSWER

    def open(self, prompt: str) -> Iterable[Piece]:
        yield _chunk(UPLOAD, role="assistant")
        yield _chunk(UPLOADED)
        yield _chunk(BEGIN)

    def report(self, percent: float) -> Iterable[Piece]:
        state = "queued" if percent < 1 else "processing"
        yield _chunk(f"\n**Video Generation Progress**: {percent:.0f}% ({state})\n")

    def retry(self) -> Iterable[Piece]:
        yield _chunk(RETRY)

    def succeed(self, url: str) -> Iterable[Piece]:
        yield _chunk(COMPLETED)
        yield _last(f"```html\n<video src='{url}' controls></video>\n```")

    def refuse(self, outcome: str) -> Iterable[Piece]:
        if outcome == "moderation_result":
            yield _chunk(f"**Content Policy Violation**\n\n{VIOLATION}\n")
            yield _last(f"❌ 生成失败: {VIOLATION}")
            return
        message = ERRORS.get(outcome, "Something went wrong")
        yield ErrorEvent({"message": message, "type": "server_error", "param": None, "code": None})

    def frame(self, chunk: Chunk) -> dict[str, Any]:
        """sora2api gives each chunk its own id and repeats the finish_reason."""
        frame = super().frame(chunk)
        frame["id"] = f"chatcmpl-{time.time_ns() // 1_000_000}"
        frame["choices"][0]["native_finish_reason"] = chunk.finish
        return {**frame, "usage": chunk.usage or {"prompt_tokens": 0}}

    def dump(self, value: Any) -> str:
        """JSON as Python writes it by default: with spaces, and pure ASCII."""
        return json.dumps(value)


def _chunk(reasoning: str, **first: str) -> Chunk:
    return Chunk({**first, "content": None, "reasoning_content": reasoning, "tool_calls": None})


def _last(content: str) -> Chunk:
    usage = {"prompt_tokens": 0, "completion_tokens": 1, "total_tokens": 1}
    return Chunk({"content": content, "reasoning_content": None, "tool_calls": None}, "STOP", usage)

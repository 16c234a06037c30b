"""Family D, the self-hosted relays: sub2api with bare pings, flow2api with reasoning, grok2api with `<think>`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from playground.fake_video_service.error_replies import STREAM_REQUIRED
from playground.fake_video_service.families.family import Chunk, ErrorEvent, Family, Piece, Raw, content_chunk

PING = Raw(b":\n\n")
INPUT_BLOCK = "The request is blocked by our moderation system when checking inputs. Possible reasons: {reason}."


class Sub2Api(Family):
    """sub2api: bare pings, then the video; errors as named events."""

    without_stream = STREAM_REQUIRED
    reasons: Mapping[str, str] = {
        "moderation_image": "upstream bizCode=451, msg=image_unsafe",
        "moderation_prompt": "upstream bizCode=451, msg=prompt_unsafe",
        "moderation_result": "upstream bizCode=451, msg=video_unsafe",
        "moderation_unknown": "sentinel_block: Hmmm something didn't look right with your request.",
    }

    def open(self, prompt: str) -> Iterable[Piece]:
        yield PING

    def report(self, percent: float) -> Iterable[Piece]:
        yield PING

    def succeed(self, url: str) -> Iterable[Piece]:
        yield content_chunk(f"```html\n<video src='{url}' controls></video>\n```")
        yield Chunk({}, "stop")

    def refuse(self, outcome: str) -> Iterable[Piece]:
        message = self.reasons.get(outcome, "sora video generation failed")
        yield ErrorEvent({"type": "upstream_error", "message": message}, named=True)

    def frame(self, chunk: Chunk) -> dict[str, Any]:
        """sub2api leaves finish_reason out until the end."""
        frame = super().frame(chunk)
        if chunk.finish is None:
            del frame["choices"][0]["finish_reason"]
        return frame

    def complete(self, pieces: Iterable[Piece]) -> dict[str, Any]:
        body = super().complete(pieces)
        url = str(body["choices"][0]["message"]["content"]).partition("src='")[2].partition("'")[0]
        return {**body, "media_url": url, "media_urls": [url]}

    def dump(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)


class Flow2Api(Family):
    """flow2api: steps in Chinese reasoning, 95 % at most, a html tag with `max-width:100%`."""

    reasons: Mapping[str, str] = {
        "moderation_image": INPUT_BLOCK.format(reason="people-in-user-uploads"),
        "moderation_prompt": INPUT_BLOCK.format(reason="violence"),
        "moderation_result": "This content may violate our guardrails around nudity, sexuality, or erotic content.",
        "moderation_unknown": "sentinel_block",
    }

    def open(self, prompt: str) -> Iterable[Piece]:
        yield self._step("✨ 视频生成任务已启动\n", role="assistant")
        for step in ("初始化生成环境...\n", "上传 1 张参考图片...\n", "提交视频生成任务...\n", "视频生成中...\n"):
            yield self._step(step)

    def report(self, percent: float) -> Iterable[Piece]:
        yield self._step(f"生成进度: {min(95, int(percent))}%\n")

    def succeed(self, url: str) -> Iterable[Piece]:
        tag = f"<video src='{url}' data-media-id='flow-1' controls style='max-width:100%'></video>"
        yield Chunk({"content": f"```html\n{tag}\n```"}, "stop")

    def refuse(self, outcome: str) -> Iterable[Piece]:
        reason = self.reasons.get(outcome, "请重试")
        fault = {"message": f"视频生成失败: {reason}", "type": "server_error", "code": "generation_failed"}
        yield ErrorEvent({**fault, "status_code": 502})

    def _step(self, text: str, **first: str) -> Chunk:
        return Chunk({**first, "reasoning_content": text})


class Grok2Api(Family):
    """grok2api: progress inside `<think>` in content, then a markdown link; its refusals are errors."""

    reasons: Mapping[str, str] = {
        "moderation_image": INPUT_BLOCK.format(reason="people-in-user-uploads"),
        "moderation_prompt": INPUT_BLOCK.format(reason="sexual"),
        "moderation_result": "Your request was blocked by our moderation system.",
        "moderation_unknown": "Your request was blocked by our moderation system.",
    }

    def open(self, prompt: str) -> Iterable[Piece]:
        yield Chunk({"role": "assistant", "content": ""})
        yield content_chunk("<think>\n")

    def report(self, percent: float) -> Iterable[Piece]:
        yield content_chunk(f"[round=1/1] progress={int(percent)}%\n")

    def succeed(self, url: str) -> Iterable[Piece]:
        yield content_chunk("\n</think>\n")
        yield content_chunk(f"[video]({url})")
        yield Chunk({}, "stop")

    def refuse(self, outcome: str) -> Iterable[Piece]:
        if outcome in self.reasons:
            yield ErrorEvent({"code": "moderation_blocked", "message": self.reasons[outcome]})
        else:
            yield ErrorEvent({"code": "upstream_error", "message": "Video generation failed"})

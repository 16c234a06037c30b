"""Family A, `foaicmpl`: the resellers of sora_video2, whose answers are markdown in `content`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from playground.fake_video_service.families.family import (
    Chunk,
    ErrorEvent,
    Family,
    Piece,
    content_chunk,
    echo,
    usage_of,
)

PLAIN_BLOCK = {"code": "moderation_blocked", "message": "Your request was blocked by our moderation system."}


@dataclass(frozen=True, slots=True)
class FoaicmplTexts:
    """The lines of one language. The failure lines were never seen in public; they follow the success line's style."""

    mode: str
    queue: str
    progress: str
    success: str
    failure: str
    bare_failure: str
    reasons: Mapping[str, str]


ENGLISH = FoaicmplTexts(
    mode="Portrait mode",
    queue="> ⌛️ The task is in the queue, please wait patiently...",
    progress="> 🏃 Progress: {percent:.1f}%",
    success="> ✅ Video generation success, [click here]({url}) to view the video~~~",
    failure="> ❌ Generation failed: {reason}",
    bare_failure="> ❌ Generation failed",
    reasons={
        "moderation_image": "This image contains photorealistic people.",
        "moderation_prompt": "This content may violate our content policies.",
        "moderation_result": "This content may violate our guardrails concerning similarity to third-party content.",
    },
)
CHINESE = FoaicmplTexts(
    mode="竖屏模式",
    queue="> ⌛️ 任务正在队列中，请耐心等待...",
    progress="> 🏃 进度：{percent:.1f}%",
    success="> ✅ 视频生成成功，[点击这里]({url}) 查看视频~~~",
    failure="> ❌ 视频生成失败：{reason}",
    bare_failure="> ❌ 视频生成失败",
    reasons={
        "moderation_image": "图片中包含真人，请更换图片后重试",
        "moderation_prompt": "This content may violate our content policies.",
        "moderation_result": "This content may include suggestive or racy material.",
    },
)


class Foaicmpl(Family):
    """The resellers of sora_video2: markdown in content, `Progress: 36.0%`."""

    wording = ENGLISH

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.id = f"foaicmpl-{uuid4()}"
        self._content = ""

    def open(self, prompt: str) -> Iterable[Piece]:
        yield Chunk({"role": "assistant"})
        yield self._line(echo(prompt=prompt, mode=self.wording.mode).strip())
        yield self._line(self.wording.queue)

    def report(self, percent: float) -> Iterable[Piece]:
        yield self._line(self.wording.progress.format(percent=percent))

    def succeed(self, url: str) -> Iterable[Piece]:
        yield self._line(self.wording.success.format(url=url))
        yield Chunk({}, "stop", usage_of(self._content))

    def refuse(self, outcome: str) -> Iterable[Piece]:
        if outcome == "moderation_unknown":
            yield ErrorEvent(PLAIN_BLOCK)
            return
        reason = self.wording.reasons.get(outcome)
        yield self._line(self.wording.failure.format(reason=reason) if reason else self.wording.bare_failure)
        yield Chunk({}, "stop")

    def _line(self, text: str) -> Chunk:
        self._content += text
        return content_chunk(f"{text}\n\n")


class FoaicmplChinese(Foaicmpl):
    """The resellers of sora_video2 in Chinese."""

    wording = CHINESE

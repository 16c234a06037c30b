"""Family B, the asyncdata and filesystem.site relays: tokenised markdown, bare numbers, and decoy links."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from playground.fake_video_service.families.family import Chunk, ErrorEvent, Family, Piece, content_chunk

INNER_BLOCK = {
    "message": "Hmmm something didn't look right with your request.",
    "type": "invalid_request_error",
    "param": None,
    "code": "sentinel_block",
}


@dataclass(frozen=True, slots=True)
class AsyncdataTexts:
    """The texts of one language. Failures were never seen in public; they follow the completion line's style."""

    pages: tuple[str, str]
    queue: str
    work: str
    progress: str
    complete: str
    play: str
    failure: str
    reasons: Mapping[str, str]


CHINESE = AsyncdataTexts(
    pages=("数据预览", "原始数据"),
    queue="排队中",
    work="生成中",
    progress="进度",
    complete="生成完成 ✅",
    play="在线播放▶️",
    failure="生成失败 ❌",
    reasons={
        "moderation_image": "图片中包含真人，请更换图片后重试",
        "moderation_prompt": "This content may violate our content policies.",
        "moderation_result": "This content may violate our guardrails concerning similarity to third-party content.",
    },
)
ENGLISH = AsyncdataTexts(
    pages=("Data Preview", "Raw Data"),
    queue="Queuing",
    work="Generating",
    progress="Progress",
    complete="Generating Complete ✅",
    play="Online Play▶️",
    failure="Generation Failed ❌",
    reasons={
        "moderation_image": "This image contains photorealistic people.",
        "moderation_prompt": "This content may violate our guardrails around nudity, sexuality, or erotic content.",
        "moderation_result": "This content may include suggestive or racy material.",
    },
)


class Asyncdata(Family):
    """The asyncdata relays in Chinese: tokens, bare numbers, decoy links."""

    wording = CHINESE

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._task = f"task_{secrets.token_hex(13)}"
        self._reporting = False

    def open(self, prompt: str) -> Iterable[Piece]:
        words = self.wording
        yield Chunk({"role": "assistant", "content": ""})
        yield from map(content_chunk, _tokens(_echo(prompt)))
        # A delta may be empty in the middle of a stream; only a finish_reason ends the answer.
        yield Chunk({})
        web, source = (f"https://asyncdata.net/{page}/{self._task}" for page in ("web", "source"))
        yield content_chunk(
            f"\n\n> ID: `{self._task}`\n>[{words.pages[0]}]({web}) | [{words.pages[1]}]({source})\n> {words.queue}"
        )
        yield from map(content_chunk, "...")
        yield content_chunk(f"\n> {words.work}")
        yield content_chunk(".")

    def report(self, percent: float) -> Iterable[Piece]:
        head = "" if self._reporting else f"\n\n>🏃 {self.wording.progress} "
        self._reporting = True
        yield content_chunk(f"{head}{percent:.0f}..")

    def succeed(self, url: str) -> Iterable[Piece]:
        # The preview is a picture and comes before the video.
        preview = f"https://filesystem.site/cdn/20251013/{secrets.token_hex(15)}.webp"
        yield content_chunk(
            f"\n\n> {self.wording.complete}\n> sid: s_{secrets.token_hex(16)}\n\n"
            f"![{preview}]({preview})\n[{self.wording.play}]({url})"
        )
        yield Chunk({}, "stop")

    def refuse(self, outcome: str) -> Iterable[Piece]:
        if outcome == "moderation_unknown":
            yield ErrorEvent(INNER_BLOCK)
            return
        yield content_chunk(f"\n\n> {self.wording.failure} {self.wording.reasons.get(outcome, '')}".rstrip())
        yield Chunk({}, "stop")


class AsyncdataEnglish(Asyncdata):
    """The asyncdata relays in English."""

    wording = ENGLISH


def _echo(prompt: str) -> str:
    request = json.dumps({"prompt": prompt, "orientation": "portrait"}, ensure_ascii=False, indent=2)
    return f"```json\n{request}\n```"


def _tokens(text: str) -> Iterator[str]:
    """Two to four characters at a time, as a tokenised stream carries them."""
    start = 0
    while start < len(text):
        step = 2 + start % 3
        yield text[start : start + step]
        start += step

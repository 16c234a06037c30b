"""Reading replies: the samples, and every text and shape of provider.md in the frames that services put them in."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Outcome
from bot.providers.base import Failure, FinishedVideo, Refusal, TokenUsage
from bot.providers.chat.chunk import StreamDelta
from bot.providers.chat.reply import ReplyParser
from bot.providers.chat.sse import EventTooLarge
from bot.providers.chat.stream import ChatStream
from bot.providers.chat.transcript import MAX_KEPT
from bot.providers.chat.whole_reply import read_whole
from bot.providers.classify import MAX_EXCERPT, log_excerpt
from tests.providers.failure_texts import TEXTS
from tests.providers.wire import (
    DONE,
    SUCCESS,
    VIDEO,
    body_of,
    delta,
    event,
    letters,
    names,
    outcome,
    read,
    read_error,
    reasoning,
    samples,
    urls,
)

FINISH = delta(finish="stop") + DONE
END = SUCCESS + "\n"
RAW = "https://videos.openai.com/az/files/def%2Fraw?se=2026-03-10T00%3A00%3A00Z&sig=REDACTED"


def highest(*parts: str) -> float | None:
    """The highest percentage in a reply; it must be the same one byte at a time and one letter per delta."""
    body = "".join(parts)
    _, reader = read(body)
    assert read(body, step=1)[1].highest == reader.highest
    return reader.highest


def said(text: str) -> str:
    return delta(text) + FINISH


def urls_of(body: str, **options: Any) -> list[str]:
    return urls(read(body, **options)[0])


# Failures: every text in every frame


FRAMES: dict[str, Callable[[str], str]] = {
    "a sentence of the reply": lambda text: delta(f"❌ 生成失败: {text}", finish="STOP") + DONE,
    "a quoted English line": lambda text: delta(f"> ❌ Generation failed: {text}\n\n") + FINISH,
    "letter by letter": lambda text: letters(f"> ❌ Failed: {text}\n\n", 3) + FINISH,
    "the line after": lambda text: delta(f"> ❌ 视频生成失败\n\n> 原因：{text}\n\n") + FINISH,
    "an error object": lambda text: event({"error": {"message": text, "type": "server_error", "code": None}}) + DONE,
    "an error string": lambda text: event({"error": text}),
    "an error event": lambda text: "event: error\n" + event({"error": {"type": "upstream_error", "message": text}}),
    "a plain error event": lambda text: f"event: error\ndata: {text}\n\n",
    "a bare line": lambda text: json.dumps({"error": {"message": text}}) + "\n",
    "a code and a msg": lambda text: event({"code": -1, "msg": text, "data": None}),
    "a code": lambda text: event({"error": {"code": text, "message": "…"}}),
    "upstream JSON as text": lambda text: event(
        {
            "error": {
                "message": f'API request failed: 400 - {{"error": {{"message": "{text}"}}}}',
                "type": "server_error",
            }
        }
    ),
    "a detail": lambda text: event({"detail": text}),
    "one JSON body": lambda text: json.dumps({"choices": [{"message": {"content": f"❌ {text}"}}]}, indent=1),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_every_complaint_has_its_outcome_before_progress_and_late(frame: str) -> None:
    wrong = []
    for text, (before, late) in TEXTS.items():
        for progress, expected in (("", before), (delta("> 🏃 进度：91.0%\n\n"), late)):
            if progress and frame == "one JSON body":
                continue
            ending, _ = read(progress + FRAMES[frame](text))
            if outcome(ending) != expected:
                wrong.append((text, progress != "", outcome(ending), expected))
    assert wrong == []


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_every_complaint_has_its_outcome_whatever_the_http_status(status: int) -> None:
    vague = {Outcome.PROVIDER_ERROR}  # of such a text the status may say more
    for text, (before, _) in TEXTS.items():
        if before not in vague:
            assert outcome(read_error(json.dumps({"error": {"message": text}}), status)) == before, text


@pytest.mark.parametrize(
    ("percent", "expected"), [(None, "unknown"), (0, "unknown"), (49.9, "unknown"), (50, "result"), (99, "result")]
)
def test_a_block_without_a_stage_is_the_result_from_half_on(percent: float | None, expected: str) -> None:
    progress = "" if percent is None else delta(f"> 🏃 进度：{percent}%\n\n")
    for code in ("moderation_blocked", "sentinel_block"):
        assert outcome(read(progress + event({"error": {"code": code}}))[0]) == f"moderation_{expected}"


@pytest.mark.parametrize(("percent", "stage"), [("0.0", "prompt"), ("0", "prompt"), ("0.1", "result"), ("5", "result")])
def test_words_of_policy_mean_the_result_from_the_first_progress_on(percent: str, stage: str) -> None:
    body = delta(f"进度：{percent}%\n") + event(
        {"error": {"message": "This content may violate our content policies."}}
    )
    assert outcome(read(body)[0]) == f"moderation_{stage}"


def test_the_highest_percentage_decides_the_stage_although_a_retry_began_anew() -> None:
    body = delta("进度：80%\n进度：0%\n") + event({"error": {"code": "moderation_blocked"}})
    assert outcome(read(body)[0]) == "moderation_result"


@pytest.mark.parametrize("reason", ["None", "", "This content may include suggestive or racy material."])
def test_the_heading_of_a_violation_in_the_reasoning_counts(reason: str) -> None:
    body = reasoning("**Video Generation Progress**: 91% (processing)\n")
    body += (
        reasoning(f"**Content Policy Violation**\n\n{reason}\n") + delta(f"❌ 生成失败: {reason}", finish="STOP") + DONE
    )
    assert outcome(read(body)[0]) == "moderation_result"


@pytest.mark.parametrize(
    "text",
    [
        "**生成失败，正在重试**\n\n第 1 次重试（共 3 次）...\n\n失败原因：This content may violate our policies.\n",
        "**检测到401错误，已自动禁用Token 3**\\n\\n正在使用其他Token重试...\\n",
        "⚠️ Warning: Failed to get watermark-free version - real person\n",
        "Warning: Failed to cache file - rate limit\n",
        "The image of a real person violates nothing\n",
    ],
)
def test_reasoning_is_never_a_failure(text: str) -> None:
    assert outcome(read(reasoning(text) + FINISH)[0]) == "bad_stream"
    assert urls_of(reasoning(text) + said(SUCCESS)) == [VIDEO]


@pytest.mark.parametrize(
    "text",
    [
        "**检测到401错误，已自动禁用Token 3**\n\n正在使用其他Token重试...\n",
        "**生成失败，正在重试**\n\n第 1 次重试（共 3 次）...\n",
        "⚠️ Warning: Failed to get watermark-free version - policy\n",
    ],
)
def test_a_notice_of_a_retry_is_not_final(text: str) -> None:
    assert outcome(read(delta(text))[0]) == "bad_stream"
    assert urls_of(delta(text) + said(SUCCESS)) == [VIDEO]


@pytest.mark.parametrize(
    "text",
    [
        "All tokens available for video generation. Please enable streaming to use the generation feature.",
        "No available models for video generation",
        "> ID: `task_01k7`\n> 排队中......",
        "> ⌛️ 任务正在队列中，请耐心等待...",
        "✅ 视频生成完成",
        "",
        "hello",
    ],
)
def test_a_reply_without_video_or_failure_is_a_bad_stream(text: str) -> None:
    assert outcome(read(said(text))[0]) == "bad_stream"


@pytest.mark.parametrize(
    "body", ["", "\n\n", ": PING\n\n:\n\n", DONE, "<html>504 failed</html>", "data: {\n\n", "\ufeff"]
)
def test_a_body_that_says_nothing_is_a_bad_stream(body: str) -> None:
    assert outcome(read(body)[0]) == "bad_stream"


def test_the_last_line_of_a_reply_may_be_the_bare_reason() -> None:
    assert outcome(read(said("> 排队中...\n\n图片中包含真人"))[0]) == "moderation_image"
    assert outcome(read(said("This content may violate our content policies."))[0]) == "moderation_prompt"


def test_the_words_of_a_step_are_no_failure() -> None:
    assert outcome(read(said("审核图片中的人物...\n> 排队中"))[0]) == "bad_stream"


def test_a_key_is_not_refused_by_who_has_begun_to_work() -> None:
    error = event({"error": {"message": "API request failed: 401 - Invalid token", "code": "token_expired"}})
    assert outcome(read(error)[0]) == "auth"
    assert outcome(read(delta("> 生成中.\n") + error)[0]) == "provider_error"
    assert outcome(read(reasoning("**Generation Process Begins**\n") + error)[0]) == "provider_error"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, "", "auth"),
        (401, '{"error":{"message":"无效的令牌"}}', "auth"),
        (401, '{"error":"API key 无效或已停用","code":"api_key_invalid"}', "auth"),
        (403, '{"detail":"Not authenticated"}', "auth"),
        (401, '{"error":{"message":"This token quota is exhausted TokenStatusExhausted[sk-ab***yz]"}}', "quota"),
        (403, '{"error":{"message":"预扣费额度失败, 用户剩余额度: ＄0.1, 需要预扣费额度: ＄0.2"}}', "quota"),
        (403, '{"error":{"code":"pre_consume_token_quota_failed","message":"x"}}', "quota"),
        (403, '{"error":{"message":"user quota is not enough"}}', "quota"),
        (403, '{"error":{"code":"moderation_blocked","message":"No."}}', "moderation_unknown"),
        (403, "<html>forbidden</html>", "auth"),
        (402, "", "quota"),
        (429, '{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}', "quota"),
        (429, "", "rate_limited"),
        (429, "<html>slow down</html>", "rate_limited"),
        (429, "no json", "rate_limited"),
        (400, '{"error":{"message":"Sora requires stream=true"}}', "provider_error"),
        (404, "", "provider_error"),
        (500, '{"error":{"message":"400: Invalid model: X","type":"server_error"}}', "provider_error"),
        (502, '{"error":{"message":"Upstream authentication failed, please contact administrator"}}', "provider_error"),
        (503, '{"error":{"message":"No available accounts"}}', "provider_error"),
        (503, '{"error":{"message":"Upstream service overloaded, please retry later"}}', "rate_limited"),
        (504, "<html><title>504 Gateway Time-out</title><hr>openresty</html>", "provider_error"),
        (524, "<html>error code: 524</html>", "provider_error"),
        (524, "error code: 524", "provider_error"),
        (422, '{"detail":[{"loc":["body","messages"],"msg":"field required","type":"missing"}]}', "provider_error"),
        (400, '{"error":{"type":"image_generation_user_error","moderation_stage":"output"}}', "moderation_result"),
        (400, '{"error":{"moderation_details":{"moderation_stage":"output"}}}', "moderation_result"),
        (400, '{"error":{"kind":"sora_error","message":"Something went wrong"}}', "provider_error"),
    ],
)
def test_an_http_error_has_its_outcome(status: int, body: str, expected: str) -> None:
    assert outcome(read_error(body, status)) == expected


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("No available channel for model sora_video2 under group default (distributor)", True),
        ("分组 default 下模型 sora_video2 无可用渠道（distributor）", True),
        ("当前分组 default 下对于模型 sora_video2 无可用渠道", True),
        ("model_not_found", True),
        ("Invalid model: X", True),
        ("不支持的模型: X", True),
        ("Unsupported Sora model", True),
        ("The model `sora-2` does not exist", True),
        ("No available accounts", False),
        ("Something went wrong", False),
    ],
)
def test_a_model_that_is_gone_is_told_from_other_faults(text: str, gone: bool) -> None:
    fault = read_error(json.dumps({"error": {"message": text}}), 503)
    assert isinstance(fault, Failure)
    assert (fault.outcome, fault.model_gone) == (Outcome.PROVIDER_ERROR, gone)


# Success


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (SUCCESS, VIDEO),
        (f"✅ Video GenerationSuccess,[click here]({VIDEO}) view video~~~", VIDEO),
        ("\n\nvideo generated successful,[click here](https://xxxxxx.mp4)", "https://xxxxxx.mp4"),
        (f"[下载视频]({VIDEO})\n\n", VIDEO),
        (f"> 生成完成 ✅\n\n![https://f.example/x.webp](https://f.example/x.webp)\n[在线播放▶️]({VIDEO})", VIDEO),
        (f"Generating Complete ✅\n[Online Play▶️]({VIDEO})", VIDEO),
        (f"> 🎉 高质量视频已生成\n\n[▶️ 在线观看]({VIDEO}) | [⏬ 下载视频](https://f.example/download/x.mp4)", VIDEO),
        (
            f"[在线播放▶️]({VIDEO}?st=2025&se=2025-01-27T14%3A52%3A45Z&sig=R%3D)",
            f"{VIDEO}?st=2025&se=2025-01-27T14%3A52%3A45Z&sig=R%3D",
        ),
        (f"```html\n<video src='{RAW}' controls></video>\n```", RAW),
        (f"```html <video src='{RAW}' controls></video>```", RAW),
        (f"```\n<video src='{RAW}'></video>\n```", RAW),
        (
            "```html\n<video src='http://10.0.0.5:8000/tmp/9c1185a3.mp4' controls></video>\n```",
            "http://10.0.0.5:8000/tmp/9c1185a3.mp4",
        ),
        ("```html\n<video src='/sora/media/u/1' controls></video>\n```", "https://relay.example/sora/media/u/1"),
        (
            "<video src='/sora/media-signed/u/1?expires=9&sig=a' controls>",
            "https://relay.example/sora/media-signed/u/1?expires=9&sig=a",
        ),
        (f"<video src='{VIDEO}' data-media-id='1' controls style='max-width:100%'></video>", VIDEO),
        (f"<think>\n[round=1/1] progress=27%\n</think>\n[video]({RAW})", RAW),
        (f"❌ 第一次失败\n✅ 生成成功 [点击这里]({RAW})", RAW),
        (f"✅ 完成（水印去除失败）[点击这里]({RAW})", RAW),
    ],
)
@pytest.mark.parametrize("size", [None, 1, 3], ids=["one delta", "letter by letter", "three letters"])
def test_each_success_text_gives_its_link(text: str, link: str, size: int | None) -> None:
    body = letters(text, size) if size else delta(text)
    assert urls_of(body + FINISH)[:1] == [link]
    assert urls_of(body + DONE)[:1] == [link]
    assert urls_of(body + delta(finish="stop"), step=1)[:1] == [link]
    if not size:
        assert urls_of(json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}))[:1] == [link]


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("https://a.example/v1/chat/completions", "https://a.example/sora/media/x"),
        ("https://a.example", "https://a.example/sora/media/x"),
        ("http://10.0.0.1:8080/v1", "http://10.0.0.1:8080/sora/media/x"),
    ],
)
def test_a_relative_link_is_resolved_against_the_service(base: str, link: str) -> None:
    assert urls_of(said("<video src='/sora/media/x'></video>"), base=base) == [link]


def test_a_plain_page_link_as_the_last_words_is_the_video() -> None:
    drive = "https://drive.google.com/file/d/xxx/view"
    steps = delta("🎬 开始生成视频...\n") + delta("✅ 视频生成完成\n") + delta("☁️ 上传到Google Drive...\n")
    assert urls_of(steps + delta(drive) + FINISH) == [drive]
    assert urls_of(steps + delta(f"\n{drive}\n") + delta("\n") + FINISH, step=1) == [drive]
    assert urls_of(steps + letters(drive, 4) + FINISH) == [drive]
    assert urls_of(steps + reasoning("uploaded") + delta(drive, finish="stop")) == [drive]


def test_the_finish_reason_and_the_end_mark_may_both_be_missing() -> None:
    assert urls_of(event({"choices": [{"delta": {"content": SUCCESS}}]})) == [VIDEO]
    assert urls_of(event({"choices": [{"delta": {"content": f"<video src='{RAW}'></video>"}}]}).rstrip()) == [RAW]


def test_bare_json_lines_with_a_clock_between_are_a_stream() -> None:
    lines = ["21:56:01", delta("> 进度 36..").strip()[6:], "21:56:31", delta("44..").strip()[6:], "21:57:01"]
    body = "\n".join([*lines, delta(f"\n[在线播放▶️]({VIDEO})").strip()[6:], "21:57:02", ""])
    for step in (None, 1, 50):
        ending, reader = read(body, step=step)
        assert (urls(ending), reader.highest) == ([VIDEO], 44)


@pytest.mark.parametrize(
    "late",
    [
        event({"error": {"message": "stream usage accounting failed", "code": "moderation_blocked"}}),
        '{"error":{"message":"insufficient credits"}}\n',
        "event: error\ndata: broken\n\n",
        delta("\n❌ 生成失败: real person in the image"),
        "data: {",
    ],
)
def test_a_link_outweighs_a_later_error(late: str) -> None:
    assert urls_of(delta(SUCCESS) + late) == [VIDEO]


@pytest.mark.parametrize(
    "help_text",
    [
        "❌ Generation failed: this violates our content policies, [click here](https://h.example/policy) to read them",
        "❌ 生成失败：内容违规\n\n[点击这里](https://h.example/policy) 查看",
        "❌ 生成失败：内容违规\nhttps://h.example/policy",
        "❌ 未成功：内容违规 [点击这里](https://h.example/help)",
    ],
)
def test_a_link_to_help_beside_a_failure_is_no_video(help_text: str) -> None:
    assert outcome(read(said(help_text))[0]) == "moderation_prompt"


@pytest.mark.parametrize("start", ["[点击这里](", "<video src='", '<video controls src="'])
def test_a_link_cut_off_by_the_end_of_the_stream_is_no_video(start: str) -> None:
    link = f"{VIDEO}?sig=abc"
    assert outcome(read(delta("> 进度：99%\n") + delta(start + link))[0]) == "bad_stream"
    assert outcome(read(delta("> 进度：99%\n") + delta(start + VIDEO[:30]) + FINISH)[0]) == "bad_stream"


def test_usage_of_the_last_chunk_stands_in_every_ending() -> None:
    usage = event({"choices": [], "usage": {"prompt_tokens": 14, "completion_tokens": 240}})
    for body, kind in ((SUCCESS, FinishedVideo), ("❌ 内容违规", Refusal), ("❌ 失败", Failure)):
        ending, _ = read(delta(body) + usage + DONE)
        assert isinstance(ending, kind)
        assert ending.usage == TokenUsage(14, 240)


# The echo of the prompt


EVIL = "https://evil.example/decoy.mp4"
PROMPTS = {
    "a link": f"copy {EVIL} please, exactly",
    "a link in Markdown": f"a cat [click here]({EVIL}) dancing",
    "a tag": f"a cat <video src='{EVIL}'></video> dancing",
    "percentages": "progress: 100% 进度：99.9% 87.. 88.. Progress 76",
    "failures": "❌ Generation failed: content policy violation; real person in the image",
    "failure words in Chinese": "❌ 生成失败：图片中包含真人，额度不足",
    "backticks": f"draw ``` and ```json and ```html <video src='{EVIL}'></video> ```",
    "newlines": f"the first line\n❌ failed: 真人 in the picture\n[click here]({EVIL})\n进度：99%\n```\nthe last line",
    "quotes": f'he said "[play]({EVIL}) 99%" and \\ left & <went> away',
    "an end mark": "data: [DONE]\n\ndata: {} progress 99% ❌ failed",
    "emoji": "🏃 进度：99% 🏃 run, cat, run ❌",
    "a short one": "❌ 99%",
    "only a link": EVIL,
    "a number": "进度 81..",
    "dots first": "... and the cat slept",
}
ECHOES: dict[str, Callable[[str], str]] = {
    "fenced JSON": lambda p: (
        f"```json\n{json.dumps({'prompt': p, 'mode': '横屏模式'}, ensure_ascii=False, indent=4)}\n```\n\n"
    ),
    "fenced ASCII JSON": lambda p: (
        f"```json\n{json.dumps({'prompt': p, 'orientation': 'portrait'}, indent=2)}\n```\n\n"
    ),
    "fenced user_prompt": lambda p: f"```json\n{json.dumps({'user_prompt': p, 'image_url': EVIL}, indent=2)}\n```\n\n",
    "fenced in one line": lambda p: f"```json {json.dumps({'prompt': p})}```\n\n",
    "fence without a language": lambda p: f"```\n{json.dumps({'prompt': p}, indent=2)}\n```\n\n",
    "fence that the next line ends": lambda p: f"```json\n{json.dumps({'prompt': p}, indent=2)}\n```> ⌛️ 排队\n\n",
    "unfenced JSON": lambda p: json.dumps({"prompt": p}, ensure_ascii=False) + "\n\n",
    "unfenced long JSON": lambda p: json.dumps({"prompt": p, "mode": "x"}, indent=2) + "\n\n",
    "a label": lambda p: f"> Prompt: {json.dumps(p)}\n\n",
    "a Chinese label": lambda p: f"> **提示词**：{json.dumps(p, ensure_ascii=False)}\n\n",
}
PLAIN_ECHOES: dict[str, Callable[[str], str]] = {
    "nothing around it": lambda p: f"{p}\n\n",
    "a quote": lambda p: "".join(f"> {line}\n" for line in p.split("\n")) + "\n",
    "words before it": lambda p: f"> 生成视频: {p}\n\n",
    "one line": lambda p: f"> 任务: {' '.join(p.split())}\n\n",
    "HTML": lambda p: (
        "> 任务: "
        + p.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
        + "\n\n"
    ),
    "an escaped Go string": lambda p: (
        "> 任务: "
        + json.dumps(p, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        + "\n\n"
    ),
}


def endings() -> Iterator[tuple[str, str, str, float | None]]:
    yield "> 🏃 进度：41.2%\n\n" + SUCCESS, "success", VIDEO, 41.2
    yield "> ⌛️ 任务正在队列中，请耐心等待...\n\n", "bad_stream", "", None
    yield "> 🏃 进度：41.2%\n\n> ❌ 视频生成失败\n\n", "provider_error", "", 41.2


@pytest.mark.parametrize("size", [None, 1], ids=["one delta", "letter by letter"])
@pytest.mark.parametrize("known", [True, False], ids=["known prompt", "unknown prompt"])
@pytest.mark.parametrize("kind", PROMPTS)
def test_a_marked_echo_of_the_prompt_never_counts(kind: str, known: bool, size: int | None) -> None:
    for name, echo in ECHOES.items():
        for text, expected, link, percent in itertools.islice(endings(), 1 if size else None):
            text = echo(PROMPTS[kind]) + text
            body = (letters(text, size) if size else delta(text)) + FINISH
            ending, reader = read(body, prompt=PROMPTS[kind] if known else "")
            got = (outcome(ending), "".join(urls(ending)), reader.highest)
            assert got == (expected, link, percent), (name, text)


@pytest.mark.parametrize("size", [None, 1], ids=["one delta", "letter by letter"])
@pytest.mark.parametrize("kind", PROMPTS)
def test_an_unmarked_echo_of_a_known_prompt_never_counts(kind: str, size: int | None) -> None:
    for name, echo in PLAIN_ECHOES.items():
        if kind in ("a short one", "a number") and name != "nothing around it":
            continue  # too short to be cut out of other words
        for text, expected, link, percent in endings():
            text = echo(PROMPTS[kind]) + text
            body = (letters(text, size) if size else delta(text)) + FINISH
            ending, reader = read(body, prompt=PROMPTS[kind])
            got = (outcome(ending), "".join(urls(ending)), reader.highest)
            assert got == (expected, link, percent), (name, text)


def test_an_echo_inside_an_error_does_not_decide() -> None:
    prompt = "two real people in a violent fight"
    assert (
        outcome(read(event({"error": {"message": f"cannot process '{prompt}'"}}), prompt=prompt)[0]) == "provider_error"
    )
    assert (
        outcome(read_error(json.dumps({"error": {"message": f"no: {prompt}"}}), 500, prompt=prompt)) == "provider_error"
    )
    assert (
        outcome(read_error('{"error":{"message":"Prompt: rejected, it violates policy"}}', 400)) == "moderation_prompt"
    )


def test_a_link_that_holds_the_words_of_the_prompt_stays_whole() -> None:
    link = "https://h.example/dancing-elephants.mp4"
    assert urls_of(said(f"[click here]({link})"), prompt="dancing-elephants") == [link]
    assert urls_of(said(f"<video src='{link}'>"), prompt="dancing-elephants") == [link]


def test_the_link_of_the_picture_is_never_the_video() -> None:
    link = "https://cdn.example/in.mp4"
    assert outcome(read(said(f"got {link}"), link=link)[0]) == "bad_stream"


def test_a_fence_that_never_closes_ends_with_the_next_fence() -> None:
    assert urls_of(said(f'```json\n{{"prompt": "x"}}\n> 进度 5%\n```html\n<video src=\'{RAW}\'></video>\n```')) == [RAW]


# Progress


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("> 🏃 进度：36.0%\n\n", 36.0),
        ("> 🏃 进度：98.7%", 98.7),
        ("> 🏃 进度：36％\n", 36),
        ("Progress: 36.0%", 36.0),
        ("> 🏃 进度 36..", 36),
        ("进度 42..54..67..75..81..", 81),
        ("Progress 76...\n", 76),
        ("> 🏃 进度 36..\n44..\n61..\n", 61),
        ("> 进度 **2%**\n> **34%**\n", 34),
        ("\n**Video Generation Progress**: 40% (processing)\n", 40),
        ("**Video Generation Progress**: 0% (queued)\n", 0),
        ("**Processing**\n\nGeneration in progress: 35% completed (estimated)...\n", 35),
        ("生成进度: 45%", 45),
        ("生成进度: 95%\n", 95),
        ("<think>\n[round=1/1] progress=27%\n", 27),
        ("进度：100%\n", 100),
        ("进度：36\n", 36),
        ("进度：50%\n**生成失败，正在重试**\n第 1 次重试（共 3 次）...\n进度：5%\n", 50),
        ("12%", 12),
        ("> ⌛️ 任务正在队列中，请耐心等待...", None),
        ("> 排队中......", None),
        ("> 视频信息 480x854\n> sid: s_68ec\n", None),
        ("> ID: `task_01k7e5w9z5f2d91pekrqy59rwc`\n", None),
        ("第 1 次重试（共 3 次）...", None),
        ("上传 1 张参考图片...", None),
        ("Processing image 2...\n生成第 3.. 个", None),
        ("progress: 3/10...\nProgress 480x854\n", None),
        ("进度：101%\n进度：1000%\n进度：4000..\n", None),
        ("生成完成 <video src='x' style='max-width:100%'></video>", None),
        ("生成完成 https://h.example/a%20b?x=50% done", None),
        ("[在线播放](https://h.example/progress%2F12%2Fx)", None),
        ("限时充值送 20%", None),
        ("Token 3 错误 401", None),
        ("进度", None),
    ],
)
def test_each_progress_text_gives_its_percentage(text: str, percent: float | None) -> None:
    assert highest(delta(text)) == percent
    assert highest(letters(text)) == percent
    assert highest(letters(text, 2)) == percent
    assert highest(reasoning(text)) == percent


@pytest.mark.parametrize("text", ["> 🏃 进度：36.0%", "progress=36.0%", "进度 36..", "36%"])
def test_a_percentage_is_told_before_its_line_ends(text: str) -> None:
    reader = ReplyParser(prompt="... 3 cats and 6 dogs", base="https://h.example")

    reader.feed(ChatStream().feed(delta(text).encode()))
    assert reader.percent == 36


def test_no_percentage_is_seen_in_half_a_number() -> None:
    seen = []
    reader = ReplyParser(prompt="", base="https://h.example")

    stream = ChatStream()
    for piece in ("> 🏃 进", "度：9", "8.", "7", "%\n\n", "> 🏃 进度 3", "6", "..", "4", "4", "."):
        reader.feed(stream.feed(delta(piece).encode()))
        seen.append(reader.percent)
    assert seen == [None, None, None, None, 98.7, 98.7, 98.7, 36, 36, 36, 36]


def test_progress_may_fall_and_the_highest_is_kept() -> None:
    _, reader = read(delta("进度：80%\n") + delta("进度：10%\n"))
    assert (reader.percent, reader.highest) == (10, 80)


# Bounds


def test_a_reply_without_end_keeps_only_its_latest_words() -> None:
    reader = ReplyParser(prompt="", base="https://h.example")

    for _ in range(40):
        reader.feed(StreamDelta(content=("word " * 3000 + "\n") * 4, reasoning="x" * 50_000))
    reader.feed(StreamDelta(content=SUCCESS, errors=["x"] * 99, links=["y"] * 99))
    assert sum(map(len, reader._content.lines)) <= MAX_KEPT
    assert sum(map(len, reader._reasoning.lines)) <= MAX_KEPT
    assert urls(reader.result()) == [VIDEO]


def test_what_goes_into_the_log_is_short_and_holds_no_key() -> None:
    text = log_excerpt("a\nb  sk-abc***…xyz Bearer topsecret key=hunter2-key \ud83d " + "x" * 999, ("hunter2-key", ""))
    assert len(text) == MAX_EXCERPT == 300
    assert "\n" not in text
    assert not any(secret in text for secret in ("abc", "xyz", "topsecret", "hunter2"))
    text.encode()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (json.dumps({"job": {"phase": "done", "ref": 7}}), "shape {job: {phase: str, ref: int}}"),
        (said("The lighthouse turns.\n"), "it said: The lighthouse turns."),
        ("data: {broken\n\n" + DONE, 'shape "{broken"; 1 events that were no JSON'),
        ("", "it was empty"),
        (json.dumps({"error": {"kind": "odd_thing", "weight": 3}}), "odd_thing"),
    ],
)
def test_the_log_of_what_is_not_understood_has_enough_to_write_a_rule(body: str, told: str) -> None:
    ending = read(body)[0]
    assert isinstance(ending, Failure)
    assert told in ending.detail


def test_the_log_of_an_http_error_without_words_names_its_fields() -> None:
    ending = read_whole(b'{"outer": {"inner": 5}}', status=418)[0]
    assert isinstance(ending, Failure)
    assert ending.detail == "HTTP 418: shape {outer: {inner: int}}"


@pytest.mark.parametrize("prompt", ["a red fox that rejects every policy", "fox", "狐狸跳过栅栏并且拒绝规则"])
def test_nothing_of_the_prompt_is_in_the_log_of_what_is_not_understood(prompt: str) -> None:
    bodies = (f"data: {{broken {prompt * 40}\n\n", said(f"We look at {prompt}"), f"data: {prompt}\n\n")
    for body in bodies:
        ending = read(body, prompt=prompt)[0]
        assert isinstance(ending, Failure)
        assert prompt[:12] not in ending.detail


# Anything at all


@given(st.sampled_from(names()), st.binary(max_size=40), st.integers(0, 4000), st.integers(0, 60))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_damaged_sample_never_raises_and_reads_the_same_in_pieces(name: str, junk: bytes, at: int, cut: int) -> None:
    body = body_of(next(sample for sample in samples() if sample["name"] == name))
    body = body[:at] + junk + body[at + cut :]
    whole, reader = read(body)
    pieces, other = read(body, step=5)
    assert outcome(whole) == outcome(pieces)
    assert reader.highest == other.highest


def _mutations(chance: random.Random, bodies: list[bytes]) -> bytes:
    body = bytearray(chance.choice(bodies))
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(body))
        size = chance.randint(0, 30)
        match chance.randint(0, 5):
            case 0:
                del body[place : place + size]
            case 1:
                body[place:place] = chance.randbytes(size)
            case 2:
                body[place : place + size] = body[place : place + size][::-1]
            case 3:
                other = chance.choice(bodies)
                start = chance.randint(0, len(other))
                body[place:place] = other[start : start + size * 8]
            case 4 if body:
                body[place % len(body)] ^= 1 << chance.randint(0, 7)
            case _:
                token = (
                    b"\n",
                    b"\n\n",
                    b'"',
                    b"{",
                    b"}",
                    b"data: ",
                    b"```",
                    b"%",
                    b"..",
                    b"\\",
                    b"\xef\xbb\xbf",
                    b"null",
                )
                body[place:place] = chance.choice(token)
    return bytes(body)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(4))
def test_five_thousand_mutated_samples_neither_raise_nor_hang(seed: int) -> None:
    chance = random.Random(seed)
    bodies = [body_of(sample) for sample in samples() if sample["status"] == 200]
    for _ in range(5000):
        body = _mutations(chance, bodies)
        try:
            ending, reader = read(body, prompt="a cat that runs in the rain")
        except EventTooLarge:
            continue
        assert outcome(ending) in set(Outcome)
        assert reader.highest is None or 0 <= reader.highest <= 100
        assert all(url.startswith(("http://", "https://")) for url in urls(ending))

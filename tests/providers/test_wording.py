"""The tables of wordings: no line is dead, no line hides another."""

from __future__ import annotations

import re

import pytest

from bot.models import Outcome
from bot.providers import wording
from tests.providers.failure_texts import TEXTS

# Beside those of complaints.py: one text for each alternative that no text of provider.md matches.
MORE = (
    "No available channel for model sora_video2 under group default (distributor)",
    "no available pro accounts",
    "request body too large",
    "read_request_body_failed",
    "insufficient funds",
    "insufficient_quota",
    "pre_consume_token_quota_failed",
    "余额不足",
    "账户已欠费",
    "not enough credits",
    "You exceeded your current quota",
    "billing_hard_limit_reached",
    "402 Payment Required",
    "quota exceeded",
    "请求过于频繁",
    "并发数超限",
    "too many concurrent tasks",
    "captcha",
    "Verify that you are a human",
    'moderation_stage": "output"',
    "InputTextSensitiveContentDetected",
    "user sensitive words detected",
    "提示词包含敏感词",
    "people-in-user-uploads",
)
ALL = [text.lower() for text in (*TEXTS, *MORE)]


@pytest.mark.parametrize("line", wording.PLAIN, ids=lambda line: line.pattern.pattern[:40])
def test_each_line_of_the_table_decides_at_least_one_text(line: wording.Wording) -> None:
    decided = [text for text in ALL if next((w for w in wording.PLAIN if w.pattern.search(text)), None) is line]
    assert decided, "an earlier line matches all its texts, or no text is listed"


def _alternatives(pattern: re.Pattern[str]) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(pattern.pattern):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append(pattern.pattern[start:place])
            start = place + 1
    return [*parts, pattern.pattern[start:]]


def test_each_alternative_of_each_line_matches_a_text() -> None:
    dead = [
        part
        for line in wording.PLAIN
        for part in _alternatives(line.pattern)
        if not any(re.search(part, text) for text in ALL)
    ]
    assert dead == []


def test_each_line_names_its_source_and_an_outcome_that_a_service_can_cause() -> None:
    ours = {Outcome.SUCCESS, Outcome.CANCELLED, Outcome.INTERRUPTED, Outcome.TIMEOUT, Outcome.BAD_STREAM}
    assert all(line.source and line.outcome not in ours for line in wording.PLAIN)


def test_patterns_are_matched_against_lower_case_and_hold_no_upper_case() -> None:
    patterns = [line.pattern for line in wording.PLAIN]
    patterns += [wording.MODEL_GONE, wording.BAD_KEY, wording.REVIEW, wording.PEOPLE, wording.PICTURE]
    patterns += [wording.PROMPT, wording.INPUTS, wording.RESULT, wording.STAGELESS]
    shouting = [p.pattern for p in patterns if re.search(r"(?<!\\)[A-Z]", p.pattern)]
    assert shouting == []


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (wording.MODEL_GONE, ["model_not_found", "invalid model: x", "unknown model", "model x was retired"]),
        (
            wording.BAD_KEY,
            ["invalid token", "invalid_api_key", "api key is not valid", "无效的令牌", "not authenticated"],
        ),
        (wording.STAGELESS, ["sentinel_block", "moderation_blocked", "content_filter"]),
        (wording.RESULT, ["output", "the generated video", "生成结果违规", "生成的视频", "输出内容"]),
        (wording.FAILURE_LINE, ["❌", "生成失败", "Error: x", "FAILED", "审核未通过", "timed out", "内容违规"]),
        (wording.RETRY_LINE, ["正在重试", "正在使用其他Token重试", "第 2 次重试", "Retrying", "⚠️ Warning: x"]),
        (wording.SUCCESS_LINE, ["✅", "视频生成成功", "Video GenerationSuccess"]),
        (wording.REVIEW_HEADING, ["**Content Policy Violation**"]),
    ],
)
def test_each_kind_of_word_is_known(pattern: re.Pattern[str], texts: list[str]) -> None:
    assert all(pattern.search(text) for text in texts)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (
            wording.FAILURE_LINE,
            ["> 🏃 进度：36.0%", "> 生成中.", "Image uploaded successfully.", "terrors of the deep"],
        ),
        (wording.SUCCESS_LINE, ["未成功", "不成功", "unsuccessful"]),
        (wording.RESULT, ["视频生成失败", "failed to generate the video", "生成视频时出错"]),
        (wording.PEOPLE, ["surface", "preface", "personal"]),
        (wording.PICTURE, ["imagine", "image_generation_user_error"]),
    ],
)
def test_words_that_only_look_alike_are_not_taken(pattern: re.Pattern[str], texts: list[str]) -> None:
    assert not any(pattern.search(text) for text in texts)


def test_a_limit_on_the_rate_is_not_seen_in_other_words() -> None:
    for text in ("you can generate limited videos", "image contains too many people"):
        assert not any(w.pattern.search(text) for w in wording.PLAIN)

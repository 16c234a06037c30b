"""
What video services say when they fail, as data: one line for each wording, with the place it was seen.

To teach Kinora a new wording, add a line here and a sample to ``tests/data/provider_samples.jsonl``. Patterns are
matched against the lower-cased code, type and text of a complaint; the first one that matches decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.models import Outcome


class Wording(NamedTuple):
    """One thing services say, what it means, and who says it."""

    outcome: Outcome
    pattern: re.Pattern[str]
    source: str


def _w(outcome: Outcome, pattern: str, source: str) -> Wording:
    return Wording(outcome, re.compile(pattern), source)


# A wording of this list means the same wherever it stands and whatever HTTP status came with it.
PLAIN = (
    # The service's own pool is empty or misconfigured: the member's and the operator's balance are fine.
    _w(Outcome.PROVIDER_ERROR, r"no available (?:pro )?(?:tokens|accounts)", "sora2api, sub2api"),
    _w(Outcome.PROVIDER_ERROR, r"没有可用的\s*token|所有\s*token\s*都", "flow2api"),
    _w(
        Outcome.PROVIDER_ERROR,
        r"no available channel|无可用渠道|get_channel_failed|no_available_key",
        "new-api, one-api",
    ),
    _w(Outcome.PROVIDER_ERROR, r"upstream authentication failed|phone_number_required|unsupported_country", "sub2api"),
    _w(Outcome.PROVIDER_ERROR, r"read_request_body_failed|request body too large", "new-api"),
    # The operator's balance with the service.
    _w(
        Outcome.QUOTA,
        r"insufficient[_ ](?:user[_ ]|account[_ ])?(?:quota|balance|credits?|funds)",
        "new-api, OpenAI, grsai",
    ),
    _w(
        Outcome.QUOTA,
        r"pre_consume_token_quota_failed|quota (?:is not enough|is exhausted|exceeded)",
        "new-api, one-api",
    ),
    _w(
        Outcome.QUOTA,
        r"额度\s*(?:不足|失败|已用尽)|余额不足|欠费|not enough (?:credits?|balance|quota)",
        "new-api, one-api",
    ),
    _w(
        Outcome.QUOTA,
        r"tokenstatusexhausted|exceeded your current quota|billing_hard_limit|payment required",
        "new-api, OpenAI",
    ),
    # Too much at once; Cloudflare's challenge says "rate limit" as well.
    _w(
        Outcome.RATE_LIMITED,
        r"(?<![a-z])rate[_ -]?limit|too[_ ]many[_ ](?:pending|concurrent|requests|tasks|jobs)",
        "sub2api, sora2api, Sora strings",
    ),
    _w(Outcome.RATE_LIMITED, r"cf_shield_429|request frequency", "sora2api"),
    _w(
        Outcome.RATE_LIMITED,
        r"heavy[_ ]load|overloaded|load is saturated|负载已饱和|繁忙",
        "sora2api, one-api, new-api",
    ),
    _w(Outcome.RATE_LIMITED, r"请求数限制|请求过于频繁|concurren\w+ (?:limit|slot)|并发", "new-api, sub2api, sora2api"),
    _w(Outcome.RATE_LIMITED, r"generations? in progress|videos? at a time", "Sora strings"),
    # Not a review, although these say "blocked" or "human".
    _w(Outcome.PROVIDER_ERROR, r"cloudflare|captcha|verify (?:that )?you are (?:a )?human", "sub2api"),
    # The stage stands in the code.
    _w(
        Outcome.MODERATION_IMAGE,
        r"image_unsafe|inputimagesensitive|people-in-user-uploads",
        "cqtai, Volcengine, OpenAI",
    ),
    _w(
        Outcome.MODERATION_RESULT,
        r"video_unsafe|outputvideosensitive|moderation_stage\W+output",
        "cqtai, Volcengine, OpenAI",
    ),
    _w(Outcome.MODERATION_PROMPT, r"prompt_unsafe|inputtextsensitive|prompt_blocked", "cqtai, Volcengine, new-api"),
    _w(Outcome.MODERATION_PROMPT, r"sensitive[_ ]words?|敏感词", "new-api"),
)

# The request named a model that this service does not (or no longer) have.
MODEL_GONE = re.compile(
    r"model_not_found|invalid model|unsupported (?:sora )?model|不支持的模型|unknown model"
    r"|no available channel for model|对?于?模型.{0,80}无可用渠道"
    r"|model .{0,80}(?:does not exist|not found|deprecated|retired)"
)

# The key that the operator gave was refused.
BAD_KEY = re.compile(
    r"invalid[_ ](?:api[_ ]?key|token)|api[_ ]key[_ ](?:is )?(?:invalid|not valid)|api key 无效|无效的令牌"
    r"|not authenticated|access_denied|unauthorized|incorrect api key"
)

# Reviews that name no stage in a code are placed by what they speak of.
REVIEW = re.compile(
    r"violat|polic(?:y|ies)\b|guardrail|moderat|unsafe|safety|sensitive|inappropriate|prohibited|copyright|third-party"
    r"|nudity|nude|sexual|erotic|racy|suggestive|violen(?:ce|t)|gore|self-harm|hateful|celebrit|public figure"
    r"|审核|违规|违反|敏感|不当|色情|暴力|血腥|版权|侵权|名人|内容安全|安全政策"
)
PEOPLE = re.compile(
    r"真人|人脸|人像|肖像|\bfaces?\b|photorealistic|realistic (?:human|person|people)|real (?:human|person|people)"
    r"|\b(?:humans?|people|persons?)\b"
)
PICTURE = re.compile(
    r"\bimages?\b|\bpictures?\b|\bphotos?\b|\buploads?\b|\buploaded\b|in the frame|图片|图像|照片|参考图|上传"
)
PROMPT = re.compile(r"\bprompts?\b|input text|text input|提示词|文本|描述")
INPUTS = re.compile(r"\binputs?\b|输入")  # a picture is an input as well; without one named, the prompt is meant
RESULT = re.compile(
    r"\boutputs?\b|(?:generated|resulting|finished) (?:video|content|result|clip)"
    r"|生成的(?:视频|内容|结果)|生成(?:内容|结果)(?!失败)|生成视频(?:未|不|违|包|含|涉|审)|输出"
)
# These say "a review" and no more; only how far the video had come tells which.
STAGELESS = re.compile(
    r"sentinel_block|something didn't look right|moderation_blocked|blocked by our moderation system|content_filter"
)

# Marks of a line of prose that reports a failure, and of one that the service itself is going to mend.
FAILURE_LINE = re.compile(
    r"❌|⛔|🚫|失败|\bfail(?:ed|ure)?\b|\berror\b|错误|被拒|拒绝|\brejected\b|\brefused\b|\bblocked\b|\bviolat"
    r"|违规|未通过|不通过|拦截|超时|\btime(?:d )?out\b",
    re.IGNORECASE,
)
RETRY_LINE = re.compile(r"正在.{0,12}重试|第\s*\d+\s*次重试|已自动禁用|\bretrying\b|\bwarning\b", re.IGNORECASE)
SUCCESS_LINE = re.compile(r"✅|🎉|(?<!不)(?<!未)成功|(?<!un)success", re.IGNORECASE)
REVIEW_HEADING = re.compile(r"^\W*content policy violation\W*$", re.IGNORECASE)  # sora2api, in reasoning_content


def is_failure(line: str) -> bool:
    """Whether a line of prose reports a failure that the service is not about to mend by itself."""
    return FAILURE_LINE.search(line) is not None and RETRY_LINE.search(line) is None

"""
What makers and relays say in codes and in set phrases, as data: what it means, and who says it.

A pattern is matched against plain words: ``InputImageSensitiveContentDetected`` is written ``input image sensitive``.
A code stands for itself: no other word of the message outweighs it, except that what names no stage may get one from
the words beside it.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.models import Outcome
from bot.providers.text.sentences import plain_pattern


class Code(NamedTuple):
    """One code, what it means, and who says it."""

    outcome: Outcome
    pattern: str
    source: str


def _c(outcome: Outcome, pattern: str, source: str) -> Code:
    return Code(outcome, plain_pattern(pattern), source)


_PICTURE, _PROMPT = Outcome.MODERATION_IMAGE, Outcome.MODERATION_PROMPT
_RESULT, _UNKNOWN = Outcome.MODERATION_RESULT, Outcome.MODERATION_UNKNOWN
_FAILED, _QUOTA, _AUTH, _HASTY = Outcome.PROVIDER_ERROR, Outcome.QUOTA, Outcome.AUTH, Outcome.RATE_LIMITED

CODES = (
    # Names that look like a review and are none.
    _c(_FAILED, r"\binvalid parameter data inspection\b", "Wan: the picture could not be fetched"),
    _c(_FAILED, r"\bcontent security detection error\b", "Volcengine: the checker broke"),
    _c(_FAILED, r"\binternal bad output\b|\basset invalid\b", "Runway: its own check of quality"),
    _c(_FAILED, r"\bimage too large\b|\bunsupported format\b|\bcorrupt input\b", "Luma"),
    _c(_FAILED, r"\bfile download error\b", "fal"),
    # The stage stands in the code.
    _c(_PICTURE, r"\bimage unsafe\b|\binput image (?:sensitive|risk|moderation|unsafe)", "cqtai, Volcengine"),
    _c(_PICTURE, r"\bpeople in user uploads\b", "OpenAI"),
    _c(
        _PICTURE,
        r"\bprominent people upload\b|\bminor input image\b|\bminor upload\b"
        r"|\bpublic error \w+ (?:input image|upload)\b",
        "Google Flow",
    ),
    _c(_PICTURE, r"\bsafety input (?:\w+ )?image\b|\binput preprocessing safety image\b", "Runway"),
    _c(_PICTURE, r"\bpre im(?:g|age) risk\b|\b50411\b", "Volcengine jimeng"),
    _c(_PICTURE, r"\b500054\b|\bimage moderation failed\b|\binput image sensitive\b", "PixVerse, MiniMax"),
    _c(_PICTURE, r"\bsupport codes? ?\D{0,3}15236754\b", "Google Veo: a celebrity in the picture"),
    _c(_RESULT, r"\bvideo unsafe\b|\boutput (?:video|audio|image|text)? ?(?:sensitive|risk)", "cqtai, Volcengine"),
    _c(_RESULT, r"\bmoderation stage\W+output\b", "OpenAI"),
    _c(_RESULT, r"\bsafety output\b", "Runway"),
    _c(_RESULT, r"\bpost (?:im(?:g|age)|video|text|audio) risk\b|\b50511\b|\b50512\b|\b50519\b", "Volcengine jimeng"),
    _c(_RESULT, r"\boutput new sensitive\b|\bbase resp 1027\b|\bcode 1027\b", "MiniMax"),
    _c(_RESULT, r"\bcreation policy violation\b", "Vidu"),
    _c(
        _RESULT,
        r"\baudio filtered\b|\bissue with the audio\b|\bsupport codes? ?\D{0,3}42237218\b"
        r"|\brai media filtered\b",
        "Google Veo and Flow",
    ),
    _c(_RESULT, r"\bstatus content moderated\b", "BFL"),
    _c(
        _PROMPT,
        r"\bprompt unsafe\b|\binput text (?:sensitive|risk)|\bprompt blocked\b"
        r"|\btext risk not pass\b|\b50412\b",
        "cqtai, Volcengine, new-api",
    ),
    _c(_PROMPT, r"\bsafety input (?:\w+ )?text\b|\binput preprocessing safety text\b", "Runway"),
    _c(
        _PROMPT,
        r"\btask prompt policy violation\b|\btext moderation failed\b|\binput text sensitive\b",
        "Vidu, PixVerse, MiniMax",
    ),
    _c(_PROMPT, r"\bsupport codes? ?\D{0,3}29310472\b", "Google Veo: a celebrity in the words"),
    _c(_PROMPT, r"\bsensitive words?\b|敏感词", "new-api"),
    # A review said no; only the words beside it may tell which.
    _c(
        _UNKNOWN,
        r"\bcode 1301\b|\bsentinel block\b|\bsomething didn't look right\b|\bmoderation blocked\b"
        r"|\bblocked by our moderation system\b",
        "OpenAI; Kling and Zhipu: 1301",
    ),
    _c(
        _UNKNOWN,
        r"\bcontent filter(?:ed)?$"
        r"|\bfinish reason (?:\w+ )?(?:safety|content filter|prohibited content|blocklist|spii"
        r"|recitation|image safety|image prohibited content|image recitation|refusal|sensitive"
        r"|moderation)\b|\bblock reason \w+",
        "OpenAI, Google, Anthropic, Zhipu",
    ),
    _c(_UNKNOWN, r"^refusal$", "OpenAI: message.refusal"),
    _c(_UNKNOWN, r"\brisk control (?:system|failed|reject\w*)|\bfail_?ure to pass the risk control", "Kling"),
    _c(_UNKNOWN, r"\baudit submit illegal\b", "Vidu"),
    _c(_UNKNOWN, r"\bdata inspection failed\b|\bgreen net check failed\b|\bip infringement suspect\b", "Wan"),
    _c(
        _UNKNOWN,
        r"\bpublic error (?:\w+ )*(?:unsafe|sexual|violence|violent|hate|dangerous|minors?|child"
        r"|prominent people|harmful|toxic|third party|ip|filtered|safety|prohibited)\b",
        "Google Flow",
    ),
    _c(_UNKNOWN, r"\bsupport codes? ?\D{0,3}\d{7,8}\b", "Google Veo"),
    _c(_UNKNOWN, r"\bnew sensitive\b|\binput sensitive\b|\bbase resp 1026\b", "MiniMax"),
    _c(_UNKNOWN, r"\bsensitive content detected\b", "Volcengine"),
    _c(_UNKNOWN, r"\bcontent policy violation\b|\bcontent polic\w+ error\b", "fal, OpenAI, sora2api"),
    _c(
        _UNKNOWN,
        r"\bcontent moderated\b|\brequest moderated\b|\bmodel moderated\b|\bcontent violation\b",
        "Luma, BFL, fal, sora2api",
    ),
    _c(_UNKNOWN, r"\bflagged as sensitive\b|\be005\b", "Replicate"),
    _c(
        _UNKNOWN, r"\bprohibited content\b|\bimage safety\b|\bunsafe request\b|\bunsafe generation\b", "Google, Qianfan"
    ),
    _c(_UNKNOWN, r"^(?:nsfw|unsafe|sensitive|inappropriate)(?: content)?$", "relays that say nothing else"),
    _c(_UNKNOWN, r"^(?:\w+ ){0,2}moderation$", "Runway: THIRD_PARTY.MODERATION; Stability: content_moderation"),
    # Money, haste and keys.
    _c(
        _QUOTA,
        r"\bcredit insufficient\b|\binsufficient (?:\w+ )?(?:quota|balance|credits?|funds)\b"
        r"|\bbase resp (?:1008|2056)\b|\baccount overdue\w*|\bservice overdue\b"
        r"|\binvalid subscription\b|\bset limit exceeded\b|\barrearage\b|\bcredits error\b|\bbudget exhausted\b"
        r"|\b50009[0]\b|\b500043\b|\b1113\b|\bcode (?:1101|1102)\b",
        "Vidu, new-api, MiniMax, Volcengine, Wan, Luma, PixVerse, Zhipu, Kling",
    ),
    _c(_HASTY, r"\buser requests throttled\b|\bhigh traffic\b", "Google Flow"),
    _c(
        _HASTY,
        r"\bcode (?:1302|1303|1305|1312)\b|\bthrottling (?:rate|burst)\w*"
        r"|\bbase resp (?:1002|1039|1041)\b|\b500044\b|\b500069\b|\bserver overloaded\b"
        r"|\binflight batchsize\b|\brequest burst too fast\b",
        "Kling, Zhipu, Wan, MiniMax, PixVerse, Volcengine",
    ),
    _c(_AUTH, r"\bbase resp (?:1004|2049|2038)\b", "MiniMax"),
    _c(_FAILED, r"\bbase resp (?:2013|1000|1001|1013|1024|1033)\b", "MiniMax"),
)

# Says only that an upstream failed: any other word of the message outweighs it. (new-api)
PASSED_ON = plain_pattern(r"\bfail to fetch task\b$")

# Set phrases of Sora and the relays that pass them on. They name no stage and come at two: before anything was made it
# is the request that was read, afterwards the video. (Sora's client; sub2api: "Content violates guardrails".)
AT_TWO_STAGES = plain_pattern(
    r"\b(?:this|the) content may (?:violate|include|contain|infringe)"
    r"|\bcontent violates (?:our )?(?:guardrails|polic\w+)"
    r"|^(?:内容违规|内容不合规)"
    r"|(?:此|该|这个?)(?:内容|提示)[^。]{0,4}可能(?:会)?(?:违反|包含|侵犯)"
    r"|\bcontent may violate our\b"
    r"|(?:^|, )this (?:may )?violates? (?:our|the) (?:content )?polic"
    r"|[^a-z一-鿿]内容违规"
)

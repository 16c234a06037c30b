"""The behaviours that a prompt can request of the video service, each with the outcome a correct client reports."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from playground.fake_video_service import error_replies as replies
from playground.fake_video_service.error_replies import ErrorReply
from playground.fake_video_service.families import FAMILIES

Ending = Literal["success", "refusal", "leak", "cut", "cut-character", "huge-line", "stall", "drip"]
Link = Literal["plain", "relative", "expiring", "private", "dotless", "dead", "big"]
Manner = Literal["stream", "silent", "pieces", "json", "no-done", "late-error"]

# The result is reviewed once it exists, so its refusal follows a high percentage.
NEARLY_DONE = (12.5, 36.0, 63.4, 93.0)
HALFWAY = (12.5, 36.0, 42.0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One behaviour. `outcome` is what a correct client reports; `also_accepted` lists outcomes that are right too."""

    word: str
    summary: str
    outcome: str = "success"
    also_accepted: tuple[str, ...] = ()
    family: str = ""  # the service's default when empty
    reply: ErrorReply | None = None  # a complete response instead of the stream
    only_first: bool = False  # the second request with the same prompt succeeds
    percents: tuple[float, ...] = ()  # reported before the ending; a success adds those of the encoder
    retries: bool = False  # after those percents the attempt fails and starts again
    ending: Ending = "success"
    link: Link = "plain"
    film: str = "plain"  # one of the film machine's kinds
    manner: Manner = "stream"
    slowness: float = 1.0  # multiplies every wait

    @property
    def makes_film(self) -> bool:
        return self.reply is None and self.ending == "success"

    @property
    def endless(self) -> bool:
        """Whether only the client can end the answer."""
        return self.ending in ("stall", "drip")


HAPPY = Scenario("", "an English answer of the sora_video2 kind, with true progress and a real video")


def _refusal(word: str, outcome: str, summary: str, percents: tuple[float, ...] = ()) -> Scenario:
    return Scenario(word, summary, outcome, percents=percents, ending="refusal")


def _reply(word: str, outcome: str, summary: str, reply: ErrorReply, *may_be: str) -> Scenario:
    return Scenario(word, summary, outcome, may_be, reply=reply)


BEHAVIOURS: tuple[Scenario, ...] = (
    _refusal("refuse-image", "moderation_image", "the picture shows a real person"),
    _refusal("refuse-prompt", "moderation_prompt", "the prompt violates policy"),
    _refusal("refuse-result", "moderation_result", "the finished video fails review, after 93 %", NEARLY_DONE),
    _refusal("refuse-unknown", "moderation_unknown", "blocked without a word on which review"),
    _refusal("fail", "provider_error", "a failure without a reason, after 93 %", NEARLY_DONE),
    _reply("overload", "rate_limited", "429 with Retry-After", replies.OVERLOAD),
    _reply("busy-503", "provider_error", "503, overloaded", replies.BUSY, "rate_limited"),
    _reply("quota", "quota", "403, the account is out of credit", replies.NO_QUOTA),
    _reply("token-quota", "quota", "401 that means credit, not the key", replies.TOKEN_EXHAUSTED),
    _reply("auth", "auth", "401, the key is not accepted", replies.INVALID_KEY),
    _reply("no-model", "provider_error", "503, no channel has this model", replies.NO_MODEL),
    _reply("html-504", "provider_error", "504 with a web page", replies.GATEWAY_TIMEOUT, "timeout"),
    _reply("empty", "bad_stream", "200 without a byte", replies.EMPTY),
    _reply("garbage", "bad_stream", "200 with bytes that make no sense", replies.GARBAGE),
    _reply("redirect", "provider_error", "307 to another host, which must not see the key", replies.REDIRECT),
    Scenario("busy-once", "503 the first time for a prompt, then all goes well", reply=replies.BUSY, only_first=True),
    Scenario("leak", "an error that holds the key, an inner host and @everyone", "provider_error", ending="leak"),
    Scenario("cut", "the wire is cut in mid-line at 42 %", "bad_stream", percents=HALFWAY, ending="cut"),
    Scenario("cut-character", "an end inside a character", "bad_stream", percents=HALFWAY, ending="cut-character"),
    Scenario("huge-line", "80 MiB without a line end", "bad_stream", percents=HALFWAY, ending="huge-line"),
    Scenario("stall", "silence forever after 42 %", "timeout", percents=HALFWAY, ending="stall"),
    Scenario("drip", "a byte now and then forever after 42 %", "timeout", percents=HALFWAY, ending="drip"),
    Scenario("slow", "four times as long as usual", slowness=4.0),
    Scenario("silent", "pings but no percentage until the video is there", manner="silent"),
    Scenario("pieces", "the stream in writes of three bytes", manner="pieces"),
    Scenario("json", "one JSON body although a stream was asked for", manner="json"),
    Scenario("no-done", "no [DONE] at the end", manner="no-done"),
    Scenario("late-error", "an error after the finished video", manner="late-error"),
    Scenario("retry-inside", "40 %, a retry, again from 0", family="family-c", percents=(18.0, 40.0), retries=True),
    Scenario("relative", "a link without a host", link="relative"),
    Scenario("expiring", "a signed link that ends in three days", link="expiring"),
    Scenario("big", "a video of 11 MiB, more than Discord takes", link="big"),
    Scenario("grainy", "a video of 15 MiB that is nothing but picture, more than Discord takes", film="grainy"),
    Scenario("index-last", "an MP4 whose index stands at its end", film="index-last"),
    Scenario("webm", "a WebM of VP9", film="webm"),
    Scenario("av1", "an MP4 of AV1", film="av1"),
    Scenario("hevc", "an MP4 of HEVC", film="hevc"),
    Scenario("dead-link", "a link that answers 404", "bad_stream", ("provider_error",), link="dead"),
    Scenario("private-link", "a link into a cloud's metadata", also_accepted=("provider_error",), link="private"),
    Scenario("dotless-link", "a link to a host without a dot, as containers have", link="dotless"),
)

_BEHAVIOUR_OF = {scenario.word: scenario for scenario in BEHAVIOURS}
_TRIGGER = re.compile(r"#([a-z0-9-]+)")


def choose(
    prompt: str, default_family: str = "family-a", *, seen_before: bool = False, default_words: str = ""
) -> Scenario:
    """The scenario that the prompt's #words select: the first family and the first behaviour; other words are ignored.

    `seen_before` says that the same prompt was answered before. `default_words` apply where the prompt selects no
    family, or no behaviour.
    """
    words = _TRIGGER.findall(f"{prompt} {default_words}".lower())
    family = next((word for word in words if word in FAMILIES), "")
    chosen = next((_BEHAVIOUR_OF[word] for word in words if word in _BEHAVIOUR_OF), HAPPY)
    if chosen.only_first and seen_before:
        chosen = replace(chosen, reply=None)
    return replace(chosen, family=family or chosen.family or default_family)


@dataclass(frozen=True, slots=True)
class Case:
    """A prompt's #words and the outcomes that a correct client may report for them."""

    words: str
    outcomes: frozenset[str]
    endless: bool


def cases() -> list[Case]:
    """Every behaviour once, and every family with success and with each refusal."""
    behaviours = [scenario.word for scenario in BEHAVIOURS]
    spoken = [f"{family} #{word}" for family in FAMILIES for word in _refusal_words()]
    return [_case(words) for words in ("", *(f"#{words}" for words in (*behaviours, *FAMILIES, *spoken)))]


def _case(words: str) -> Case:
    scenario = choose(words)
    return Case(words, frozenset((scenario.outcome, *scenario.also_accepted)), scenario.endless)


def describe() -> str:
    """The table as plain text, one line per word."""
    rows = [(f"#{scenario.word}", scenario.summary, scenario.outcome) for scenario in BEHAVIOURS]
    rows += [(f"#{name}", family.__doc__ or "", "success") for name, family in FAMILIES.items()]
    width = max(len(word) for word, _, _ in rows)
    lines = [f"  {word:<{width}}  {summary.strip()} -> {outcome}" for word, summary, outcome in rows]
    head = "Words in a prompt choose how the video service behaves; one family and one behaviour combine:"
    return "\n".join([head, *lines])


def _refusal_words() -> list[str]:
    return [scenario.word for scenario in BEHAVIOURS if scenario.ending == "refusal"]

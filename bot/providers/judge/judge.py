"""Judging a message: its sentences become features, a code or the decision table gives the outcome, words the stage."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.models import Outcome
from bot.providers.judge.codes import AT_TWO_STAGES, CODES, PASSED_ON
from bot.providers.judge.decisions import RULES, Rule
from bot.providers.judge.vocabulary import FEATURES
from bot.providers.judge.vocabulary.stages import ASIDE, STAGES
from bot.providers.judge.words import lexicon_of
from bot.providers.text.lexicon import Lexicon
from bot.providers.text.sentences import Sentence, plain_pattern, sentences

_FEATURES = lexicon_of(FEATURES)
_STAGES = lexicon_of(STAGES)
_CODES = Lexicon({str(place): [code.pattern] for place, code in enumerate(CODES)})
_ASIDE = re.compile(plain_pattern(ASIDE))
_TWO = re.compile(AT_TWO_STAGES)
_PASSED_ON = re.compile(PASSED_ON)
# Where a request failed, as FastAPI and OpenAI write it: loc ["body", "image_url"], param "prompt".
_AT_PICTURE = re.compile(r"^at (?:\w+ )*?(?:input )?(?:images?|picture|photo|start|end|first|last|reference|frame)\b")
_AT_PROMPT = re.compile(r"^at (?:\w+ )*?(?:prompt|text|messages|negative)\b")
HALF = 50  # percent; from there on a refusal that names no stage means the video
_WHOSE = re.compile(r"\bupstream\b|\bprovider request failed|\bprovider=|上游")


@dataclass(frozen=True, slots=True)
class Weighed:
    """One sentence and what it shows."""

    sentence: Sentence
    features: frozenset[str]

    def meets(self, rule: Rule) -> bool:
        """Whether the sentence has all that ``rule`` needs and nothing that it must not have."""
        features = self.features
        return features.isdisjoint(rule.unless) and not any(features.isdisjoint(need) for need in rule.needs)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a message means, the name of the rule that said so, and the sentence that met it."""

    outcome: Outcome
    rule: str
    source: str
    words: str
    model_gone: bool = False
    stages: tuple[str, ...] = field(default=())


def weigh(message: str) -> list[Weighed]:
    """Return each sentence of ``message`` with its features."""
    return [Weighed(sentence, _FEATURES.names_in(sentence.words)) for sentence in sentences(message)]


def judge(
    message: str, *, highest: float | None = None, status: int = 200, started: bool = False, spoken: bool = False
) -> Verdict | None:
    """
    Return what ``message`` means, or None if it says nothing that is known.

    ``highest`` is the highest percentage that came before, ``status`` the HTTP status, ``started`` whether the service
    had begun to work, which no service does for a bad key. ``spoken``: it is prose without a mark of failure.
    """
    weighed = weigh(message)
    if not spoken and (verdict := _by_code(weighed)):
        return _placed(verdict, weighed, highest)
    for rule in RULES:
        if spoken and not rule.spoken:
            continue
        for one in weighed:
            if one.meets(rule):
                verdict = Verdict(rule.outcome, rule.name, rule.source, one.sentence.words, rule.model_gone)
                if verdict.outcome is Outcome.AUTH:
                    return _of_key(verdict, weighed, status, started)
                return _placed(verdict, weighed, highest)
    passed_on = (one.sentence.words for one in weighed if _PASSED_ON.search(one.sentence.words))
    if words := None if spoken else next(passed_on, None):
        return Verdict(Outcome.PROVIDER_ERROR, "an upstream failed", "new-api", words)
    return None


def _by_code(weighed: list[Weighed]) -> Verdict | None:
    """Return what the first code of the table means that stands in a sentence; of a stage rather than of none."""
    broken = any("check_broke" in one.features or "own_pool" in one.features for one in weighed)
    found = {int(place): one for one in reversed(weighed) for place in _CODES.names_in(one.sentence.words)}
    for place in sorted(found):
        code, one = CODES[place], found[place]
        no_verdict = broken or not one.features.isdisjoint(("none_found", "checking"))
        if not (code.outcome.is_refusal and no_verdict):
            return Verdict(code.outcome, f"code: {code.pattern}", code.source, one.sentence.words)
    return None


def _of_key(verdict: Verdict, weighed: list[Weighed], status: int, started: bool) -> Verdict:
    """Say whose key it is: with a 5xx, after work has begun, or upstream it is the service's own."""
    own = status >= 500 or started or any(_WHOSE.search(one.sentence.words) for one in weighed)
    if not own:
        return verdict
    return Verdict(Outcome.PROVIDER_ERROR, f"{verdict.rule}, the service's own", verdict.source, verdict.words)


def _placed(verdict: Verdict, weighed: list[Weighed], highest: float | None) -> Verdict:
    """Give a refusal that names no stage the one that the message, or the progress, tells."""
    if verdict.outcome is not Outcome.MODERATION_UNKNOWN:
        return verdict
    stage, named = _stage(verdict.words, weighed, highest)
    return Verdict(stage, verdict.rule, verdict.source, verdict.words, stages=named)


def _stage(decided: str, weighed: list[Weighed], highest: float | None) -> tuple[Outcome, tuple[str, ...]]:
    all_words = [one.sentence.words for one in weighed]
    text = " | ".join(all_words)
    at = [words for words in all_words if words.startswith("at ")]
    if any(_AT_PICTURE.search(words) for words in at):
        return Outcome.MODERATION_IMAGE, ("at the picture",)
    if any(_AT_PROMPT.search(words) for words in at):
        return Outcome.MODERATION_PROMPT, ("at the prompt",)
    if "either" in _STAGES.names_in(text):
        return Outcome.MODERATION_UNKNOWN, ("either",)
    named = _named(decided)
    if not named & {"picture", "prompt", "result", "person"}:
        # The sentence that decided may be a code; those beside it say more.
        for words in all_words:
            named |= _named(words)
    for name, stage in (
        ("written_in_picture", Outcome.MODERATION_IMAGE),
        ("result", Outcome.MODERATION_RESULT),
        ("picture", Outcome.MODERATION_IMAGE),
        ("prompt", Outcome.MODERATION_PROMPT),
    ):
        if name in named:
            return stage, tuple(sorted(named))
    wont = any("wont" in one.features for one in weighed)
    return _unnamed(text, named - {"person"} if wont else named, highest), tuple(sorted(named))


def _unnamed(text: str, named: set[str], highest: float | None) -> Outcome:
    if "person" in named:
        return Outcome.MODERATION_IMAGE
    if "input" in named:
        return Outcome.MODERATION_PROMPT
    if _TWO.search(text):
        return Outcome.MODERATION_RESULT if highest else Outcome.MODERATION_PROMPT
    return Outcome.MODERATION_RESULT if (highest or 0) >= HALF else Outcome.MODERATION_UNKNOWN


def _named(words: str) -> set[str]:
    words = _ASIDE.sub(" ", words)
    return set(_STAGES.names_in(words)) | ({"person"} & _FEATURES.names_in(words))

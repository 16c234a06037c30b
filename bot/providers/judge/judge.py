"""Judging a message: its sentences become features, a code or the decision table gives the outcome, words the stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.models import Outcome
from bot.providers.judge.codes import AT_TWO_STAGES, CODES, PASSED_ON
from bot.providers.judge.decisions import RULES, Rule
from bot.providers.judge.vocabulary import FEATURES
from bot.providers.judge.vocabulary.stages import ASIDE, STAGES
from bot.providers.judge.words import patterns_of
from bot.providers.text.lexicon import Lexicon
from bot.providers.text.memory import Memory
from bot.providers.text.sentences import Sentence, plain_pattern, sentences

_CODES = {str(place): [code.pattern] for place, code in enumerate(CODES)}
# Of the features, what tells the stage of a refusal.
_STAGES = frozenset(STAGES) | {"person"}
_RULES_OF: dict[str, list[int]] = {}  # by each of the features of which one must be there
for _place, _rule in enumerate(RULES):
    for _feature in _rule.needs[0]:
        _RULES_OF.setdefault(_feature, []).append(_place)
_ASIDE = re.compile(plain_pattern(ASIDE))
_TWO = re.compile(AT_TWO_STAGES)
_PASSED_ON = re.compile(PASSED_ON)
# Where a request failed, as FastAPI and OpenAI write it: loc ["body", "image_url"], param "prompt".
_AT_PICTURE = re.compile(r"^at (?:\w+ )*?(?:input )?(?:images?|picture|photo|start|end|first|last|reference|frame)\b")
_AT_PROMPT = re.compile(r"^at (?:\w+ )*?(?:prompt|text|messages|negative)\b")
HALF = 50  # percent; from there on a refusal that names no stage means the video
_WHOSE = re.compile(r"\bupstream\b|\bprovider request failed|\bprovider=|上游")


class Weighed(NamedTuple):
    """One sentence, the features and stages that it shows, and the codes that stand in it, by their place in CODES."""

    sentence: Sentence
    features: frozenset[str]
    codes: tuple[int, ...]

    def meets(self, rule: Rule) -> bool:
        """Whether the sentence has all that ``rule`` needs and nothing that it must not have."""
        features = self.features
        return features.isdisjoint(rule.unless) and not any(features.isdisjoint(need) for need in rule.needs)


class Verdict(NamedTuple):
    """What a message means, and the name of the rule that said so; nothing of the message itself."""

    outcome: Outcome
    rule: str
    source: str
    model_gone: bool = False
    stages: tuple[str, ...] = ()


_JUDGED: Memory[Verdict | None] = Memory()


@cache
def lexicon() -> Lexicon:
    """Return the patterns of all features, stages and codes. It takes a while to build; see ``first_use``."""
    return Lexicon(patterns_of(FEATURES) | patterns_of(STAGES) | _CODES)


def weigh(message: str) -> list[Weighed]:
    """Return each sentence of ``message`` with its features."""
    return [_weighed(sentence) for sentence in sentences(message)]


def _weighed(sentence: Sentence) -> Weighed:
    names = lexicon().names_in(sentence.words)
    codes = tuple(int(name) for name in names if name.isdecimal())
    return Weighed(sentence, names, codes)


def judge(
    message: str, *, highest: float | None = None, status: int = 200, started: bool = False, spoken: bool = False
) -> Verdict | None:
    """
    Return what ``message`` means, or None if it says nothing that is known.

    ``highest`` is the highest percentage that came before, ``status`` the HTTP status, ``started`` whether the service
    had begun to work, which no service does for a bad key. ``spoken``: it is prose without a mark of failure.
    """
    begun, late = bool(highest), (highest or 0) >= HALF
    key = hash((message, begun, late, status, started, spoken))
    return _JUDGED.recall(key, lambda: _judge(message, highest, status, started=started, spoken=spoken))


def _judge(message: str, highest: float | None, status: int, *, started: bool, spoken: bool) -> Verdict | None:
    weighed = weigh(message)
    if not spoken and (found := _by_code(weighed)):
        return _placed(*found, weighed, highest)
    met = [(place, number) for number, one in enumerate(weighed) for place in _rules_met(one, spoken=spoken)]
    if not met:
        passed_on = not spoken and any(_PASSED_ON.search(one.sentence.words) for one in weighed)
        return Verdict(Outcome.PROVIDER_ERROR, "an upstream failed", "new-api") if passed_on else None
    place, number = min(met)
    rule, one = RULES[place], weighed[number]
    verdict = Verdict(rule.outcome, rule.name, rule.source, rule.model_gone)
    if verdict.outcome is Outcome.AUTH:
        return _of_key(verdict, weighed, status, started)
    return _placed(verdict, one, weighed, highest)


def _rules_met(one: Weighed, *, spoken: bool) -> Iterator[int]:
    """Yield the first rule of the table that the sentence meets, if it meets one."""
    for place in sorted({place for feature in one.features for place in _RULES_OF.get(feature, ())}):
        if (RULES[place].spoken or not spoken) and one.meets(RULES[place]):
            yield place
            return


def _by_code(weighed: list[Weighed]) -> tuple[Verdict, Weighed] | None:
    """Return what the first code of the table means that stands in a sentence; of a stage rather than of none."""
    found = sorted((place, number) for number, one in enumerate(weighed) for place in one.codes)
    broken = found and any("check_broke" in one.features or "own_pool" in one.features for one in weighed)
    for place, number in found:
        code, one = CODES[place], weighed[number]
        no_verdict = broken or not one.features.isdisjoint(("none_found", "checking"))
        if not (code.outcome.is_refusal and no_verdict):
            return Verdict(code.outcome, f"code: {code.pattern}", code.source), one
    return None


def _of_key(verdict: Verdict, weighed: list[Weighed], status: int, started: bool) -> Verdict:
    """Say whose key it is: with a 5xx, after work has begun, or upstream it is the service's own."""
    own = status >= 500 or started or any(_WHOSE.search(one.sentence.words) for one in weighed)
    if not own:
        return verdict
    return Verdict(Outcome.PROVIDER_ERROR, f"{verdict.rule}, the service's own", verdict.source)


def _placed(verdict: Verdict, decided: Weighed, weighed: list[Weighed], highest: float | None) -> Verdict:
    """Give a refusal that names no stage the one that the message, or the progress, tells."""
    if verdict.outcome is not Outcome.MODERATION_UNKNOWN:
        return verdict
    stage, named = _stage(decided, weighed, highest)
    return verdict._replace(outcome=stage, stages=named)


def _stage(decided: Weighed, weighed: list[Weighed], highest: float | None) -> tuple[Outcome, tuple[str, ...]]:
    at = [words for one in weighed if (words := one.sentence.words).startswith("at ")]
    if any(_AT_PICTURE.search(words) for words in at):
        return Outcome.MODERATION_IMAGE, ("at the picture",)
    if any(_AT_PROMPT.search(words) for words in at):
        return Outcome.MODERATION_PROMPT, ("at the prompt",)
    if any("either" in one.features for one in weighed):
        return Outcome.MODERATION_UNKNOWN, ("either",)
    named = _named(decided)
    if not named & {"picture", "prompt", "result", "person"}:
        # The sentence that decided may be a code; those beside it say more.
        named = named.union(*map(_named, weighed))
    for name, stage in (
        ("written_in_picture", Outcome.MODERATION_IMAGE),
        ("result", Outcome.MODERATION_RESULT),
        ("picture", Outcome.MODERATION_IMAGE),
        ("prompt", Outcome.MODERATION_PROMPT),
    ):
        if name in named:
            return stage, tuple(sorted(named))
    text = " | ".join(one.sentence.words for one in weighed)
    wont = any("wont" in one.features for one in weighed)
    return _unnamed(text, named - {"person"} if wont else named, highest), tuple(sorted(named))


def _unnamed(text: str, named: frozenset[str], highest: float | None) -> Outcome:
    if "person" in named:
        return Outcome.MODERATION_IMAGE
    if "input" in named:
        return Outcome.MODERATION_PROMPT
    if _TWO.search(text):
        return Outcome.MODERATION_RESULT if highest else Outcome.MODERATION_PROMPT
    return Outcome.MODERATION_RESULT if (highest or 0) >= HALF else Outcome.MODERATION_UNKNOWN


def _named(one: Weighed) -> frozenset[str]:
    named = one.features & _STAGES
    if named and _ASIDE.search(one.sentence.words):
        named = lexicon().names_in(_ASIDE.sub(" ", one.sentence.words)) & _STAGES
    return named

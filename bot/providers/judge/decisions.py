"""
The decision table: which features of one sentence mean what. The first rule that a sentence of a message meets decides.

A rule needs all of its features, one of several written ``a|b``, and none of those behind ``unless``. ``SPOKEN`` rules
also hold for prose that bears no mark of a failure, where a description of a video must not be taken for a refusal.
The features are words: ``vocabulary/`` has them. The table is printed in docs/services.md.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.models import Outcome

REFUSED = Outcome.MODERATION_UNKNOWN  # until the stage is known
FAILED = Outcome.PROVIDER_ERROR
SPOKEN = True


class Rule(NamedTuple):
    """One line of the table. Of each set in ``needs`` one feature must be there, of ``unless`` none may be."""

    name: str
    outcome: Outcome
    needs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    spoken: bool
    source: str

    @property
    def model_gone(self) -> bool:
        """Whether the failure is that the model is not there."""
        return "no_model" in self.needs[0]


def _rule(name: str, outcome: Outcome, needs: str, source: str, *, unless: str = "", spoken: bool = False) -> Rule:
    sets = tuple(frozenset(need.split("|")) for need in needs.split())
    return Rule(name, outcome, sets, frozenset(unless.split()), spoken, source)


_NO_VERDICT = "none_found checking check_broke"
_NO_REVIEW = f"{_NO_VERDICT} other_object measure"

RULES = (
    _rule("the model is gone", FAILED, "no_model", "new-api, OpenAI", unless="refuses theme"),
    _rule("the service's own accounts or channels", FAILED, "own_pool", "sora2api, flow2api, new-api"),
    _rule("the review itself broke", FAILED, "check_broke", "grok2api, Volcengine"),
    _rule("out of money, in so many words", Outcome.QUOTA, "broke", "new-api, fal, Vidu", unless="nothing_charged"),
    _rule("money is lacking", Outcome.QUOTA, "money lacking", "new-api, Runway", unless="nothing_charged hasty shows"),
    _rule("too much at once", Outcome.RATE_LIMITED, "hasty", "new-api, sub2api, Google"),
    _rule("too busy", Outcome.RATE_LIMITED, "busy", "one-api, Google"),
    _rule("a shield against machines", FAILED, "shield", "sub2api"),
    _rule(
        "a model that makes no videos",
        FAILED,
        "incapable wont",
        "chat models",
        unless="theme person review",
        spoken=SPOKEN,
    ),
    _rule(
        "could not make it",
        FAILED,
        "wont|withheld own_trouble",
        "chat models",
        unless="theme review improper",
        spoken=SPOKEN,
    ),
    _rule(
        "a review said no",
        REFUSED,
        "review_failed",
        "Volcengine, Wan",
        unless=f"{_NO_REVIEW} timed_out",
        spoken=SPOKEN,
    ),
    _rule(
        "refused by a rule",
        REFUSED,
        "refuses|not_let review",
        "OpenAI, xAI",
        unless=f"{_NO_REVIEW} parameter",
        spoken=SPOKEN,
    ),
    _rule(
        "content refused by a rule",
        REFUSED,
        "refuses|not_let review content",
        "Qianfan",
        unless=_NO_REVIEW,
    ),
    _rule(
        "refused for what it shows",
        REFUSED,
        "refuses|not_let|unsupported theme",
        "OpenAI",
        unless=_NO_REVIEW,
        spoken=SPOKEN,
    ),
    _rule("content refused", REFUSED, "refuses content", "fal", unless=f"{_NO_REVIEW} parameter own_trouble"),
    _rule(
        "improper content",
        REFUSED,
        "improper content|shows|refuses",
        "Volcengine, Wan",
        unless=_NO_REVIEW,
    ),
    _rule("it shows what reviews look for", REFUSED, "theme shows", "OpenAI", unless=_NO_REVIEW),
    _rule(
        "real people are not taken",
        REFUSED,
        "person unsupported|refuses|not_let",
        "Sora",
        unless=f"{_NO_VERDICT} parameter other_object",
        spoken=SPOKEN,
    ),
    _rule("it shows a real person", REFUSED, "person shows", "Sora, laozhang", unless=_NO_VERDICT),
    _rule(
        "will not make it",
        REFUSED,
        "wont",
        "OpenAI, Gemini, Grok",
        unless="own_trouble parameter incapable none_found",
        spoken=SPOKEN,
    ),
    _rule(
        "will not make it, for what it shows",
        REFUSED,
        "wont theme|person|review",
        "Sora, Veo",
        unless="none_found",
        spoken=SPOKEN,
    ),
    _rule(
        "kept back by a rule",
        REFUSED,
        "withheld review|theme|improper",
        "Google, Qianfan",
        unless=f"{_NO_REVIEW} own_trouble parameter incapable",
        spoken=SPOKEN,
    ),
    _rule("the key is refused", Outcome.AUTH, "key", "new-api, OpenAI"),
    _rule("the account is refused", Outcome.AUTH, "account", "one-api, fal"),
    _rule("a parameter", FAILED, "parameter", "FastAPI"),
    _rule("it took too long", FAILED, "timed_out", "every service"),
)

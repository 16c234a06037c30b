"""Cases of why a request is not admitted."""

from __future__ import annotations

from functools import partial

from bot.policy.admission import Denial, DenialReason, DenialScope
from bot.policy.limit_kinds import LimitKind, Unit, kinds
from bot.texts.denials import denial_sentence
from tests.texts.cases.case import Cases
from tests.texts.cases.facts import HOSTILE, NOON, PRO, SORA

# Of each unit: none, one and several. None of them in seconds and money is no limit of its own in words.
_LIMITS = {Unit.VIDEOS: (0, 1, 5), Unit.MONEY: (1_500_000,), Unit.SECONDS: (90,)}
_RULES = {
    "not offered": Denial(DenialReason.GUILD),
    "blocked": Denial(DenialReason.BLOCKED, retry_at=NOON),
    "blocked for good, for a reason": Denial(DenialReason.BLOCKED, note=HOSTILE),
    "paused": Denial(DenialReason.PAUSED, retry_at=NOON),
    "a paused server": Denial(DenialReason.SERVER_PAUSED, retry_at=NOON),
    "a server paused until resumed, for a reason": Denial(DenialReason.SERVER_PAUSED, note=HOSTILE),
    "another channel": Denial(DenialReason.CHANNEL, allowed=(7,)),
    "one of many channels": Denial(DenialReason.CHANNEL, allowed=tuple(range(12))),
    "only in age-restricted channels": Denial(DenialReason.AGE_RESTRICTED),
    "a model for age-restricted channels": Denial(DenialReason.MODEL_RESTRICTED, allowed=(SORA.label, PRO.label)),
    "all models for age-restricted channels": Denial(DenialReason.MODEL_RESTRICTED),
    "another role": Denial(DenialReason.ROLE, allowed=(7, 8)),
    "no link to the picture": Denial(DenialReason.NO_LINK),
    "no longer there": Denial(DenialReason.ABSENT),
    "a model that was taken out": Denial(DenialReason.NOT_OFFERED, allowed=(SORA.label, PRO.label)),
    "a word": Denial(DenialReason.WORDS, note="Cat"),
    "a word, in public": Denial(DenialReason.WORDS),
    "another model": Denial(DenialReason.MODEL, allowed=(SORA.label, PRO.label)),
}
# Whose limit it is, and what each kind can bound.
_WHOSE = {DenialScope.MEMBER: "a member", DenialScope.SERVER: "the server", DenialScope.OPERATOR: "all servers"}


def _scopes(kind: LimitKind) -> list[DenialScope]:
    possible = {DenialScope.MEMBER: True, DenialScope.SERVER: kind.for_server, DenialScope.OPERATOR: kind.for_operator}
    return [scope for scope, is_possible in possible.items() if is_possible]


_OF_LIMITS = {
    f"{kind}, {limit} for {_WHOSE[scope]}": Denial(
        kind, scope, limit, NOON if kind.window.days or kind.unit is Unit.SECONDS else None
    )
    for kind in kinds()
    for scope in _scopes(kind)
    for limit in (*_LIMITS[kind.unit], *((0,) if scope is DenialScope.OPERATOR and kind.unit is Unit.MONEY else ()))
}

CASES: Cases = {
    denial_sentence: {name: partial(denial_sentence, denial) for name, denial in (_RULES | _OF_LIMITS).items()}
}

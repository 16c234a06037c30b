"""What a failure of a task service means: by the rules of its description, then by the judge of all services."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.models import Outcome
from bot.providers.classify import log_excerpt, outcome_of_status
from bot.providers.judge.judge import judge
from bot.providers.tasks.descriptions.description import ErrorRule
from bot.providers.text.prompt_echo import PromptEcho

_SLOW = "it took too long"
_VAGUE = ("a parameter", _SLOW)
_SOMETHING_ELSE = re.compile(r"download|fetch|image|picture|url|upload|upstream|connect")  # that took too long
_IN_BRACKETS = re.compile(r"\((?:code: ?)?(\w{1,20})\)")  # insufficient balance (1008)
_LABEL = re.compile(r"^(?:code|status|base_resp|at) ")


@dataclass(frozen=True, slots=True)
class FailureVerdict:
    """What a failure means, and by which rule. ``outcome`` is None where a description's rule says: ask again."""

    outcome: Outcome | None
    rule: str
    model_gone: bool = False
    by_rule: bool = False
    by_code: bool = False
    """Whether a rule of the description says so, and whether it names a code."""


class FailureReader:
    """Judges what one task's answers complain of. The prompt is taken out first, for services repeat it."""

    def __init__(self, rules: Iterable[ErrorRule], prompt: str = "", secrets: Iterable[str] = ()) -> None:
        self._rules = tuple(rules)
        self._echo = PromptEcho(prompt)
        self._secrets = tuple(secrets)

    def judge(self, message: str, status: int, *, highest: float | None, started: bool) -> FailureVerdict:
        """Return what ``message`` with an HTTP ``status`` means; ``started``: the service had begun to work."""
        message = self._echo.strip(message)
        for number, rule in enumerate(self._rules, 1):
            if _fits(rule, message, status):
                named = f"rule {number} of the description's errors"
                return FailureVerdict(rule.outcome, named, rule.model_gone, by_rule=True, by_code=bool(rule.code))
        verdict = judge(message, highest=highest, status=status, started=started)
        if verdict and not (verdict.rule in _VAGUE and status in (401, 402, 403, 429)):
            if started and verdict.rule == _SLOW and not _SOMETHING_ELSE.search(message.lower()):
                return FailureVerdict(Outcome.TIMEOUT, verdict.rule)
            gone = verdict.model_gone and verdict.outcome is Outcome.PROVIDER_ERROR
            return FailureVerdict(verdict.outcome, verdict.rule, model_gone=gone)
        return FailureVerdict(outcome_of_status(status), f"nothing known in it, HTTP {status}")

    def told(self, message: str) -> str:
        """Return ``message`` as it may stand in the log."""
        return log_excerpt(self._echo.redact(message), self._secrets)


def _fits(rule: ErrorRule, message: str, status: int) -> bool:
    pieces = message.lower().split(" | ")
    places = [_LABEL.sub("", piece) for piece in pieces if piece.startswith("at ")]
    codes = [_LABEL.sub("", piece) for piece in pieces if not piece.startswith("at ")]
    codes += _IN_BRACKETS.findall(message.lower())
    return (
        (not rule.http or status in rule.http)
        and (not rule.code or any(fnmatchcase(code, one.lower()) for one in rule.code for code in codes))
        and (not rule.at or any(fnmatchcase(place, one.lower()) for one in rule.at for place in places))
        and (not rule.says or any(words.lower() in message.lower() for words in rule.says))
    )

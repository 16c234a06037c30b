"""What a server's managers decided: who may make how many videos, where, and how Kinora behaves there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self

PROMPT_DAYS = 30  # prompts are forgotten after this many days unless managers chose otherwise
PAUSE_AFTER = 3  # refused prompts within a day after which a member is paused


@dataclass(frozen=True, slots=True)
class Allowance:
    """
    How much may be used; None means no limit. Days and months are those of UTC.

    Money is in millionths of the operator's currency, ``cooldown`` in seconds between two requests of one member.
    ``unlimited`` frees the holders of a role from the limits for members.
    """

    videos_day: int | None = None
    videos_month: int | None = None
    at_once: int | None = None
    money_day: int | None = None
    money_month: int | None = None
    cooldown: int | None = None
    unlimited: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """
    The rules of one server. Empty sets mean "all".

    ``server`` bounds all members together, ``member`` each of them; ``by_role`` replaces the parts of ``member`` that
    a role's own allowance names. ``pause_after`` refused prompts in 24 h pause a member, 0: never. ``refusals_count``:
    a request that a review refused counts as a video. ``refusals_public``: its reason stands in the channel.
    """

    server: Allowance = field(default_factory=Allowance)
    member: Allowance = field(default_factory=Allowance)
    by_role: dict[int, Allowance] = field(default_factory=dict)
    roles: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    models: frozenset[str] = frozenset()
    refusals_count: bool = False
    refusals_public: bool = False
    pause_after: int = PAUSE_AFTER
    log_channel: int | None = None
    prompt_days: int = PROMPT_DAYS

    def allowance(self, roles: Iterable[int]) -> Allowance:
        """Return what a member with ``roles`` may use: of several roles with allowances, the best of each kind."""
        own = [self.by_role[role] for role in roles if role in self.by_role]
        if not own:
            return self.member
        if any(allowance.unlimited for allowance in own):
            return Allowance(unlimited=True)
        best: dict[str, Any] = {name: _best(name, own, getattr(self.member, name)) for name in NUMBERS}
        return Allowance(**best)

    def general(self) -> Policy:
        """Return what of these rules can hold in any server: nothing that names a role or channel of one."""
        return replace(self, by_role={}, roles=frozenset(), channels=frozenset(), log_channel=None)

    def to_json(self) -> str:
        """Return the policy as a text that ``from_json`` understands."""
        return json.dumps(asdict(self), default=sorted, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the policy that ``to_json`` wrote; what a newer Kinora added is left out."""
        known = {f.name for f in fields(cls)}
        found: dict[str, Any] = {name: value for name, value in json.loads(text).items() if name in known}
        for name in ("server", "member"):
            if name in found:
                found[name] = _allowance(found[name])
        if "by_role" in found:
            found["by_role"] = {int(role): _allowance(value) for role, value in found["by_role"].items()}
        for name in ("roles", "channels", "models"):
            if name in found:
                found[name] = frozenset(found[name])
        return cls(**found)


NUMBERS = tuple(f.name for f in fields(Allowance) if f.name != "unlimited")


def _best(name: str, own: list[Allowance], otherwise: int | None) -> int | None:
    named: list[int] = [value for value in (getattr(allowance, name) for allowance in own) if value is not None]
    if not named:
        return otherwise
    return min(named) if name == "cooldown" else max(named)


def _allowance(found: dict[str, Any]) -> Allowance:
    known = {f.name for f in fields(Allowance)}
    return Allowance(**{name: value for name, value in found.items() if name in known})


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One line of a server's record of its rules; ``what`` is a dotted name, the values are JSON."""

    at: datetime
    user_id: int
    what: str
    before: str
    after: str

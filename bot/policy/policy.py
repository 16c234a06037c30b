"""What a server's managers decided: who may make how many videos, where, and how Kinora behaves there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self

from bot.policy.limit_kinds import LimitKind, Unit, Window, kind_named, kinds

PROMPT_DAYS = 30  # prompts are forgotten after this many days unless managers chose otherwise
PAUSE_AFTER = 3  # refused prompts within a day after which a member is paused
MEMBER, SERVER, ROLE = "member", "server", "by_role"  # the first word of a limit's dotted name, as it is stored


@dataclass(frozen=True, slots=True, init=False)
class Allowance:
    """
    How much may be used: a number for each limit kind that has one, by the kind's name.

    ``unlimited`` frees the holders of a role from the limits for members.
    """

    limits: Mapping[str, int]
    unlimited: bool

    def __init__(self, *, unlimited: bool = False, **limits: int | None) -> None:
        """Set the ``limits``; None means no limit. Raises TypeError if there is no such kind."""
        if unknown := [name for name in limits if not kind_named(name)]:
            raise TypeError(f"no such limit kind: {', '.join(unknown)}")
        object.__setattr__(self, "limits", {name: value for name, value in limits.items() if value is not None})
        object.__setattr__(self, "unlimited", unlimited)

    def __getitem__(self, kind: LimitKind) -> int | None:
        return self.limits.get(kind.name)

    def limit(self, unit: Unit, window: Window) -> int | None:
        """Return how much of ``unit`` may be used in ``window``, None if nothing limits that."""
        return next((self[kind] for kind in kinds() if kind.unit is unit and kind.window is window), None)

    def in_force(self) -> dict[LimitKind, int]:
        """Return the limits that are set, in the order in which people read them."""
        return {kind: value for kind in kinds() if (value := self[kind]) is not None}

    def with_limits(self, **limits: int | None) -> Allowance:
        """Return the allowance with some limits replaced; None takes one away."""
        return Allowance(unlimited=self.unlimited, **{**self.limits, **limits})

    def to_dict(self) -> dict[str, int | bool | None]:
        """Return what ``from_dict`` understands, with every kind in it."""
        return {kind.name: self[kind] for kind in kinds()} | {"unlimited": self.unlimited}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """Return the allowance of these names and values; what a newer Kinora added is left out."""
        return cls(**{name: value for name, value in found.items() if name == "unlimited" or kind_named(name)})


@dataclass(frozen=True, slots=True)
class Policy:
    """
    The rules of one server, in the order in which people read them. Empty sets mean "all".

    ``server`` bounds all members together, ``member`` each of them; ``by_role`` replaces the parts of ``member`` that a
    role's own allowance names. ``age_restricted``: only in channels that Discord marks so. ``pause_after`` refused
    prompts in 24 h pause a member, 0: never. ``refusals_count``: a request that a review refused counts as a video.
    ``refusals_public``: its reason stands in the channel.
    """

    member: Allowance = field(default_factory=Allowance)
    server: Allowance = field(default_factory=Allowance)
    by_role: dict[int, Allowance] = field(default_factory=dict)
    channels: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    models: frozenset[str] = frozenset()
    age_restricted: bool = False
    refusals_count: bool = False
    refusals_public: bool = False
    pause_after: int = PAUSE_AFTER
    prompt_days: int = PROMPT_DAYS
    log_channel: int | None = None

    def allowance(self, roles: Iterable[int]) -> Allowance:
        """Return what a member with ``roles`` may use: of several roles with allowances, the best of each kind."""
        own = [self.by_role[role] for role in roles if role in self.by_role]
        if not own:
            return self.member
        if any(allowance.unlimited for allowance in own):
            return Allowance(unlimited=True)
        best: dict[str, int | None] = {}
        for kind in kinds():
            named = [value for allowance in own if (value := allowance[kind]) is not None]
            choose = min if kind.unit is Unit.SECONDS else max
            best[kind.name] = choose(named, default=self.member[kind])
        return Allowance(unlimited=False, **best)

    def allowances(self) -> dict[str, Allowance]:
        """Return every allowance by its scope, as it is stored: ``member``, ``server`` or ``by_role.<id>``."""
        roles = {f"{ROLE}.{role}": self.by_role[role] for role in sorted(self.by_role)}
        return {MEMBER: self.member, SERVER: self.server, **roles}

    def general(self) -> Policy:
        """Return what of these rules can hold in any server: nothing that names a role or channel of one."""
        return replace(self, by_role={}, roles=frozenset(), channels=frozenset(), log_channel=None)

    def to_json(self) -> str:
        """Return the policy as a text that ``from_json`` understands."""
        rules = {f.name: getattr(self, f.name) for f in fields(self)}
        return json.dumps(rules, default=_plain, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the policy that ``to_json`` wrote; what a newer Kinora added is left out."""
        known = {f.name for f in fields(cls)}
        found = {name: value for name, value in json.loads(text).items() if name in known}
        return cls(**{name: _READ[name](value) if name in _READ else value for name, value in found.items()})


def _plain(value: Allowance | frozenset[Any]) -> Any:
    return value.to_dict() if isinstance(value, Allowance) else sorted(value)


_READ: dict[str, Callable[[Any], Any]] = {
    MEMBER: Allowance.from_dict,
    SERVER: Allowance.from_dict,
    ROLE: lambda found: {int(role): Allowance.from_dict(own) for role, own in found.items()},
    **dict.fromkeys(("channels", "roles", "models"), frozenset),
}


def differences(before: Policy, after: Policy) -> list[tuple[str, Any, Any]]:
    """Return what differs as the dotted name and both values, in the order in which people read the rules."""
    old, new = _rules(before), _rules(after)
    return [(what, old.get(what), new.get(what)) for what in old | new if old.get(what) != new.get(what)]


def _rules(policy: Policy) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for scope, own in policy.allowances().items():
        rules |= {f"{scope}.{kind}": value for kind, value in own.in_force().items()}
        rules |= {f"{scope}.unlimited": True} if own.unlimited else {}
    others = [f.name for f in fields(policy) if f.name not in (MEMBER, SERVER, ROLE)]
    return rules | {name: getattr(policy, name) for name in others}


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One line of a server's record of its rules; ``what`` is a dotted name, the values are JSON."""

    at: datetime
    user_id: int
    what: str
    before: str
    after: str

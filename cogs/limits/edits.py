"""Changes of a server's limits, as functions from one policy to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from bot.errors import UserError
from bot.i18n.translation import _
from bot.policy.policy import Allowance, Policy
from bot.texts.policy import KINDS, MEMBER, ROLE, SERVER


def with_numbers(policy: Policy, scope: str, numbers: Mapping[str, int]) -> Policy:
    """Return ``policy`` with some limits of ``server``, ``member`` or ``by_role.<id>`` set; they end "unlimited"."""
    own = replace(_allowance(policy, scope), **numbers, unlimited=False)
    return _put(policy, scope, own)


def with_unlimited(policy: Policy, role: int, unlimited: bool) -> Policy:
    """Return ``policy`` with the holders of ``role`` freed from the limits for members, or no longer."""
    scope = f"{ROLE}.{role}"
    own = Allowance(unlimited=True) if unlimited else replace(_allowance(policy, scope), unlimited=False)
    return _put(policy, scope, own)


def limits_in_force(policy: Policy) -> list[str]:
    """Return the names of all limits that can be lifted: ``member.videos_day``, ``by_role.<id>`` for all of a role."""
    keys = [key for scope in (MEMBER, SERVER) for key in _set_in(policy, scope)]
    for role in sorted(policy.by_role):
        keys += [f"{ROLE}.{role}", *_set_in(policy, f"{ROLE}.{role}")]
    return keys


def without(policy: Policy, key: str) -> Policy:
    """Return ``policy`` without the limit ``key``. Raises UserError if it is not in force."""
    if key not in limits_in_force(policy):
        raise UserError(_("There is no such limit here. Please choose one from the list that appears while you type."))
    scope, kind = key.rpartition(".")[::2]
    if scope == ROLE:
        return _put(policy, key, Allowance())
    return _put(policy, scope, replace(_allowance(policy, scope), **{kind: None}))  # type: ignore[arg-type]


def _set_in(policy: Policy, scope: str) -> list[str]:
    own = asdict(_allowance(policy, scope))
    return [f"{scope}.{kind}" for kind in KINDS if own[kind] is not None]


def _allowance(policy: Policy, scope: str) -> Allowance:
    if scope == SERVER:
        return policy.server
    return policy.member if scope == MEMBER else policy.by_role.get(_role(scope), Allowance())


def _put(policy: Policy, scope: str, own: Allowance) -> Policy:
    """Return ``policy`` with another allowance; a role's that says nothing is left out."""
    if scope in (SERVER, MEMBER):
        # Where nobody has to wait there is no limit; only a role can have that as a privilege.
        return replace(policy, **{scope: replace(own, cooldown=own.cooldown or None)})  # type: ignore[arg-type]
    others = {role: theirs for role, theirs in policy.by_role.items() if role != _role(scope)}
    return replace(policy, by_role=others | ({} if own == Allowance() else {_role(scope): own}))


def _role(scope: str) -> int:
    return int(scope.removeprefix(f"{ROLE}."))

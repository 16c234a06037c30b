"""Changes of a server's limits, as functions from one policy to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.errors import UserError
from bot.i18n.translation import _
from bot.policy.limit_kinds import Unit, kinds
from bot.policy.policy import MEMBER, ROLE, SERVER, Allowance, Policy
from bot.texts.limit_problems import NO_SUCH_LIMIT


def with_numbers(policy: Policy, scope: str, numbers: Mapping[str, int | None]) -> Policy:
    """Return ``policy`` with some limits of ``server``, ``member`` or ``by_role.<id>`` set; they end "unlimited"."""
    own = policy.allowances().get(scope, Allowance())
    return _put(policy, scope, Allowance(unlimited=False, **{**own.limits, **numbers}))


def with_unlimited(policy: Policy, role: int, unlimited: bool) -> Policy:
    """Return ``policy`` with the holders of ``role`` freed from the limits for members, or no longer."""
    if unlimited:
        return _put(policy, f"{ROLE}.{role}", Allowance(unlimited=True))
    return with_numbers(policy, f"{ROLE}.{role}", {})


def limits_in_force(policy: Policy) -> list[str]:
    """Return the names of all limits that can be lifted: ``member.videos_day``, ``by_role.<id>`` for all of a role."""
    keys: list[str] = []
    for scope, own in policy.allowances().items():
        keys += [scope] if scope not in (MEMBER, SERVER) else []
        keys += [f"{scope}.{kind}" for kind in own.in_force()]
    return keys


def without(policy: Policy, key: str) -> Policy:
    """Return ``policy`` without the limit ``key``. Raises UserError if it is not in force."""
    if key not in limits_in_force(policy):
        raise UserError(_(NO_SUCH_LIMIT))
    if key in policy.allowances():
        return _put(policy, key, Allowance())
    scope, name = key.rpartition(".")[::2]
    return _put(policy, scope, policy.allowances()[scope].with_limits(**{name: None}))


def _put(policy: Policy, scope: str, own: Allowance) -> Policy:
    """Return ``policy`` with another allowance; a role's that says nothing is left out."""
    if scope in (SERVER, MEMBER):
        # No wait is no limit; only a role can have that as a privilege.
        own = own.with_limits(**{kind.name: own[kind] or None for kind in kinds(Unit.SECONDS)})
        return replace(policy, **{scope: own})  # type: ignore[arg-type]
    role = int(scope.removeprefix(f"{ROLE}."))
    others = {other: theirs for other, theirs in policy.by_role.items() if other != role}
    return replace(policy, by_role=others | ({} if own == Allowance() else {role: own}))

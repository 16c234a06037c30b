"""Warnings about rules that contradict each other or let no one in, for the manager who has just made them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from bot.i18n.translation import N_, _
from bot.policy.limit_kinds import LimitKind, Unit, kinds
from bot.policy.policy import SERVER, Allowance, Policy
from bot.texts.limit_words import limit_words
from bot.texts.policy import KnownServer, named_some, subject
from bot.texts.punctuation import joined_sentences, labelled

_WHO_SETS_PRICES = N_("The bot's owner sets prices.")


def warnings(policy: Policy, here: KnownServer) -> list[str]:
    """Return one sentence for each thing about ``policy`` that its managers can hardly have meant."""
    return list(dict.fromkeys((*_nobody(policy, here), *_never_reached(policy, here), *_without_price(policy, here),
                               *_places(policy, here), *_people(policy, here))))  # fmt: skip


def _allowances(policy: Policy) -> dict[str, Allowance]:
    return {SERVER: policy.server} | policy.allowances()


def _nothing(allowance: Allowance) -> bool:
    return any(allowance[kind] == 0 for kind in kinds(Unit.VIDEOS))


def _nobody(policy: Policy, here: KnownServer) -> Iterator[str]:
    """A limit of 0 is what some mean, but it has to be said plainly."""
    if _nothing(policy.server):
        yield _("No one can make videos: the shared limit is 0.")
        return
    able = [role for role in policy.by_role if here.has_role(role) and not _nothing(policy.allowance([role]))]
    if _nothing(policy.member):
        if able:
            roles = named_some([here.role(role) for role in sorted(able)], choice=True)
            yield _("Only members with {roles} can make videos: the limit per member is 0.", roles=roles)
        else:
            yield _("No one can make videos: the limit per member is 0.")
        return
    for role in sorted(policy.by_role.keys() - set(able)):
        if here.has_role(role):
            yield _("Members with {role} can't make videos.", role=here.role(role))


def _never_reached(policy: Policy, here: KnownServer) -> Iterator[str]:
    """A limit above another one that is always reached before it."""
    for scope, own in _allowances(policy).items():
        who = subject(scope, here)
        for kind in kinds(Unit.VIDEOS, Unit.MONEY) if scope != SERVER else ():
            value, bound = own[kind], policy.server[kind]
            if value is not None and bound and value > bound:
                limit, bounded = limit_words(kind, value), limit_words(kind, bound)
                yield _("{who}: {limit}, but everyone together only {bound}.", who=who, limit=limit, bound=bounded)
        for short, long in _nested():
            value, bound = own[short], own[long]
            if value is not None and bound and value > bound:
                limit, bounded = limit_words(short, value), limit_words(long, bound)
                yield _("{who}: {limit} is more than {bound}.", who=who, limit=limit, bound=bounded)


def _nested() -> list[tuple[LimitKind, LimitKind]]:
    """Return the pairs of kinds that count the same, over a shorter and over a longer span."""
    spans = sorted((kind for kind in kinds() if kind.window.days), key=lambda kind: kind.window.days)
    return [(short, long) for short, long in combinations(spans, 2) if short.unit is long.unit]


def _without_price(policy: Policy, here: KnownServer) -> Iterator[str]:
    limits = [
        (scope, kind, value)
        for scope, own in _allowances(policy).items()
        for kind in kinds(Unit.MONEY)
        if (value := own[kind]) is not None
    ]
    if not any(model.price_of() for model in here.models):
        if limits:
            named = [labelled(subject(scope, here), limit_words(kind, value)) for scope, kind, value in limits]
            said = _("Without a price, money limits have no effect ({limits}).", limits=named_some(named))
            yield joined_sentences(said, _(_WHO_SETS_PRICES))
        return
    prices = [model.price_of() for model in here.models if not policy.models or model.name in policy.models]
    for scope, kind, value in limits:
        if prices and value < min(prices):
            yield _(
                "{who}: {limit} is less than any video costs.",
                who=subject(scope, here),
                limit=limit_words(kind, value),
            )


def _places(policy: Policy, here: KnownServer) -> Iterator[str]:
    channels = [channel for channel in policy.channels if here.has_channel(channel)]
    if policy.channels and not channels:
        yield _("No one can make videos: the chosen channels are gone. Use `/limits channels`.")
    elif channels and not any(here.sees(channel) for channel in channels):
        yield _(
            "I can't see these channels, so I can't show a video that takes over 15 minutes. Please let me view one."
        )
    if policy.log_channel is not None and not here.has_channel(policy.log_channel):
        yield _("The log channel is gone. Choose another with `/limits log`.")
    elif policy.log_channel is not None and not here.writes(policy.log_channel):
        yield _(
            "I can't write to the log channel {channel}. Let me view it and send messages, or use `/limits log`.",
            channel=here.channel(policy.log_channel),
        )


def _people(policy: Policy, here: KnownServer) -> Iterator[str]:
    if policy.roles and not any(here.has_role(role) for role in policy.roles):
        yield _("No one can make videos: the chosen roles are gone. Use `/limits roles`.")
    if policy.models and not policy.models & {model.name for model in here.models}:
        yield _("No one can make videos: no chosen model is offered. Use `/limits models`.")
    for role in sorted(policy.by_role):
        if policy.roles and role not in policy.roles and here.has_role(role):
            yield _(
                "{role} has its own limits, but can't make videos: see `/limits roles`.",
                role=here.role(role),
            )

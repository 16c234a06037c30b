"""The rules of a server in plain words, for its managers, for ``/quota`` and for ``/help``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.i18n.translation import N_, _, format_list, ngettext, pgettext
from bot.models import VideoModel
from bot.policy.policy import MEMBER, ROLE, SERVER, Allowance, Policy
from bot.policy.server_pause import ServerPause
from bot.texts.limit_words import limit_words
from bot.texts.model_label import model_label
from bot.texts.pauses import pause_value
from bot.texts.punctuation import in_quotes, labelled, with_commas
from bot.texts.word_list import WORD_LIST, word_list_value

NAMES_SHOWN = 10  # of channels, roles or models in one sentence
ROLES_SHOWN = 15  # with an allowance of their own


@dataclass(frozen=True, slots=True)
class KnownServer:
    """
    What there is in a server, so that words name nothing that is gone. None: unknown, so nothing is taken for gone.

    ``sees`` tells whether Kinora can see any of a channel or category, ``writes`` whether a log channel took its last
    lines.
    """

    models: tuple[VideoModel, ...] = ()
    roles: frozenset[int] | None = None
    channels: frozenset[int] | None = None
    sees: Callable[[int], bool] = lambda channel: True
    writes: Callable[[int], bool] = lambda channel: True

    def has_role(self, role: int) -> bool:
        """Whether the role still exists."""
        return self.roles is None or role in self.roles

    def has_channel(self, channel: int) -> bool:
        """Whether the channel or category still exists."""
        return self.channels is None or channel in self.channels

    def role(self, role: int) -> str:
        """Return the role as a mention."""
        return f"<@&{role}>" if self.has_role(role) else _("a deleted role")

    def channel(self, channel: int) -> str:
        """Return the channel as a mention."""
        return f"<#{channel}>" if self.has_channel(channel) else _("a deleted channel")

    def role_names(self, roles: Iterable[int]) -> list[str]:
        """Return roles as mentions, those that are gone last and in one."""
        ids = sorted(roles, key=lambda role: (not self.has_role(role), role))
        return list(dict.fromkeys(map(self.role, ids)))

    def channel_names(self, channels: Iterable[int]) -> list[str]:
        """Return channels as mentions, those that are gone last and in one."""
        ids = sorted(channels, key=lambda channel: (not self.has_channel(channel), channel))
        return list(dict.fromkeys(map(self.channel, ids)))

    def model(self, name: str) -> str:
        """Return the model's label."""
        label = in_quotes(model_label(name, self.models))
        offered = any(model.name == name for model in self.models)
        return label if offered else _("{model} (no longer offered)", model=label)


def allowance_words(allowance: Allowance) -> str:
    """Return all limits of ``allowance`` in one line, ``no limit`` where there is none."""
    if allowance.unlimited:
        return _("no limit")
    words = [limit_words(kind, value) for kind, value in allowance.in_force().items()]
    return with_commas(dict.fromkeys(words)) or _("no limit")


def policy_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return the whole rule, one line of Markdown for each part of it."""
    return [*limit_lines(policy, here), *access_lines(policy, here), *manner_lines(policy, here)]


def limit_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return how much each member, everybody together, and members with certain roles may use."""
    lines = [
        labelled(f"**{subject(MEMBER, here)}**", allowance_words(policy.member)),
        labelled(f"**{subject(SERVER, here)}**", allowance_words(policy.server)),
    ]
    # Deleted roles come last: no member has them.
    roles = sorted(policy.by_role, key=lambda role: (not here.has_role(role), role))
    lines += [_role_line(role, policy, here) for role in roles[:ROLES_SHOWN]]
    if more := len(roles[ROLES_SHOWN:]):
        lines.append(
            ngettext(
                "… and {count} more role with its own limits",
                "… and {count} more roles with their own limits",
                more,
            )
        )
    if len(roles) > 1:
        lines.append(_("-# With several of these roles, the best of each counts."))
    return lines


def access_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return where videos may be made, by whom, and with which models."""
    return [_rule_line(rule, policy, here) for rule in ("channels", "roles", "models")]


def restriction_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return where and by whom alone videos may be made, and whether refusals count, as far as there are such rules."""
    rules = ("channels", "age_restricted", "roles", "refusals_count")
    return [_rule_line(rule, policy, here) for rule in rules if getattr(policy, rule)]


def manner_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return how Kinora behaves there: refusals, pauses, how long prompts are kept, the log."""
    return [
        _("**A refused request** counts as a video")
        if policy.refusals_count
        else _("**A refused request** does not count"),
        _("**The reason for a refusal** is shown in the channel")
        if policy.refusals_public
        else _("**The reason for a refusal** is shown to the member only"),
        _rule_line("pause_after", policy, here),
        ngettext(
            "**Prompts and video links** are erased after {count} day",
            "**Prompts and video links** are erased after {count} days",
            policy.prompt_days,
        )
        if policy.prompt_days
        else _("**Prompts and video links** are erased within a day"),
        _rule_line("log_channel", policy, here),
        *([_rule_line("age_restricted", policy, here)] if policy.age_restricted else []),
    ]


def subject(scope: str, here: KnownServer) -> str:
    """Return whose limits ``scope`` holds: ``server``, ``member`` or ``by_role.<id>``."""
    if scope.startswith(f"{ROLE}."):
        return _("Members with {role}", role=here.role(int(scope.removeprefix(f"{ROLE}."))))
    return _("Everyone together") if scope == SERVER else _("Each member")


def _role_line(role: int, policy: Policy, here: KnownServer) -> str:
    own = policy.by_role[role]
    name = f"**{subject(f'{ROLE}.{role}', here)}**"
    if own.unlimited:
        unlimited = _("no limit except everyone's together") if policy.server != Allowance() else _("no limit")
        return labelled(name, unlimited)
    words = allowance_words(own)
    if policy.member.in_force().keys() - own.in_force().keys():
        words = _("{limits}; otherwise as for each member", limits=words)
    return labelled(name, words)


def named_some(names: Iterable[str], *, choice: bool = False) -> str:
    """Return names as a sentence lists them; of very many, some."""
    distinct = list(dict.fromkeys(names))
    if more := len(distinct[NAMES_SHOWN:]):
        distinct = [*distinct[:NAMES_SHOWN], ngettext("{count} more", "{count} more", more)]
    return format_list(distinct, choice=choice)


def _where_words(channels: Iterable[int], here: KnownServer) -> str:
    names = here.channel_names(channels)
    return _("only in {channels}", channels=named_some(names)) if names else _("everywhere")


def _who_words(roles: Iterable[int], here: KnownServer) -> str:
    names = here.role_names(roles)
    return _("only members with {roles}", roles=named_some(names, choice=True)) if names else _("everyone")


def _models_words(models: Iterable[str], here: KnownServer) -> str:
    names = sorted(models)
    return _("only {models}", models=named_some(map(here.model, names))) if names else _("all")


def _pausing_words(after: int) -> str:
    if not after:
        return _("never pauses anyone")
    if after == 1:
        return _("a member pauses for an hour after the first refused prompt")
    return ngettext(
        "a member pauses for an hour after {count} refused prompt in 24 h",
        "a member pauses for an hour after {count} refused prompts in 24 h",
        after,
    )


def _forgetting_words(days: int) -> str:
    if not days:
        return _("erased within a day")
    return ngettext("erased after {count} day", "erased after {count} days", days)


# The rules that are no limits, and what else managers decide: what each is called, and its value in words.
RULES: dict[str, tuple[str, Callable[[Any, KnownServer], str]]] = {
    "channels": (N_("Where"), _where_words),
    "age_restricted": (
        N_("Channels for videos"),
        lambda only, here: _("age-restricted ones only") if only else _("age-restricted or not"),
    ),
    "roles": (N_("Who"), _who_words),
    "models": (N_("Models"), _models_words),
    "refusals_count": (
        N_("A refused request"),
        lambda counts, here: _("counts as a video") if counts else _("does not count"),
    ),
    "refusals_public": (
        N_("Reason for a refusal"),
        lambda public, here: _("is shown in the channel") if public else _("is shown to the member only"),
    ),
    "pause_after": (N_("Pause"), lambda after, here: _pausing_words(after)),
    "prompt_days": (N_("Prompts and video links"), lambda days, here: _forgetting_words(days)),
    "pause": (
        N_("New videos"),
        lambda pause, here: pause_value(pause and ServerPause.from_dict(pause)),
    ),
    "words": (WORD_LIST, lambda recorded, here: word_list_value(recorded)),
    "log_channel": (
        N_("Log"),
        lambda channel, here: pgettext("log channel", "none") if channel is None else here.channel(channel),
    ),
}


def _rule_line(rule: str, policy: Policy, here: KnownServer) -> str:
    title, words = RULES[rule]
    return labelled(f"**{_(title)}**", words(getattr(policy, rule), here))

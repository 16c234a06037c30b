"""The rules of a server in plain words, for its managers, for `/quota` and for `/help`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.models import VideoModel
from bot.policy import Allowance, Policy
from bot.view import duration, money, quote

NAMES_SHOWN = 10  # of channels, roles or models in one sentence
ROLES_SHOWN = 15  # with an allowance of their own
_MODEL_SHOWN = 60  # characters

SERVER, MEMBER, ROLE = "server", "member", "by_role"  # the first word of a limit's dotted name, as it is written down
KINDS = ("videos_day", "videos_month", "at_once", "cooldown", "money_day", "money_month")  # as people read them
_VIDEOS = ("videos_day", "videos_month", "at_once")


@dataclass(frozen=True, slots=True)
class KnownServer:
    """
    What there is in a server, so that words name nothing that is gone. None: unknown, so nothing is taken for gone.

    ``sees`` tells of a channel or category whether Kinora can see any of it.
    """

    models: tuple[VideoModel, ...] = ()
    roles: frozenset[int] | None = None
    channels: frozenset[int] | None = None
    sees: Callable[[int], bool] = lambda _: True

    def has_role(self, role: int) -> bool:
        """Whether the role still exists."""
        return self.roles is None or role in self.roles

    def has_channel(self, channel: int) -> bool:
        """Whether the channel or category still exists."""
        return self.channels is None or channel in self.channels

    def role(self, role: int) -> str:
        """Return the role as a mention."""
        return f"<@&{role}>" if self.has_role(role) else "a role that is no more"

    def channel(self, channel: int) -> str:
        """Return the channel as a mention."""
        return f"<#{channel}>" if self.has_channel(channel) else "a channel that is no more"

    def model(self, name: str) -> str:
        """Return the model's label."""
        label = next((model.label for model in self.models if model.name == name), None)
        shown = f"“{quote(label or name, _MODEL_SHOWN)}”"
        return shown if label else f"{shown} (no longer offered)"


def limit_words(kind: str, value: int) -> str:
    """Return one limit of an Allowance: ``5 videos a day``, ``1 min between two``, ``costs of 2.00 a month``."""
    if kind in _VIDEOS and value == 0:
        return "no videos at all"
    match kind:
        case "videos_day" | "videos_month":
            return f"{value} video{'s' * (value != 1)} a {_span(kind)}"
        case "at_once":
            return f"{value} at a time"
        case "cooldown":
            return f"{wait_words(value)} between two" if value else "no wait between two"
        case _:
            return f"costs of {money(value)} a {_span(kind)}"


def allowance_words(allowance: Allowance) -> str:
    """Return all limits of ``allowance`` in one line, ``no limit`` where there is none."""
    if allowance.unlimited:
        return "no limit"
    values = {kind: getattr(allowance, kind) for kind in KINDS}
    words = [limit_words(kind, value) for kind, value in values.items() if value is not None]
    return ", ".join(dict.fromkeys(words)) or "no limit"


def policy_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return the whole rule, one line of Markdown for each part of it."""
    return [*limit_lines(policy, here), *access_lines(policy, here), *manner_lines(policy, here)]


def limit_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return how much each member, everybody together, and members with certain roles may use."""
    lines = [
        f"**{subject(MEMBER, here)}**: {allowance_words(policy.member)}",
        f"**{subject(SERVER, here)}**: {allowance_words(policy.server)}",
    ]
    # Roles that are gone last: nobody has them any more.
    roles = sorted(policy.by_role, key=lambda role: (not here.has_role(role), role))
    lines += [_role_line(role, policy, here) for role in roles[:ROLES_SHOWN]]
    if more := len(roles[ROLES_SHOWN:]):
        lines.append(f"… and {more} more role{'s' * (more > 1)} with limits of their own")
    if len(roles) > 1:
        lines.append("-# Who has several of these roles has the best of each.")
    return lines


def access_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return where videos may be made, by whom, and with which models."""
    return [
        f"**Where**: {where_words(policy.channels, here)}",
        f"**Who**: {who_words(policy.roles, here)}",
        f"**Models**: {models_words(policy.models, here)}",
    ]


def manner_lines(policy: Policy, here: KnownServer) -> list[str]:
    """Return how Kinora behaves there: refusals, pauses, how long prompts are kept, the log."""
    return [
        f"**A refused request** {counting_words(policy.refusals_count)}",
        f"**The reason of a refusal** goes {reason_words(policy.refusals_public)}",
        f"**Pause**: {pausing_words(policy.pause_after)}",
        f"**Prompts and links to videos** are forgotten {forgetting_words(policy.prompt_days)}",
        f"**Log**: {log_words(policy.log_channel, here)}",
    ]


def subject(scope: str, here: KnownServer) -> str:
    """Return whose limits ``scope`` holds: ``server``, ``member`` or ``by_role.<id>``."""
    head, _, role = scope.partition(".")
    if head == ROLE:
        return f"Members with {here.role(int(role))}"
    return {SERVER: "Everybody together", MEMBER: "Each member"}[head]


def _role_line(role: int, policy: Policy, here: KnownServer) -> str:
    own = policy.by_role[role]
    name = f"**{subject(f'{ROLE}.{role}', here)}**"
    if own.unlimited:
        return f"{name}: no limit" + (" but that of everybody together" if policy.server != Allowance() else "")
    left = [kind for kind in KINDS if getattr(own, kind) is None and getattr(policy.member, kind) is not None]
    return f"{name}: {allowance_words(own)}" + ("; the rest as each member" if left else "")


def _span(kind: str) -> str:
    return kind.rpartition("_")[2]


def wait_words(seconds: int) -> str:
    """Return a time between two requests."""
    return duration(seconds).removesuffix(" 0 min")


def _list(names: Iterable[str], last: str) -> str:
    """Return names as a sentence lists them; of very many, some."""
    distinct = list(dict.fromkeys(names))
    if more := len(distinct[NAMES_SHOWN:]):
        distinct = [*distinct[:NAMES_SHOWN], f"{more} more"]
    return f" {last} ".join(filter(None, (", ".join(distinct[:-1]), distinct[-1])))


def where_words(channels: Iterable[int], here: KnownServer) -> str:
    """Return where videos may be made; of all channels if none is given."""
    ids = sorted(channels, key=lambda channel: (not here.has_channel(channel), channel))
    return f"only in {_list(map(here.channel, ids), 'and')}" if ids else "everywhere"


def who_words(roles: Iterable[int], here: KnownServer) -> str:
    """Return who may make videos."""
    ids = sorted(roles, key=lambda role: (not here.has_role(role), role))
    return f"only members with {_list(map(here.role, ids), 'or')}" if ids else "everybody"


def models_words(models: Iterable[str], here: KnownServer) -> str:
    """Return which models may be used."""
    names = sorted(models)
    return f"only {_list(map(here.model, names), 'and')}" if names else "all"


def counting_words(counts: bool) -> str:
    """Return whether a refused request counts."""
    return "counts as a video" if counts else "does not count"


def reason_words(public: bool) -> str:
    """Return where the reason of a refusal goes."""
    return "into the channel, for all to read" if public else "to the member alone"


def pausing_words(after: int) -> str:
    """Return when a member is paused for refused prompts."""
    if not after:
        return "never, however many prompts are refused"
    prompts = "the first refused prompt" if after == 1 else f"{after} refused prompts within 24 hours"
    return f"a member pauses for an hour after {prompts}"


def forgetting_words(days: int) -> str:
    """Return when prompts are forgotten."""
    return f"after {days} day{'s' * (days != 1)}" if days else "within a day after the video"


def log_words(channel: int | None, here: KnownServer) -> str:
    """Return which channel the log is in."""
    return "none" if channel is None else here.channel(channel)

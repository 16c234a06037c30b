"""What the moderators' desk deals in: requests to be admitted, the reasons to say no, blocks, counts, changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.models import JobRecord
from bot.reports.usage_report import Tally

KINORA = 0  # stands for Kinora itself where a moderator's id would stand


@dataclass(frozen=True, slots=True)
class Asking:
    """
    A job that wants to be admitted, and what the member who asks brings along.

    ``within`` holds the ids of the channel, of the channel that a thread belongs to, and of the category.
    """

    job: JobRecord
    roles: frozenset[int] = frozenset()
    within: frozenset[int] = frozenset()


class Reason(StrEnum):
    """Why a job is not admitted."""

    GUILD = "guild"
    BLOCKED = "blocked"
    PAUSED = "paused"
    CHANNEL = "channel"
    ROLE = "role"
    MODEL = "model"
    AT_ONCE = "at_once"
    COOLDOWN = "cooldown"
    VIDEOS_DAY = "videos_day"
    VIDEOS_MONTH = "videos_month"
    MONEY_DAY = "money_day"
    MONEY_MONTH = "money_month"


@dataclass(frozen=True, slots=True)
class Denial:
    """
    A job was not admitted; nothing was written or counted.

    ``of_server``: the limit is that of all members together. ``most`` is the limit in its own unit. ``frees_at`` is
    when the same request may pass, None where no time can be named. ``note`` is a moderator's reason, ``allowed`` what
    would be: ids of channels or roles, names of models.
    """

    reason: Reason
    of_server: bool = False
    most: int = 0
    frees_at: datetime | None = None
    note: str = ""
    allowed: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A member who may not ask for videos in a server until a time; ``by`` is a moderator, or ``KINORA``."""

    guild_id: int
    user_id: int
    until: datetime
    reason: str
    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One line of a server's record of its rules; ``what`` is a dotted name, the values are JSON."""

    at: datetime
    user_id: int
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Used:
    """What stands on one counter: videos, millionths of the currency, and when the latest was asked for."""

    videos: int = 0
    cost: int = 0
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class UsedUp:
    """The counters of a server, or of one of its members: this UTC day, this month, and what is open now."""

    day: Used = Used()
    month: Used = Used()
    now: Used = Used()


@dataclass(frozen=True, slots=True)
class JobPage:
    """A few jobs, the newest first, and whether there are others on either side."""

    jobs: tuple[JobRecord, ...]
    has_older: bool
    has_newer: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out of a member's jobs: how many lost their words, and the files that may be deleted."""

    jobs: int
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuildTotal:
    """One server's line in the operator's list."""

    guild_id: int
    tally: Tally
    denied: bool

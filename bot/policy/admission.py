"""What the moderators' desk deals in: requests to be admitted, the reasons to say no, blocks, counts, changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import KinoraError
from bot.models import JobRecord


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """
    A job that wants to be admitted, and what the member who asks brings along.

    ``within`` holds the ids of the channel, of the channel that a thread belongs to, and of the category.
    """

    job: JobRecord
    roles: frozenset[int] = frozenset()
    channel_ids: frozenset[int] = frozenset()


class DenialReason(StrEnum):
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

    ``server_wide``: the limit is that of all members together. ``most`` is the limit in its own unit. ``retry_at`` is
    when the same request may pass, None where no time can be named. ``note`` is a moderator's reason, ``allowed`` what
    would be: ids of channels or roles, names of models.
    """

    reason: DenialReason
    server_wide: bool = False
    limit: int = 0
    retry_at: datetime | None = None
    note: str = ""
    allowed: tuple[int | str, ...] = ()


class LimitReached(KinoraError):
    """A limit, a block or a rule of the server stands against the request; nothing was counted, nothing was sent."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial.reason.value)
        self.denial = denial

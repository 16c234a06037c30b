"""A request for admission, and the denial it may meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import KinoraError
from bot.models import Finished, JobRecord
from bot.policy.limit_kinds import LimitKind


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """
    A job to be admitted, and what the rules may ask of the member.

    ``channel_ids`` are those of the channel, of the channel that a thread belongs to, and of the category; ``earlier``
    are the prompts of the conversation that it goes on with, as far as they are known.
    """

    job: JobRecord
    roles: frozenset[int] = frozenset()
    channel_ids: frozenset[int] = frozenset()
    earlier: tuple[str, ...] = ()


class DenialScope(StrEnum):
    """Whose limit is reached: the member's own, their server's, or the operator's over all servers together."""

    MEMBER = "member"
    SERVER = "server"
    OPERATOR = "operator"


class DenialReason(StrEnum):
    """Why a job is not admitted, or no longer while it waits, where it is no limit."""

    GUILD = "guild"
    BLOCKED = "blocked"
    PAUSED = "paused"
    SERVER_PAUSED = "server_paused"  # by its managers; what waits goes on
    CHANNEL = "channel"
    AGE_RESTRICTED = "age_restricted"  # the server makes videos in channels alone that are marked so
    ROLE = "role"
    MODEL = "model"
    WORDS = "words"  # the prompt has one that the server does not want
    ABSENT = "absent"  # Kinora is no longer on the server
    MODEL_RESTRICTED = "model_restricted"  # the operator offers the model in age-restricted channels alone
    NO_LINK = "no_link"  # to its pictures, for a service that takes nothing else
    NOT_OFFERED = "not_offered"  # the operator has taken the model out


@dataclass(frozen=True, slots=True)
class Denial:
    """
    A job was not admitted; nothing was written or counted.

    ``scope``: whose limit it is. ``limit`` is in its kind's unit. ``retry_at`` is when the same request may pass, None
    where no time can be named. ``note`` is a moderator's reason, or the word that is not wanted, ``allowed`` what would
    be: ids of channels or roles, names of models.
    """

    reason: DenialReason | LimitKind
    scope: DenialScope = DenialScope.MEMBER
    limit: int = 0
    retry_at: datetime | None = None
    note: str = ""
    allowed: tuple[int | str, ...] = ()

    @property
    def is_lasting(self) -> bool:
        """Whether it still stands, most likely, once a form has been filled in."""
        if isinstance(self.reason, DenialReason):
            return self.reason is not DenialReason.WORDS
        return self.reason.window.days > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied(Finished):
    """A job that waited was not let in any more when its turn came: it ended, unpaid, as cancelled."""

    denial: Denial


class LimitReached(KinoraError):
    """A limit, a block or a rule of the server stands against the request; nothing was counted, nothing was sent."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(str(denial.reason))
        self.denial = denial

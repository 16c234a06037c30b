"""Members who may not ask for videos in a server until a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

KINORA = 0  # stands for Kinora itself where a moderator's id would stand


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
class RefusalStanding:
    """How many prompts of a member were refused lately, or until when they are paused for that."""

    refused: int
    paused_until: datetime | None = None

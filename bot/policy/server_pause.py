"""A pause of a whole server: until it ends, nobody there can ask for a video."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from bot.policy.admission import Denial, DenialReason


@dataclass(frozen=True, slots=True)
class ServerPause:
    """No new videos in a server; ``by`` is the manager who paused it, ``until`` None where it has to be resumed."""

    by: int
    until: datetime | None = None
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it has not ended by ``now``."""
        return self.until is None or now < self.until

    def denial(self) -> Denial:
        """Return what those who ask are told."""
        return Denial(DenialReason.SERVER_PAUSED, retry_at=self.until, note=self.reason)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``from_dict`` understands, in JSON's types."""
        return {"by": self.by, "until": self.until and self.until.isoformat(), "reason": self.reason}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """Return the pause that ``to_dict`` gave; what a newer Kinora added is left out."""
        until = found["until"]
        return cls(int(found["by"]), datetime.fromisoformat(until) if until else None, str(found["reason"]))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the pause that was written as JSON."""
        return cls.from_dict(json.loads(text))

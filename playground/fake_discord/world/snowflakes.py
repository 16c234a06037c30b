"""Discord's ids: 64-bit numbers that contain their time of creation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playground.clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000
MILLISECOND = 22  # the lowest bit of an id's milliseconds


def snowflake_at(moment: datetime) -> int:
    """The smallest id of that moment (docs: reference, "Snowflakes")."""
    return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << MILLISECOND


def moment_of(snowflake: int) -> datetime:
    """When an id was made."""
    return datetime.fromtimestamp(((snowflake >> MILLISECOND) + DISCORD_EPOCH_MS) / 1000, UTC)


class Snowflakes:
    """Makes ids from the clock; each is greater than all before it, so sorting by id is sorting by time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A fresh id for something that happens now."""
        self._last = max(snowflake_at(self._clock.now()), self._last + 1)
        return self._last

    def aged(self, age: timedelta) -> int:
        """The id of an object made `age` ago; unique only if the caller's ages differ by milliseconds."""
        return snowflake_at(self._clock.now() - age)

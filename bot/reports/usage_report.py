"""What a server used in a span of days, as moderators look at it. Days and hours are those of UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.models import Outcome
from bot.reports.refusal_report import RefusalReport


@dataclass(frozen=True, slots=True)
class Tally:
    """
    Ended requests: how many, how many became videos, how many a review refused, and their cost in millionths.

    ``unconfirmed`` is booked beside ``cost``: what the service may charge for requests that broke off.
    """

    jobs: int = 0
    made: int = 0
    refused: int = 0
    cost: int = 0
    unconfirmed: int = 0

    @property
    def failed(self) -> int:
        """How many ended in neither way: faults, cancels, interruptions."""
        return self.jobs - self.made - self.refused

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.jobs + other.jobs,
            self.made + other.made,
            self.refused + other.refused,
            self.cost + other.cost,
            self.unconfirmed + other.unconfirmed,
        )


@dataclass(frozen=True, slots=True)
class UsageReport:
    """
    The requests that were made from ``since`` to ``until``, both included, by the day they were asked for.

    ``by_day`` holds the days on which there were any. ``members`` are the busiest, ``member_count`` tells how many
    there were in all; ``by_hour`` has 24 numbers of jobs. ``before`` is the span of the same length that ended on the
    day before ``since``. ``open`` jobs, with the price ``reserved`` for them, wait or run now, in no other number.
    ``refusals`` is None of a single channel, which is not known of what the word list refused.
    """

    since: date
    until: date
    total: Tally
    before: Tally
    by_outcome: dict[Outcome, int]
    by_day: dict[date, Tally]
    by_hour: tuple[int, ...]
    members: tuple[tuple[int, Tally], ...]
    member_count: int
    models: tuple[tuple[str, Tally], ...]
    channels: tuple[tuple[int, Tally], ...]
    open: int = 0
    reserved: int = 0
    refusals: RefusalReport | None = None

    @property
    def days(self) -> int:
        """How many days the report spans."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class GuildTotal:
    """One server's line in the operator's list."""

    guild_id: int
    tally: Tally
    denied: bool

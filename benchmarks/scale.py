"""
``python -m benchmarks.scale``: prints the tables of docs/scale.md, which extrapolate the measured figures to a fleet.

The figures come from ``make bench``, ``make soak`` and ``python -m benchmarks.live.checkouts``. After a new
measurement, update them here and the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.gateway.edit_pacing import EDITS_PER_SECOND
from bot.gateway.identify import INTERVAL, MARGIN
from bot.settings import Settings

KB, MB, GB = 1_000, 1_000_000, 1_000_000_000
DAY = timedelta(days=1).total_seconds()

# Measured.
CPU_OF_JOB = 0.0012  # seconds of processor a second
MEMORY_OF_JOB = 57 * KB
IDLE = 91 * MB
PICTURE = 250 * MB
MEMORY_OF_SERVER = 26 * KB
ROW = 841  # bytes

# Discord's.
SERVERS_OF_SHARD = 1000
LARGE = 150_000  # servers
STARTS = 1000  # sessions a day
CONCURRENCY, CONCURRENCY_OF_LARGE = 1, 16
REQUESTS_PER_SECOND = 50
LARGEST_FILE = 10 * 1024 * 1024  # bytes

# Assumed.
REQUESTS_OF_SERVER = 1.0  # a day
PEAK = 3.0
LIFE = 150.0  # seconds
PRICE = 0.15  # dollars
BUSY = 0.5
HEAP = 1 * GB
CORES, MEMORY = 4, 8 * GB

SIZES = (1_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Fleet:
    """The needs of a bot in ``servers`` servers; rates are those of the peak hour."""

    servers: int

    @property
    def requests(self) -> float:
        """Requests a day."""
        return self.servers * REQUESTS_OF_SERVER

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / DAY * PEAK

    @property
    def live(self) -> float:
        """Live jobs."""
        return self.rate * LIFE

    @property
    def shards(self) -> int:
        return math.ceil(self.servers / SERVERS_OF_SHARD)

    @property
    def starts(self) -> int:
        """Sessions a day; from 150,000 servers on ``max(2000, servers / 1000 * 5)``."""
        return max(2000, self.servers // 1000 * 5) if self.servers >= LARGE else STARTS

    @property
    def connecting(self) -> timedelta:
        """From the first shard's IDENTIFY to the last one's."""
        concurrency = CONCURRENCY_OF_LARGE if self.servers >= LARGE else CONCURRENCY
        return (math.ceil(self.shards / concurrency) - 1) * (INTERVAL + MARGIN)

    @property
    def cores(self) -> float:
        """Cores busy with jobs."""
        return self.live * CPU_OF_JOB

    @property
    def cache(self) -> float:
        """Bytes of the cache of servers, in all processes together."""
        return self.servers * MEMORY_OF_SERVER

    @property
    def processes(self) -> int:
        """As many processes as keep each below BUSY of a core and HEAP of memory."""
        by_cpu = self.cores / BUSY
        by_memory = (self.cache + self.live * MEMORY_OF_JOB) / (HEAP - IDLE - PICTURE)
        return max(1, math.ceil(by_cpu), math.ceil(by_memory))

    @property
    def memory(self) -> float:
        """Bytes of memory of all processes together."""
        return self.processes * (IDLE + PICTURE) + self.cache + self.live * MEMORY_OF_JOB

    @property
    def machines(self) -> int:
        """Machines besides the database's; half of each is left free."""
        return math.ceil(2 * max(self.cores / CORES, self.memory / MEMORY))

    @property
    def edits(self) -> float:
        """Edits of progress a second, with interaction tokens."""
        interval: float = Settings.model_fields["progress_interval"].default
        return min(self.live / interval, self.processes * EDITS_PER_SECOND)

    @property
    def traffic(self) -> float:
        """Bits a second: each video comes in and goes out again."""
        return 2 * 8 * self.rate * LARGEST_FILE

    @property
    def rows(self) -> float:
        """Rows of a year."""
        return self.requests * 365

    @property
    def disk(self) -> float:
        """Bytes of a year's rows."""
        return self.rows * ROW

    @property
    def money(self) -> float:
        """Dollars a day, to the video service."""
        return self.requests * PRICE


# The input of the calculation: name, value, source.
FIGURES = (
    ("processor of a live job", f"{CPU_OF_JOB * 1000:g} ms a second", "`make bench`, 300 live jobs that end and begin"),
    ("memory of a live job", f"{MEMORY_OF_JOB // KB} KB", "`make bench`, growth"),
    ("memory of an idle process", f"{IDLE // MB} MB", "`make bench`, idle"),
    (
        "memory of a picture, decoded",
        f"{PICTURE // MB} MB",
        "`make bench`, the heaviest that is accepted, rounded up; one at a time (`bot/media/pictures/process.py`)",
    ),
    ("memory of a server", f"{MEMORY_OF_SERVER // KB} KB", "`make bench`, 40 channels, 30 roles, 50 emojis"),
    (
        "database, for each request",
        f"{ROW} bytes",
        "`make soak`, SQLite, 10,000,000 requests with prompts, indexes and sums",
    ),
    (
        "servers of a shard",
        f"{SERVERS_OF_SHARD:,}",
        "other libraries' docs say that Discord advises it; its own allow 2,500 (Sharding)",
    ),
    (
        "shards that may identify",
        f"{CONCURRENCY} in 5 s",
        "Discord's docs (Max Concurrency); Kinora leaves a second more",
    ),
    (
        f"from {LARGE:,} servers on",
        f"{CONCURRENCY_OF_LARGE} in 5 s",
        "JDA's docs name 16 or 64; `GET /gateway/bot` tells",
    ),
    ("sessions a day", f"{STARTS:,}", "Discord's docs (Sharding); for large bots 2,000, or 5 for each 1,000 servers"),
    (
        "requests with the bot's token",
        f"{REQUESTS_PER_SECOND} a second",
        "Discord's docs (Global Rate Limit); all processes",
    ),
    (
        "a video's file",
        f"{LARGEST_FILE // 1024**2} MiB",
        "Discord's limit in a server without boosts; most are smaller",
    ),
    ("requests of a server", f"{REQUESTS_OF_SERVER:g} a day", "assumed; in most servers of a large bot no one asks"),
    ("the busiest hour", f"{PEAK:g} times the average", "assumed"),
    ("life of a job", f"{LIFE:g} s", "resellers name two to three minutes for a video of 10 s"),
    (
        "price of a video",
        f"${PRICE}",
        "a reseller's list price for 10 s; the maker's own interface takes $0.10 a second",
    ),
    ("a process may take", f"{BUSY:.0%} of a core, {HEAP // GB} GB", "assumed; a busier one answers late"),
    ("a machine has", f"{CORES} cores, {MEMORY // GB} GB", "assumed; half is left free, for when another is lost"),
)

NEEDS: dict[str, Callable[[Fleet], str]] = {
    "requests a day": lambda fleet: _number(fleet.requests),
    "new requests a second, at the peak": lambda fleet: _number(fleet.rate),
    "live jobs, at the peak": lambda fleet: _number(fleet.live),
    "shards": lambda fleet: _number(fleet.shards),
    "time until the last shard is connected": lambda fleet: _time(fleet.connecting),
    "whole restarts that Discord allows in a day": lambda fleet: _number(fleet.starts // fleet.shards),
    "processes": lambda fleet: _number(fleet.processes),
    "cores busy with jobs, at the peak": lambda fleet: _number(fleet.cores),
    "memory of all processes": lambda fleet: _bytes(fleet.memory),
    "machines, beside the database": lambda fleet: _number(fleet.machines),
    "edits of progress a second": lambda fleet: _number(fleet.edits),
    "of the requests with the bot's token": lambda fleet: f"{fleet.rate / REQUESTS_PER_SECOND:.1%}",
    "network for such videos": lambda fleet: f"{_number(fleet.traffic / 1e6)} Mbit/s",
    "rows of a year": lambda fleet: _number(fleet.rows),
    "database after a year": lambda fleet: _bytes(fleet.disk),
    "the video service, a day": lambda fleet: f"${_number(fleet.money)}",
}

# Measured while bursts of requests came: medians in seconds with both, without batches, without the SQLite driver too.
BURSTS = {
    "300 live: acknowledged to queued, p95": (1.484, 0.592, 0.811),
    "1,000 live: acknowledged to queued, p95": (1.364, 1.097, 1.332),
    "300 live: last chunk to link, p99": (0.844, 0.591, 1.022),
    "1,000 live: last chunk to link, p99": (1.097, 1.170, 1.664),
}


def figures() -> str:
    """Return the input of the calculation, as a Markdown table."""
    return _table(("figure", "is", "source"), FIGURES)


def needs() -> str:
    """Return the needs of fleets of all sizes, as a Markdown table."""
    fleets = [Fleet(servers) for servers in SIZES]
    head = ("servers", *(f"{fleet.servers:,}" for fleet in fleets))
    return _table(head, [(what, *(need(fleet) for fleet in fleets)) for what, need in NEEDS.items()])


def bursts() -> str:
    """
    Return how the waiting times change without a part of Kinora, as a Markdown table: without batches as ratios to
    those with both parts, without the driver as ratios to those without batches alone.
    """
    rows = [
        (what, f"{one_by_one / with_both:.2f} x", f"{plain / one_by_one:.2f} x")
        for what, (with_both, one_by_one, plain) in BURSTS.items()
    ]
    return _table(("figure", "without batches", "without the SQLite driver too"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _number(value: float) -> str:
    """Return a number with two or three significant digits."""
    if value >= 100:
        return f"{round(value, 2 - math.floor(math.log10(value))):,.0f}"
    return f"{value:.2g}" if value else "0"


def _bytes(value: float) -> str:
    return f"{_number(value / GB)} GB" if value >= GB else f"{_number(value / MB)} MB"


def _time(value: timedelta) -> str:
    return f"{_number(value.total_seconds() / 60)} min" if value else "at once"


if __name__ == "__main__":
    print(f"{figures()}\n\n{needs()}\n\n{bursts()}")

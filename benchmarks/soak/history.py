"""
A database with a year of finished jobs of many servers: generated, and the same in every run.

The shape: 2,000 servers, their sizes follow Zipf's law (the busiest has about 12 % of all jobs), 1,500 members in the
busiest and fewer in the others, a few of whom make most requests; three channels and two models of 0.15 and 0.60; four
of five jobs become videos, the others have all other outcomes; evenings are ten times as busy as the early morning. The
requests are 200,000 samples that are repeated at other hours. No prompt was erased, so the file has its largest size:
8.4 GB for ten million jobs.
"""

from __future__ import annotations

import math
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from benchmarks.soak.prompts import PROMPTS
from bot.models import Outcome
from bot.storage import Database

SHAPE = 3  # raise it when the generated rows change, so that older files are not used
SEED = 20_250_101

FIRST, DAYS = date(2025, 1, 1), 365
LAST = FIRST + timedelta(days=DAYS - 1)

GUILDS = 2_000
MOST_MEMBERS = 1_500
CHANNELS = 3
BUSIEST = 1  # the number of the largest server; they are numbered by size

_GUILD_ID, _CHANNEL_ID, _USER_ID = 700 * 10**15, 800 * 10**15, 300 * 10**15  # as large as Discord's own
_STEP = 10**12  # between the ids of two servers
_GUILD_SHARES = list(accumulate(1 / number for number in range(1, GUILDS + 1)))
_CHANNEL_SHARES = (6, 3, 1)
_HOUR_SHARES = (50, 35, 22, 14, 10, 10, 13, 18, 25, 32, 38, 44, 50, 54, 58, 62, 68, 76, 86, 95, 100, 98, 86, 68)
_OUTCOME_SHARES = {
    Outcome.SUCCESS: 800,
    Outcome.MODERATION_PROMPT: 60,
    Outcome.MODERATION_IMAGE: 30,
    Outcome.MODERATION_RESULT: 20,
    Outcome.MODERATION_UNKNOWN: 5,
    Outcome.PROVIDER_ERROR: 30,
    Outcome.CANCELLED: 20,
    Outcome.TIMEOUT: 15,
    Outcome.RATE_LIMITED: 7,
    Outcome.BAD_STREAM: 5,
    Outcome.INTERRUPTED: 4,
    Outcome.QUOTA: 3,
    Outcome.AUTH: 1,
}
_PRICES = {"sora_video2": 150_000, "sora_video2-15s": 600_000}
_MODEL_SHARES = (7, 3)


_SAMPLES = 200_000  # random requests, repeated to fill the year
_SAMPLE_TABLE = """
CREATE TEMP TABLE samples (number INTEGER PRIMARY KEY, tag TEXT, guild INTEGER, channel INTEGER, member INTEGER,
                        model TEXT, price INTEGER, prompt TEXT, outcome TEXT, waits REAL, works REAL, tokens INTEGER)
"""
_INSERT_JOBS = """
INSERT INTO jobs (id, guild_id, channel_id, message_id, user_id, model, prompt, state, outcome, percent, video_url,
                  cost, unconfirmed, picture, picture_link, prompt_tokens, completion_tokens, created_at, started_at,
                  finished_at, owner, delivery)
SELECT id, guild, channel, (CAST(1000 * asked AS INTEGER) - 1420070400000 << 22) + number, member, model, prompt,
       'done', outcome, iif(made, 100.0, NULL), iif(made, 'https://cdn.example/videos/' || id || '.mp4', NULL),
       iif(made OR broke_off, price, 0), broke_off, id || '.jpg', '', tokens, 2 * tokens,
       strftime(:form, asked, 'unixepoch'),
       iif(outcome = 'cancelled', NULL, strftime(:form, asked + waits, 'unixepoch')),
       strftime(:form, asked + waits + works, 'unixepoch'), :owner, 'reply'
FROM (SELECT *, tag || printf('%08x', :hour) AS id, outcome = 'success' AS made,
             outcome IN ('timeout', 'bad_stream', 'interrupted') AS broke_off,
             :start + 3600.0 * (number - :first + :before) / :count AS asked
      FROM samples WHERE number BETWEEN :first AND :last)
"""
_FORM = "%Y-%m-%d %H:%M:%f000"  # as SQLAlchemy writes times into SQLite

# The usage sums that the bot keeps as jobs end, from the rows of one day.
_VALUES = {
    "outcome": "outcome",
    "member": "CAST(user_id AS TEXT)",
    "model": "model",
    "channel": "CAST(channel_id AS TEXT)",
    "hour": "substr(created_at, 12, 2)",
}
_USED = """
INSERT INTO usage SELECT guild_id, '{}', substr(created_at, 1, 10), {}, count(*), sum(outcome = 'success'),
                         sum(outcome LIKE 'moderation%'), sum(iif(unconfirmed, 0, cost)), sum(iif(unconfirmed, cost, 0))
FROM jobs WHERE rowid > ? GROUP BY 1, 3, 4
"""
_REFUSED = """
INSERT INTO refusals SELECT guild_id, substr(created_at, 1, 10), user_id, sum(outcome = 'moderation_image'),
                            sum(outcome = 'moderation_prompt'), sum(outcome = 'moderation_result'),
                            sum(outcome = 'moderation_unknown'), 0
FROM jobs WHERE rowid > ? AND outcome LIKE 'moderation%' GROUP BY 1, 2, 3
"""
_OF_SERVERS = "sum(made), sum(cost + unconfirmed), 0, 0, 0, 0 FROM usage WHERE dimension = 'outcome'"
_COUNTERS = "counters (guild_id, user_id, period, videos, cost, latest, most_videos, most_cost, pause)"
# The counters of limits. The time of the latest request is left out: it was long ago and has no effect.
_COUNTED = (
    f"SELECT guild_id, 0, day, {_OF_SERVERS} GROUP BY 1, 3",
    f"SELECT 0, 0, day, {_OF_SERVERS} GROUP BY 3",
    "SELECT guild_id, CAST(value AS INTEGER), day, made, cost, 0, 0, 0, 0 FROM usage WHERE dimension = 'member'",
    "SELECT guild_id, user_id, substr(period, 1, 7), sum(videos), sum(cost), 0, 0, 0, 0 FROM counters GROUP BY 1, 2, 3",
    "SELECT DISTINCT guild_id, user_id, 'now', 0, 0, 0, 0, 0, 0 FROM counters",
)


def guild_id(number: int) -> int:
    """Return the id of the server of that number, from 1."""
    return _GUILD_ID + number * _STEP


def member_id(guild: int, number: int) -> int:
    """Return the id of a member, from 1, the busiest, to ``members(guild)``."""
    return _USER_ID + guild * _STEP + number


def channel_id(guild: int, number: int) -> int:
    """Return the id of a channel, from 1, the busiest, to ``CHANNELS``."""
    return _CHANNEL_ID + guild * _STEP + number


def members(guild: int) -> int:
    """Return how many members the server of that number has."""
    return round(MOST_MEMBERS / math.sqrt(guild))


async def history(jobs: int, folder: Path) -> Path:
    """Return the SQLite file with that many jobs in ``folder``; it is made if it does not exist."""
    path = folder / f"history-{SHAPE}-{jobs}.db"
    if not path.exists():
        start = time.perf_counter()
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        await (await Database.open(f"sqlite+aiosqlite:///{part}")).close()
        _fill(part, jobs)
        part.rename(path)
        size = path.stat().st_size / 1e9
        print(f"made {path.name}: {jobs:,} jobs, {size:.2f} GB, {time.perf_counter() - start:.0f} s", flush=True)
    return path


def end_at_new_year(path: Path) -> None:
    """Delete everything after the year from a history."""
    after = LAST + timedelta(days=1)
    with closing(sqlite3.connect(path)) as connection, connection:
        for guild in (0, *map(guild_id, range(1, GUILDS + 1))):
            of_guild = [guild, str(after)]
            connection.execute("DELETE FROM jobs WHERE guild_id = ? AND created_at >= ?", of_guild)
            for dimension in _VALUES:
                found = [*of_guild, dimension]
                connection.execute("DELETE FROM usage WHERE guild_id = ? AND day >= ? AND dimension = ?", found)
            connection.execute("DELETE FROM refusals WHERE guild_id = ? AND day >= ?", of_guild)
            connection.execute(
                "DELETE FROM counters WHERE guild_id = ? AND period BETWEEN ? AND '9999'",
                [guild, f"{after:%Y-%m}"],
            )


def _fill(path: Path, jobs: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        # Nothing here must survive a crash. The cache holds the index of the random ids.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {pragma}")
        written = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'jobs' AND sql IS NOT NULL"
        indexes = connection.execute(written).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        _insert_jobs(connection, jobs)
        for counted in _COUNTED:
            connection.execute(f"INSERT INTO {_COUNTERS} {counted}")
        for _, sql in indexes:  # sorted once each, instead of a row here and there ten million times
            connection.execute(sql)
        connection.commit()


def _insert_jobs(connection: sqlite3.Connection, jobs: int) -> None:
    """Insert the jobs hour by hour, in the order of their requests."""
    count_of_samples = min(jobs, _SAMPLES)
    connection.execute(_SAMPLE_TABLE)
    connection.executemany(
        "INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _samples(count_of_samples)
    )
    inserted = summed = 0
    for hour, (start, count) in enumerate(_hours(jobs), 1):
        before = 0
        while before < count:
            first = inserted % count_of_samples
            some = min(count - before, count_of_samples - first)
            span = {"first": first, "last": first + some - 1, "before": before, "count": count}
            connection.execute(_INSERT_JOBS, span | {"hour": hour, "start": start, "form": _FORM, "owner": "0" * 32})
            before, inserted = before + some, inserted + some
        if hour % 24 == 0:
            for dimension, value in _VALUES.items():
                connection.execute(_USED.format(dimension, value), [summed])
            connection.execute(_REFUSED, [summed])
            summed = inserted


def _hours(jobs: int) -> Iterator[tuple[int, int]]:
    """Yield the start of each hour of the year, in seconds since 1970, and the number of requests in it."""
    start = int(datetime.combine(FIRST, datetime.min.time(), UTC).timestamp())
    whole = DAYS * sum(_HOUR_SHARES)
    shares = done = 0
    for hour in range(24 * DAYS):
        shares += _HOUR_SHARES[hour % 24]
        so_far = jobs * shares // whole
        yield start + 3600 * hour, so_far - done
        done = so_far


def _samples(count: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(SEED)
    guilds = chance.choices(range(1, GUILDS + 1), cum_weights=_GUILD_SHARES, k=count)
    channels = chance.choices(range(1, CHANNELS + 1), weights=_CHANNEL_SHARES, k=count)
    outcomes = chance.choices(list(_OUTCOME_SHARES), weights=list(_OUTCOME_SHARES.values()), k=count)
    models = chance.choices(list(_PRICES), weights=_MODEL_SHARES, k=count)
    prompts = chance.choices(PROMPTS, k=count)
    for number, guild in enumerate(guilds):
        member = int((members(guild) + 1) ** chance.random())  # an evenly distributed logarithm: Zipf's law
        yield (
            *(number, f"{chance.getrandbits(96):024x}", guild_id(guild), channel_id(guild, channels[number])),
            *(member_id(guild, member), models[number], _PRICES[models[number]], prompts[number]),
            *(outcomes[number].value, 20 * chance.random() ** 4, 40 + 260 * chance.random() ** 2),
            chance.randrange(300, 1_500),
        )

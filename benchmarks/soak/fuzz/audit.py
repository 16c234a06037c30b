"""Compares what is written down, after all has come to rest, with itself and with the truth."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from benchmarks.soak.fuzz.watch import Watch
from benchmarks.soak.fuzz.world import REFUSALS_COUNT, WAITS, World
from bot.models import Outcome
from bot.policy.charges import charge_for
from bot.policy.limit_kinds import windows
from bot.storage import Database
from bot.storage.engine.tables import counters, jobs, usage

_PAID = (Outcome.SUCCESS, Outcome.CANCELLED, Outcome.TIMEOUT, Outcome.BAD_STREAM)

Sums = dict[Any, tuple[int, ...]]


async def rows_of(database: Database) -> list[Row[Any]]:
    """Return all jobs."""
    async with database.read() as connection:
        return list((await connection.execute(select(jobs).order_by(jobs.c.created_at))).all())


async def is_anything_open(database: Database) -> bool:
    """Return whether the end of any job is still to be written down or shown."""
    async with database.read() as connection:
        return await connection.scalar(select(jobs.c.id).where(jobs.c.delivery.is_(None)).limit(1)) is not None


async def check_sums(world: World, database: Database) -> None:
    """Add up the jobs again, and compare that with the counters and the usage."""
    rows = await rows_of(database)
    async with database.read() as connection:
        counted: Sums = {
            tuple(row[:3]): (row.videos, row.cost) for row in (await connection.execute(select(counters))).all()
        }
        used: Sums = {tuple(row[:4]): tuple(row[4:]) for row in (await connection.execute(select(usage))).all()}
    _compare(world, "counter", counted, _counters(rows, world))
    _compare(world, "usage", used, _usage(rows))


def _compare(world: World, what: str, stored: Sums, added: Sums) -> None:
    for key in sorted(stored.keys() | added.keys(), key=str):
        here, there = (sums.get(key, ()) for sums in (stored, added))
        if here != there and (any(here) or any(there)):
            world.violate(f"the {what} {key} says {here}, its jobs {there}")


def _counters(rows: list[Row[Any]], world: World) -> Sums:
    sums: Counter[tuple[int, int, str, str]] = Counter()
    for row in rows:
        charge = charge_for(
            Outcome(row.outcome or Outcome.SUCCESS), sent=row.started_at is not None, refusals_cost=world.refusals_cost
        )
        booking = charge.booking(row.cost, refusals_count=row.guild_id == REFUSALS_COUNT)
        for window in windows():
            if row.outcome and not window.days:
                continue
            for guild, member in {(0, 0), (row.guild_id, 0), (row.guild_id, row.user_id)}:
                key = (guild, member, window.key(row.created_at))
                sums[*key, "videos"] += booking.videos if row.outcome else 1
                sums[*key, "cost"] += booking.member_cost if row.outcome and member else row.cost
    return {key[:3]: (sums[*key[:3], "videos"], sums[*key[:3], "cost"]) for key in sums}


def _usage(rows: list[Row[Any]]) -> Sums:
    sums: dict[tuple[Any, ...], Counter[str]] = {}
    for row in filter(lambda row: row.outcome, rows):
        asked = row.created_at
        values = {"outcome": row.outcome, "member": str(row.user_id), "model": row.model}
        for dimension, value in (values | {"channel": str(row.channel_id), "hour": f"{asked:%H}"}).items():
            outcome = Outcome(row.outcome)
            sums.setdefault((row.guild_id, dimension, asked.date(), value), Counter()).update(
                jobs=1,
                made=outcome is Outcome.SUCCESS,
                refused=outcome.is_refusal,
                cost=0 if row.unconfirmed else row.cost,
                unconfirmed=row.cost if row.unconfirmed else 0,
            )
    return {key: tuple(sums[key][n] for n in ("jobs", "made", "refused", "cost", "unconfirmed")) for key in sums}


async def check_ends(world: World, watch: Watch, database: Database) -> None:
    """Compare what came of each job with what was sent, told and shown."""
    rows = await rows_of(database)
    for row in rows:
        for problem in _problems(row, world, watch):
            world.violate(f"{row.message_id}: {problem}; {row.outcome}, {row.delivery}, {row.owner}")
    for number, asked in world.asked.items():
        if not (asked.told or asked.process.was_killed):
            world.violate(f"{number}: its member is left without an answer")
        if asked.told == WAITS and number not in {row.message_id for row in rows}:
            world.violate(f"{number}: it was taken, but is not written down")


def check_spool(world: World, folder: Path) -> None:
    """See that nothing waits any more for the database to take it."""
    for path in sorted(folder.iterdir()):
        world.violate(f"{path.name} is left: {path.read_text()}")


def _problems(row: Row[Any], world: World, watch: Watch) -> list[str]:
    if row.outcome is None or row.delivery is None:
        return ["it is left open" if row.outcome is None else "its end is left unshown"]
    problems = []
    asked, outcome = world.asked[row.message_id], Outcome(row.outcome)
    # What it cannot save is shown first: a process that goes then never learns that another one was before it.
    is_last_word = asked.by and asked.by.is_gone
    if asked.shown[-1:] != [outcome] and row.delivery != "dropped" and not is_last_word:
        problems.append(f"shown is {asked.shown}")
    if asked.told == WAITS and not asked.shown:
        problems.append("it was taken, but never shown")
    # Two processes may follow one task, after a sleep: where one is told to cancel it, that stands.
    is_cancelled_task = outcome is Outcome.CANCELLED and row.task
    if Outcome.SUCCESS in asked.shown and outcome is not Outcome.SUCCESS and not is_cancelled_task:
        problems.append(f"a video that was shown is lost: {asked.shown}")
    return problems + _wrong_money(row, world, watch) + _wrong_endings(row, world, watch)


def _wrong_money(row: Row[Any], world: World, watch: Watch) -> list[str]:
    problems, outcome = [], Outcome(row.outcome)
    was_sent = any(not sent.was_turned_away for sent in world.service.of(row.message_id))
    if outcome is Outcome.SUCCESS and not (was_sent and row.video_url):
        problems.append("a success that was not sent")
    if was_sent and outcome in _PAID and row.started_at is None:
        problems.append("it was sent, but counts as not sent")
    if was_sent and outcome in _PAID and row.cost != watch.prices[row.id]:
        problems.append(f"{row.cost} is booked, not {watch.prices[row.id]}")
    if outcome is Outcome.INTERRUPTED and any(sent.is_noted for sent in world.service.of(row.message_id)):
        problems.append("its task was written down, but is given up")
    if row.started_at is None and row.cost:
        problems.append(f"it was not sent, but {row.cost} is booked")
    return problems


def _wrong_endings(row: Row[Any], world: World, watch: Watch) -> list[str]:
    endings = watch.endings[row.id]
    problems = []
    kinds = [outcome for outcome, _ in endings]
    if kinds not in ([Outcome(row.outcome)], [Outcome.INTERRUPTED, Outcome.SUCCESS]) or kinds[-1] != row.outcome:
        problems.append(f"it was settled {len(kinds)} times: {kinds}")
    if row.delivery == "dropped":
        return problems
    alive = [outcome for (outcome, _), by in endings.items() if by and not any(process.is_gone for process in by)]
    # Of what a process saved for one that seemed to be gone, the log alone is told: twice if that was not gone and told
    # it as well, never where an answer was lost.
    is_saved = row.id in watch.saved_for_others
    for listener in ("alerts", "log", "meters"):
        heard = world.heard[listener, row.id]
        most, due = (2 if is_saved and listener == "log" else 1), ([] if is_saved else alive)
        if any(heard.count(outcome) > most or outcome not in kinds for outcome in heard):
            problems.append(f"the {listener} heard {heard} of {kinds}")
        if any(outcome not in heard for outcome in due):
            problems.append(f"the {listener} heard {heard}, not {due}")
    return problems

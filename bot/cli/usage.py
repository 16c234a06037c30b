"""The shell command ``python -m bot usage``: what each server used, as columns or as JSON, without asking Discord."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.i18n.translation import plain_money
from bot.reports.usage_report import GuildTotal, Tally
from bot.settings import Settings
from bot.storage import Database, GuildStore, UsageStore
from bot.storage.guilds import DEFAULTS

DAYS = 30
MAX_DAYS = 3650

_HEADS = ("guild id", "requests", "made", "refused", "failed", "spent", "unconfirmed", "denied")


async def usage(settings: Settings, days: int, *, as_json: bool) -> int:
    """Print the sums of the latest ``days`` UTC days, today included, the busiest server first. Raises StorageError."""
    until = datetime.now(UTC).date()
    since = until - timedelta(days=days - 1)
    database = await Database.open(settings.database_url)
    try:
        totals = await UsageStore(database).over_guilds(since, until)
        denied = await GuildStore(database).denied()
    finally:
        await database.close()
    idle = set(denied) - {DEFAULTS} - {total.guild_id for total in totals}
    totals += [GuildTotal(guild_id, Tally(), denied=True) for guild_id in sorted(idle)]
    write = _json if as_json else _columns
    sys.stdout.write(write(since, until, totals, newcomers=DEFAULTS not in denied) + "\n")
    return 0


def _json(since: date, until: date, totals: Sequence[GuildTotal], *, newcomers: bool) -> str:
    # Ids as texts, as Discord writes them: most readers of JSON would round such numbers.
    guilds = [{"guild_id": str(total.guild_id), **_numbers(total.tally), "denied": total.denied} for total in totals]
    report = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "newcomers_allowed": newcomers,
        "total": _numbers(_sum(totals)),
        "guilds": guilds,
    }
    return json.dumps(report, indent=2)


def _numbers(tally: Tally) -> dict[str, Any]:
    return {
        "requests": tally.jobs,
        "made": tally.made,
        "refused": tally.refused,
        "failed": tally.failed,
        "spent": plain_money(tally.cost),
        "unconfirmed": plain_money(tally.unconfirmed),
    }


def _columns(since: date, until: date, totals: Sequence[GuildTotal], *, newcomers: bool) -> str:
    rows = [(str(total.guild_id), *_cells(total.tally), "yes" if total.denied else "no") for total in totals]
    table = [
        _HEADS,
        *rows,
        (f"{len(totals)} in all", *_cells(_sum(totals)), str(sum(total.denied for total in totals))),
    ]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEADS))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    heading = f"{since} to {until} (UTC)"
    rule = "-" * len(lines[0])
    others = [] if newcomers else ["Servers that nothing was said of are denied."]
    return "\n".join([heading, "", lines[0], rule, *lines[1:-1], rule, lines[-1], *others])


def _cells(tally: Tally) -> list[str]:
    return [str(value) for value in _numbers(tally).values()]


def _sum(totals: Sequence[GuildTotal]) -> Tally:
    return sum((total.tally for total in totals), Tally())

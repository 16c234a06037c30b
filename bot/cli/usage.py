"""The shell command ``python -m bot usage``: what each server used, as columns or as JSON, without asking Discord."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cli.columns import align
from bot.i18n.translation import plain_money
from bot.reports.usage_report import GuildTotal, Tally
from bot.settings import Settings
from bot.storage import Database, GuildStore, UsageStore
from bot.storage.guilds import DEFAULTS

_HEADS = ("guild id", "requests", "made", "refused", "failed", "spent", "unconfirmed", "denied")


async def usage(settings: Settings, days: int, *, as_json: bool) -> int:
    """Print the sums of the latest ``days`` UTC days, today included, the busiest server first. Raises StorageError."""
    until = datetime.now(UTC).date()
    since = until - timedelta(days=days - 1)
    async with await Database.open(settings.database_url) as database:
        totals = await UsageStore(database).over_guilds(since, until)
        denied = await GuildStore(database).denied()
    idle = set(denied) - {DEFAULTS} - {total.guild_id for total in totals}
    totals += [GuildTotal(guild_id, Tally(), denied=True) for guild_id in sorted(idle)]
    report = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "newcomers_allowed": DEFAULTS not in denied,
        "total": _numbers(sum((total.tally for total in totals), Tally())),
        # Ids as texts, as Discord writes them: most readers of JSON would round such numbers.
        "guilds": [{"guild_id": str(each.guild_id), **_numbers(each.tally), "denied": each.denied} for each in totals],
    }
    sys.stdout.write((json.dumps(report, indent=2) if as_json else _columns(report)) + "\n")
    return 0


def _numbers(tally: Tally) -> dict[str, Any]:
    return {
        "requests": tally.jobs,
        "made": tally.made,
        "refused": tally.refused,
        "failed": tally.failed,
        "spent": plain_money(tally.cost),
        "unconfirmed": plain_money(tally.unconfirmed),
    }


def _columns(report: dict[str, Any]) -> str:
    guilds = report["guilds"]
    rows = [(guild | {"denied": "yes" if guild["denied"] else "no"}).values() for guild in guilds]
    total = (f"{len(guilds)} in all", *report["total"].values(), sum(guild["denied"] for guild in guilds))
    heads, *lines, last = align([_HEADS, *rows, total])
    rule = "-" * len(heads)
    others = [] if report["newcomers_allowed"] else ["Servers that nothing was said of are denied."]
    return "\n".join([f"{report['since']} to {report['until']} (UTC)", "", heads, rule, *lines, rule, last, *others])

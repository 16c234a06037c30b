"""Cases of the lines about a limit of which much is used."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.policy.budget_alerts import BudgetAlert
from bot.texts.budget_alerts import budget_line
from tests.policy.kinds import MONEY_MONTH, VIDEOS_DAY
from tests.storage.records import NOON
from tests.texts.cases.case import Cases

_HALF = BudgetAlert(1, VIDEOS_DAY, 50, 5, 10, NOON + timedelta(hours=12))
_FULL = BudgetAlert(1, MONEY_MONTH, 100, 900_000, 1_000_000, NOON + timedelta(days=30))

CASES: Cases = {
    budget_line: {
        "half of the videos of a day": partial(budget_line, _HALF),
        "all that the videos of a month may cost": partial(budget_line, _FULL),
    },
}

"""Alerts about limits go to the server's log and to the operator; what nobody could read is not taken for told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import StorageError
from bot.models import JobRecord
from bot.operations.budget_alerts import BudgetAlerts
from bot.policy.budget_alerts import BudgetAlert, budgets
from bot.policy.policy import Allowance, Policy
from bot.storage.guilds import GuildRules
from tests.storage.records import NOON, a_job

TEN = Allowance().with_limits(videos_day=10)


class Desk:
    """Rules of one server and counters that have used half of everything, in memory; and what was told."""

    def __init__(self, policy: Policy, *, away: bool = False) -> None:
        self.rules = GuildRules(policy, allowed=True, cap=TEN)
        self.away = away
        self.lines: list[tuple[int, str]] = []
        self.operator: list[BudgetAlert] = []

    async def get(self, guild_id: int) -> GuildRules:
        if self.away:
            raise StorageError("database is locked")
        return self.rules

    async def claim_alerts(self, job: JobRecord, server: Allowance, cap: Allowance) -> list[BudgetAlert]:
        limits = budgets(job.guild_id, server, cap)
        return [BudgetAlert(holder, kind, 50, limit // 2, limit, NOON) for holder, kind, limit in limits]

    async def post(self, guild_id: int, words: Callable[[], str]) -> None:
        self.lines.append((guild_id, words()))

    async def look(self) -> None:
        await BudgetAlerts(self, self, self.post, self.operator.append).on_settled(a_job())


async def test_the_server_and_the_operator_are_told_each_of_their_own() -> None:
    desk = Desk(Policy(log_channel=9, server=TEN))
    await desk.look()
    ((guild, line),) = desk.lines
    assert (guild, "5 of 10" in line) == (a_job().guild_id, True)
    assert [alert.percent for alert in desk.operator] == [50]


async def test_without_a_log_channel_the_alerts_of_the_server_are_not_claimed() -> None:
    desk = Desk(Policy(server=TEN))
    await desk.look()
    assert (desk.lines, len(desk.operator)) == ([], 1)


async def test_a_database_that_cannot_be_asked_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(Policy(log_channel=9, server=TEN), away=True)
    await desk.look()
    assert (desk.lines, desk.operator) == ([], [])
    assert "could not see how much of the limits is used" in caplog.text

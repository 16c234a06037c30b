"""Tells a server's moderators, and the operator, once half, most or all of what may be used is used."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.errors import StorageError
from bot.models import JobRecord
from bot.policy.budget_alerts import BudgetAlert
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance
from bot.storage import CounterStore, GuildStore
from bot.texts.budget_alerts import budget_line

log = logging.getLogger(__name__)


class BudgetAlerts:
    """
    Looks, after each job, whether there is anything to tell: ``tell_server`` takes a server and what makes its line.

    It is written down first, and told then: what gets lost in between, as where the process dies, is not told twice.
    """

    def __init__(
        self,
        guilds: GuildStore,
        counters: CounterStore,
        tell_server: Callable[[int, Callable[[], str]], Awaitable[None]],
        tell_operator: Callable[[BudgetAlert], None],
    ) -> None:
        self._guilds = guilds
        self._counters = counters
        self._tell_server = tell_server
        self._tell_operator = tell_operator

    async def on_settled(self, record: JobRecord) -> None:
        """Tell of the limits on which ``record``, that has ended, stands."""
        try:
            rules = await self._guilds.get(record.guild_id)
            # Where nobody could read it nothing is taken for told.
            server = rules.policy.server if rules.policy.log_channel else Allowance()
            alerts = await self._counters.claim_alerts(record, server, rules.cap)
        except StorageError as error:
            log.warning("could not see how much of the limits is used: %s", error, extra={"guild": record.guild_id})
            return
        for alert in alerts:
            await self._tell(alert)

    async def _tell(self, alert: BudgetAlert) -> None:
        if alert.guild_id == OPERATOR:
            self._tell_operator(alert)
        else:
            await self._tell_server(alert.guild_id, lambda: budget_line(alert))

"""``/usage``: what a server used, for its moderators."""

from bot.gateway.client import KinoraBot
from cogs.usage.command import UsageCommands
from cogs.usage.export import CsvButton
from cogs.usage.report import PeriodSelect
from cogs.usage.requests import TurnButton


async def setup(bot: KinoraBot) -> None:
    bot.add_dynamic_items(PeriodSelect, CsvButton, TurnButton)
    await bot.add_cog(UsageCommands())

"""``/limits``: the rules of a server, set by its managers."""

from bot.gateway.client import KinoraBot
from cogs.limits.command import Limits
from cogs.limits.selects import AccessSelect


async def setup(bot: KinoraBot) -> None:
    bot.add_dynamic_items(AccessSelect)
    await bot.add_cog(Limits())

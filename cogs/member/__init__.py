"""What members ask about themselves: ``/quota``, ``/help`` and ``/privacy``."""

from bot.gateway.client import KinoraBot
from cogs.member.help import Help
from cogs.member.privacy import EraseButton, Privacy
from cogs.member.quota import Quota


async def setup(bot: KinoraBot) -> None:
    bot.add_dynamic_items(EraseButton)
    for cog in (Help(), Quota(), Privacy()):
        await bot.add_cog(cog)

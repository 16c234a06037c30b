"""What moderators do: blocks, the details of a video, and the log channel."""

from bot.gateway.client import KinoraBot
from cogs.moderation.blocks import Blocks, LiftSelect
from cogs.moderation.details import JOB_ACTIONS, video_details
from cogs.moderation.server_log import LogChannels


async def setup(bot: KinoraBot) -> None:
    bot.job_actions |= JOB_ACTIONS
    bot.tree.add_command(video_details)
    bot.add_dynamic_items(LiftSelect)
    await bot.add_cog(Blocks())
    logs = LogChannels(bot)
    bot.app.server_log.send = logs.add
    bot.background["logs"] = logs.run_forever

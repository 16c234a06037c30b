"""Making a video: from the command, form or button to the reply."""

from functools import partial

from bot.gateway.client import KinoraBot
from bot.gateway.file_links import renewed_links
from cogs.video.actions import job_actions
from cogs.video.animate import animate_this
from cogs.video.buttons import JobButton
from cogs.video.command import VideoCommand
from cogs.video.recovery import adopt_abandoned
from cogs.video.shown import shown_video


async def setup(bot: KinoraBot) -> None:
    bot.add_dynamic_items(JobButton)
    bot.job_actions |= job_actions()
    await bot.add_cog(VideoCommand())
    bot.tree.add_command(animate_this)
    bot.app.jobs.shown_video = partial(shown_video, bot)
    bot.app.jobs.renew_links = partial(renewed_links, bot)
    bot.background["recovery"] = partial(adopt_abandoned, bot)

"""Starting a video: the one way from a command, a button or a form to a job and its reply."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import discord

from bot.client import tell_error
from bot.errors import UserError
from bot.jobs import JobService
from bot.models import Picture, VideoModel, VideoRequest
from bot.tasks import unless
from bot.texts import hidden_channel_view, kept_view
from bot.view import quote
from cogs._draw import draw
from cogs._kept import hand_over
from cogs._reply import JobReply

if TYPE_CHECKING:
    from bot.client import KinoraBot

MAX_OFFERED = 800  # characters of models' names, escaped; Discord takes 2000 in one message
TakePicture = Callable[[], Coroutine[Any, Any, Picture]]


async def start_video(
    interaction: discord.Interaction[KinoraBot],
    prompt: str,
    model_name: str | None,
    take_picture: TakePicture,
) -> None:
    """
    Acknowledge ``interaction`` in public, and have the picture taken, the job started and shown.

    What needs neither network nor database is checked before, so that its complaint stays private. Raises UserError.
    """
    app = interaction.client.app
    app.jobs.check_open()
    model = app.settings.model(model_name)
    if model is None:
        offered = ", ".join(m.label for m in app.settings.video_models)
        raise UserError(f"That model is not offered here. Choose one of: {quote(offered, MAX_OFFERED)}.")
    if not prompt.strip():
        raise UserError("The prompt is empty. Say in a few words what should happen in the video.")
    deferred = await interaction.response.defer(thinking=True)
    message_id = (deferred.message_id if deferred else None) or 0
    # The bot waits for its own tasks when it leaves, and not for discord.py's: nobody shall be left "thinking".
    beginning = _begin(interaction, prompt.strip(), model, take_picture, message_id)
    interaction.client.tasks.start(beginning, f"beginning of {interaction.id}")


async def _begin(
    interaction: discord.Interaction[KinoraBot],
    prompt: str,
    model: VideoModel,
    take_picture: TakePicture,
    message_id: int,
) -> None:
    """Do what follows the acknowledgement; the member is told of whatever goes wrong."""
    bot = interaction.client
    try:
        await _say_beforehand(interaction)
        picture = await _unless_closing(bot.app.jobs, take_picture)
        request = VideoRequest(
            guild_id=interaction.guild_id or 0,
            channel_id=interaction.channel_id or 0,
            message_id=message_id,
            user_id=interaction.user.id,
            model=model,
            prompt=prompt,
            picture=picture,
            roles=role_ids(interaction),
            within=_within(interaction),
        )
        job = await bot.app.jobs.submit(request)
    except Exception as error:  # noqa: BLE001 - the rim: everything is told and logged
        await tell_error(interaction, error)
    else:
        bot.tasks.start(JobReply(bot, job, interaction).follow(), f"reply {job.id}")


def role_ids(interaction: discord.Interaction[KinoraBot]) -> frozenset[int]:
    """Return the ids of the roles that whoever caused ``interaction`` has."""
    member = interaction.user
    return frozenset(role.id for role in member.roles) if isinstance(member, discord.Member) else frozenset()


def _within(interaction: discord.Interaction[KinoraBot]) -> frozenset[int]:
    """Return the ids of the channel, of the one that a thread belongs to, and of the category."""
    channel: Any = interaction.channel
    if isinstance(channel, discord.Thread):
        channel = channel.parent
    category = getattr(channel, "category_id", None)
    return frozenset(filter(None, (interaction.channel_id, getattr(channel, "id", None), category)))


async def _unless_closing(jobs: JobService, take_picture: TakePicture) -> Picture:
    try:
        return await unless(jobs.closing, take_picture())
    except TimeoutError:
        jobs.check_open()
        raise


async def _say_beforehand(interaction: discord.Interaction[KinoraBot]) -> None:
    """Say what has to be said before anything is paid, and hand over what could not be shown before."""
    hidden = not interaction.app_permissions.view_channel
    kept = await interaction.client.app.records.kept(interaction.guild_id or 0, interaction.user.id)
    if hidden or kept:
        # Until the reply says something, the first private message would take its place.
        await interaction.edit_original_response(view=draw(hidden_channel_view() if hidden else kept_view()))
    await hand_over(interaction, kept)

"""Starting a video: the one way from a command, a button or a form to a job and its reply."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import discord

from bot.app import App
from bot.concurrency.tasks import unless
from bot.errors import UserError
from bot.gateway.answers import tell_error
from bot.i18n.translation import _
from bot.jobs.conversation import conversation
from bot.jobs.service import JobService
from bot.models import Exchange, Picture, VideoModel, VideoRequest
from bot.texts.job_reply import hidden_channel_view, kept_view
from bot.texts.remix import conversation_forgotten, too_many_pictures
from bot.texts.view import quote
from cogs.shared.layout import draw
from cogs.video.draft import PictureLoader, VideoDraft
from cogs.video.reply import JobReply
from cogs.video.undelivered import hand_over

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot

MAX_OFFERED = 800  # characters of models' names; escaped they may be twice as many
_LABEL_SHOWN = 60  # characters


async def start_video(interaction: discord.Interaction[KinoraBot], wish: VideoDraft) -> None:
    """
    Acknowledge ``interaction`` in public, and have the pictures taken, the job started and shown.

    What needs neither network nor database is checked before, so that its complaint stays private. Raises UserError.
    """
    check_model(interaction.client.app, wish)
    if not wish.prompt.strip():
        raise UserError(_("The prompt is empty. Say in a few words what should happen in the video."))
    deferred = await interaction.response.defer(thinking=True)
    message_id = (deferred.message_id if deferred else None) or 0
    # The bot waits for its own tasks when it leaves, and not for discord.py's: nobody shall be left "thinking".
    interaction.client.tasks.start(_begin(interaction, wish, message_id), f"beginning of {interaction.id}")


def check_model(app: App, wish: VideoDraft) -> None:
    """Raise UserError if no more jobs are taken, the model is not offered, or it takes fewer pictures."""
    app.jobs.check_open()
    model = app.settings.model(wish.model)
    if model is None:
        offered = quote(", ".join(m.label for m in app.settings.video_models), MAX_OFFERED)
        raise UserError(_("That model is not offered here. Choose one of: {models}.", models=offered))
    if wish.model:
        _check_count(model, wish.count)


def _check_count(model: VideoModel, count: int) -> None:
    if count > model.max_images:
        raise UserError(too_many_pictures(model, quote(model.label, _LABEL_SHOWN)))


async def _begin(interaction: discord.Interaction[KinoraBot], wish: VideoDraft, message_id: int) -> None:
    """Do what follows the acknowledgement; the member is told of whatever goes wrong."""
    bot = interaction.client
    try:
        await _say_beforehand(interaction)
        model = await _model(bot.app, interaction.guild_id or 0, wish.model)
        _check_count(model, wish.count)
        former = await _former(bot.app, interaction.guild_id or 0, wish.parent)
        picture, *more = await _unless_closing(bot.app.jobs, wish.take_pictures)
        request = VideoRequest(
            guild_id=interaction.guild_id or 0,
            channel_id=interaction.channel_id or 0,
            message_id=message_id,
            user_id=interaction.user.id,
            model=model,
            prompt=wish.prompt.strip(),
            picture=picture,
            roles=role_ids(interaction),
            channel_ids=_within(interaction),
            extra_pictures=tuple(more),
            history=former,
            parent=wish.parent,
            spoiler=wish.spoiler,
            locale=interaction.locale.value,
        )
        job = await bot.app.jobs.submit(request)
    except Exception as error:  # noqa: BLE001 - the rim: everything is told and logged
        await tell_error(interaction, error)
    else:
        bot.tasks.start(JobReply(bot, job, interaction).run(), f"reply {job.id}")


async def _model(app: App, guild_id: int, name: str | None) -> VideoModel:
    """Return the model of that name, or the one that stands for none: the first that the server allows."""
    models = app.settings.video_models
    if name is None:
        allowed = allowed_models(models, (await app.guilds.policy(guild_id)).models)
        return allowed[0] if allowed else models[0]
    return app.settings.model(name) or models[0]


def allowed_models(models: Collection[VideoModel], names: Collection[str]) -> list[VideoModel]:
    """Return those of ``models`` that a server's rule allows; without ``names`` it allows all."""
    return [model for model in models if not names or model.name in names]


async def _former(app: App, guild_id: int, parent: str | None) -> tuple[Exchange, ...]:
    former = await conversation(app.records, guild_id, parent)
    if former is None:
        raise UserError(conversation_forgotten())
    return former


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


async def _unless_closing(jobs: JobService, take_pictures: PictureLoader) -> tuple[Picture, ...]:
    try:
        return await unless(jobs.closing, take_pictures())
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

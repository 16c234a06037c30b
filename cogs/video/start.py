"""Starts a video: the one way from a command, a button or a form to a job and its reply."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.app import App
from bot.concurrency.tasks import unless
from bot.errors import ShuttingDown, UserError
from bot.gateway.answers import NotInTime, in_time, tell_error
from bot.gateway.client import Interaction
from bot.gateway.payload import place, role_ids
from bot.i18n.translation import _
from bot.jobs.conversation import conversation
from bot.jobs.job import Job
from bot.jobs.service import JobService
from bot.media.pictures.problems import pictures_as
from bot.models import Exchange, Picture, VideoModel, VideoRequest
from bot.texts.job_reply import hidden_channel_view, kept_view
from bot.texts.starting import (
    CONVERSATION_FORGOTTEN,
    NO_PROMPT,
    model_not_offered,
    not_made,
    picture_skipped,
    too_few_pictures,
    too_many_pictures,
)
from cogs.shared.layout import draw
from cogs.video.draft import VideoDraft
from cogs.video.reply import JobReply
from cogs.video.reply_message import EditResult, attempt
from cogs.video.shown_pictures import with_links
from cogs.video.undelivered import hand_over

LAST_WORDS = 3.0  # seconds for telling a member that the bot leaves


async def start_video(interaction: Interaction, draft: VideoDraft) -> None:
    """
    Acknowledge ``interaction`` in public, and have the pictures taken, the job started and shown.

    What is not let in is told in private: it is looked at before, as far as that is done in time. Raises UserError,
    LimitReached or ShuttingDown.
    """
    if not draft.prompt:
        raise UserError(_(NO_PROMPT))
    request = await _checked(interaction, draft)
    # When the bot leaves it waits for its own tasks, not for discord.py's: no reply may be left "thinking".
    await interaction.client.tasks.complete(_acknowledge(interaction, draft, request), f"acknowledge {interaction.id}")


async def check_draft(interaction: Interaction, draft: VideoDraft) -> None:
    """
    Raise ShuttingDown if no jobs are taken, UserError if the model is not offered or cannot make ``draft``.

    Which model stands for none is in the database; it is asked only where it makes a difference. Raises StorageError.
    """
    app = interaction.client.app
    app.jobs.check_open()
    models = app.settings.models
    if app.settings.model(draft.model) is None:
        raise UserError(model_not_offered(models))
    if draft.model or not all(_makes(model, draft) for model in models):
        await _check_makes(interaction, await model_for(interaction, draft.model), draft)


async def _check_makes(interaction: Interaction, model: VideoModel, draft: VideoDraft) -> None:
    if not _makes(model, draft):
        raise UserError(_what_is_not_made(model, draft, await allowed_models(interaction)))


def _makes(model: VideoModel, draft: VideoDraft) -> bool:
    return model.takes(draft.count) and not _skips_a_picture(model, draft) and model.makes(draft.length, draft.format)


def _skips_a_picture(model: VideoModel, draft: VideoDraft) -> bool:
    """Whether the model would take a picture for another one, since one before it was left out."""
    return draft.reach > draft.count and len(set(model.pictures[: draft.reach])) > 1


def _what_is_not_made(model: VideoModel, draft: VideoDraft, allowed: Collection[VideoModel]) -> str:
    if draft.count > model.max_images:
        return too_many_pictures(model)
    if draft.count < model.min_images:
        return too_few_pictures(model, [other for other in allowed if other.takes(draft.count)])
    if _skips_a_picture(model, draft):
        return picture_skipped(model, draft.reach)
    return not_made(model, draft.length, draft.format)


async def _checked(interaction: Interaction, draft: VideoDraft) -> VideoRequest | None:
    """Return what ``draft`` asks for, None if it is not known in time whether it is let in. Raises if it is not."""
    try:
        await in_time(interaction, check_draft(interaction, draft))
        return await in_time(interaction, _previewed(interaction, draft))
    except NotInTime:
        return None  # it is looked at again once the interaction is acknowledged


async def _previewed(interaction: Interaction, draft: VideoDraft) -> VideoRequest:
    request = await request_for(interaction, draft)
    await interaction.client.app.jobs.preview(request)
    await _check_makes(interaction, request.model, draft)  # the rules may have changed meanwhile
    return request


async def _acknowledge(interaction: Interaction, draft: VideoDraft, request: VideoRequest | None) -> None:
    deferred = await interaction.response.defer(thinking=True)
    message_id = (deferred.message_id if deferred else None) or 0
    interaction.client.tasks.start(_start(interaction, draft, request, message_id), f"start of {interaction.id}")


async def _start(interaction: Interaction, draft: VideoDraft, request: VideoRequest | None, message_id: int) -> None:
    """Do what follows the acknowledgement, and tell the member of anything that goes wrong."""
    bot = interaction.client
    try:
        await _warn_and_hand_over(interaction)
        request = replace(request or await _previewed(interaction, draft), message_id=message_id)
        history = await _history(bot.app, request.guild_id, draft.parent)
        with pictures_as(request.model.pictures):
            taken = await _unless_closing(bot.app.jobs, draft.take_pictures(interaction.user.id))
        job = await _submitted(interaction, replace(request, history=history, pictures=taken))
    except asyncio.CancelledError:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await tell_error(interaction, ShuttingDown())
        raise
    except Exception as error:  # noqa: BLE001 - the rim: everything is told and logged
        await tell_error(interaction, error)
    else:
        bot.tasks.start(JobReply(bot, job, interaction).run(), f"reply {job.id}")


async def request_for(interaction: Interaction, draft: VideoDraft) -> VideoRequest:
    """Return what ``draft`` asks for, still without its reply, its pictures and its history. Raises StorageError."""
    model, where = await model_for(interaction, draft.model), await place(interaction)
    return VideoRequest(
        guild_id=interaction.guild_id or 0,
        channel_id=interaction.channel_id or 0,
        message_id=0,
        user_id=interaction.user.id,
        model=model,
        prompt=draft.prompt,
        roles=role_ids(interaction.user),
        channel_ids=where.ids,
        parent=draft.parent,
        spoiler=draft.spoiler,
        locale=interaction.locale.value,
        length=draft.length,
        format=draft.format,
        age_restricted=where.age_restricted,
    )


async def model_for(interaction: Interaction, name: str | None) -> VideoModel:
    """Return the model of that name, or the one that stands for none: the first that is allowed there."""
    models = interaction.client.app.settings.models
    if name is None:
        return next(iter(await allowed_models(interaction)), models[0])
    return interaction.client.app.settings.model(name) or models[0]


async def allowed_models(interaction: Interaction) -> list[VideoModel]:
    """Return the models that the operator and the server allow where ``interaction`` comes from."""
    app = interaction.client.app
    models = app.settings.models
    names = (await app.guilds.policy(interaction.guild_id or 0)).models
    unmarked = any(model.age_restricted for model in models) and not (await place(interaction)).age_restricted
    return [model for model in models if (not names or model.name in names) and not (model.age_restricted and unmarked)]


async def _history(app: App, guild_id: int, parent: str | None) -> tuple[Exchange, ...]:
    history = await conversation(app.job_store, guild_id, parent)
    if history is None:
        raise UserError(_(CONVERSATION_FORGOTTEN))
    return history


async def _submitted(interaction: Interaction, request: VideoRequest) -> Job:
    """Return the job that was written down; where none was, delete its pictures and raise what was in the way."""
    app = interaction.client.app
    try:
        if request.pictures and app.sends_link(request.model):
            request = replace(request, pictures=await _linked(interaction, request))
        return await app.jobs.submit(request)
    except Exception:  # and not if this is cancelled: the job may be written down all the same
        await app.pictures.forget(picture.path.name for picture in request.pictures)
        raise


async def _linked(interaction: Interaction, request: VideoRequest) -> tuple[Picture, ...]:
    """Return the pictures with Discord's links; without, where Discord gives none and a stand-in alone wants them."""
    try:
        return await with_links(interaction, request.pictures, spoiler=request.spoiler)
    except UserError:
        if interaction.client.app.sends_link(replace(request.model, stand_ins=())):
            raise
        return request.pictures


async def _unless_closing(jobs: JobService, taking: Coroutine[Any, Any, tuple[Picture, ...]]) -> tuple[Picture, ...]:
    try:
        return await unless(jobs.closing, taking)
    except TimeoutError:
        jobs.check_open()
        raise


async def _warn_and_hand_over(interaction: Interaction) -> None:
    """Warn of a hidden channel before money is spent, and hand over videos that could not be shown before."""
    hidden = not interaction.app_permissions.view_channel
    kept = await interaction.client.app.job_store.kept(interaction.guild_id or 0, interaction.user.id)
    if not hidden and not kept:
        return
    # Until the reply says something, the first private message would take its place.
    view = draw(hidden_channel_view() if hidden else kept_view())
    said = await attempt(lambda: interaction.edit_original_response(view=view))
    if kept and said is EditResult.DONE:  # what is asked for now does not wait for what was asked for before
        interaction.client.tasks.start(hand_over(interaction, kept), f"hand over to {interaction.user.id}")

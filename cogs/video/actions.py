"""The actions of the buttons under a reply: cancel, explain, repeat, edit, remix, delete, and take up the idea."""

from __future__ import annotations

from bot.concurrency.expiring_set import ExpiringSet
from bot.errors import UserError
from bot.gateway.answers import in_time, tell
from bot.gateway.client import Acknowledge, Interaction, JobAction
from bot.i18n.translation import _
from bot.models import JobRecord, JobState, Outcome
from bot.texts import buttons
from bot.texts.refusals import refusal_details
from cogs.shared.access import VIDEO
from cogs.shared.layout import show_privately
from cogs.video.buttons import is_requester, job_buttons, requester_only
from cogs.video.deletion import ask_before_deleting, delete_reply
from cogs.video.draft import check_remembered, copy_of
from cogs.video.forms import open_edit_form, open_model_form, open_remix_form, other_picture_form
from cogs.video.start import start_video

DOUBLE_CLICK = 5.0  # seconds


def may_cancel(interaction: Interaction, record: JobRecord) -> None:
    """Raise UserError if the job has ended, or is not the member's own and they may not manage messages there."""
    if record.state is JobState.DONE:
        raise UserError(_(buttons.NOT_RUNNING))
    if not is_requester(interaction, record) and not interaction.permissions.manage_messages:
        raise UserError(_(buttons.NOT_YOURS_TO_CANCEL))


async def cancel(interaction: Interaction, record: JobRecord) -> None:
    """Cancel a job; of one that another process owns, say that it takes a moment."""
    jobs = interaction.client.app.jobs
    is_here = jobs.find(record.id) is not None
    if not await jobs.cancel_anywhere(record, interaction.user.id):
        raise UserError(_(buttons.ENDING))
    if not is_here:
        await tell(interaction, _(buttons.CANCELLED_SOON))


async def show_details(interaction: Interaction, record: JobRecord) -> None:
    """Tell the member who asked, alone, which review said no and what to change."""
    if record.outcome is None or not record.outcome.is_refusal:
        raise UserError(_(buttons.NO_DETAILS))
    app = interaction.client.app
    policy = await app.guilds.policy(record.guild_id)
    view = refusal_details(
        record.outcome, record.prompt, await app.refusal_cost(policy, record, record.outcome, record.service)
    )
    await show_privately(interaction, view, *job_buttons(view.actions, record.id))


async def edit(interaction: Interaction, record: JobRecord) -> None:
    """Ask for another prompt; under a finished video, ask any member who wants to take up its idea."""
    if is_requester(interaction, record):
        await open_edit_form(interaction, record, buttons.button_label("edit"))
    elif record.outcome is Outcome.SUCCESS:
        await use_idea(interaction, record)
    else:
        raise UserError(_(buttons.NOT_YOURS))


async def use_idea(interaction: Interaction, record: JobRecord) -> None:
    """Let the member who presses start from the same prompt and picture, on their own allowance."""
    await open_edit_form(interaction, record, buttons.button_label("idea"))


async def remix(interaction: Interaction, record: JobRecord) -> None:
    """Ask what to change in the video; others than the member who asked for it, whether to use its idea."""
    await (open_remix_form if is_requester(interaction, record) else use_idea)(interaction, record)


async def other_picture(interaction: Interaction, record: JobRecord) -> None:
    """Ask for another picture."""
    draft = copy_of(interaction.client.app, record)
    await other_picture_form(interaction, draft, buttons.button_label("again")).open(interaction)


async def other_model(interaction: Interaction, record: JobRecord) -> None:
    """Ask for another model."""
    await open_model_form(interaction, record, buttons.button_label("model"))


async def ask_to_discard(interaction: Interaction, record: JobRecord) -> None:
    """Ask the member whether their own video shall go."""
    await ask_before_deleting(interaction, record, "discard")


class Repetition:
    """Makes the same once more; a double click is one click, for each costs a video."""

    def __init__(self) -> None:
        self._clicked = ExpiringSet(DOUBLE_CLICK)

    async def try_again(self, interaction: Interaction, record: JobRecord) -> None:
        """Try once more what has failed."""
        await self._start(interaction, record, buttons.TRIED_AGAIN_ALREADY)

    async def make_again(self, interaction: Interaction, record: JobRecord) -> None:
        """Make another one of a finished video; for others, or if its picture is gone, open its idea instead."""
        kept = await in_time(interaction, interaction.client.app.pictures.find_all(record.pictures))
        if kept is not None and is_requester(interaction, record):
            await self._start(interaction, record, buttons.MADE_AGAIN_ALREADY)
        else:
            await use_idea(interaction, record)

    async def _start(self, interaction: Interaction, record: JobRecord, already: str) -> None:
        check_remembered(record)
        if record.id in self._clicked:
            raise UserError(_(already))
        self._clicked.add(record.id)
        await start_video(interaction, copy_of(interaction.client.app, record))


def job_actions() -> dict[str, JobAction]:
    """Return what the buttons under a reply do, by the name that stands in their custom_id."""
    repetition = Repetition()
    return {
        "cancel": JobAction(None, cancel, may_cancel, unknown=buttons.NOT_RUNNING, acknowledge=Acknowledge.UPDATE),
        "details": JobAction(None, show_details, requester_only, acknowledge=Acknowledge.PRIVATE),
        "edit": JobAction(VIDEO, edit),
        "picture": JobAction(VIDEO, other_picture, requester_only),
        "again": JobAction(VIDEO, repetition.try_again, requester_only),
        "same": JobAction(VIDEO, repetition.make_again),
        "remix": JobAction(VIDEO, remix),
        "model": JobAction(VIDEO, other_model, requester_only),
        "trash": JobAction(None, ask_to_discard, requester_only, acknowledge=Acknowledge.PRIVATE),
        "discard": JobAction(None, delete_reply, requester_only, acknowledge=Acknowledge.UPDATE),
        "idea": JobAction(VIDEO, use_idea),  # under replies of earlier versions
    }

"""The reply of one job: edited while the job runs, and given the video, or the reasons, at its end."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import discord

from bot.concurrency.backoff import retry
from bot.concurrency.latest_only import LatestOnly
from bot.errors import StorageError
from bot.gateway.client import Interaction, KinoraBot
from bot.i18n.translation import set_locale
from bot.jobs.job import Job
from bot.media.videos.problems import VideoNote
from bot.models import Delivery, DiscordLimits, Finished, JobUpdate, Outcome, Running
from bot.operations.log import bind_log_context
from bot.policy.policy import Policy
from bot.texts.job_reply import Asked, end_notice, job_view
from bot.texts.refusals import RefusalCost, refusal_details, refusal_in_public
from bot.texts.view import View
from cogs.shared.layout import draw
from cogs.video.buttons import job_buttons
from cogs.video.clip import Clip, FetchedVideo, is_file_alone
from cogs.video.plainer import NOT_TAKEN, Render, send_plainer
from cogs.video.reply_message import EditResult, ReplyMessage
from cogs.video.shown_pictures import gallery_of
from cogs.video.uploads import SendVideo, try_uploads

ANNOUNCED_AFTER = 30.0  # seconds; edits notify no one, and a member who waited longer looks elsewhere by then
RETRY_PAUSES = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0)  # seconds between tries to show an end; the last one repeats

Send = Callable[[], Awaitable[EditResult]]
Gallery = Sequence[discord.MediaGalleryItem]

log = logging.getLogger(__name__)


class RenderEnd(Protocol):
    """Words the end of a job; ``uploaded``: the video stands beside the words; ``note`` says more of its file."""

    def __call__(self, asked: Asked, *, uploaded: bool = False, note: VideoNote = None) -> View: ...


class JobReply:
    """Shows one job where it was asked for. Discord's failures are logged here and never reach the job."""

    def __init__(self, bot: KinoraBot, job: Job, interaction: Interaction | None = None) -> None:
        self._app = bot.app
        self._pacing = bot.edit_pacing
        self._showing, self._withdrawn = bot.showing, bot.withdrawn
        self._job = job
        self._nonce = job.id[: DiscordLimits.NONCE]
        self._message = ReplyMessage(
            bot,
            bot.edit_pacing,
            guild_id=job.record.guild_id,
            channel_id=job.record.channel_id,
            message_id=job.record.message_id,
            interaction=interaction,
            meters=bot.app.health.meters,
            upload_limits=bot.upload_limits,
        )
        self._asked = Asked(job.record.user_id, job.record.prompt)
        self._pictures = gallery_of(job.record)  # they stand in the reply until the job has ended
        self._wanted: View | None = None  # the latest that arrived, perhaps plainer
        self._unreachable: EditResult | None = None

    async def run(self) -> None:
        """Show the job until its end is delivered, and save how. What fails stays among those that are shown here."""
        self._showing.add(self._job.id)
        bind_log_context(self._job.log_extra)
        set_locale(self._job.record.locale)
        with self._pacing.showing(self._job.record.channel_id):
            screen = LatestOnly(self._show, every=self._interval)
            async with screen.running():
                await self._follow(screen)
        finished = self._job.state
        if isinstance(finished, Finished):
            while other := await self._deliver_and_save(finished):
                finished = other
            self._withdrawn.discard(self._job.id)
        self._showing.discard(self._job.id)

    async def _follow(self, screen: LatestOnly[JobUpdate]) -> None:
        """
        Offer each state to ``screen``. Members wait for the first percentage most: it goes out at once, unless other
        replies share the allowance that it would take.
        """
        waiting = True
        async for update in self._job.updates():
            progressed = isinstance(update, Running) and update.percent is not None
            screen.offer(update, urgent=waiting and progressed and self._message.has_own_allowance)
            waiting = waiting and not progressed

    async def _deliver_and_save(self, finished: Finished) -> Finished | None:
        """Deliver an end and save how. Return the end that stands written instead, if another process wrote one."""
        delivery = await self._deliver(finished)
        since_asked = (datetime.now(UTC) - self._job.record.created_at).total_seconds()
        seconds = max(0.0, since_asked - finished.seconds)
        log.info("delivered: %s, %.1f s after the end", delivery, seconds)
        self._app.health.meters.shown(seconds)
        return await self._save(finished, delivery)

    def _interval(self) -> float:
        return max(self._app.settings.progress_interval, self._message.interval)

    async def _show(self, update: JobUpdate) -> None:
        # The end is delivered apart from this; here it only replaces progress that was not shown yet.
        if self._unreachable is None and not isinstance(update, Finished):
            await self._edit(lambda asked: job_view(update, asked, datetime.now(UTC)), pictures=self._pictures)

    async def _deliver(self, finished: Finished) -> Delivery:
        """Bring the end to the member: by the reply, a new message, their inbox, or not yet."""
        link = finished.video_url
        reachable = self._app.may_show(link)
        policy = await self._policy()
        in_public = finished.outcome.is_refusal and policy.refusals_public
        cost = await self._refusal_cost(finished, policy)
        reasons = refusal_details(finished.outcome, self._job.record.prompt, cost) if cost else None

        def view(asked: Asked, *, uploaded: bool = False, coming: bool = False, note: VideoNote = None) -> View:
            if cost and in_public:
                return refusal_in_public(finished.outcome, asked.user_id, cost)
            return job_view(
                finished, asked, datetime.now(UTC), uploaded=uploaded, coming=coming, reachable=reachable, note=note
            )

        if await self._edit_until_accepted(partial(view, coming=link is not None)) is EditResult.DONE:
            if link:
                await self._upload(link, view)
            if not (self._unreachable and is_file_alone(link)):
                await self._announce(finished, None if in_public else reasons)
                return Delivery.REPLY
        if self._job.id in self._withdrawn:
            return Delivery.DROPPED
        await self._head_alone(view(self._asked.without_prompt()))
        if finished.outcome is not Outcome.SUCCESS:
            return await self._tell_failure(reasons or view(self._asked.without_prompt()))
        return await self._deliver_elsewhere(link, view)

    async def _head_alone(self, view: View) -> None:
        """Let a reply that is there, but takes no view of the end, say what it came to, and lose its buttons."""
        if self._unreachable is None:
            await self._message.edit(self._layout(View(view.tone, view.paragraphs[:1])))

    async def _deliver_elsewhere(self, link: str | None, render: RenderEnd) -> Delivery:
        """Show a finished video although its reply is gone. In the inbox its link is enough, if it has one."""
        result, shown = await self._try_uploads(link, self._message.filesize_limit, partial(self._resend, render))
        if result in (EditResult.TOO_LARGE, EditResult.REFUSED, EditResult.BLOCKED):
            result = await self._resend(render, FetchedVideo(note=shown.problem))
        if result is EditResult.DONE:
            return Delivery.MESSAGE
        self._asked = self._asked.without_prompt()

        async def write(video: FetchedVideo) -> EditResult:
            view = render(self._asked, uploaded=video.path is not None, note=video.note or shown.problem)
            return await self._send_dm(view, self._clip(video.path, self._asked))

        result, _video = await self._try_uploads(link if is_file_alone(link) else None, DiscordLimits.UPLOAD, write)
        return Delivery.INBOX if result is EditResult.DONE else Delivery.KEPT

    async def _resend(self, render: RenderEnd, video: FetchedVideo) -> EditResult:
        """Show the end in a new message, plainer if AutoMod, or Discord, does not take it as it is."""

        async def send(view: View, asked: Asked) -> EditResult:
            clip = self._clip(video.path, asked)
            layout = self._layout(view, clip)
            return await retry_transient(lambda: self._message.resend(layout, clip, asked.user_id, self._nonce))

        shown = partial(render, uploaded=video.path is not None, note=video.note)
        result, _view, self._asked = await send_plainer(shown, self._asked, send)
        return result

    async def _tell_failure(self, view: View) -> Delivery:
        """Tell of a failure whose reply is gone; where the reply was deleted on purpose, that is news enough."""
        if self._unreachable is EditResult.DELETED:
            return Delivery.DROPPED
        told = await self._send_dm(view) is EditResult.DONE
        return Delivery.INBOX if told else Delivery.DROPPED

    async def _send_dm(self, view: View, clip: Clip | None = None) -> EditResult:
        """Show ``view`` in the member's inbox, without its buttons: they work in the job's own server only."""
        result = await self._write_dm(replace(view, actions=()), clip)
        if result in NOT_TAKEN:
            result = await self._write_dm(view.without_controls(), clip)
        return result

    async def _write_dm(self, view: View, clip: Clip | None) -> EditResult:
        layout = self._layout(view, clip)
        return await retry_transient(lambda: self._message.send_dm(self._asked.user_id, layout, clip, self._nonce))

    async def _edit_until_accepted(self, render: Render) -> EditResult:
        """Edit until Discord has taken it, or there is no way to the reply any more."""

        async def edit() -> EditResult:
            return self._unreachable or await self._edit(render)

        return await retry_transient(edit)

    async def _edit(self, render: Render, path: Path | None = None, *, pictures: Gallery = ()) -> EditResult:
        """
        Let the reply show a view, a plainer one if AutoMod, or Discord, does not take it as it is; beside it the video
        in ``path``, or else the ``pictures`` that it holds.
        """
        wanted = render(self._asked)
        if wanted == self._wanted and path is None:
            return EditResult.DONE

        async def send(view: View, asked: Asked) -> EditResult:
            clip = self._clip(path, asked)
            return await self._message.edit(self._layout(view, clip, pictures), clip, keep_files=bool(pictures))

        result, _view, self._asked = await send_plainer(render, self._asked, send)
        if result is EditResult.DONE:
            self._wanted = render(self._asked)
        elif result in (EditResult.UNREACHABLE, EditResult.DELETED):
            self._unreachable = result
        return result

    async def _upload(self, link: str, render: RenderEnd) -> None:
        """Put the video itself into the reply, where its link stands already; if that fails, say why."""
        tries = None if is_file_alone(link) else 3

        async def edit(video: FetchedVideo) -> EditResult:
            if video.path is None:
                return EditResult.REFUSED
            shown = partial(render, uploaded=True, note=video.note)
            return await retry_transient(lambda: self._edit(shown, video.path), tries)

        result, video = await self._try_uploads(link, self._message.filesize_limit, edit)
        if result is EditResult.DONE:
            log.info("uploaded the video into the reply")
        else:
            await self._edit_until_accepted(partial(render, note=video.problem))

    async def _try_uploads(self, link: str | None, limit: int, send: SendVideo) -> tuple[EditResult, FetchedVideo]:
        """Send the video, smaller if need be, as soon as this machine has room for it; return what became of it."""
        attempts = partial(try_uploads, self._app, link, limit, send)
        return await retry(attempts, RETRY_PAUSES, until=lambda tried: not tried[1].later)

    async def _announce(self, finished: Finished, reasons: View | None) -> None:
        """Tell the member that it is over: the ``reasons`` of a refusal in private, of a long job in a new message."""
        if reasons and await self._message.send_ephemeral(self._layout(reasons)) is EditResult.DONE:
            return
        if finished.seconds > ANNOUNCED_AFTER and finished.outcome is not Outcome.CANCELLED:
            text = end_notice(finished, self._asked.user_id, self._message.jump_url)
            await retry_transient(lambda: self._message.ping(text, self._asked.user_id, self._nonce), tries=5)

    async def _policy(self) -> Policy:
        try:
            return await self._app.guilds.policy(self._job.record.guild_id)
        except StorageError as error:
            log.warning("could not read the server's rules: %s", error)
            return Policy()

    async def _refusal_cost(self, finished: Finished, policy: Policy) -> RefusalCost | None:
        if not finished.outcome.is_refusal:
            return None
        record = self._job.record
        return await self._app.refusal_cost(policy, record, finished.outcome, self._job.service or record.service)

    async def _save(self, shown: Finished, delivery: Delivery) -> Finished | None:
        """
        Save the delivery, however long it takes; else the next process would show the end again.

        Return the end that stands written, if it is another one than was ``shown``.
        """
        record, store = self._job.record, self._app.job_store
        sent = self._message.resent_id if delivery is Delivery.MESSAGE else None

        async def deliver() -> Finished | bool:
            if await store.deliver(record.id, delivery, sent, shown=shown.outcome):
                return True
            stands = await store.get(record.id, record.guild_id)
            is_other = stands and stands.outcome and stands.outcome is not shown.outcome
            return Finished.of(stands) if stands and is_other else False

        warn = partial(log.warning, "could not save the delivery, retrying: %s")
        saved = await retry(deliver, RETRY_PAUSES, on=StorageError, on_retry=warn, until=bool)
        return saved if isinstance(saved, Finished) else None

    def _clip(self, path: Path | None, asked: Asked) -> Clip | None:
        return Clip(path, asked.prompt, self._job.record.spoiler) if path else None

    def _layout(self, view: View, clip: Clip | None = None, pictures: Gallery = ()) -> discord.ui.LayoutView:
        media = [clip.item()] if clip else pictures
        return draw(view, media=media, buttons=job_buttons(view.actions, self._job.id))


async def retry_transient(send: Send, tries: int | None = None) -> EditResult:
    """Call ``send`` until Discord has answered for good, or ``tries`` times."""
    return await retry(send, RETRY_PAUSES, until=lambda result: result is not EditResult.RETRY, tries=tries)

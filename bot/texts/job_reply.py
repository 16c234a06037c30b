"""What the reply of a job shows in each of its states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.i18n.translation import N_, _, percent
from bot.media.link_expiry import expiry
from bot.media.videos.problems import Fit, VideoNote, VideoProblem
from bot.models import KEPT_VIDEO, DiscordLimits, Finished, HandedOff, JobUpdate, Outcome, Queued, Running
from bot.policy.admission import Denied
from bot.texts.denials import denial_sentence
from bot.texts.refusals import refusal_notice
from bot.texts.view import Tone, View, bar, duration, quote, timestamp

QUIET_AFTER = 40.0  # seconds without news before the reply says so
LINK_SHOWN = DiscordLimits.TEXT - 1500  # characters; the prompt stands beside it


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for what, to stand under each state of the reply."""

    user_id: int
    prompt: str

    def without_prompt(self) -> Asked:
        """Return the same with nothing of the member's own words."""
        return replace(self, prompt="")


def job_view(
    update: JobUpdate,
    asked: Asked,
    now: datetime,
    *,
    uploaded: bool = False,
    coming: bool = False,
    reachable: bool = True,
    note: VideoNote = None,
) -> View:
    """
    Return what the reply of a job shows at ``now``.

    ``uploaded``: the video stands in the reply itself; ``coming``: it is about to; ``reachable``: its link leads to the
    public internet; ``note`` says what was done to its file, or why that is not shown.
    """
    match update:
        case Queued(place=place):
            line = _("You are next.") if place == 1 else _("Place {place} in the line.", place=place)
            return View(Tone.WAITING, (_("### ⏳ Queued"), line, _asked(asked)), actions=("cancel",))
        case HandedOff(making=True):
            line = _("Kinora was stopped. The video service goes on, and so does this reply once Kinora is back.")
            return View(Tone.WORKING, (_("### 🎬 Making your video"), line, _asked(asked)))
        case HandedOff():
            line = _("Kinora was stopped. Your request is kept and goes on by itself once Kinora is back.")
            return View(Tone.WAITING, (_("### ⏳ Queued"), line, _asked(asked)))
        case Running():
            return View(Tone.WORKING, (*_running(update, now), _asked(asked)), actions=("cancel",))
        case Finished(outcome=Outcome.SUCCESS, video_url=str(link)):
            if note is VideoProblem.GONE or (note is VideoProblem.DAMAGED and not reachable):
                return _lost(update, asked, _(_UNSHOWN[note]))
            return _success(update, link, asked, uploaded=uploaded, coming=coming, reachable=reachable, note=note)
        case Denied():
            return _denied(update, asked)
        case Finished(outcome=outcome) if outcome.is_refusal:
            return refusal_notice(asked.user_id)
        case Finished():
            return _failure(update, asked)


def _asked(asked: Asked) -> str:
    return _("-# {member} asked for this", member=f"<@{asked.user_id}>") + _quoted(asked)


def _quoted(asked: Asked) -> str:
    return f"\n> {quote(asked.prompt)}" if asked.prompt else ""


def _running(update: Running, now: datetime) -> tuple[str, ...]:
    head = _("### 🎬 Making your video")
    if update.retrying:
        return head, _("The video service is busy; trying again in a moment.")
    progress = _("The video service has not named a percentage yet.")
    if update.place:
        progress = _("Place {place} in the video service's own line.", place=update.place)
    elif update.percent is not None:
        progress = bar(update.percent)
    if update.steps:
        done, total = update.steps
        progress += " " + _("Step {done} of {total}.", done=done, total=total)
    elapsed, silent = duration((now - update.started_at).total_seconds()), (now - update.news_at).total_seconds()
    times = _("{elapsed} so far.", elapsed=elapsed)
    if typical := update.typical and duration(update.typical):
        times = _("{elapsed} so far, earlier ones took about {typical}.", elapsed=elapsed, typical=typical)
    if silent >= QUIET_AFTER:
        times += " " + _("No news for {silence}; that is not unusual.", silence=duration(silent))
    return head, progress, times, _("-# It has been sent, so it counts even if it is cancelled.")


def _lost(update: Finished, asked: Asked, why: str) -> View:
    return View(Tone.BAD, (_("### ⚠️ Your video is out of reach"), why, _took(update, asked)))


def _took(update: Finished, asked: Asked) -> str:
    member, time = f"<@{asked.user_id}>", duration(update.seconds)
    return _("-# Made for {member} in {time}", member=member, time=time) + _quoted(asked)


def _success(
    update: Finished, link: str, asked: Asked, *, uploaded: bool, coming: bool, reachable: bool, note: VideoNote
) -> View:
    head, took = _("### ✅ Your video is ready"), _took(update, asked)
    kept = link.startswith(KEPT_VIDEO)
    if uploaded and (kept or not reachable):
        changed = (_(_CHANGED[note]),) if note in _CHANGED else ()
        return View(Tone.GOOD, (head, *changed, took), actions=_FINISHED)
    if not reachable:
        return _lost(
            update,
            asked,
            _(
                "The video was made, but the service's link leads into its own network, so it cannot be opened from "
                "here. Whoever hosts Kinora can allow that host in `VIDEO_ALLOWED_HOSTS`."
            ),
        )
    if kept and coming:
        where = _("It is being uploaded here.")
    elif kept:
        where = _(
            "It could not be uploaded here; most likely it is too large for this server. The video service gives no "
            "link to it that others can open."
        )
    elif len(link) > LINK_SHOWN:
        where = _("The video's link is too long to be shown here.")
    else:
        # A > inside would end the link, and what follows would be read as Markdown.
        where = f"<{link.replace('<', '%3C').replace('>', '%3E')}>"
    if note in _CHANGED:
        where += "\n" + _(_CHANGED[note])
    if note in _UNSHOWN:
        where = _(_UNSHOWN[note]) + "\n" + (_("The video service gives no link to it.") if kept else where)
    if until := expiry(link):
        where += "\n" + _("This link works until {time}.", time=timestamp(until))
    return View(Tone.GOOD, (head, where, took), link=None if kept else link, actions=_FINISHED)


_CHANGED: dict[VideoNote, str] = {
    Fit.SMALLER: N_("-# Made smaller for Discord."),
    Fit.CONVERTED: N_("-# Converted, so that Discord plays it."),
}
_TOO_LARGE = N_(
    "It is too large for this server, and could not be made small enough. A shorter video or a smaller format helps; "
    "servers with more boosts take larger files."
)
_UNSHOWN: dict[VideoNote, str] = {
    VideoProblem.TOO_HEAVY: _TOO_LARGE,
    VideoProblem.TOO_LONG: _TOO_LARGE,
    VideoProblem.DAMAGED: N_("The service's file could not be read as a video, so it is not shown here."),
    VideoProblem.GONE: N_(
        "The video was made, but there is nothing behind the link that the service gave. Please try again, and tell "
        "whoever hosts Kinora if it stays so."
    ),
}
_FINISHED = ("same", "edit", "remix", "idea")
_FAILURES = {
    Outcome.PROVIDER_ERROR: (
        N_("### ⚠️ The video service failed"),
        N_("It reported a fault of its own. Your prompt and picture are most likely fine; please try again later."),
    ),
    Outcome.QUOTA: (
        N_("### ⚠️ The video service has no credit left"),
        N_("Whoever hosts Kinora has to top up its account there. Nothing is wrong with your prompt or picture."),
    ),
    Outcome.AUTH: (
        N_("### ⚠️ The video service does not know this bot"),
        N_("Whoever hosts Kinora has to check its key for the service. Nothing is wrong with your prompt or picture."),
    ),
    Outcome.RATE_LIMITED: (
        N_("### ⚠️ The video service is too busy"),
        N_("It takes no more requests at the moment. Please try again in a few minutes."),
    ),
    Outcome.BAD_STREAM: (
        N_("### ⚠️ The video service broke off"),
        N_(
            "Its answer ended without a video that can be opened. The video may have been made all the same, but it "
            "cannot be found again. Please try again."
        ),
    ),
    Outcome.TIMEOUT: (
        N_("### ⚠️ The video took too long"),
        N_(
            "The service said nothing, or did not finish, for longer than I wait. It may have made the video all the "
            "same, and charge for it. Please try again later."
        ),
    ),
    Outcome.CANCELLED: (
        N_("### ⏹️ Cancelled"),
        N_("This video will not be shown."),
    ),
    Outcome.INTERRUPTED: (
        N_("### ⏹️ Interrupted"),
        N_(
            "Kinora was stopped, or failed, while it worked on this. A request is never sent twice by itself, so it "
            "ends here; what the service had begun, it may charge for. Please try again."
        ),
    ),
}
_MODEL_GONE = (
    N_("### ⚠️ The video service no longer has this model"),
    N_("Please choose another one, or ask whoever hosts Kinora to replace it."),
)


def _failure(update: Finished, asked: Asked) -> View:
    head, body = _MODEL_GONE if update.model_gone else _FAILURES.get(update.outcome, _FAILURES[Outcome.BAD_STREAM])
    tone = Tone.NEUTRAL if update.outcome in (Outcome.CANCELLED, Outcome.INTERRUPTED) else Tone.BAD
    time, counted = duration(update.seconds), _(_counted(update))
    after = _("After {time}.", time=time)
    if update.percent:
        after = _("After {time}. It had come to {percent}.", time=time, percent=percent(update.percent))
    paragraphs = (_(head), _(body), f"-# {after} {counted}", _asked(asked))
    return View(tone, paragraphs, actions=() if update.model_gone else ("again", "edit"))


def _denied(update: Denied, asked: Asked) -> View:
    # A moderator's reason is for the member alone, and this reply is not.
    why = denial_sentence(replace(update.denial, note=""))
    after = _("After {time}.", time=duration(update.seconds))
    return View(Tone.NEUTRAL, (_("### ⏹️ Not started"), why, f"-# {after}", _asked(asked)), actions=("again", "edit"))


def _counted(update: Finished) -> str:
    if update.outcome is Outcome.CANCELLED and update.sent:
        return N_("It had been sent to the service, so it counts as a video, and its price as spent.")
    if update.outcome is Outcome.CANCELLED:
        return N_("It had not been sent to the service yet, so it costs nothing and counts against no limit.")
    if update.unconfirmed:
        return N_(
            "It uses up nothing of yours. Its price stays in this server's budget, since the service may charge for it."
        )
    return N_("It did not count against any limit here.")


def end_notice(finished: Finished, user_id: int, link: str) -> str:
    """Return the short message that tells the member of the end of a long job; ``link`` leads to its reply."""
    member = f"<@{user_id}>"
    if finished.outcome is Outcome.SUCCESS:
        return _("{member}, your video is ready: {link}", member=member, link=link)
    return _("{member}, your request has ended without a video: {link}", member=member, link=link)


def hidden_channel_view() -> View:
    """Return what is said before a job starts in a channel that Kinora cannot see."""
    words = _(
        "I cannot see this channel, so I can change this reply for a quarter of an hour only. If the video takes "
        "longer, it comes to your direct messages, or waits for your next `/video` here."
    )
    return View(Tone.WAITING, (_("### ⏳ One moment"), words))


def pictures_view() -> View:
    """Return what stands above the pictures that a service is about to fetch from the reply."""
    return View(Tone.WAITING, (_("### ⏳ One moment"),))


def kept_view() -> View:
    """Return what is said in the channel while videos that could not be shown before are handed over in private."""
    return View(Tone.WAITING, (_("### ⏳ One moment"), _("There is a video from before that could not be shown.")))

"""What the reply of a job shows in each of its states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.i18n.translation import N_, _, percent
from bot.media.link_expiry import expiry
from bot.media.videos.problems import Fit, VideoNote, VideoProblem
from bot.models import KEPT_VIDEO, DiscordLimits, Finished, HandedOff, JobUpdate, Outcome, Queued, Running
from bot.policy.admission import DenialReason, Denied
from bot.texts.denials import denial_sentence
from bot.texts.punctuation import joined_sentences
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
            line = _("You're next.") if place == 1 else _("Number {place} in the queue.", place=place)
            return View(Tone.WAITING, (_("### ⏳ Queued"), line, _asked(asked)), actions=("cancel",))
        case HandedOff(making=True):
            line = _("Kinora is restarting. Your video continues soon.")
            return View(Tone.WORKING, (_("### 🎬 Making your video"), line, _asked(asked)))
        case HandedOff():
            line = _("Kinora is restarting. Your request is safe and continues soon.")
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
    return _("-# Requested by {member}", member=f"<@{asked.user_id}>") + _quoted(asked)


def _quoted(asked: Asked) -> str:
    return f"\n> {quote(asked.prompt)}" if asked.prompt else ""


def _running(update: Running, now: datetime) -> tuple[str, ...]:
    head = _("### 🎬 Making your video")
    if update.retrying:
        return head, _("The video service is busy. Trying again in a moment.")
    progress = _("Waiting for the first progress update…")
    if update.place:
        progress = _("Place {place} in the video service's own line.", place=update.place)
    elif update.percent is not None:
        progress = bar(update.percent)
    step = ""
    if update.steps:
        done, total = update.steps
        step = _("Step {done} of {total}.", done=done, total=total)
    elapsed, silent = duration((now - update.started_at).total_seconds()), (now - update.news_at).total_seconds()
    times = _("{elapsed} so far.", elapsed=elapsed)
    if typical := update.typical and duration(update.typical):
        times = _("{elapsed} so far (usually about {typical}).", elapsed=elapsed, typical=typical)
    silence = ""
    if silent >= QUIET_AFTER:
        silence = _("No update for {silence}, which is not unusual.", silence=duration(silent))
    return head, progress, joined_sentences(step, times, silence), _("-# Already sent: it counts even if you cancel.")


def _lost(update: Finished, asked: Asked, why: str) -> View:
    return View(Tone.BAD, (_("### ⚠️ Your video can't be opened"), why, _took(update, asked)))


def _took(update: Finished, asked: Asked) -> str:
    member, time = f"<@{asked.user_id}>", duration(update.seconds)
    return _("-# Made for {member} in {time}", member=member, time=time) + _quoted(asked)


def _success(
    update: Finished, link: str, asked: Asked, *, uploaded: bool, coming: bool, reachable: bool, note: VideoNote
) -> View:
    head, took = _("### ✅ Your video is ready"), _took(update, asked)
    kept = link.startswith(KEPT_VIDEO)
    if uploaded:
        changed = (_(_CHANGED[note]),) if note in _CHANGED else ()
        opens = link if reachable and not kept else None
        return View(Tone.GOOD, (head, *changed, took), link=opens, actions=_FINISHED)
    if not reachable:
        why = _("The link to your video only works in the service's own network. The bot's owner can change that.")
        return _lost(update, asked, why)
    lines = [_("Uploading it now.") if coming else _(_UNSHOWN.get(note, _NOT_UPLOADED))]
    if kept and not coming:
        lines.append(_("The service gives no link to it."))
    elif not kept:
        # A > inside would end the link, and what follows would be read as Markdown.
        shown = f"<{link.replace('<', '%3C').replace('>', '%3E')}>"
        lines.append(shown if len(link) <= LINK_SHOWN else _("The video's link is too long to show here."))
        if until := expiry(link):
            lines.append(_("This link works until {time}.", time=timestamp(until)))
    return View(Tone.GOOD, (head, "\n".join(lines), took), link=None if kept else link, actions=_FINISHED)


_CHANGED: dict[VideoNote, str] = {
    Fit.SMALLER: N_("-# Made smaller for Discord."),
    Fit.CONVERTED: N_("-# Converted so that Discord can play it."),
}
_NOT_UPLOADED = N_("The video couldn't be uploaded here.")
_TOO_LARGE = N_("It couldn't be made small enough for this server. Try a shorter video or a smaller format.")
_UNSHOWN: dict[VideoNote, str] = {
    VideoProblem.TOO_HEAVY: _TOO_LARGE,
    VideoProblem.TOO_LONG: _TOO_LARGE,
    VideoProblem.DAMAGED: N_("The service's file can't be read as a video."),
    VideoProblem.GONE: N_(
        "The video's link leads nowhere. Please try again, and tell the bot's owner if it happens often."
    ),
}
_FINISHED = ("same", "edit", "remix", "trash")
# What can help after a failure: a key and a credit are the owner's matter. Of all others, trying again.
_HELPS = {
    Outcome.QUOTA: (),
    Outcome.AUTH: (),
    Outcome.CANCELLED: ("again", "edit"),
}
_FAILURES = {
    Outcome.PROVIDER_ERROR: (
        N_("### ⚠️ The video service failed"),
        N_("The problem is on its side, not with your request. Please try again later."),
    ),
    Outcome.QUOTA: (
        N_("### ⚠️ The video service is out of credit"),
        N_("The bot's owner has to top up the account. Your request is fine."),
    ),
    Outcome.AUTH: (
        N_("### ⚠️ The video service rejected the bot's key"),
        N_("The bot's owner has to check the key. Your request is fine."),
    ),
    Outcome.RATE_LIMITED: (
        N_("### ⚠️ The video service is too busy"),
        N_("It is overloaded. Please try again in a few minutes."),
    ),
    Outcome.BAD_STREAM: (
        N_("### ⚠️ The connection to the video service was lost"),
        N_("The answer ended without a video that can be opened. Please try again."),
    ),
    Outcome.TIMEOUT: (
        N_("### ⚠️ The video took too long"),
        N_("The service didn't finish in time, and may still charge for it. Please try again later."),
    ),
    Outcome.CANCELLED: (
        N_("### ⏹️ Cancelled"),
        N_("This video won't be shown."),
    ),
    Outcome.INTERRUPTED: (
        N_("### ⏹️ Interrupted"),
        N_(
            "Kinora was interrupted and never sends anything twice. Please try again. The service may still "
            "charge for it."
        ),
    ),
}
_MODEL_GONE = (
    N_("### ⚠️ The video service no longer has this model"),
    N_("Please choose another one, or tell the bot's owner."),
)


def _ended(update: Finished, asked: Asked) -> tuple[str, str, tuple[str, ...]]:
    """Return what it is called, what can be said of it, and what to do."""
    if update.model_gone:
        return _(_MODEL_GONE[0]), _(_MODEL_GONE[1]), ("model",)
    head, body = _FAILURES.get(update.outcome, _FAILURES[Outcome.BAD_STREAM])
    if update.cancelled_by and update.cancelled_by != asked.user_id:
        said = _("{member} cancelled it. This video won't be shown.", member=f"<@{update.cancelled_by}>")
        return _(head), said, ("again", "edit")
    return _(head), _(body), _HELPS.get(update.outcome, ("again",))


def _failure(update: Finished, asked: Asked) -> View:
    head, body, actions = _ended(update, asked)
    tone = Tone.NEUTRAL if update.outcome in (Outcome.CANCELLED, Outcome.INTERRUPTED) else Tone.BAD
    time, counted = duration(update.seconds), _(_counted(update))
    after = _("Stopped after {time}.", time=time)
    if update.percent:
        after = _("Stopped after {time}, at {percent}.", time=time, percent=percent(update.percent))
    return View(tone, (head, body, f"-# {joined_sentences(after, counted)}", _asked(asked)), actions=actions)


def _denied(update: Denied, asked: Asked) -> View:
    # A moderator's reason, or a word that is not wanted, is for the member alone, and this reply is not.
    why = denial_sentence(replace(update.denial, note=""))
    if update.denial.reason is DenialReason.WORDS:
        asked = replace(asked, prompt="")
    after = _("Stopped after {time}.", time=duration(update.seconds))
    return View(Tone.NEUTRAL, (_("### ⏹️ Not started"), why, f"-# {after}", _asked(asked)), actions=("again",))


def _counted(update: Finished) -> str:
    if update.outcome is Outcome.CANCELLED and update.sent:
        return N_("It was already sent, so it counts, and so does its price.")
    if update.outcome is Outcome.CANCELLED:
        return N_("It wasn't sent yet, so it doesn't count.")
    if update.unconfirmed:
        return N_("This didn't use up a video. The service may charge, so its price stays in the server's budget.")
    return N_("This didn't count against any limit.")


def end_notice(finished: Finished, user_id: int, link: str) -> str:
    """Return the short message that tells the member of the end of a long job; ``link`` leads to its reply."""
    member = f"<@{user_id}>"
    if finished.outcome is Outcome.SUCCESS:
        return _("{member}, your video is ready: {link}", member=member, link=link)
    return _("{member}, your request ended without a video: {link}", member=member, link=link)


def hidden_channel_view() -> View:
    """Return what is said before a job starts in a channel that Kinora cannot see."""
    words = _(
        "I can't see this channel, so this reply stops after 15 minutes. A later video comes as a direct "
        "message or with your next `/video`."
    )
    return View(Tone.WAITING, (_("### ⏳ One moment"), words))


def pictures_view() -> View:
    """Return what stands above the pictures that a service is about to fetch from the reply."""
    return View(Tone.WAITING, (_("### ⏳ One moment"),))


def kept_view() -> View:
    """Return what is said in the channel while videos that could not be shown before are handed over in private."""
    return View(Tone.WAITING, (_("### ⏳ One moment"), _("There is an earlier video that you haven't seen yet.")))

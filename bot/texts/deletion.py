"""The words around deleting the reply of a job: the question before, the answer after, the line in the log."""

from __future__ import annotations

from bot.i18n.translation import N_, _
from bot.models import JobRecord
from bot.texts.punctuation import joined_sentences
from bot.texts.view import Tone, View

ALREADY_GONE = N_("That reply is already gone.")
NOT_ALLOWED_TO_DELETE = N_("I can't delete it without **View Channel** there. Give it to me, or delete it yourself.")
NOT_DELETED = N_("Discord didn't delete it. Please try again in a moment.")


def question(record: JobRecord, confirm: str) -> View:
    """Return the question before the reply of a job is deleted, with the action ``confirm``."""
    costs = _("It can't be restored. What it cost stays counted.")
    if record.outcome is None:
        costs = _("It's still in progress, so this cancels it. The service may still charge for it.")
    return View(Tone.BAD, (_("### 🗑️ Delete this reply?"), costs), actions=(confirm,))


def answer(problem: str, *, cancelled: bool) -> View:
    """Return what is said after it; ``problem`` is why the reply was not deleted, "" if it was."""
    said = _("🗑️ Video cancelled and its reply deleted.") if cancelled else _("🗑️ Reply deleted.")
    if problem:
        said = joined_sentences(_("⏹️ Video cancelled.") if cancelled else "", _(problem))
    return View(Tone.BAD if problem else Tone.NEUTRAL, (said,))


def log_line(by: int, record: JobRecord, *, cancelled: bool, deleted: bool) -> str:
    """Return the line for the server's log about a video that was cancelled, or whose reply was deleted, or both."""
    line = N_("🗑️ {moderator} deleted a reply of {member} in {channel}.")
    if cancelled and deleted:
        line = N_("🗑️ {moderator} cancelled and deleted a video of {member} in {channel}.")
    elif cancelled:
        line = N_("🗑️ {moderator} cancelled a video of {member} in {channel}.")
    channel, member = f"<#{record.channel_id}>", f"<@{record.user_id}>"
    return _(line, moderator=f"<@{by}>", channel=channel, member=member)

"""The words of a pause of the whole server, for its managers and for the members who ask meanwhile."""

from __future__ import annotations

from datetime import timedelta

from bot.i18n.translation import _
from bot.policy.server_pause import ServerPause
from bot.texts.blocks import LENGTHS, MAX_REASON
from bot.texts.punctuation import joined_sentences
from bot.texts.view import Tone, View, quote, timestamp

# How long a server may be paused, by the words managers choose from; for longer there is the one without an end.
PAUSE_LENGTHS = {words: length for words, length in LENGTHS.items() if length < timedelta(days=365)}


def server_pause_words(pause: ServerPause) -> str:
    """Return that the server is paused, until when, and why."""
    return joined_sentences(_standing(pause), _reason(pause))


def standing_pause(pause: ServerPause) -> str:
    """Return what managers read of a pause that holds: also who made it, and how to end it."""
    by = _("By {moderator}. `/limits resume` ends it.", moderator=f"<@{pause.by}>")
    return joined_sentences(_standing(pause), by, _reason(pause))


def paused_view(pause: ServerPause) -> View:
    """Return what a manager is told who has paused the server."""
    hint = _("-# Members who ask are told so. Videos that wait or are in progress go on. `/limits resume` ends it.")
    return View(Tone.GOOD, (server_pause_words(pause), hint))


def resumed_words(*, found: bool) -> str:
    """Return what a manager is told who has ended the pause; ``found``: there was one."""
    return _("▶️ Members can make videos here again.") if found else _("New videos aren't paused here.")


def pause_line(pause: ServerPause) -> str:
    """Return the line about a new pause for the server's log."""
    moderator = f"<@{pause.by}>"
    if pause.until is None:
        line = _("⏸️ {moderator} paused new videos on this server.", moderator=moderator)
    else:
        line = _(
            "⏸️ {moderator} paused new videos on this server until {time} ({when}).", moderator=moderator, **_end(pause)
        )
    return joined_sentences(line, _reason(pause))


def resume_line(moderator_id: int) -> str:
    """Return the line about the end of a pause for the server's log."""
    return _("▶️ {moderator} resumed new videos on this server.", moderator=f"<@{moderator_id}>")


def pause_value(pause: ServerPause | None) -> str:
    """Return a pause as it stands in the record of changes."""
    if pause is None:
        return _("not paused")
    words = _("paused until {time}", time=timestamp(pause.until)) if pause.until else _("paused")
    return words + (" · " + _("reason: {reason}", reason=quote(pause.reason, MAX_REASON)) if pause.reason else "")


def _standing(pause: ServerPause) -> str:
    if pause.until is None:
        words = _("New videos are paused on this server until a moderator resumes them.")
    else:
        words = _("New videos are paused on this server until {time} ({when}).", **_end(pause))
    return f"⏸️ {words}"


def _reason(pause: ServerPause) -> str:
    return _("Reason: {reason}", reason=quote(pause.reason, MAX_REASON)) if pause.reason else ""


def _end(pause: ServerPause) -> dict[str, str]:
    return {"time": timestamp(pause.until), "when": timestamp(pause.until, "R")} if pause.until else {}

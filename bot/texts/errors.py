"""What a member is told of an error."""

from __future__ import annotations

from bot.errors import ExportTooLarge, KinoraError, ShuttingDown, UserError
from bot.i18n.translation import _
from bot.media.pictures.problems import PictureError
from bot.policy.admission import LimitReached
from bot.texts.denials import denial_sentence
from bot.texts.pictures import picture_sentence
from bot.texts.policy import KnownServer
from bot.texts.punctuation import joined_sentences
from bot.texts.requests import export_too_large


def member_sentence(error: BaseException, here: KnownServer | None = None) -> str | None:
    """Return what a member of the server ``here`` can do about ``error``, None where they can do nothing."""
    match error:
        case UserError():
            return error.sentence
        case LimitReached():
            return denial_sentence(error.denial, here)
        case PictureError():
            return picture_sentence(error)
        case ExportTooLarge():
            return export_too_large(error.size, error.limit)
        case ShuttingDown():
            return _("Kinora is shutting down, so this wasn't started. Please try again later.")
    return None


def not_started_line(user_id: int) -> str:
    """Return what all may read in place of a reply that was promised to a member who is told why in private."""
    return _("-# A request of {member} was not started.", member=f"<@{user_id}>")


def fault_sentence(error: BaseException, reference: str) -> str:
    """Return what a member is told of an ``error`` that stands in the log, with its traceback, as ``reference``."""
    sentence = _("Something went wrong on my side. This didn't use up a video.")
    if isinstance(error, KinoraError):
        sentence = _("I can't reach my database right now. Nothing was started.")
    return joined_sentences(
        sentence, _("Please try again later. For the bot's owner: `{reference}`.", reference=reference)
    )

"""The words before a video is made: models to choose from, and why nothing was started."""

from __future__ import annotations

from collections.abc import Iterable

from bot.i18n.translation import N_, _, money, ngettext
from bot.models import DiscordLimits, VideoModel
from bot.texts.view import quote

_OFFERED = 800  # characters of models' names, escaped; Discord takes 2000 in one message
_LABEL = 60  # characters

NO_PROMPT = N_("The prompt is empty. Say in a few words what should happen in the video.")
NO_PICTURE = N_(
    "There is no picture in that message that I could set in motion. Choose one with a PNG, JPEG, WebP, GIF or "
    "AVIF picture, or use `/video` with one of your own."
)
PICTURE_GONE = N_("That picture is kept for two days only, and it is gone. Please use `/video` with it once more.")
WORDS_FORGOTTEN = N_(
    "What this video was made of has been forgotten: prompts and links are kept for a limited time, and members "
    "may have theirs erased. Please use `/video`."
)
CONVERSATION_FORGOTTEN = N_(
    "This video was a remix, and what it was made from has been forgotten. Please use `/video` with a picture and "
    "a whole prompt."
)


def model_choice(model: VideoModel) -> str:
    """Return a model as a choice, in plain text: its label, and its price if it has one."""
    price = f" · {money(model.price)}" if model.price else ""
    return model.label[: DiscordLimits.CHOICE - len(price)] + price


def model_not_offered(models: Iterable[VideoModel]) -> str:
    """Return what is said of a model that is none of ``models``."""
    offered = quote(", ".join(model.label for model in models), _OFFERED)
    return _("That model is not offered here. Choose one of: {models}.", models=offered)


def too_many_pictures(model: VideoModel) -> str:
    """Return what is said when a model takes fewer pictures than were given."""
    return ngettext(
        "{model} takes one picture only, so nothing was started. Leave the others out, or choose another model.",
        "{model} takes {count} pictures at most, so nothing was started. Leave some out, or choose another model.",
        model.max_images,
        model=quote(model.label, _LABEL),
    )

"""The words around making one video of another: models to choose from, and why something cannot be had again."""

from __future__ import annotations

from bot.i18n.translation import _, money, ngettext
from bot.models import DiscordLimits, VideoModel


def model_choice(model: VideoModel) -> str:
    """Return a model as a choice, in plain text: its label, and its price if it has one."""
    price = f" · {money(model.price)}" if model.price else ""
    return model.label[: DiscordLimits.CHOICE - len(price)] + price


def too_many_pictures(model: VideoModel, label: str) -> str:
    """Return what is said when a model takes fewer pictures than were given; ``label`` is fit to be shown."""
    return ngettext(
        "{model} takes one picture only, so nothing was started. Leave the others out, or choose another model.",
        "{model} takes {count} pictures at most, so nothing was started. Leave some out, or choose another model.",
        model.max_images,
        model=label,
    )


def no_picture() -> str:
    """Return what is said of a message without a picture."""
    return _(
        "There is no picture in that message that I could set in motion. Choose one with a PNG, JPEG, WebP, GIF or "
        "AVIF picture, or use `/video` with one of your own."
    )


def not_yours() -> str:
    """Return what is said to others than the member who asked for a video."""
    return _("This is for the member who asked for the video. For one of your own, use /video.")


def picture_gone() -> str:
    """Return what is said when the picture of an earlier video has been deleted."""
    return _("That picture is kept for two days only, and it is gone. Please use `/video` with it once more.")


def words_forgotten() -> str:
    """Return what is said when the words of an earlier video have been erased."""
    return _(
        "What this video was made of has been forgotten: prompts and links are kept for a limited time, and members "
        "may have theirs erased. Please use `/video`."
    )


def conversation_forgotten() -> str:
    """Return what is said when the video that this one changed is no longer known."""
    return _(
        "This video was a remix, and what it was made from has been forgotten. Please use `/video` with a picture and "
        "a whole prompt."
    )

"""The words before a video is made: models to choose from, and why nothing was started."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.i18n.translation import N_, _, format_or, money, ngettext
from bot.i18n.typed_text import unturned
from bot.models import DiscordLimits, VideoModel
from bot.texts.picture_roles import roles_by_option, roles_in_short
from bot.texts.punctuation import joined_sentences, with_commas
from bot.texts.view import cut, duration, quote

_OFFERED = 800  # characters of models' names, escaped; Discord takes 2000 in one message
_LABEL = 60  # characters
_NAME = 30  # characters of the name of a picture
_NAMED = 5  # models that are named as possible

NO_PROMPT = N_("The prompt is empty. Say what should happen in the video.")
NO_PICTURE = N_("I found no picture in that message. I can use PNG, JPEG, WebP, GIF and AVIF.")
NO_LINK = N_(
    "That model needs your picture shown here, and Discord didn't let me. Please try again, or choose another "
    "model or channel."
)
PICTURE_GONE = N_("That picture is gone: they are kept for two days. Please use `/video` with it again.")
NO_OTHER_MODEL = N_("No other model here takes what this one was made of.")
WORDS_FORGOTTEN = N_("The picture or prompt is no longer kept. Please use `/video`.")
CONVERSATION_FORGOTTEN = N_(
    "The source of this remix is no longer kept. Please use `/video` with a picture and a whole prompt."
)


def model_facts(model: VideoModel) -> list[str]:
    """Return what there is to know before one chooses ``model``: its price if it has one, and its pictures."""
    facts = [_("{price} per video", price=money(price))] if (price := model.price_of()) else []
    if model.max_images > 1:
        several = ngettext("one picture", "up to {count} pictures", model.max_images)
        facts.append(roles_in_short(model) or several)
    if not model.max_images:
        facts.append(_("no pictures"))
    elif not model.min_images:
        facts.append(_("works without a picture"))
    return facts


def model_choice(model: VideoModel, *, is_default: bool = False) -> str:
    """Return a model as a choice, in plain text: its label, its price, its pictures, and whether it is the default."""
    facts = "".join(f" · {fact}" for fact in (*model_facts(model), *([_("default")] if is_default else [])))
    return cut(model.label, DiscordLimits.CHOICE - len(facts)) + facts


def draft_facts(model: VideoModel, length: int | None, names: Sequence[str]) -> str:
    """Return what a video is about to be made of, in plain text: its pictures by name, its model, its price."""
    price = [money(price)] if (price := model.price_of(length)) else []
    return cut(" · ".join((*(cut(unturned(name), _NAME) for name in names), model.label, *price)), DiscordLimits.CHOICE)


def length_choice(model: VideoModel, length: int) -> str:
    """Return a length that ``model`` makes as a choice, in plain text, with its price if it has one."""
    words = [duration(length), *([money(price)] if (price := model.price_of(length)) else [])]
    return " · ".join((*words, _("default"))) if length == model.seconds[0] else " · ".join(words)


def format_choice(shape: str) -> str:
    """Return a size or a ratio as a choice, in plain text, with what that looks like."""
    width, _sign, height = shape.replace(":", "x").partition("x")
    looks = _("portrait") if int(width) < int(height) else _("square") if width == height else _("landscape")
    return f"{shape.replace('x', ' × ')} · {looks}"


def not_made(model: VideoModel, length: int | None, shape: str | None) -> str:
    """Return what is said where ``model`` makes no videos of that length, or else of that format."""
    label = quote(model.label, _LABEL)
    if length is not None and length not in model.seconds:
        offered = with_commas(duration(seconds) for seconds in model.seconds)
        if not offered:
            return _("{model} makes one length only; leave out `duration`.", model=label)
        return _(
            "{model} can't make {length}. Choose one of: {offered}.",
            model=label,
            length=duration(length),
            offered=offered,
        )
    if not model.formats:
        return _("{model} makes one format only; leave out `format`.", model=label)
    return _(
        "{model} doesn't have that format. Choose one of: {offered}.", model=label, offered=with_commas(model.formats)
    )


def model_not_offered(models: Iterable[VideoModel]) -> str:
    """Return what is said of a model that is none of ``models``."""
    offered = quote(with_commas(model.label for model in models), _OFFERED)
    return _("That model isn't offered here. Choose one of: {models}.", models=offered)


def too_many_pictures(model: VideoModel) -> str:
    """Return what is said when a model takes fewer pictures than were given."""
    if not model.max_images:
        return _(
            "{model} takes no pictures. Leave them out, or choose another model.",
            model=quote(model.label, _LABEL),
        )
    if model.pictures:
        return _(
            "{model} only takes these pictures ({pictures}). Leave the others out, or choose another model.",
            model=quote(model.label, _LABEL),
            pictures=roles_by_option(model, model.max_images),
        )
    return ngettext(
        "{model} takes one picture. Leave out the others.",
        "{model} takes at most {count} pictures. Leave some out.",
        model.max_images,
        model=quote(model.label, _LABEL),
    )


def too_few_pictures(model: VideoModel, others: Collection[VideoModel]) -> str:
    """Return what is said when a model needs more pictures than were given; ``others`` do with as many."""
    needs = picture_skipped(model, model.min_images) if model.pictures else _needed(model)
    if not others:
        return needs
    labels = format_or([quote(other.label, _LABEL) for other in list(others)[:_NAMED]])
    return joined_sentences(needs, _("What you gave is enough for {models}.", models=labels))


def picture_skipped(model: VideoModel, count: int) -> str:
    """Return what is said when one of the first ``count`` pictures is missing, and each is something else."""
    return _(
        "{model} needs these pictures ({pictures}). One is missing.",
        model=quote(model.label, _LABEL),
        pictures=roles_by_option(model, count),
    )


def _needed(model: VideoModel) -> str:
    return ngettext(
        "{model} needs a picture. Please add one as `image`.",
        "{model} needs {count} pictures. Please add them from `image` on.",
        model.min_images,
        model=quote(model.label, _LABEL),
    )

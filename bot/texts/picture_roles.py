"""What each picture of a video is, in words: its first frame, its last one, something that is to look alike."""

from __future__ import annotations

from itertools import groupby

from bot.i18n.translation import N_, _, ngettext, option
from bot.models import PictureRole, VideoModel
from bot.texts.punctuation import labelled, with_commas

OPTIONS = ("image", "image2", "image3")  # of ``/video``

_WORDS = {
    PictureRole.FIRST: N_("First frame"),
    PictureRole.LAST: N_("Last frame"),
    PictureRole.REFERENCE: N_("Reference picture"),
}


def role_word(role: PictureRole) -> str:
    """Return what a picture of that role is called, as a label."""
    return _(_WORDS[role])


def roles_in_short(model: VideoModel) -> str:
    """Return what the pictures of ``model`` are, in plain text: ``first frame, last frame``."""
    return with_commas(_several(role, len(list(group))) for role, group in groupby(model.pictures))


def _several(role: PictureRole, count: int) -> str:
    if role is PictureRole.REFERENCE and count > 1:
        return ngettext("up to {count} reference picture", "up to {count} reference pictures", count)
    if role is PictureRole.REFERENCE:
        return _("a reference picture")
    return _("first frame") if role is PictureRole.FIRST else _("last frame")


def roles_by_option(model: VideoModel, count: int) -> str:
    """Return what goes into the first ``count`` options of ``/video``: ``image``: first frame, and so on."""
    named = zip(OPTIONS, model.pictures[:count], strict=False)
    return with_commas(labelled(f"`{option(name)}`", _several(role, 1)) for name, role in named)

"""What is wrong with a picture, as the member who gave it is told."""

from __future__ import annotations

from bot.i18n.translation import N_, _
from bot.media.pictures.problems import MAX_SIDE, PictureError, PictureProblem
from bot.media.pictures.store import MAX_BYTES
from bot.texts.picture_roles import role_word
from bot.texts.punctuation import labelled

_SENTENCES = {
    PictureProblem.TOO_LARGE: N_("That picture is larger than {limit} MB. Please use a smaller copy."),
    PictureProblem.TOO_MANY_PIXELS: N_(
        "That picture has more than {limit} megapixels. {side} pixels a side are enough."
    ),
    PictureProblem.TOO_HEAVY: N_("That picture is too complex. Please use a smaller copy or a screenshot."),
    PictureProblem.TOO_THIN: N_("That picture is too small or too narrow to animate. Please choose a larger one."),
    PictureProblem.HEIC: N_("I can't open HEIC pictures here. Please send a JPEG copy or a screenshot."),
    PictureProblem.NO_ROOM: N_("I have no room for pictures right now. Please try later."),
    PictureProblem.LINK_REFUSED: N_("I couldn't open that picture. Please send it again."),
    PictureProblem.NOT_FETCHED: N_("I couldn't get that picture. Please send it again."),
    PictureProblem.EMPTY: N_("That file is empty. Please save the picture again as PNG, JPEG, WebP, GIF or AVIF."),
    PictureProblem.DAMAGED: N_("That picture seems damaged. Please save it again as PNG, JPEG, WebP, GIF or AVIF."),
    PictureProblem.UNKNOWN: N_("I can't read that file as a picture. Try PNG, JPEG, WebP, GIF or AVIF."),
}
_OTHER_KINDS = {
    PictureProblem.PDF: N_("a PDF document"),
    PictureProblem.TIFF: N_("a TIFF picture"),
    PictureProblem.JXL: N_("a JPEG XL picture"),
    PictureProblem.SVG: N_("an SVG drawing"),
    PictureProblem.TEXT: N_("a web page or other text"),
    PictureProblem.VIDEO: N_("a video"),
    PictureProblem.ZIP: N_("a ZIP archive"),
}


def picture_sentence(error: PictureError) -> str:
    """Return what is wrong with the picture, which of several it is, and which one would work."""
    wrong = _problem_sentence(error)
    return labelled(f"**{role_word(error.role)}**", wrong) if error.role else wrong


def _problem_sentence(error: PictureError) -> str:
    if kind := _OTHER_KINDS.get(error.problem):
        return _("That file is really {kind}. Try PNG, JPEG, WebP, GIF or AVIF.", kind=_(kind))
    too_large = error.problem is PictureProblem.TOO_LARGE
    limit = MAX_BYTES // 1024 // 1024 if too_large else error.limit // 1_000_000
    return _(_SENTENCES[error.problem], limit=limit, side=MAX_SIDE)

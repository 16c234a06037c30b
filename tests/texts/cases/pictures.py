"""Cases of what is wrong with a picture."""

from __future__ import annotations

from functools import partial

from bot.media.pictures.problems import PictureError, PictureProblem
from bot.models import PictureRole
from bot.texts.pictures import picture_sentence
from tests.texts.cases.case import Cases

_LAST_FRAME = PictureError(PictureProblem.EMPTY)
_LAST_FRAME.role = PictureRole.LAST

CASES: Cases = {
    picture_sentence: {
        **{str(problem): partial(picture_sentence, PictureError(problem)) for problem in PictureProblem},
        "of several pictures": partial(picture_sentence, _LAST_FRAME),
    }
}

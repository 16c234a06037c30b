"""Cases of what is wrong with a picture."""

from __future__ import annotations

from functools import partial

from bot.media.pictures.problems import PictureError, PictureProblem
from bot.texts.pictures import picture_sentence
from tests.texts.cases.case import Cases

CASES: Cases = {
    picture_sentence: {str(problem): partial(picture_sentence, PictureError(problem)) for problem in PictureProblem}
}

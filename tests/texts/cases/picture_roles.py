"""Cases of what the pictures of a video are."""

from __future__ import annotations

from functools import partial

from bot.models import PictureRole, VideoModel
from bot.texts.picture_roles import role_word, roles_by_option, roles_in_short
from tests.texts.cases.case import Cases

_FRAMES = VideoModel("frames", "Wan", max_images=2, pictures=(PictureRole.FIRST, PictureRole.LAST))
_MIXED = VideoModel("mixed", "Ark", max_images=3, pictures=(PictureRole.FIRST, *(PictureRole.REFERENCE,) * 2))

CASES: Cases = {
    role_word: {str(role): partial(role_word, role) for role in PictureRole},
    roles_in_short: {
        "frames": partial(roles_in_short, _FRAMES),
        "a frame and references": partial(roles_in_short, _MIXED),
        "nothing is said": partial(roles_in_short, VideoModel("m", "M", max_images=3)),
    },
    roles_by_option: {
        "frames": partial(roles_by_option, _FRAMES, 2),
        "a frame and references": partial(roles_by_option, _MIXED, 3),
    },
}

"""The words on forms: titles, where a button's label is not the title, fields, hints."""

from __future__ import annotations

from bot.i18n.translation import N_

MAKE_VIDEO = N_("Make a video")
ANIMATE_THIS = N_("Animate this")
PROMPT = N_("What should happen in the video?")
EXAMPLE = N_("For example: the camera moves closer while leaves fall")
CHANGE = N_("What should change in the video?")
OTHER_PICTURE = N_("Another picture")
PICTURE_HINT = N_("PNG, JPEG, WebP, GIF or AVIF")
WHICH_PICTURE = N_("Which picture?")
WHICH_MODEL = N_("Which model?")
EMBEDDED_PICTURE = N_("Embedded picture")
BLOCK_LENGTH = N_("For how long?")
BLOCK_REASON = N_("Reason")
BLOCK_REASON_HINT = N_("The member sees this when they ask for a video")

UNKNOWN_FORM = N_("I don't remember that form. Please open it again.")

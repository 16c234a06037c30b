"""What stands on the buttons of a reply, and why one that was pressed does nothing."""

from __future__ import annotations

from bot.i18n.translation import N_, _

_LABELS = {
    "cancel": N_("Cancel"),
    "details": N_("What happened?"),
    "edit": N_("Edit and try again"),
    "picture": N_("Try another picture"),
    "again": N_("Try again"),
    "same": N_("Again"),
    "remix": N_("Remix"),
    "idea": N_("Use this idea"),
    "delete": N_("Delete the reply"),
    "block": N_("Block the member"),
}
OPEN_VIDEO = N_("Open the video")

NO_ACTION = N_("This button no longer works. Please use /video.")
NO_RECORD = N_("I have no record of this video any more. Please use /video.")
NO_DETAILS = N_("There is nothing more to tell about this one.")
NOT_YOURS = N_("This is for the member who asked for the video. For one of your own, use /video.")
NOT_YOURS_TO_CANCEL = N_("Only the member who asked for this video, or a moderator, can cancel it.")
NOT_RUNNING = N_("Nobody is working on this one any more.")
ENDING = N_("This one is just ending.")
CANCELLED_SOON = N_("This one will be cancelled in a moment.")
TRIED_AGAIN_ALREADY = N_("This is being tried again already.")
MADE_AGAIN_ALREADY = N_("This is being made again already.")


def button_label(action: str) -> str:
    """Return what stands on a button, and over the form that it opens; "…" for an action of another version."""
    return _(_LABELS.get(action, "…"))

"""What stands on the buttons of a reply, and why one that was pressed does nothing."""

from __future__ import annotations

from bot.i18n.translation import N_, _

_LABELS = {
    "cancel": N_("Cancel"),
    "details": N_("Why?"),
    "edit": N_("Edit"),
    "picture": N_("Other picture"),
    "again": N_("Try again"),
    "same": N_("Again"),
    "remix": N_("Remix"),
    "idea": N_("Use this idea"),
    "trash": "",
    "discard": N_("Delete"),
    "remove": N_("Delete"),
    "model": N_("Other model"),
    "delete": N_("Delete the reply"),
    "block": N_("Block the member"),
}
OPEN_VIDEO = N_("Open")

NO_ACTION = N_("This button no longer works. Please use /video.")
NO_RECORD = N_("This video is no longer on record. Please use /video.")
NO_DETAILS = N_("There is nothing more to say about this one.")
NOT_YOURS = N_("This is for the member who asked. To make your own, use /video.")
NOT_YOURS_TO_CANCEL = N_("Only the member who asked, or a moderator, can cancel this.")
NOT_RUNNING = N_("This video is no longer in progress.")
ENDING = N_("This video is just finishing.")
CANCELLED_SOON = N_("Cancelling in a moment.")
TRIED_AGAIN_ALREADY = N_("Already trying this again.")
MADE_AGAIN_ALREADY = N_("Already making this again.")


def button_label(action: str) -> str:
    """Return what stands on a button and over its form: "" on a sign alone, "…" for an action of another version."""
    label = _LABELS.get(action, "…")
    return _(label) if label else ""

"""Why a button, a select or a form does nothing for the member who uses it."""

from __future__ import annotations

from bot.i18n.translation import N_

NO_VIDEOS = N_("You cannot make videos here: this server's managers decide who may use /video, and in which channels.")
NO_LONGER = N_("You can no longer use the command behind this reply, so nothing was done.")
TOO_OLD = N_("This reply is older than 15 minutes and no longer works. Please use the command again.")
CANNOT_CHECK = N_(
    "I cannot check at the moment whether you may do this here, so nothing was done. Please use the command itself, or "
    "try again in a minute."
)

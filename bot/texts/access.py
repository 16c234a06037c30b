"""Why a button, a select or a form does nothing for the member who uses it."""

from __future__ import annotations

from bot.i18n.translation import N_

NO_VIDEOS = N_("You can't make videos here: this server's managers choose who can use /video, and where.")
NO_LONGER = N_("You can no longer use this command. Nothing was changed.")
TOO_OLD = N_("This reply is too old. Please use the command again.")
CANNOT_CHECK = N_("I can't check your permissions right now. Please try again in a minute.")

"""The words of ``/privacy``: what is kept of a member, and what goes when they erase it."""

from __future__ import annotations

from bot.i18n.translation import N_, _, ngettext
from bot.texts.view import Tone, View


def privacy_view(prompt_days: int, picture_hours: int, *, link_sent: bool) -> View:
    """
    Return what is kept of a member, for how long, who sees it, and what leaves for the video service.

    ``link_sent``: a service is given the picture as a link, to the copy in Kinora's reply.
    """
    leaves = _(
        "**What is sent**: your prompt and a copy of your picture without metadata such as place and camera, "
        "to the video service. Not who you are."
    )
    if link_sent:
        leaves += " " + _("A service that takes links alone is given the one to that copy, which stands in my reply.")
    kept = [
        ngettext(
            "**For {count} day**: your prompts and video links, or until you have seen the video.",
            "**For {count} days**: your prompts and video links, or until you have seen the video.",
            prompt_days,
        ),
        ngettext(
            "**For {count} hour**: your picture, to try again.",
            "**For {count} hours**: your picture, to try again.",
            picture_hours,
        ),
        _(
            "**Indefinitely**: your Discord id; where and when you asked; model, result and cost; blocks and "
            "reasons; what moderators decided. No names."
        ),
    ]
    seen = _(
        "**Who sees it**: this server's moderators and the bot's owner. Replies are seen by everyone in the channel."
    )
    how = _(
        "-# `/privacy export` gives you your requests as a file. `/privacy erase` removes prompts, links and pictures."
    )
    head = _("### 🔒 What Kinora stores about you on this server")
    return View(Tone.NEUTRAL, (head, "\n".join(kept), leaves, seen, how))


def export_view(jobs: int) -> View:
    """Return what stands above the file with a member's requests."""
    words = ngettext(
        "📄 All that is stored about your {count} request on this server, in UTC.",
        "📄 All that is stored about your {count} requests on this server, in UTC.",
        jobs,
    )
    return View(Tone.NEUTRAL, (words,))


ERASE = N_("Erase my data")
NOTHING_TO_EXPORT = N_("You haven't asked for a video here, so there is nothing to export.")


def erase_view() -> View:
    """Return what is said before a member's words are erased."""
    stays = [
        _("**What stays**: how many videos you asked for, when, results and costs, and blocks."),
        _(
            "Replies in channels also stay; a moderator can delete those. Videos in progress, or not seen yet, "
            "stay until you erase again."
        ),
    ]
    head = _("### 🧹 Erase your data on this server?")
    goes = _("**What goes**: your prompts, video links and pictures.")
    undo = _("-# This can't be undone. The buttons of these videos stop working.")
    return View(Tone.BAD, (head, goes, "\n".join(stays), undo))


def erased_view(jobs: int) -> View:
    """Return what is said when a member's words have been erased from so many requests."""
    if not jobs:
        return View(Tone.GOOD, (_("🧹 There was nothing left to erase."),))
    words = ngettext(
        "🧹 Erased: prompt, link and picture of {count} request.",
        "🧹 Erased: prompts, links and pictures of {count} requests.",
        jobs,
    )
    return View(Tone.GOOD, (words,))

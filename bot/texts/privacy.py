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
        "**What leaves**: the prompt and a copy of your picture without its metadata, such as place and camera, to the "
        "video service. It is not told who you are."
    )
    if link_sent:
        leaves += " " + _("A service that takes links alone is given the one to that copy, which stands in my reply.")
    kept = [
        ngettext(
            "**For {count} day**: your prompts, and the links to your videos. A video that waits for you is kept until "
            "you have seen it.",
            "**For {count} days**: your prompts, and the links to your videos. A video that waits for you is kept "
            "until you have seen it.",
            prompt_days,
        ),
        ngettext(
            "**For {count} hour**: your picture, so that you can try again with it.",
            "**For {count} hours**: your picture, so that you can try again with it.",
            picture_hours,
        ),
        _(
            "**Without an end**, for this server's accounting: that you asked, by your id at Discord; where and when; "
            "the model, the outcome and the cost; blocks with their reasons; and, of moderators, what they decided. No "
            "names."
        ),
    ]
    seen = _(
        "**Who can see it**: this server's moderators, and whoever hosts Kinora. Other servers cannot. A reply in a "
        "channel is seen by all who see that channel."
    )
    how = _(
        "-# `/privacy export` hands you all of your requests as a file. `/privacy erase` takes your prompts, links and "
        "pictures out."
    )
    head = _("### 🔒 What Kinora keeps of you on this server")
    return View(Tone.NEUTRAL, (head, "\n".join(kept), leaves, seen, how))


def export_view(jobs: int) -> View:
    """Return what stands above the file with a member's requests."""
    words = ngettext(
        "📄 All that I have of your {count} request on this server. Times are in UTC.",
        "📄 All that I have of your {count} requests on this server. Times are in UTC.",
        jobs,
    )
    return View(Tone.NEUTRAL, (words,))


ERASE = N_("Erase my words")
NOTHING_TO_EXPORT = N_("You have not asked for a video on this server, so there is nothing to hand over.")


def erase_view() -> View:
    """Return what is said before a member's words are erased."""
    stays = [
        _(
            "**What stays**: how many videos you asked for, when, how they ended and what they cost, and blocks. "
            "Limits hold as before."
        ),
        _(
            "Replies in channels stay as well, with the prompt and the video in them; ask a moderator to delete those. "
            "Videos that are still in the making, or wait for you, keep their words until you erase once more."
        ),
    ]
    head = _("### 🧹 Erase your words on this server?")
    goes = _("**What goes**: your prompts, the links to your videos, and your pictures.")
    undo = _("-# This cannot be undone. What was erased cannot be tried again by its buttons.")
    return View(Tone.BAD, (head, goes, "\n".join(stays), undo))


def erased_view(jobs: int) -> View:
    """Return what is said when a member's words have been erased from so many requests."""
    if not jobs:
        return View(Tone.GOOD, (_("🧹 There was nothing left to erase."),))
    words = ngettext(
        "🧹 Done: prompt, link and picture are gone from {count} request.",
        "🧹 Done: prompt, link and picture are gone from {count} requests.",
        jobs,
    )
    return View(Tone.GOOD, (words,))

"""The words of ``/privacy``: what is kept of a member, and what goes when they erase it."""

from __future__ import annotations

from bot.i18n.translation import N_, _, ngettext
from bot.texts.punctuation import joined_sentences
from bot.texts.view import Tone, View


def privacy_view(prompt_days: int, picture_hours: int, *, link_sent: bool) -> View:
    """
    Return what is kept of a member, for how long, who sees it, and what leaves for the video service.

    ``link_sent``: a service is given the picture as a link, to the copy in Kinora's reply.
    """
    leaves = _(
        "**What is sent**: your prompt and a copy of your picture without metadata, to the video service. Not "
        "who you are."
    )
    if link_sent:
        leaves = joined_sentences(leaves, _("Some services get a link to that copy in my reply instead."))
    kept = [
        ngettext(
            "**For {count} day**: prompts and video links, or until you have seen the video.",
            "**For {count} days**: prompts and video links, or until you have seen the video.",
            prompt_days,
        ),
        ngettext(
            "**For {count} hour**: pictures, to try again.",
            "**For {count} hours**: pictures, to try again.",
            picture_hours,
        ),
        _(
            "**Indefinitely**: your Discord id; where and when you asked; model, result and cost; how often you were "
            "refused; blocks and reasons; moderators' decisions. No names."
        ),
    ]
    seen = _("**Who sees it**: moderators here and the bot's owner. Replies are seen by the whole channel.")
    how = _("-# `/privacy export` gives you a file. `/privacy erase` removes prompts, links and pictures.")
    head = _("### 🔒 What Kinora stores about you on this server")
    return View(Tone.NEUTRAL, (head, "\n".join(kept), leaves, seen, how))


def export_view(jobs: int) -> View:
    """Return what stands above the file with a member's requests."""
    words = ngettext(
        "📄 Everything stored about your {count} request here, in UTC.",
        "📄 Everything stored about your {count} requests here, in UTC.",
        jobs,
    )
    return View(Tone.NEUTRAL, (words,))


ERASE = N_("Erase my data")
NOTHING_TO_EXPORT = N_("You haven't asked for a video here yet.")


def erase_view() -> View:
    """Return what is said before a member's words are erased."""
    stays = [
        _("**What stays**: number and time of your requests, results, costs, and blocks."),
        _(
            "Replies also stay; moderators can delete them. Videos in progress, or not seen yet, stay until "
            "you erase again."
        ),
    ]
    head = _("### 🧹 Erase your data on this server?")
    goes = _("**What goes**: your prompts, video links and pictures.")
    undo = _("-# This can't be undone, and the videos' buttons stop working.")
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

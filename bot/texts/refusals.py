"""What members are told when one of the service's reviews says no: little in the channel, all of it in private."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.i18n.translation import N_, _
from bot.models import Outcome
from bot.policy.blocks import RefusalStanding
from bot.texts.punctuation import joined_sentences
from bot.texts.view import Tone, View, quote, timestamp


class _Refusal(NamedTuple):
    title: str
    checked: str
    change: str
    actions: tuple[str, ...]


# The three reviews and what they look for are those of the service's API page.
_REFUSALS = {
    Outcome.MODERATION_IMAGE: _Refusal(
        N_("Your picture was not accepted"),
        N_(
            "The service refuses real people and anyone who looks like one: friends, celebrities, lifelike "
            "portraits, sometimes a figure in the background."
        ),
        N_("Try a picture without people: an animal, a place, a thing, or a drawing. Your prompt can stay."),
        ("picture", "edit"),
    ),
    Outcome.MODERATION_PROMPT: _Refusal(
        N_("Your prompt was not accepted"),
        N_("The service refuses violence, sexual content, brands, known characters, and living people by name."),
        N_("Rephrase it: describe what we see instead of naming people or brands. Your picture can stay."),
        ("edit",),
    ),
    Outcome.MODERATION_RESULT: _Refusal(
        N_("The finished video was refused"),
        N_(
            "The service checks each video once it is finished. Your picture and prompt passed, but the "
            "finished video didn't."
        ),
        N_(
            "Every try comes out differently. Make the prompt calmer: less closeness, less drama, nothing like "
            "a known film, brand or person."
        ),
        ("edit", "picture"),
    ),
    Outcome.MODERATION_UNKNOWN: _Refusal(
        N_("The request was not accepted"),
        N_("One of the service's checks (picture, prompt or finished video) refused it without saying which."),
        N_("Try a picture without people, and describe people or brands instead of naming them."),
        ("edit", "picture"),
    ),
}
_UNCOUNTED = N_("This didn't count against any limit.")
_COUNTED = N_("On this server this counts as a video.")
_CHARGED = N_("Refused requests cost money too, so please don't repeat the same one.")


def refusal_notice(user_id: int) -> View:
    """Return the neutral line that stands in the channel; nothing in it tells why, or quotes the prompt."""
    line = _("The video service refused this request. {member} can see why.", member=f"<@{user_id}>")
    return View(Tone.REFUSED, (_("### 🚫 No video this time"), line), actions=("details",))


@dataclass(frozen=True, slots=True)
class RefusalCost:
    """
    What a refusal costs. ``charged``: the service is known to charge for it; ``counted``: the server counts it;
    ``warning`` tells of a pause.
    """

    charged: bool
    counted: bool
    warning: str = ""


def pause_warning(standing: RefusalStanding, pause_after: int) -> str:
    """Return what is said of the pause that follows, or is near, after ``pause_after`` refused prompts; "" of none."""
    if standing.paused_until:
        when = timestamp(standing.paused_until, "R")
        return _("⏸️ Several prompts were refused, so you are paused here. You can go on {when}.", when=when)
    if standing.refused >= pause_after:
        return _("⏸️ Several prompts were refused, so you are paused here for an hour.")
    if standing.refused == pause_after - 1:
        return _("⚠️ One more refused prompt within a day pauses you here for an hour.")
    return ""


def refusal_details(outcome: Outcome, prompt: str, terms: RefusalCost) -> View:
    """
    Return what the member who asked is told: what was checked, what to change, what it cost, and whether it pauses.

    Raises KeyError for an outcome that is no refusal.
    """
    return _details(outcome, terms, f"> {quote(prompt)}")


def refusal_in_public(outcome: Outcome, user_id: int, terms: RefusalCost) -> View:
    """Return the same for the channel, where the server wants the reasons to stand there; without the prompt."""
    return _details(outcome, terms, _("-# Requested by {member}", member=f"<@{user_id}>"))


def _details(outcome: Outcome, terms: RefusalCost, last: str) -> View:
    refusal = _REFUSALS[outcome]
    cost = joined_sentences(_(_COUNTED if terms.counted else _UNCOUNTED), _(_CHARGED) if terms.charged else "")
    return View(
        Tone.REFUSED,
        (
            f"### 🚫 {_(refusal.title)}",
            f"**{_('What was checked')}**\n{_(refusal.checked)}",
            f"**{_('What to change')}**\n{_(refusal.change)}",
            *([terms.warning] if terms.warning else []),
            f"-# {cost}",
            last,
        ),
        actions=refusal.actions,
    )


def review_lines() -> list[str]:
    """Return what each of the three reviews looks for, in a line."""
    return [
        _("**Picture**: no real people, or anyone who looks like one."),
        _("**Prompt**: no violence, sexual content, brands, known characters, or living people by name."),
        _("**Finished video**: checked again, and may be refused after 90%."),
    ]

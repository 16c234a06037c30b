"""What members are told when one of the service's reviews says no: little in the channel, all of it in private."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.i18n.translation import N_, _
from bot.models import Outcome
from bot.texts.view import Tone, View, quote


class _Refusal(NamedTuple):
    title: str
    checked: str
    change: str
    actions: tuple[str, ...]


# The three reviews and what they look for are those of the service's API page.
_REFUSALS = {
    Outcome.MODERATION_IMAGE: _Refusal(
        N_("The picture was not accepted"),
        N_(
            "Before anything is made, the service looks at the picture. It turns down pictures with a real person in "
            "them, or with somebody who looks too much like one: a photo of a friend, a celebrity, a lifelike "
            "portrait, sometimes a figure in the background."
        ),
        N_(
            "Take a picture without people: an animal, a place, a thing, or somebody who is plainly drawn. Your "
            "prompt can stay as it is."
        ),
        ("picture", "edit"),
    ),
    Outcome.MODERATION_PROMPT: _Refusal(
        N_("The prompt was not accepted"),
        N_(
            "Before anything is made, the service reads the prompt. It turns down violence, sexual content, brands and "
            "characters that belong to others, and living people by name."
        ),
        N_(
            "Say it in other words: describe what is seen instead of naming whom or what it is like, and leave out "
            "anything hurtful. The picture can stay as it is."
        ),
        ("edit",),
    ),
    Outcome.MODERATION_RESULT: _Refusal(
        N_("The finished video was not released"),
        N_(
            "The service looks at each finished video once more, which is why this can happen after more than 90 %. "
            "Picture and prompt had passed; something in what came of them did not."
        ),
        N_(
            "Every video comes out differently, so a calmer or plainer prompt may pass: less closeness, less drama, "
            "nothing that looks like a known film, brand or person."
        ),
        ("edit", "picture"),
    ),
    Outcome.MODERATION_UNKNOWN: _Refusal(
        N_("The request was not accepted"),
        N_(
            "One of the service's reviews (of the picture, the prompt or the finished video) said no, and did not say "
            "which one."
        ),
        N_(
            "If the picture shows a person, try one without. If the prompt names somebody or something known, "
            "describe it instead."
        ),
        ("edit", "picture"),
    ),
}
_UNCOUNTED = N_("This did not count against any limit here.")
_COUNTED = N_("By the rules of this server this counts as a video.")
_CHARGED = N_("The service is known to charge for refused requests too, so please do not try the same again and again.")


def refusal_notice(user_id: int) -> View:
    """Return the neutral line that stands in the channel; nothing in it tells why, or quotes the prompt."""
    line = _("The video service turned this request down. {member} can see the reason.", member=f"<@{user_id}>")
    return View(Tone.REFUSED, (_("### 🚫 No video this time"), line), actions=("details",))


@dataclass(frozen=True, slots=True)
class RefusalCost:
    """What a refusal costs. ``charged``: the service is known to charge for it; ``counted``: the server counts it."""

    charged: bool
    counted: bool


def refusal_details(outcome: Outcome, prompt: str, terms: RefusalCost) -> View:
    """
    Return what the member who asked is told: what was checked, what to change, and what it cost.

    Raises KeyError for an outcome that is no refusal.
    """
    return _details(outcome, terms, f"> {quote(prompt)}")


def refusal_in_public(outcome: Outcome, user_id: int, terms: RefusalCost) -> View:
    """Return the same for the channel, where the server wants the reasons to stand there; without the prompt."""
    return _details(outcome, terms, _("-# {member} asked for this", member=f"<@{user_id}>"))


def _details(outcome: Outcome, terms: RefusalCost, last: str) -> View:
    refusal = _REFUSALS[outcome]
    cost = _(_COUNTED if terms.counted else _UNCOUNTED) + (f" {_(_CHARGED)}" if terms.charged else "")
    return View(
        Tone.REFUSED,
        (
            f"### 🚫 {_(refusal.title)}",
            f"**{_('What was checked')}**\n{_(refusal.checked)}",
            f"**{_('What to change')}**\n{_(refusal.change)}",
            f"-# {cost}",
            last,
        ),
        actions=refusal.actions,
    )


def review_lines() -> list[str]:
    """Return what each of the three reviews looks for, in a line."""
    return [
        _("**The picture**: no real people, and nobody who looks too much like one."),
        _(
            "**The prompt**: no violence, no sexual content, no brands or characters of others, no living people by "
            "name."
        ),
        _("**The finished video**: looked at once more, so a no may still come after more than 90 %."),
    ]

"""The words of **Video details**: one request as a server's moderators look at it, and what they did about it."""

from __future__ import annotations

from datetime import datetime

from bot.blocks_texts import block_words
from bot.desk import Block
from bot.models import Delivery, JobRecord, Outcome, State
from bot.outcomes import OUTCOME_WORDS
from bot.view import Tone, View, duration, money, quote

PROMPT_SHOWN = 1400  # characters; escaped they may be twice as many
MANY_REFUSED = 10  # refused prompts that are not counted any further

NOT_MINE = (
    "This message shows no video of mine. Choose **Video details** on the reply that a video, or its refusal, is in."
)
NOT_LOOKED_AFTER = "I was restarted and am about to look after this video. Please try once more in a moment."
ALREADY_GONE = "That reply was gone already."
NOT_ALLOWED_TO_DELETE = (
    "Discord does not let me delete it: I cannot see that channel any more. Give me **View Channel** there, or delete "
    "the message by hand."
)
NOT_DELETED = "Discord did not delete it just now. Please try again in a moment."

_DELIVERIES = {
    Delivery.REPLY: "shown in the reply",
    Delivery.MESSAGE: "shown in a new message, since the reply was gone",
    Delivery.INBOX: "sent to their direct messages, since the reply could not be reached",
    Delivery.KEPT: "kept until their next `/video` or `/quota`, since no way to them was open",
    Delivery.DROPPED: "not shown, since the reply was gone",
}


def details_view(record: JobRecord, model: str, block: Block | None, refused: int) -> View:
    """
    Return one request with all that moderators may know of it.

    ``model`` is its label; ``block`` is the member's, if one is in force; ``refused`` counts their prompts that were
    refused in the last 24 hours, up to ``MANY_REFUSED``.
    """
    prompt = quote(record.prompt, PROMPT_SHOWN) if record.prompt else "*The prompt was erased.*"
    asked = f"<@{record.user_id}> asked for this {_at(record.created_at, 'f')} · [go to it]({jump_link(record)})"
    facts = [
        f"**Model** {quote(model, 100)}",
        f"**Outcome** {_outcome(record)}",
        f"**Cost** {_cost(record)}",
        f"**When** {_times(record)}",
        f"**Member** {_member(block, refused)}",
    ]
    notes = () if record.outcome else ("-# It has not ended yet: deleting its reply cancels it.",)
    paragraphs = ("### 🔎 Video details", f"{asked}\n> {prompt}", "\n".join(facts), *notes)
    return View(_tone(record), paragraphs, actions=("delete", "block"))


def jump_link(record: JobRecord) -> str:
    """Return the link that leads to the message in which a job is shown."""
    return f"https://discord.com/channels/{record.guild_id}/{record.channel_id}/{record.message_id}"


def outcome_words(record: JobRecord) -> str:
    """Return how a job ended, or where it is."""
    if record.outcome:
        return OUTCOME_WORDS[record.outcome]
    return "waiting for its turn" if record.state is State.QUEUED else "being made now"


def deleted_words(problem: str, *, cancelled: bool) -> str:
    """Return what a moderator is told who had a reply deleted; ``problem`` is why it was not, "" if it was."""
    if problem:
        return f"⏹️ The video was cancelled. {problem}" if cancelled else problem
    return "🗑️ The video was cancelled, and its reply is deleted." if cancelled else "🗑️ The reply is deleted."


def delete_line(moderator_id: int, record: JobRecord, *, cancelled: bool, deleted: bool) -> str:
    """Return the line for the server's log about a video that was cancelled, or whose reply was deleted, or both."""
    what = "deleted the reply of a video"
    if cancelled:
        what = "cancelled a video and deleted its reply" if deleted else "cancelled a video"
    return f"🗑️ <@{moderator_id}> {what} in <#{record.channel_id}> that <@{record.user_id}> had asked for."


def _outcome(record: JobRecord) -> str:
    words = outcome_words(record)
    if not record.outcome:
        return words
    return f"{words}, {_DELIVERIES[record.delivery] if record.delivery else 'being shown right now'}"


def _cost(record: JobRecord) -> str:
    if not record.cost:
        return "nothing"
    return money(record.cost) if record.outcome else f"{money(record.cost)}, reserved until it ends"


def _times(record: JobRecord) -> str:
    times = [f"asked {_at(record.created_at, 'T')}"]
    if record.started_at:
        times.append(f"started {_at(record.started_at, 'T')}")
    if record.finished_at:
        times.append(f"ended {_at(record.finished_at, 'T')} · {duration(record.seconds)} in all")
    return " · ".join(times)


def _member(block: Block | None, refused: int) -> str:
    standing = block_words(block) if block else "not blocked"
    if not refused:
        return standing
    count = f"{refused} or more" if refused >= MANY_REFUSED else str(refused)
    return f"{standing} · {count} refused prompt{'s' * (refused > 1)} in 24 h"


def _at(moment: datetime, style: str) -> str:
    return f"<t:{int(moment.timestamp())}:{style}>"


def _tone(record: JobRecord) -> Tone:
    if record.outcome is None:
        return Tone.WORKING
    if record.outcome is Outcome.SUCCESS:
        return Tone.GOOD
    return Tone.REFUSED if record.outcome.is_refusal else Tone.NEUTRAL

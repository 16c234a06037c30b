"""The words of blocks and pauses, for moderators and for the member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.i18n.translation import N_, _, ngettext
from bot.models import DiscordLimits
from bot.policy.blocks import KINORA, Block
from bot.texts.punctuation import joined_sentences
from bot.texts.view import Tone, View, quote, timestamp

# How long a moderator may block a member, by the words they choose from. A century means forever.
LENGTHS = {
    N_("1 hour"): timedelta(hours=1),
    N_("1 day"): timedelta(days=1),
    N_("7 days"): timedelta(days=7),
    N_("30 days"): timedelta(days=30),
    N_("indefinitely"): timedelta(days=36525),
}
MAX_REASON = 200  # characters
LIFT_BLOCK = N_("Unblock a member")
NOT_YOURSELF = N_("You can't block yourself.")
NOT_THE_OWNER = N_("You can't block the owner of this server.")
NOT_A_MEMBER = N_("Bots can't make videos, so there is nothing to block.")
_FOR_GOOD = timedelta(days=3650)  # a block that is longer has no end worth naming
_SHOWN = DiscordLimits.TEXT - 800  # characters of one list


def block_words(block: Block) -> str:
    """Return how a moderator reads of a block: for how long, by whom, and why."""
    facts = _facts(block)
    if block.by == KINORA:
        return _("paused by Kinora until {time} ({when}) after several refused prompts", **facts)
    words = _("blocked until {time} ({when}) by {moderator}", **facts)
    if _is_for_good(block):
        words = _("blocked indefinitely by {moderator}", **facts)
    return words + (" · " + _("reason: {reason}", reason=quote(block.reason, MAX_REASON)) if block.reason else "")


def own_block_words(block: Block) -> str:
    """Return how the member reads of their own block."""
    facts = _facts(block)
    if block.by == KINORA:
        return _(
            "⏸️ You are paused here until {time} ({when}): refused prompts can cost the bot its account.",
            **facts,
        )
    words = _("⛔ A moderator blocked you from making videos until {time} ({when}).", **facts)
    if _is_for_good(block):
        words = _("⛔ A moderator blocked you from making videos here.")
    return joined_sentences(words, _reason(block))


def blocks_view(blocks: Sequence[Block], note: str = "") -> View:
    """Return the list of a server's blocks, the first to end at the top; ``note`` says what was just done."""
    head = _("### ⛔ Blocked members")
    notes = (note,) if note else ()
    if not blocks:
        return View(Tone.NEUTRAL, (head, *notes, _("No one is blocked here.")))
    lines: list[str] = []
    for block in blocks:
        line = f"- <@{block.user_id}> {block_words(block)}"
        if sum(map(len, lines)) + len(line) > _SHOWN:
            lines.append(
                ngettext(
                    "- and {count} more; choose them below",
                    "- and {count} more; choose them below",
                    len(blocks) - len(lines),
                )
            )
            break
        lines.append(line)
    return View(Tone.NEUTRAL, (head, *notes, "\n".join(lines)))


def blocked_view(block: Block) -> View:
    """Return what a moderator is told who has blocked a member."""
    head = _("⛔ {member} is {blocked}", member=f"<@{block.user_id}>", blocked=block_words(block))
    hint = _("-# They can't start videos and are told why. Videos in progress go on. All blocks: `/blocks list`.")
    return View(Tone.GOOD, (head, hint))


def lifted_words(user_id: int, *, found: bool) -> str:
    """Return what a moderator is told who has lifted a member's block; ``found``: there was one."""
    member = f"<@{user_id}>"
    if found:
        return _("🔓 {member} can make videos again.", member=member)
    return _("{member} isn't blocked here.", member=member)


def block_line(block: Block) -> str:
    """Return the line about a new block for the server's log."""
    facts = _facts(block)
    line = _("⛔ {moderator} blocked {member} until {time} ({when}).", **facts)
    if _is_for_good(block):
        line = _("⛔ {moderator} blocked {member} indefinitely.", **facts)
    return joined_sentences(line, _reason(block))


def lift_line(moderator_id: int, user_id: int) -> str:
    """Return the line about a lifted block for the server's log."""
    moderator, member = f"<@{moderator_id}>", f"<@{user_id}>"
    return _("🔓 {moderator} unblocked {member}.", moderator=moderator, member=member)


def _reason(block: Block) -> str:
    return _("Reason: {reason}", reason=quote(block.reason, MAX_REASON)) if block.reason else ""


def _is_for_good(block: Block) -> bool:
    return block.until - block.at > _FOR_GOOD


def _facts(block: Block) -> dict[str, str]:
    """Return the values for the sentences about a block; ``when`` says how far away its end is."""
    time, when = timestamp(block.until), timestamp(block.until, "R")
    return {"moderator": f"<@{block.by}>", "member": f"<@{block.user_id}>", "time": time, "when": when}

"""The words about members who may not ask for videos for a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.desk import KINORA, Block
from bot.view import Tone, View, quote

# How long a moderator may block a member, by the words they choose from. A century stands for ever.
LENGTHS = {
    "1 hour": timedelta(hours=1),
    "1 day": timedelta(days=1),
    "7 days": timedelta(days=7),
    "30 days": timedelta(days=30),
    "for good": timedelta(days=36525),
}
MAX_REASON = 200  # characters
NOT_A_MEMBER = "Bots cannot ask for videos, so there is nothing to block."
_FOR_GOOD = timedelta(days=3650)  # a block that is longer has no end worth naming
_SHOWN = 3200  # characters of one list; Discord takes 4000 in one message, for all of its text


def block_span(block: Block) -> str:
    """Return for how long a block holds: until a time, as Discord shows it to each reader, or for good."""
    if block.until - block.at > _FOR_GOOD:
        return "for good"
    until = int(block.until.timestamp())
    return f"until <t:{until}:f> (<t:{until}:R>)"


def block_words(block: Block) -> str:
    """Return how a moderator reads of a block: for how long, by whom, and why."""
    if block.by == KINORA:
        return f"paused {block_span(block)} by Kinora, for prompts that were refused again and again"
    why = f" · reason: {quote(block.reason, MAX_REASON)}" if block.reason else ""
    return f"blocked {block_span(block)} by <@{block.by}>{why}"


def own_block_words(block: Block) -> str:
    """Return how the member reads of their own block."""
    if block.by == KINORA:
        return (
            f"⏸️ You are paused here {block_span(block)}: the video service turned several of your prompts down, and it "
            "closes accounts over that."
        )
    return f"⛔ A moderator has blocked you from making videos here {block_span(block)}.{_reason(block)}"


def blocks_view(blocks: Sequence[Block], note: str = "") -> View:
    """Return the list of a server's blocks, the first to end at the top; ``note`` says what was just done."""
    head = "### ⛔ Blocked from making videos"
    notes = (note,) if note else ()
    if not blocks:
        return View(Tone.NEUTRAL, (head, *notes, "Nobody is blocked here."))
    lines: list[str] = []
    for block in blocks:
        line = f"- <@{block.user_id}> {block_words(block)}"
        if sum(map(len, lines)) + len(line) > _SHOWN:
            lines.append(f"- and {len(blocks) - len(lines)} more, who can be chosen below all the same")
            break
        lines.append(line)
    return View(Tone.NEUTRAL, (head, *notes, "\n".join(lines)))


def blocked_view(block: Block) -> View:
    """Return what a moderator is told who has blocked a member."""
    return View(
        Tone.GOOD,
        (
            f"⛔ <@{block.user_id}> is {block_words(block)}",
            "-# New requests are refused, with the reason and the time. What is being made already goes on. "
            "`/blocks list` shows and lifts all blocks.",
        ),
    )


def lifted_words(user_id: int, *, found: bool) -> str:
    """Return what a moderator is told who has lifted a member's block; ``found``: there was one."""
    return f"🔓 <@{user_id}> may make videos again." if found else f"<@{user_id}> is not blocked here."


def block_line(block: Block) -> str:
    """Return the line about a new block for the server's log."""
    return f"⛔ <@{block.by}> blocked <@{block.user_id}> {block_span(block)}.{_reason(block)}"


def lift_line(moderator_id: int, user_id: int) -> str:
    """Return the line about a lifted block for the server's log."""
    return f"🔓 <@{moderator_id}> lifted the block of <@{user_id}>."


def _reason(block: Block) -> str:
    return f" Reason: {quote(block.reason, MAX_REASON)}" if block.reason else ""

"""The lines that Kinora itself writes into a server's log channel."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.translation import _, money
from bot.models import Finished, JobRecord, VideoModel, jump_link
from bot.policy.blocks import Block
from bot.texts.model_label import model_label
from bot.texts.outcomes import outcome_words, sign
from bot.texts.view import duration, timestamp


def ended_line(record: JobRecord, finished: Finished, models: Sequence[VideoModel]) -> str:
    """Return the line about a job that ended, without its prompt; ``models`` are those on offer."""
    link = jump_link(record.guild_id, record.channel_id, record.message_id)
    price = f" · {money(finished.cost)}" if finished.cost else ""
    if finished.cost and finished.unconfirmed:
        price = f" · {_('{cost} unconfirmed', cost=money(finished.cost))}"
    words = outcome_words(finished.outcome)
    return (
        f"{sign(finished.outcome)} <@{record.user_id}> · {words} · {model_label(record.model, models)}{price} · "
        f"{duration(finished.seconds)} · {link}"
    )


def paused_line(pause: Block) -> str:
    """Return the line about a member whose prompts were refused again and again."""
    return _(
        "⏸️ {member} is paused until {time} after several refused prompts. Lift it with `/blocks lift`.",
        member=f"<@{pause.user_id}>",
        time=timestamp(pause.until, "t"),
    )

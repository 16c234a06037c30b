"""The words of **Video details**: one request as moderators see it, and what they did about it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.translation import N_, _, money, ngettext
from bot.models import Delivery, JobRecord, Outcome, VideoModel
from bot.policy.blocks import Block
from bot.texts.blocks import block_words
from bot.texts.model_label import model_label
from bot.texts.outcomes import state_words
from bot.texts.punctuation import joined_sentences
from bot.texts.view import Tone, View, duration, jump_link, quote, timestamp

PROMPT_SHOWN = 1400  # characters; escaped they may be twice as many
MANY_REFUSED = 10  # refused prompts that are not counted any further

NOT_MINE = N_("There is no video of mine here. Use **Video details** on one of my video replies.")
ALREADY_GONE = N_("That reply is already gone.")
NOT_ALLOWED_TO_DELETE = N_("I can't delete it without **View Channel** there. Give it to me, or delete it yourself.")
NOT_DELETED = N_("Discord didn't delete it. Please try again in a moment.")

_DELIVERIES = {
    Delivery.REPLY: N_("shown in the reply"),
    Delivery.MESSAGE: N_("shown in a new message, as the reply was gone"),
    Delivery.INBOX: N_("sent as a direct message, as the reply was gone"),
    Delivery.KEPT: N_("kept until their next `/video` or `/quota`"),
    Delivery.DROPPED: N_("not shown, as the reply was gone"),
}


def details_view(record: JobRecord, models: Sequence[VideoModel], block: Block | None, refused: int) -> View:
    """
    Return one request with all that moderators may know of it.

    ``models`` are those on offer; ``block`` is the member's, if one is in force; ``refused`` counts their prompts that
    were refused in the last 24 hours, up to ``MANY_REFUSED``.
    """
    prompt = quote(record.prompt, PROMPT_SHOWN) if record.prompt else _("*The prompt was erased.*")
    asked = _("{member} asked {time}", member=f"<@{record.user_id}>", time=timestamp(record.created_at))
    asked += f" · [{_('open')}]({jump_link(record.guild_id, record.channel_id, record.message_id)})"
    facts = [
        f"**{_('Model')}** {model_label(record.model, models, 100)}",
        f"**{_('Result')}** {_outcome(record)}",
        f"**{_('Cost')}** {_cost(record)}",
        f"**{_('When')}** {_times(record)}",
        f"**{_('Member')}** {_member(block, refused)}",
    ]
    notes = () if record.outcome else (_("-# Still in progress: deleting its reply cancels it."),)
    paragraphs = (_("### 🔎 Video details"), f"{asked}\n> {prompt}", "\n".join(facts), *notes)
    return View(_tone(record), paragraphs, actions=("delete", "block"))


def deleted_words(problem: str, *, cancelled: bool) -> str:
    """Return what a moderator is told who had a reply deleted; ``problem`` is why it was not, "" if it was."""
    if problem:
        return joined_sentences(_("⏹️ Video cancelled.") if cancelled else "", _(problem))
    return _("🗑️ Video cancelled and its reply deleted.") if cancelled else _("🗑️ Reply deleted.")


def delete_line(moderator_id: int, record: JobRecord, *, cancelled: bool, deleted: bool) -> str:
    """Return the line for the server's log about a video that was cancelled, or whose reply was deleted, or both."""
    line = N_("🗑️ {moderator} deleted a reply of {member} in {channel}.")
    if cancelled and deleted:
        line = N_("🗑️ {moderator} cancelled and deleted a video of {member} in {channel}.")
    elif cancelled:
        line = N_("🗑️ {moderator} cancelled a video of {member} in {channel}.")
    channel, member = f"<#{record.channel_id}>", f"<@{record.user_id}>"
    return _(line, moderator=f"<@{moderator_id}>", channel=channel, member=member)


def _outcome(record: JobRecord) -> str:
    words = state_words(record)
    if not record.outcome:
        return words
    shown = _(_DELIVERIES[record.delivery]) if record.delivery else _("being shown now")
    return _("{outcome}, {delivery}", outcome=words, delivery=shown)


def _cost(record: JobRecord) -> str:
    price = _price(record)
    if record.service_cost is None:
        return price
    return _("{price}; the video service says {cost}", price=price, cost=money(record.service_cost))


def _price(record: JobRecord) -> str:
    if not record.cost:
        return _("nothing")
    cost = money(record.cost)
    if record.unconfirmed:
        return _("{cost}, unconfirmed: it failed after it was sent", cost=cost)
    return cost if record.outcome else _("{cost}, reserved until it ends", cost=cost)


def _times(record: JobRecord) -> str:
    times = [_("asked {time}", time=timestamp(record.created_at, "T"))]
    if record.started_at:
        times.append(_("started {time}", time=timestamp(record.started_at, "T")))
    if record.finished_at:
        times.append(_("ended {time}", time=timestamp(record.finished_at, "T")))
        times.append(_("{duration} in total", duration=duration(record.seconds)))
    return " · ".join(times)


def _member(block: Block | None, refused: int) -> str:
    standing = block_words(block) if block else _("not blocked")
    if not refused:
        return standing
    count = ngettext("{count} refused prompt in 24 h", "{count} refused prompts in 24 h", refused)
    if refused >= MANY_REFUSED:
        count = ngettext("{count}+ refused prompt in 24 h", "{count}+ refused prompt in 24 h", refused)
    return f"{standing} · {count}"


def _tone(record: JobRecord) -> Tone:
    if record.outcome is None:
        return Tone.WORKING
    if record.outcome is Outcome.SUCCESS:
        return Tone.GOOD
    return Tone.REFUSED if record.outcome.is_refusal else Tone.NEUTRAL

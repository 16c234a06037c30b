"""What a member is told whose request is not admitted: which rule it was, and when it may pass."""

from __future__ import annotations

from bot.i18n.translation import _, format_or, money, ngettext
from bot.policy.admission import Denial, DenialReason
from bot.texts.view import duration, quote, timestamp

_NAMED = 10  # channels, roles or models that are named as possible
_COUNTED = (DenialReason.AT_ONCE, DenialReason.VIDEOS_DAY, DenialReason.VIDEOS_MONTH)


def denial_sentence(denial: Denial) -> str:
    """Return the sentences for the member who asked, in Discord's Markdown."""
    sentences = [_why(denial), _from_then_on(denial), _("Nothing was started and nothing was counted.")]
    return " ".join(sentence for sentence in sentences if sentence)


def _why(denial: Denial) -> str:
    match denial.reason:
        case DenialReason.GUILD:
            return _("Whoever hosts Kinora does not offer it on this server.")
        case DenialReason.BLOCKED:
            why = _("A moderator of this server has blocked you from making videos.")
            return f"{why} {_('The reason given: {reason}.', reason=quote(denial.note))}" if denial.note else why
        case DenialReason.PAUSED:
            return _(
                "The video service turned several of your prompts down, and it closes accounts over that, so you are "
                "paused for a while."
            )
        case DenialReason.CHANNEL:
            channels = _instead([f"<#{channel}>" for channel in denial.allowed])
            return _("Videos are not made in this channel. Try {channels}.", channels=channels)
        case DenialReason.ROLE:
            roles = _instead([f"<@&{role}>" for role in denial.allowed])
            return _("Videos are for members with a certain role here. It is {roles}.", roles=roles)
        case DenialReason.MODEL:
            models = _instead([quote(str(name), 100) for name in denial.allowed])
            return _("This server does not allow that model. Choose {models}.", models=models)
        case DenialReason.COOLDOWN:
            return _("There have to be {time} between two of your requests.", time=duration(denial.limit))
        case DenialReason.AT_ONCE | DenialReason.VIDEOS_DAY | DenialReason.VIDEOS_MONTH:
            return _too_many(denial) if denial.limit else _nothing_allowed(denial)
        case DenialReason.MONEY_DAY | DenialReason.MONEY_MONTH:
            return _too_dear(denial)


def _nothing_allowed(denial: Denial) -> str:
    if denial.server_wide:
        return _("Videos are switched off on this server: its managers set that limit to none.")
    return _("Videos are switched off for you here: its managers set that limit to none.")


def _too_many(denial: Denial) -> str:
    most = denial.limit
    match denial.reason, denial.server_wide:
        case DenialReason.AT_ONCE, True:
            return ngettext(
                "{count} video of this server may be in the making at once. Please wait until one has ended.",
                "{count} videos of this server may be in the making at once. Please wait until one has ended.",
                most,
            )
        case DenialReason.AT_ONCE, False:
            return ngettext(
                "{count} video of yours may be in the making at once. Please wait until one has ended.",
                "{count} videos of yours may be in the making at once. Please wait until one has ended.",
                most,
            )
        case DenialReason.VIDEOS_DAY, True:
            return ngettext(
                "This server has used all {count} video of this day (UTC).",
                "This server has used all {count} videos of this day (UTC).",
                most,
            )
        case DenialReason.VIDEOS_DAY, False:
            return ngettext(
                "You have used all {count} video of this day (UTC).",
                "You have used all {count} videos of this day (UTC).",
                most,
            )
        case _month, True:
            return ngettext(
                "This server has used all {count} video of this month (UTC).",
                "This server has used all {count} videos of this month (UTC).",
                most,
            )
        case _:
            return ngettext(
                "You have used all {count} video of this month (UTC).",
                "You have used all {count} videos of this month (UTC).",
                most,
            )


def _too_dear(denial: Denial) -> str:
    budget, of_day = money(denial.limit), denial.reason is DenialReason.MONEY_DAY
    if denial.server_wide:
        if of_day:
            return _("This video would pass this server's budget of {budget} for this day (UTC).", budget=budget)
        return _("This video would pass this server's budget of {budget} for this month (UTC).", budget=budget)
    if of_day:
        return _("This video would pass your budget of {budget} for this day (UTC).", budget=budget)
    return _("This video would pass your budget of {budget} for this month (UTC).", budget=budget)


def _instead(names: list[str]) -> str:
    if more := len(names[_NAMED:]):
        names = [*names[:_NAMED], ngettext("one of {count} more", "one of {count} more", more)]
    return format_or(names)


def _from_then_on(denial: Denial) -> str:
    moment = denial.retry_at
    if moment is None or (denial.limit == 0 and denial.reason in _COUNTED):
        return ""
    return _("You can ask again {when} ({time}).", when=timestamp(moment, "R"), time=timestamp(moment))

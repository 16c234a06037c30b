"""What a member is told whose request is not admitted: which rule it was, and when it may pass."""

from __future__ import annotations

from bot.i18n.translation import _, duration, either, many, money
from bot.policy.admission import Denial, Reason
from bot.texts.view import quote, timestamp

_NAMED = 10  # channels, roles or models that are named as possible
_COUNTED = (Reason.AT_ONCE, Reason.VIDEOS_DAY, Reason.VIDEOS_MONTH)


def denial_sentence(denial: Denial) -> str:
    """Return the sentences for the member who asked, in Discord's Markdown."""
    sentences = [_why(denial), _from_then_on(denial), _("Nothing was started and nothing was counted.")]
    return " ".join(sentence for sentence in sentences if sentence)


def _why(denial: Denial) -> str:
    match denial.reason:
        case Reason.GUILD:
            return _("Whoever hosts Kinora does not offer it on this server.")
        case Reason.BLOCKED:
            why = _("A moderator of this server has blocked you from making videos.")
            return f"{why} {_('The reason given: {reason}.', reason=quote(denial.note))}" if denial.note else why
        case Reason.PAUSED:
            return _(
                "The video service turned several of your prompts down, and it closes accounts over that, so you are "
                "paused for a while."
            )
        case Reason.CHANNEL:
            channels = _instead([f"<#{channel}>" for channel in denial.allowed])
            return _("Videos are not made in this channel. Try {channels}.", channels=channels)
        case Reason.ROLE:
            roles = _instead([f"<@&{role}>" for role in denial.allowed])
            return _("Videos are for members with a certain role here. It is {roles}.", roles=roles)
        case Reason.MODEL:
            models = _instead([quote(str(name), 100) for name in denial.allowed])
            return _("This server does not allow that model. Choose {models}.", models=models)
        case Reason.COOLDOWN:
            return _("There have to be {time} between two of your requests.", time=duration(denial.most))
        case Reason.AT_ONCE | Reason.VIDEOS_DAY | Reason.VIDEOS_MONTH:
            return _too_many(denial) if denial.most else _nothing_allowed(denial)
        case Reason.MONEY_DAY | Reason.MONEY_MONTH:
            return _too_dear(denial)


def _nothing_allowed(denial: Denial) -> str:
    if denial.of_server:
        return _("Videos are switched off on this server: its managers set that limit to none.")
    return _("Videos are switched off for you here: its managers set that limit to none.")


def _too_many(denial: Denial) -> str:
    most = denial.most
    match denial.reason, denial.of_server:
        case Reason.AT_ONCE, True:
            return many(
                "{count} video of this server may be in the making at once. Please wait until one has ended.",
                "{count} videos of this server may be in the making at once. Please wait until one has ended.",
                most,
            )
        case Reason.AT_ONCE, False:
            return many(
                "{count} video of yours may be in the making at once. Please wait until one has ended.",
                "{count} videos of yours may be in the making at once. Please wait until one has ended.",
                most,
            )
        case Reason.VIDEOS_DAY, True:
            return many(
                "This server has used all {count} video of this day (UTC).",
                "This server has used all {count} videos of this day (UTC).",
                most,
            )
        case Reason.VIDEOS_DAY, False:
            return many(
                "You have used all {count} video of this day (UTC).",
                "You have used all {count} videos of this day (UTC).",
                most,
            )
        case _month, True:
            return many(
                "This server has used all {count} video of this month (UTC).",
                "This server has used all {count} videos of this month (UTC).",
                most,
            )
        case _:
            return many(
                "You have used all {count} video of this month (UTC).",
                "You have used all {count} videos of this month (UTC).",
                most,
            )


def _too_dear(denial: Denial) -> str:
    budget, of_day = money(denial.most), denial.reason is Reason.MONEY_DAY
    if denial.of_server:
        if of_day:
            return _("This video would pass this server's budget of {budget} for this day (UTC).", budget=budget)
        return _("This video would pass this server's budget of {budget} for this month (UTC).", budget=budget)
    if of_day:
        return _("This video would pass your budget of {budget} for this day (UTC).", budget=budget)
    return _("This video would pass your budget of {budget} for this month (UTC).", budget=budget)


def _instead(names: list[str]) -> str:
    if more := len(names[_NAMED:]):
        names = [*names[:_NAMED], many("one of {count} more", "one of {count} more", more)]
    return either(names)


def _from_then_on(denial: Denial) -> str:
    moment = denial.frees_at
    if moment is None or (denial.most == 0 and denial.reason in _COUNTED):
        return ""
    return _("You can ask again {when} ({time}).", when=timestamp(moment, "R"), time=timestamp(moment))

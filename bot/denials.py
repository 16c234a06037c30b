"""What a member is told whose request is not admitted: which rule it was, and when it may pass."""

from __future__ import annotations

from datetime import datetime

from bot.desk import Denial, Reason
from bot.view import duration, money, quote

_NAMED = 10  # channels, roles or models that are named as possible


def denial_sentence(denial: Denial) -> str:
    """Return the sentences for the member who asked, in Discord's Markdown."""
    return f"{_why(denial)} Nothing was started and nothing was counted."


def _why(denial: Denial) -> str:
    who = "This server has" if denial.of_server else "You have"
    again = _from_then_on(denial.frees_at)
    match denial.reason:
        case Reason.GUILD:
            return "Whoever hosts Kinora does not offer it on this server."
        case Reason.BLOCKED:
            why = f" The reason given: {quote(denial.note)}." if denial.note else ""
            return f"A moderator of this server has blocked you from making videos.{why}{again}"
        case Reason.PAUSED:
            return (
                "The video service turned several of your prompts down, and it closes accounts over that, so you are "
                f"paused for a while.{again}"
            )
        case Reason.CHANNEL:
            return f"Videos are not made in this channel. {_instead('Try', [f'<#{c}>' for c in denial.allowed])}"
        case Reason.ROLE:
            return f"Videos are for members with a certain role here. {_instead('It is', _roles(denial))}"
        case Reason.MODEL:
            names = [quote(str(name), 100) for name in denial.allowed]
            return f"This server does not allow that model. {_instead('Choose', names)}"
        case Reason.COOLDOWN:
            return f"There have to be {duration(denial.most)} between two of your requests.{again}"
        case Reason.AT_ONCE:
            whose = "of this server" if denial.of_server else "of yours"
            if denial.most == 0:
                return _nothing_allowed(denial)
            return f"{_videos(denial.most)} {whose} may be in the making at once. Please wait until one has ended."
        case Reason.VIDEOS_DAY | Reason.VIDEOS_MONTH:
            if denial.most == 0:
                return _nothing_allowed(denial)
            return f"{who} used all {_videos(denial.most)} of this {_span(denial)}.{again}"
        case Reason.MONEY_DAY | Reason.MONEY_MONTH:
            whose = "this server's" if denial.of_server else "your"
            return f"This video would pass {whose} budget of {money(denial.most)} for this {_span(denial)}.{again}"


def _nothing_allowed(denial: Denial) -> str:
    whom = "on this server" if denial.of_server else "for you here"
    return f"Videos are switched off {whom}: its managers set that limit to none."


def _span(denial: Denial) -> str:
    return "day (UTC)" if denial.reason in (Reason.VIDEOS_DAY, Reason.MONEY_DAY) else "month (UTC)"


def _videos(count: int) -> str:
    return "1 video" if count == 1 else f"{count} videos"


def _roles(denial: Denial) -> list[str]:
    return [f"<@&{role}>" for role in denial.allowed]


def _instead(verb: str, names: list[str]) -> str:
    more = f" or one of {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{verb} {' or '.join(names[:_NAMED])}{more}."


def _from_then_on(moment: datetime | None) -> str:
    if moment is None:
        return ""
    seconds = int(moment.timestamp()) + (moment.microsecond > 0)  # never named before it is true
    return f" You can ask again <t:{seconds}:R> (<t:{seconds}:f>)."

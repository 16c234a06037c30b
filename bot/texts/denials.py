"""What a member is told whose request is not admitted: which rule it was, and when it may pass."""

from __future__ import annotations

from bot.i18n.translation import _, format_or, ngettext
from bot.policy.admission import Denial, DenialReason, DenialScope
from bot.policy.limit_kinds import LimitKind, Unit
from bot.texts.limit_words import denial_words
from bot.texts.model_label import model_label
from bot.texts.policy import KnownServer
from bot.texts.view import quote, timestamp

_NAMED = 10  # channels, roles or models that are named as possible


def denial_sentence(denial: Denial, here: KnownServer | None = None) -> str:
    """Return the sentences for the member who asked, in Discord's Markdown; ``here`` tells what is gone."""
    why = _why(denial, here or KnownServer())
    sentences = [why, _from_then_on(denial), _("Nothing was started and nothing was counted.")]
    return " ".join(sentence for sentence in sentences if sentence)


def _why(denial: Denial, here: KnownServer) -> str:
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
            channels = _instead(here.channel_names(map(int, denial.allowed)))
            return _("Videos are not made in this channel. Try {channels}.", channels=channels)
        case DenialReason.AGE_RESTRICTED:
            return _("On this server videos are made only in channels that are marked as age-restricted.")
        case DenialReason.ROLE:
            roles = _instead(here.role_names(map(int, denial.allowed)))
            return _("Videos are for members with a certain role here. It is {roles}.", roles=roles)
        case DenialReason.MODEL:
            models = _instead([model_label(str(name), here.models) for name in denial.allowed])
            return _("This server does not allow that model. Choose {models}.", models=models)
        case DenialReason.MODEL_RESTRICTED:
            why = _("That model is only for channels that are marked as age-restricted.")
            models = _instead([model_label(str(name), here.models) for name in denial.allowed])
            return f"{why} {_('Elsewhere, choose {models}.', models=models)}" if models else why
        case DenialReason.ABSENT:
            return _("Kinora is no longer on this server.")
        case DenialReason.NO_LINK:
            return _("The video service fetches pictures from Discord, which no longer hands yours out.")
        case DenialReason.NOT_OFFERED:
            models = _instead([model_label(str(name), here.models) for name in denial.allowed])
            return _("Whoever hosts Kinora no longer offers that model. Choose {models}.", models=models)
        case kind if not _none_allowed(denial):
            return denial_words(kind, denial.limit, denial.scope)
    if denial.scope is DenialScope.OPERATOR:
        return _("Whoever hosts Kinora makes no new videos for now, on any server.")
    if denial.scope is DenialScope.SERVER:
        return _("Videos are switched off on this server: its managers set that limit to none.")
    return _("Videos are switched off for you here: its managers set that limit to none.")


def _none_allowed(denial: Denial) -> bool:
    """Whether no time will bring the request through: its limit is none at all."""
    if not isinstance(denial.reason, LimitKind) or denial.limit:
        return False
    return denial.reason.unit is Unit.VIDEOS or denial.scope is DenialScope.OPERATOR


def _instead(names: list[str]) -> str:
    if more := len(names[_NAMED:]):
        names = [*names[:_NAMED], ngettext("one of {count} more", "one of {count} more", more)]
    return format_or(names)


def _from_then_on(denial: Denial) -> str:
    moment = denial.retry_at
    if moment is None or _none_allowed(denial):
        return ""
    return _("You can ask again {when} ({time}).", when=timestamp(moment, "R"), time=timestamp(moment))

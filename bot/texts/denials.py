"""What a member is told whose request is not admitted: which rule it was, and when it may pass."""

from __future__ import annotations

from bot.i18n.translation import _, format_or, ngettext
from bot.policy.admission import Denial, DenialReason, DenialScope
from bot.policy.limit_kinds import LimitKind, Unit
from bot.policy.word_list import LONGEST_WORD
from bot.texts.limit_words import denial_words
from bot.texts.model_label import model_label
from bot.texts.policy import KnownServer
from bot.texts.punctuation import joined_sentences
from bot.texts.view import quote, timestamp

_NAMED = 10  # channels, roles or models that are named as possible


def denial_sentence(denial: Denial, here: KnownServer | None = None) -> str:
    """Return the sentences for the member who asked, in Discord's Markdown; ``here`` tells what is gone."""
    why = _why(denial, here or KnownServer())
    return joined_sentences(why, _from_then_on(denial), _("This didn't use up a video."))


def _why(denial: Denial, here: KnownServer) -> str:
    match denial.reason:
        case DenialReason.GUILD:
            return _("The bot's owner doesn't offer videos on this server.")
        case DenialReason.SERVER_PAUSED:
            why = _("New videos are paused on this server until a moderator resumes them.")
            if denial.retry_at:
                why = _("New videos are paused on this server.")
            return joined_sentences(why, _reason(denial))
        case DenialReason.BLOCKED:
            return joined_sentences(_("A moderator blocked you from making videos here."), _reason(denial))
        case DenialReason.PAUSED:
            return _("You are paused for a while: refused prompts can cost the bot its account.")
        case DenialReason.CHANNEL:
            channels = _instead(here.channel_names(map(int, denial.allowed)))
            return _("Videos can't be made in this channel. Try {channels}.", channels=channels)
        case DenialReason.AGE_RESTRICTED:
            return _("Videos can only be made in age-restricted channels here.")
        case DenialReason.ROLE:
            roles = _instead(here.role_names(map(int, denial.allowed)))
            return _("Only members with this role can make videos: {roles}.", roles=roles)
        case DenialReason.MODEL:
            models = _instead([model_label(str(name), here.models) for name in denial.allowed])
            return _("This server doesn't allow that model. Choose {models}.", models=models)
        case DenialReason.WORDS if denial.note:
            words = quote(denial.note, LONGEST_WORD)
            return _("This server doesn't want “{words}” in prompts. Please say it in other words.", words=words)
        case DenialReason.WORDS:  # in public
            return _("The prompt has a word that this server doesn't want.")
        case DenialReason.MODEL_RESTRICTED:
            why = _("That model is only for age-restricted channels.")
            models = _instead([model_label(str(name), here.models) for name in denial.allowed])
            return joined_sentences(why, _("Elsewhere, choose {models}.", models=models) if models else "")
        case DenialReason.ABSENT:
            return _("Kinora has left this server.")
        case DenialReason.NO_LINK:
            return _("The service fetches pictures from Discord, where yours is gone.")
        case DenialReason.NOT_OFFERED:
            models = _instead([model_label(str(name), here.models) for name in denial.allowed])
            return _("That model is no longer offered. Choose {models}.", models=models)
        case kind if not _none_allowed(denial):
            return denial_words(kind, denial.limit, denial.scope)
    if denial.scope is DenialScope.OPERATOR:
        return _("The bot's owner has paused new videos on all servers.")
    if denial.scope is DenialScope.SERVER:
        return _("Videos are switched off on this server: the limit is 0.")
    return _("Videos are switched off for you here: your limit is 0.")


def _reason(denial: Denial) -> str:
    return _("Reason: {reason}.", reason=quote(denial.note)) if denial.note else ""


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

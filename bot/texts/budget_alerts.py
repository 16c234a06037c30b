"""The line in a server's log channel about a limit of which much is used."""

from __future__ import annotations

from bot.i18n.translation import _, percent
from bot.policy.budget_alerts import BudgetAlert
from bot.texts.limit_words import limit_label, limit_value
from bot.texts.punctuation import joined_sentences
from bot.texts.view import timestamp


def budget_line(alert: BudgetAlert) -> str:
    """Return the line that tells moderators so."""
    label, used, limit = (
        limit_label(alert.kind),
        limit_value(alert.kind, alert.used),
        limit_value(alert.kind, alert.limit),
    )
    if alert.is_full:
        words = _(
            "🔴 This server's limit has no room for another video like the last one: {used} of {limit} used ({label}).",
            label=label,
            used=used,
            limit=limit,
        )
    else:
        words = _(
            "🟡 This server has used {percent} of its limit: {used} of {limit} ({label}).",
            percent=percent(alert.percent, 0),
            label=label,
            used=used,
            limit=limit,
        )
    return joined_sentences(words, _("The count starts again {when}.", when=timestamp(alert.resets_at, "R")))

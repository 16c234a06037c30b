"""What managers are told when a change of their server's rules cannot be made."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.translation import N_, _, format_list

ROLE_OF_EVERYBODY = N_("Everyone has that role. Use `/limits member` instead.")
NUMBERS_AND_UNLIMITED = N_("Give either numbers or `unlimited`, not both.")
NO_SUCH_LIMIT = N_("There is no such limit. Please choose one from the list.")
AMBIGUOUS_COMMA = N_("That comma is ambiguous. Write 1000 or 0.125 instead.")
NO_AMOUNT = N_("I don't understand that amount. Write it as 12.50 or 12,50.")
TOO_MANY_DECIMALS = N_("An amount can have at most six decimals.")
LOG_PERMISSIONS = {"view_channel": N_("View Channel"), "send_messages": N_("Send Messages")}


def out_of_range(most: int) -> str:
    """Return what is said of an amount below zero, or above ``most`` of the operator's currency."""
    return _("An amount must be between 0 and {most}.", most=most)


def no_log_there(channel: str, missing: Sequence[str]) -> str:
    """Return what is said of a log channel in which some of ``LOG_PERMISSIONS`` are missing."""
    return _(
        "I need {permissions} in {channel}. Nothing was changed.",
        channel=channel,
        permissions=format_list([f"**{_(LOG_PERMISSIONS[name])}**" for name in missing]),
    )

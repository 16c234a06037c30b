"""What managers are told when a change of their server's rules cannot be made."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.translation import N_, _, format_list

ROLE_OF_EVERYBODY = N_("Everybody has that role. For limits of each member, use `/limits member`.")
NUMBERS_AND_UNLIMITED = N_("Either give numbers, or `unlimited`; both together contradict each other.")
NO_SUCH_LIMIT = N_("There is no such limit here. Please choose one from the list that appears while you type.")
AMBIGUOUS_COMMA = N_("That comma may stand for thousands or for decimals. Write 1000 or 0.125 without a comma.")
NO_AMOUNT = N_("I do not understand that amount. Write it as 12.50 or 12,50, without a currency.")
TOO_MANY_DECIMALS = N_("An amount of money has six decimals at most.")
LOG_PERMISSIONS = {"view_channel": N_("View Channel"), "send_messages": N_("Send Messages")}


def out_of_range(most: int) -> str:
    """Return what is said of an amount below zero, or above ``most`` of the operator's currency."""
    return _("An amount of money has to lie between 0 and {most}.", most=most)


def no_log_there(channel: str, missing: Sequence[str]) -> str:
    """Return what is said of a log channel in which some of ``LOG_PERMISSIONS`` are missing."""
    return _(
        "I cannot write to {channel}: I lack {permissions} there. Nothing was changed; please allow me that and try "
        "again.",
        channel=channel,
        permissions=format_list([f"**{_(LOG_PERMISSIONS[name])}**" for name in missing]),
    )

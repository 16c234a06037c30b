"""The options that the commands for limits have in common: how they are called, what they take."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands

from bot.errors import UserError
from bot.i18n.translation import _

if TYPE_CHECKING:
    from bot.gateway.client import KinoraBot

MOST_MONEY = 1_000_000_000  # of the operator's currency
MILLIONTHS = 1_000_000
MONTH = 30 * 24 * 3600  # seconds

_THOUSANDS = re.compile(r",\d{3}$")

T = TypeVar("T")

Videos = app_commands.Range[int, 0, 1_000_000]
AtOnce = app_commands.Range[int, 0, 1000]
Cooldown = app_commands.Range[int, 0, MONTH]

_DESCRIPTIONS = {
    "videos_day": "How many videos a day (UTC); 0: none",
    "videos_month": "How many videos a calendar month (UTC); 0: none",
    "at_once": "How many requests at a time; 0: none",
    "cooldown": "Seconds from one request of a member to the next",
    "money_day": "How much the videos of a day may cost together, such as 12.50",
    "money_month": "How much the videos of a month may cost together, such as 12.50",
}


def described(*leaving_out: str, **others: str) -> Callable[[T], T]:
    """Return the decorator that describes the options of a command for limits."""
    texts = {name: text for name, text in _DESCRIPTIONS.items() if name not in leaving_out}
    return app_commands.describe(**texts, **others)


def parse_money(text: str) -> int:
    """Return an amount such as ``12.50`` or ``12,50`` in millionths. Raises UserError."""
    text = text.strip()
    if _THOUSANDS.search(text):
        raise UserError(_("That comma may stand for thousands or for decimals. Write 1000 or 0.125 without a comma."))
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise UserError(_("I do not understand that amount. Write it as 12.50 or 12,50, without a currency.")) from None
    # Compared before it is reckoned with: 1e999999999 would keep the processor busy.
    if not (amount.is_finite() and 0 <= amount <= MOST_MONEY):
        raise UserError(_("An amount of money has to lie between 0 and {most}.", most=MOST_MONEY))
    millionths = amount * MILLIONTHS
    if millionths != millionths.to_integral_value():
        raise UserError(_("An amount of money has six decimals at most."))
    return int(millionths)


class MoneyOption(app_commands.Transformer):
    """An amount of money, typed by people, as millionths."""

    async def transform(self, interaction: discord.Interaction[KinoraBot], value: str, /) -> int:  # type: ignore[override]
        """Read what was typed. Raises UserError."""
        return parse_money(value)


Money = app_commands.Transform[int, MoneyOption]


def given(**numbers: int | None) -> dict[str, int]:
    """Return the options that were given."""
    return {name: number for name, number in numbers.items() if number is not None}

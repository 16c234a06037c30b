"""The options that the commands for limits share: one for each limit kind."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from discord import app_commands

from bot.errors import UserError
from bot.gateway.client import Interaction
from bot.i18n.translation import _
from bot.models import MILLIONTHS
from bot.policy.limit_kinds import LimitKind, Unit, kinds
from bot.texts.limit_problems import AMBIGUOUS_COMMA, NO_AMOUNT, TOO_MANY_DECIMALS, out_of_range

_THOUSANDS = re.compile(r",\d{3}$")
_DESCRIPTIONS = {
    Unit.VIDEOS: "Videos per {window} (UTC); 0 for none",
    Unit.MONEY: "Most money to spend per {window}, such as 12.50",
    Unit.SECONDS: "Seconds between two requests of a member",
}
_OWN_DESCRIPTIONS = {
    "at_once": "Requests at the same time; 0 for none",
}

F = TypeVar("F", bound=Callable[..., Any])


def limit_options(*, only: Callable[[LimitKind], bool] = lambda kind: True, **others: str) -> Callable[[F], F]:
    """
    Return the decorator that gives a command an option for each limit kind in place of its ``**limits``.

    Kinds that are not ``only`` are left out. ``others`` describe the options of the command's own.
    """

    def decorate(callback: F) -> F:
        offered = [kind for kind in kinds() if only(kind)]
        signature = inspect.signature(callback)
        own = [parameter for parameter in signature.parameters.values() if parameter.kind is not parameter.VAR_KEYWORD]
        given = [parameter for parameter in own if parameter.kind is not parameter.KEYWORD_ONLY]
        parameters = [*given, *map(_parameter, offered), *own[len(given) :]]
        callback.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return app_commands.describe(**{kind.name: _description(kind) for kind in offered}, **others)(callback)

    return decorate


def _parameter(kind: LimitKind) -> inspect.Parameter:
    span: Any = app_commands.Range  # which a type checker takes for an annotation
    option = MoneyOption(kind.largest) if kind.unit is Unit.MONEY else span[int, 0, kind.largest]
    return inspect.Parameter(kind.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option | None)


def _description(kind: LimitKind) -> str:
    return _OWN_DESCRIPTIONS.get(kind.name) or _DESCRIPTIONS[kind.unit].replace("{window}", kind.window.name)


def parse_money(text: str, largest: int) -> int:
    """Return an amount such as ``12.50`` or ``12,50`` in millionths, ``largest`` at most. Raises UserError."""
    text = text.strip()
    if _THOUSANDS.search(text):
        raise UserError(_(AMBIGUOUS_COMMA))
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise UserError(_(NO_AMOUNT)) from None
    # Compared before it is calculated with: 1e999999999 would keep the processor busy.
    if not (amount.is_finite() and 0 <= amount <= largest // MILLIONTHS):
        raise UserError(out_of_range(largest // MILLIONTHS))
    millionths = amount * MILLIONTHS
    if millionths != millionths.to_integral_value():
        raise UserError(_(TOO_MANY_DECIMALS))
    return int(millionths)


class MoneyOption(app_commands.Transformer):
    """An amount of money, typed by people, as millionths, ``largest`` at most."""

    def __init__(self, largest: int) -> None:
        self._largest = largest

    async def transform(self, interaction: Interaction, value: str, /) -> int:  # type: ignore[override]
        """Read what was typed. Raises UserError."""
        return parse_money(value, self._largest)

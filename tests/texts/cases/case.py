"""What a case of ``bot/texts`` is: a function of it, a name for what is special, and a call that says the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.reports.chart import ChartWords
from bot.texts.view import View

Said = View | ChartWords | str | list[str] | None
Words = Callable[..., Said]
# By the function whose words they are. A case is called in the language that its words shall be in.
Cases = Mapping[Words, Mapping[str, Callable[[], Said]]]

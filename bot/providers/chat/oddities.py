"""What of a reply had no usual shape, for the log: enough to write a rule from, without values, prompt and secrets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.providers.places.search import shape
from bot.providers.text.prompt_echo import PromptEcho

MAX_SHAPES = 3
MAX_WORDS = 80  # characters of what was no JSON


class Oddities:
    """The first shapes of chunks that held more than text, and how many events were no JSON at all."""

    def __init__(self, echo: PromptEcho) -> None:
        self._echo = echo
        self._shapes: list[str] = []
        self.broken = 0

    def remember(self, odd: Iterable[Any]) -> None:
        """Keep the shapes of ``odd``: the names of fields of JSON, the first words of all else."""
        for value in odd:
            if len(self._shapes) >= MAX_SHAPES:
                return
            told = (
                f'"{self._echo.redact(value)[:MAX_WORDS]}"'
                if isinstance(value, str)
                else self._echo.redact(shape(value))
            )
            if told not in self._shapes:
                self._shapes.append(told)

    def __bool__(self) -> bool:
        return bool(self._shapes or self.broken)

    def __str__(self) -> str:
        told = [f"; shape {shape}" for shape in self._shapes]
        if self.broken:
            told.append(f"; {self.broken} events that were no JSON")
        return "".join(told)

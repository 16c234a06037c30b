"""Blocks of JSON within prose, fenced or not: the service's result, or its repetition of the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.providers.places.field_names import is_video_key
from bot.providers.places.search import as_json, names_in
from bot.providers.text.prompt_echo import PromptEcho

MAX_BLOCK = 32 * 1024  # characters
MAX_TRIES = 40  # of parsing one block that is not fenced

_FENCE = re.compile(r"^\s*>?\s*```\s*(\w*)")
_OPENS = re.compile(r"^[\s>]*(?:\{\s*(?:[\"'}]|$)|\[\s*(?:\{|$))")
_REQUEST = re.compile(
    r"[\"'](?:user_?|original_?|negative_?)?prompt[\"']\s*:"
    r"|[\"'](?:orientation|messages)[\"']\s*:",
    re.IGNORECASE,
)
# Names of fields of a result; those of _EITHER a request may have as well.
_EITHER = frozenset(("url", "urls", "data", "message", "code"))
_RESULT = frozenset(
    ("status", "state", "output", "outputs", "result", "results", "error", "errors", "errmsg", "progress")
)


class JsonBlocks:
    """
    Takes the lines of a reply, gives back those that are text, and hands the JSON of a result to ``on_json``.

    A block that repeats the request is dropped: one that holds the prompt, or keys that only a request has.
    """

    def __init__(self, echo: PromptEcho, on_json: Callable[[Any], None]) -> None:
        self._echo = echo
        self._on_json = on_json
        self.fenced = False
        """Whether the next line belongs to a block of any kind."""
        self.inside = False
        """Whether the next line belongs to a block of JSON, whose percentages are not the prose's."""
        self._fenced = False
        self._gathered: list[str] | None = None
        self._size = 0
        self._tries = 0

    def take(self, line: str) -> Iterable[str]:
        """Return the lines of text that ``line`` completes: itself, nothing, or a block that was no JSON after all."""
        text = self._take(line)
        self.fenced = self._fenced or self._gathered is not None
        self.inside = self._gathered is not None
        return text

    def _take(self, line: str) -> Iterable[str]:
        if self._fenced:
            return self._within_fence(line)
        if self._gathered is not None:
            return self._add(line)
        if "```" in line and (fence := _FENCE.match(line)):
            return self._open_fence(line, fence)
        if _OPENS.match(line):
            self._gathered, self._size, self._tries = [], 0, 0
            return self._add(line)
        return (line,)

    def close(self) -> Iterable[str]:
        """Return the lines of text that the end of the reply completes."""
        self._fenced = False
        return self._end_block() if self._gathered is not None else ()

    def _open_fence(self, line: str, fence: re.Match[str]) -> Iterable[str]:
        rest = line[fence.end() :].strip()
        kind = fence[1].lower()
        closed = rest.endswith("```")
        rest = rest.removesuffix("```").strip()
        if kind in ("json", "json5", "jsonc", "javascript", "js") or rest.startswith("{"):
            self._gathered, self._size, self._fenced = [rest] if rest else [], len(rest), True
            if closed:
                self._fenced = False
                return self._end_block()
            return ()
        self._fenced = not closed
        return (rest,) if rest else ()

    def _within_fence(self, line: str) -> Iterable[str]:
        ends = line.rstrip().endswith("```")
        if ends or line.lstrip(" >").startswith("```"):
            self._fenced = False
            before = line.rstrip().removesuffix("```") if ends else ""
            if self._gathered is None:
                return (before,) if before.strip(" >`") else (line,) if not ends else ()
            if before.strip(" >`"):
                self._gathered.append(before)
            # The service may have gone on in the line that ends the block.
            return (*self._end_block(), *(() if ends else (line.lstrip(" >").removeprefix("```"),)))
        if self._gathered is None:
            if line.lstrip(" >").startswith(("{", '"prompt"')):
                self._gathered, self._size = [line], len(line)
                return ()
            return (line,)
        self._gathered.append(line)
        self._size += len(line)
        return self._end_block() if self._size > MAX_BLOCK else ()

    def _add(self, line: str) -> Iterable[str]:
        """Take a line of a block that nothing fences: it ends where it is whole."""
        if self._gathered is None:
            return (line,)
        line = re.sub(r"^[\s>]+(?=[\[{\"}])", "", line)
        self._gathered.append(line)
        self._size += len(line)
        if line.rstrip().endswith(("}", "]")):
            self._tries += 1
            if as_json(self._text()) is not None or as_json("\n".join(self._gathered)) is not None:
                return self._end_block()
        return self._end_block() if self._size > MAX_BLOCK or self._tries > MAX_TRIES else ()

    def _text(self) -> str:
        return self._echo.strip("\n".join(self._gathered or ()))

    def _end_block(self) -> Iterable[str]:
        text, lines = self._text(), self._gathered or []
        self._gathered = None
        value = as_json(text)
        if value is None:
            whole = as_json("\n".join(lines))  # the prompt stood for more than a value, and took a quote with it
            return () if whole is not None or _REQUEST.search("\n".join(lines)) else lines
        names = set(names_in(value))
        if (
            names & _RESULT
            or any(map(is_video_key, names))
            or (names & _EITHER and not _REQUEST.search("\n".join(lines)))
        ):
            self._on_json(value)
        return ()

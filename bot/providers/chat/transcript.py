"""What a service wrote, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.providers.chat.json_blocks import JsonBlocks
from bot.providers.chat.percentages import Topic, percents, whole_line
from bot.providers.text import lines as line_kinds
from bot.providers.text.prompt_echo import PromptEcho

# Enough for every service seen; a service that writes more keeps only its latest words.
MAX_KEPT = 256 * 1024
MAX_LINE = 8 * 1024

_CODE = re.compile(r"[ >]*(?:`|\{)")


class Transcript:
    """One of the two voices of a reply, line by line, without the echo and without what grows for ever."""

    def __init__(
        self, echo: PromptEcho, note: Callable[[float], None], on_json: Callable[[Any], None] = lambda value: None
    ) -> None:
        self.lines: list[str] = []  # no deque: empty, as one of the two voices stays, it takes 700 bytes more
        self._echo = echo
        self._note = note
        self._size = 0
        self._line = ""
        self._scanned = 0
        self._topic = Topic()
        self._blocks = JsonBlocks(echo, on_json)
        self._after_progress = False

    def feed(self, text: str) -> None:
        """Take more text, and note each percentage that it completes."""
        *ends, rest = text.split("\n")
        for end in ends:
            if end or self._line:
                self._end_line(end)
        self._line += rest
        while len(self._line) > MAX_LINE:
            cut = self._line.rfind(" ", 0, MAX_LINE) + 1 or MAX_LINE
            rest, self._line = self._line[cut:], self._line[:cut]
            self._end_line("")
            self._line = rest
        if rest and not self._blocks.inside:
            self._scan()

    def close(self) -> None:
        """End the last line."""
        if self._line:
            self._end_line("")
        for line in self._blocks.close():
            self._take(line, 0)

    def open_lines(self) -> list[str]:
        """Return all lines so far, the one that has not ended too; for a look that changes nothing."""
        return [*self.lines, rest] if (rest := self._echo.strip_line(self._line)).strip() else self.lines

    def failures(self) -> list[str]:
        """Return the lines that report a final failure, the latest first, each also with the two lines after it."""
        lines = self.lines
        failed = [place for place, line in enumerate(lines) if line_kinds.is_failure(line)]
        found = (text for place in reversed(failed) for text in (lines[place], " ".join(lines[place : place + 3])))
        return list(dict.fromkeys(found))

    def after_heading(self) -> list[str]:
        """Return the line that follows sora2api's heading of a refusal, the heading first."""
        lines = self.lines
        for place, line in enumerate(lines):
            if line_kinds.REVIEW_HEADING.match(line):
                return [" ".join(lines[place : place + 2])]
        return []

    def _end_line(self, end: str) -> None:
        line = self._line + end if self._line else end
        self._line = ""
        scanned, self._scanned = self._scanned, 0
        self._topic = Topic()
        blocks = self._blocks
        if not (blocks.fenced or self._echo.holds_percent) and (percent := whole_line(line)) is not None:
            self._note(percent)
            self._keep(line, progress=True)
        elif blocks.fenced or "```" in line or "{" in line[:8] or "[" in line[:4]:
            for text in blocks.take(line):
                self._take(text, scanned if text is line else 0)
        else:
            self._take(line, scanned)

    def _take(self, line: str, scanned: int) -> None:
        line = self._echo.strip_line(line)
        if not line.strip():
            return
        self._keep(line, progress=False)
        for percent, _ in percents(line, min(scanned, len(line)), Topic(), complete=True):
            self._note(percent)

    def _keep(self, line: str, *, progress: bool) -> None:
        """Keep a line for the result to be judged by; of lines of mere progress that follow each other, the last."""
        if progress and self._after_progress:
            self._size += len(line) - len(self.lines[-1])
            self.lines[-1] = line
            return
        self._after_progress = progress
        self.lines.append(line)
        self._size += len(line)
        while self._size > MAX_KEPT:
            self._size -= len(self.lines.pop(0))

    def _scan(self) -> None:
        """Look for percentages in a line that has not ended; what was searched is not searched again."""
        line = self._line
        part = line[self._scanned :]
        if "%" not in part and "％" not in part and ".." not in part and "٪" not in part:
            return
        if _CODE.match(line) or self._echo.may_be_partial(line):
            return
        found = percents(line, self._scanned, self._topic, complete=False)
        for percent, _ in found:
            self._note(percent)
        # A tag is searched again from its start: the rest of it would look like text.
        safe = part.find("<") if "<" in part else part.rfind(" ") + 1
        self._scanned = found[-1][1] if found else self._scanned + safe

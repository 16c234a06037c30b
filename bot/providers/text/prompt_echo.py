"""The member's prompt as a service repeats it. It must not be read as progress, link or failure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cached_property

_PROMPT_LABEL = re.compile(
    r"^[\s>*_\"{-]*(?:(?:user|your|original|revised|input|enhanced|final|optimi[sz]ed|用户"
    r"|原始|优化后的?|改写后的?)[ _]?)?(?:prompt|提示词|描述)\W{0,3}[:：]",
    re.IGNORECASE,
)
_SAME_IN_ANY_FORM = re.compile(r"[\w ,.:;!?()-]*", re.ASCII)  # escaped for JSON or HTML too
_LINK = re.compile(r"https?://[^\s<>\"'`\])}，。；、）】]+", re.IGNORECASE)
_MARKS = " \t>*\"'`"  # what a service may set around a line
_SHORT_PROMPT = 12  # characters; shorter ones would cut holes into ordinary words
_QUOTES = "\"'`“”‘’«»「」『』《》„‚＂＇*"
_COLONS = ":：=>"
_CUT_OFF = ("…", "...", "..", "⋯")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def _folded(text: str) -> str:
    """Return ``text`` in one case and one width, each character at its place."""
    if not text.isascii():
        text = text.translate(_WIDE)
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    )


class PromptEcho:
    """The member's prompt, as a service may repeat it: in any case and width, escaped, quoted, or cut short."""

    def __init__(self, prompt: str) -> None:
        plain = prompt.strip()
        forms = {plain, plain.rstrip(".!?。！？ "), " ".join(plain.split())}
        if not _SAME_IN_ANY_FORM.fullmatch(plain):
            in_go = plain.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
            forms |= {html.escape(plain), plain.replace('"', "'"), *(line.strip() for line in plain.splitlines())}
            forms |= {json.dumps(plain)[1:-1], *(json.dumps(text, ensure_ascii=False)[1:-1] for text in (plain, in_go))}
        forms = {_folded(form) for form in forms} - {""}
        self.holds_percent = "%" in prompt or "％" in prompt
        self._lines = {_folded(line.strip()) for line in plain.splitlines()} - {""}
        self._forms = sorted((form for form in forms if len(form) >= _SHORT_PROMPT), key=len, reverse=True)
        self._short = sorted((form for form in forms if len(form) < _SHORT_PROMPT), key=len, reverse=True)
        self._beginnings = sorted({form[:_SHORT_PROMPT] for form in self._forms})
        self._needles = (*self._beginnings, *self._short)  # a text that holds none of them holds no form
        self._span = 2 * max(map(len, forms), default=0) + 64  # characters, marks and the next words included

    @cached_property
    def _starts(self) -> tuple[str, ...]:
        starts = {form[:size] for form in self._forms for size in range(1, _SHORT_PROMPT + 1)}
        return tuple(start for start in starts if any(map(str.isalnum, start)))

    def strip(self, text: str) -> str:
        """Return ``text`` without the prompt. A link that happens to hold the prompt's words stays whole."""
        if not self._lines:
            return text
        folded = _folded(text)
        if folded.strip(_MARKS) in self._lines:
            return ""
        if not any(map(folded.__contains__, self._needles)):
            return text
        if any(form in folded for form in self._forms):
            text = "".join(self._pieces_without_forms(text, folded))
            folded = _folded(text)
        for beginning in self._beginnings:
            if beginning in folded:
                text = self._without_cut_off(text, folded, beginning)
                folded = _folded(text)
        for form in self._short:
            if form in folded:
                text = _without_marked(text, folded, form)
                folded = _folded(text)
        return text

    def _pieces_without_forms(self, text: str, folded: str) -> Iterator[str]:
        # No regular expression of the forms: Python would keep it, and with it the member's words, after the job.
        at = 0
        while found := self._first_form(folded, at):
            place, form = found
            link = _LINK.search(text, at)
            if link and link.start() < place:
                yield text[at : link.end()]
                at = link.end()
            else:
                yield text[at:place] + " "
                at = place + len(form)
        yield text[at:]

    def _first_form(self, text: str, at: int) -> tuple[int, str] | None:
        """Return the place of the first form in ``text`` from ``at`` on; of two at one place, the longer."""
        found = [(place, -len(form), form) for form in self._forms if (place := text.find(form, at)) >= 0]
        return (min(found)[0], min(found)[2]) if found else None

    def _without_cut_off(self, text: str, folded: str, beginning: str) -> str:
        """Return ``text`` without a run from the prompt's start that ends in an ellipsis."""
        place = folded.find(beginning)
        longest = 0
        for form in self._forms:
            if form.startswith(beginning):
                size = len(beginning)
                while size < len(form) and place + size < len(folded) and folded[place + size] == form[size]:
                    size += 1
                longest = max(longest, size)
        after = folded[place + longest :].lstrip(" \"'”’")
        return f"{text[:place]} {text[place + longest :]}" if after.startswith(_CUT_OFF) else text

    def redact(self, text: str) -> str:
        """Return ``text`` without a trace of the prompt, for the log: it ends where an unfinished repetition begins."""
        text = self.strip(text)
        folded = _folded(text)
        for form in self._short:
            while len(form) > 2 and (place := folded.find(form)) >= 0:
                text = f"{text[:place]}…{text[place + len(form) :]}"
                folded = _folded(text)
        places = [place for beginning in self._beginnings if (place := folded.find(beginning)) >= 0]
        return text[: min(places)] + "…" if places else text

    def strip_line(self, line: str) -> str:
        """Return ``line`` of the reply without the prompt; nothing, if it is labelled as the prompt."""
        return "" if _PROMPT_LABEL.match(line) else self.strip(line)

    def may_be_partial(self, text: str) -> bool:
        """Whether the unfinished line ``text`` may turn out to hold a repetition of the prompt."""
        if _PROMPT_LABEL.match(text):
            return True
        if not self._lines:
            return False
        # Only the end of a long line can still belong to a repetition; searching all of it anew takes quadratic time.
        end = _folded(text[-self._span :])
        return (
            (len(text) <= self._span and any(line.startswith(end.strip(_MARKS)) for line in self._lines))
            or end.endswith(self._starts)
            or any(beginning in end for beginning in self._beginnings)
            or any(form in end for form in self._short if not form.isalnum())
        )


def _without_marked(text: str, folded: str, form: str) -> str:
    """Return ``text`` without a short prompt where it stands in quotes, or behind a colon up to the end of a line."""
    pieces: list[str] = []
    at = 0
    while (place := folded.find(form, at)) >= 0:
        end = place + len(form)
        before, after = folded[:place].rstrip(), folded[end:].lstrip()
        quoted = place > 0 and end < len(text) and folded[place - 1] in _QUOTES and folded[end] in _QUOTES
        behind = before.endswith(tuple(_COLONS)) and (
            not after or after[0] in "\n,;.。，；|)（(…" or after[0] in _QUOTES
        )
        pieces.append(text[at:place] + (" " if quoted or behind else text[place:end]))
        at = end
    return "".join(pieces) + text[at:]

"""The member's prompt as a service repeats it. It must not be read as progress, link or failure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from bot.providers.chat.video_links import ANY_LINK

_PROMPT_LABEL = re.compile(
    r"^[\s>*_\"{-]*(?:(?:user|your|original|revised|input|用户|原始)[ _]?)?(?:prompt|提示词|描述)\W{0,3}[:：]",
    re.IGNORECASE,
)
_LINK = re.compile(ANY_LINK)
_MARKS = " \t>*\"'`"  # what a service may set around a line
_SHORT_PROMPT = 12  # characters; shorter ones would cut holes into ordinary words


class PromptEcho:
    """The member's prompt, as a service may repeat it."""

    def __init__(self, prompt: str) -> None:
        plain = prompt.strip()
        in_go = plain.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
        forms = {plain, " ".join(plain.split()), html.escape(plain), *(line.strip() for line in plain.splitlines())}
        forms |= {json.dumps(plain)[1:-1], *(json.dumps(text, ensure_ascii=False)[1:-1] for text in (plain, in_go))}
        self.holds_percent = "%" in prompt or "％" in prompt
        self._lines = {line.strip() for line in plain.splitlines()} - {""}
        self._forms = sorted((form for form in forms if len(form) >= _SHORT_PROMPT), key=len, reverse=True)
        self._span = 2 * max(map(len, forms)) + 64  # characters, marks and the next words included
        starts = {form[:size] for form in self._forms for size in range(1, _SHORT_PROMPT + 1)}
        self._starts = tuple(start for start in starts if any(map(str.isalnum, start)))

    def strip(self, text: str) -> str:
        """Return ``text`` without the prompt. A link that happens to hold the prompt's words stays whole."""
        if text.strip(_MARKS) in self._lines:
            return ""
        if any(form in text for form in self._forms):
            return "".join(self._pieces_without_forms(text))
        return text

    def _pieces_without_forms(self, text: str) -> Iterator[str]:
        # No regular expression of the forms: Python would keep it, and with it the member's words, after the job.
        at = 0
        while found := self._first_form(text, at):
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

    def strip_line(self, line: str) -> str:
        """Return ``line`` of the reply without the prompt; nothing, if it is labelled as the prompt."""
        return "" if _PROMPT_LABEL.match(line) else self.strip(line)

    def may_be_partial(self, text: str) -> bool:
        """Whether the unfinished line ``text`` may turn out to hold a repetition of the prompt."""
        # Only the end of a long line can still belong to a repetition; searching all of it anew takes quadratic time.
        end = text[-self._span :]
        return (
            _PROMPT_LABEL.match(text) is not None
            or (len(text) <= self._span and any(line.startswith(end.strip(_MARKS)) for line in self._lines))
            or end.endswith(self._starts)
            or any(form[:_SHORT_PROMPT] in end for form in self._forms)
        )

"""Reading: what a service wrote becomes progress while it writes, and a Video, a Refusal or a Fault at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.models import Outcome
from bot.providers.base import Failure, FinishedVideo, Refusal, Result, TokenUsage
from bot.providers.chat.chunk import StreamDelta
from bot.providers.chat.inline_videos import MARK, InlineVideos
from bot.providers.chat.oddities import Oddities
from bot.providers.chat.transcript import Transcript
from bot.providers.classify import log_excerpt, outcome_of_status, without_secrets
from bot.providers.judge.judge import Verdict, judge
from bot.providers.links.candidates import Candidate, believable, best, candidates
from bot.providers.links.dressings import links_in, without_open_link
from bot.providers.places.complaints import unfolded
from bot.providers.places.search import search
from bot.providers.text import lines as line_kinds
from bot.providers.text.prompt_echo import PromptEcho

MAX_FIRST_WORDS = 120  # characters
MAX_HELD = 16  # links, and errors, of one reply
_WORDS = re.compile(r"[a-zA-Z]{3,}|[^\W\d_a-zA-Z]{2}")
KEY_RULES = ("the key is refused", "the account is refused")


class ReplyParser:
    """
    Follows one reply. Feed it what ``ChatStream`` returns, then ask for the result once.

    The member controls the prompt and the service repeats it, so the repetition is taken out first: blocks of JSON
    that hold the request, lines labelled as the prompt, and the prompt itself wherever it stands. ``secrets`` are
    words that never go into a Fault, whatever the service quotes.
    """

    def __init__(self, *, prompt: str, base: str, picture_link: str = "", secrets: Iterable[str] = ()) -> None:
        self._base = base
        self._secrets = tuple(secrets)
        self._decoys = {picture_link} - {""}
        if "//" in prompt:
            self._decoys |= {*re.findall(r"https?://\S+", prompt), *links_in(prompt)}
        self._echo = PromptEcho(prompt)
        self._content = Transcript(self._echo, self._note, self._take_json)
        self._reasoning = Transcript(self._echo, self._note)
        self._links: list[str] = []
        self._inline = InlineVideos()
        self._complaints: list[str] = []
        self._oddities = Oddities(self._echo)
        self._last = ""
        self._spoke = False
        self._finished = False
        self.key_refused = False  # a key was refused, perhaps the service's own; trying again does not help
        self.usage: TokenUsage | None = None
        self.percent: float | None = None
        self.highest: float | None = None

    def feed(self, said: StreamDelta) -> bool:
        """Take what was said; return whether the percentage changed."""
        before = self.percent
        if said.reasoning:
            self._reasoning.feed(said.reasoning)
        if said.content:
            content, last = said.content, said.last
            if self._inline.under_way or MARK in content:
                content, last = self._inline.take_from(content), ""
            self._content.feed(content)
            self._last = last or self._last
        if said.percent is not None:
            self._note(said.percent)
        if said.links:
            self._links += said.links[: max(0, MAX_HELD - len(self._links))]
        if said.errors:
            self._complaints += said.errors[: max(0, MAX_HELD - len(self._complaints))]
        if said.odd or said.broken:
            self._oddities.remember(said.odd)
            self._oddities.broken += said.broken
        self.usage = said.usage or self.usage
        self._spoke = self._spoke or bool(said.content or said.reasoning or said.links)
        self._finished |= said.finished or said.done
        return self.percent != before

    def _note(self, percent: float) -> None:
        self.percent = percent
        self.highest = percent if self.highest is None else max(self.highest, percent)

    def _take_json(self, value: Any) -> None:
        """Take a block of JSON out of the text: it tells the same things as JSON of its own."""
        found = search({"content": value})
        self._links += found.best_links()[: max(0, MAX_HELD - len(self._links))]
        self._complaints += found.errors[: max(0, MAX_HELD - len(self._complaints))]
        if found.percent is not None:
            self._note(found.percent)
        for text in found.texts:
            self._content.feed(f"\n{text}\n")
        self._oddities.remember([value])

    def settled(self) -> bool:
        """Whether the reply has told how it ends, so that no more than a last word need be waited for."""
        return bool(
            self._find(self._content.open_lines(), last=self._last)
            or self._complaints
            or any(map(line_kinds.is_failure, self._content.open_lines()))
            or self._reasoning_failure()
        )

    def video(self) -> FinishedVideo | None:
        """Return the video if its link has come."""
        self._reasoning.close()
        self._content.close()
        if self._finished:
            self._inline.close()
        links = self._find(self._content.lines, last=self._last) or self._find(self._reasoning.lines, last="")
        return FinishedVideo(links, self.usage) if links else None

    def candidates(self) -> list[Candidate]:
        """Return every link of the reply with its trust, or what puts it aside."""
        self._content.close()
        return self._candidates(self._content.lines, last=self._last)[0]

    def _find(self, lines: list[str], *, last: str) -> tuple[str, ...]:
        found, succeeded = self._candidates(lines, last=last)
        return best(found, succeeded=succeeded)

    def _candidates(self, all_lines: list[str], *, last: str) -> tuple[list[Candidate], bool]:
        fields = self._links + self._inline.links
        if not fields and not any("/" in line for line in all_lines):
            return [], False
        lines, succeeded = believable(all_lines)
        text = "\n".join(lines)
        if not self._finished:
            text = without_open_link(text)
        lasts = [last, lines[-1]] if last and lines and lines[-1] == all_lines[-1] else []
        found = candidates(text, fields, lasts, base=self._base, decoys=self._decoys)
        return found, succeeded and not self._complaints

    def result(self) -> Result:
        """Return how a reply that has come to its end ended. A link outweighs a later complaint: it is paid for."""
        return self.video() or self._failure()

    def error(self, complaint: str, status: int, *, odd: Iterable[Any] = ()) -> Refusal | Failure:
        """Return what an HTTP error means whose body says ``complaint``, and else is ``odd``."""
        self._complaints = [complaint]
        self._oddities.remember(odd)
        verdict = self._judge(complaint, status=status)
        self.key_refused = verdict is not None and verdict.rule.startswith(KEY_RULES)
        if verdict:
            return self._end(verdict, complaint, status)
        outcome = outcome_of_status(status)
        if status == 403 and len(_WORDS.findall(complaint)) > 2:
            outcome = Outcome.PROVIDER_ERROR  # it says more than that it is forbidden, and nothing of the key
        return self._fault(outcome, (complaint + self._seen()).removeprefix("; "), status)

    def explain(self, message: str, status: int = 200, *, spoken: bool = False) -> tuple[str, Verdict | None]:
        """Return ``message`` as it is judged, but fit to be shown, and what it means."""
        shown = without_secrets(self._echo.redact(self._clean(message)), self._secrets)
        return shown, self._judge(message, status=status, spoken=spoken)

    def shapes(self) -> str:
        """Return what had no usual shape, as the log tells it."""
        return str(self._oddities).removeprefix("; ")

    def redact(self, text: str) -> str:
        """Return ``text`` as it may be shown: without the prompt and anything like a key."""
        return log_excerpt(self._echo.redact(text), self._secrets)

    def messages(self) -> list[tuple[str, bool]]:
        """Return what may tell of a failure, the weightiest first, and of each whether it is unmarked prose."""
        found = [(text, False) for text in self._complaints]
        found += [(text, False) for text in self._content.failures() + self._content.after_heading()]
        found += [(text, False) for text in self._reasoning.after_heading() + self._reasoning_failure()]
        lines = [line for line in self._content.lines if not line_kinds.is_retry(line)]
        if not found or self._complaints == ["finish_reason error"]:
            # A service may say no more than the reason: then it stands last. Elsewhere only a plain no counts.
            found += [(line, False) for line in lines[-1:]] + [(line, True) for line in lines[:-1]]
        elif not self._complaints:
            found += [(line, True) for line in lines]
        return found

    def _reasoning_failure(self) -> list[str]:
        """Return the last line of the reasoning if it is all that was said, and says that it failed."""
        last = self._reasoning.open_lines()[-1:]
        return [line for line in last if line_kinds.is_marked_failure(line) and not self._content.open_lines()]

    def _failure(self) -> Refusal | Failure:
        messages = self.messages()
        lesser: tuple[Verdict, str] | None = None
        for text, spoken in messages:
            verdict = self._judge(text, spoken=spoken)
            if verdict and (verdict.outcome is not Outcome.PROVIDER_ERROR or verdict.model_gone):
                return self._end(verdict, text)
            if verdict and not lesser and (verdict.rule != "a parameter" or text in self._complaints):
                lesser = verdict, text
        if lesser:
            return self._end(*lesser)
        told = [
            text
            for text, spoken in messages
            if not spoken and (text in self._complaints or line_kinds.is_failure(text))
        ]
        if told:
            return self._fault(Outcome.PROVIDER_ERROR, " | ".join(told) + self._seen())
        return self._fault(Outcome.BAD_STREAM, "the service ended its reply without a video" + self._seen(words=True))

    def _seen(self, *, words: bool = False) -> str:
        """Return for the log what was there: the shape of it, and its first words, without the prompt."""
        seen = str(self._oddities)
        lines = self._content.lines or self._reasoning.lines
        if words and lines:  # first, since a long shape would leave no room for them
            seen = f"; it said: {' / '.join(lines[:3])[:MAX_FIRST_WORDS]}{seen}"
        return seen or ("" if self._spoke or not words else ": it was empty")

    def _clean(self, complaint: str) -> str:
        return self._echo.strip(unfolded(self._echo.strip(complaint)))

    def _judge(self, complaint: str, *, status: int = 200, spoken: bool = False) -> Verdict | None:
        """Return what ``complaint`` means, or None if it says nothing that is known."""
        verdict = judge(
            self._clean(complaint),
            highest=self.highest,
            status=status,
            started=self._spoke and status == 200,
            spoken=spoken,
        )
        vague = verdict is not None and verdict.rule in ("a parameter", "it took too long")
        return None if vague and status in (401, 402, 403, 429) else verdict

    def _end(self, verdict: Verdict, complaint: str, status: int = 200) -> Refusal | Failure:
        if verdict.outcome.is_refusal:
            return Refusal(verdict.outcome, self.usage)
        return self._fault(verdict.outcome, complaint, status, model_gone=verdict.model_gone)

    def _fault(self, outcome: Outcome, complaint: str, status: int = 200, *, model_gone: bool = False) -> Failure:
        complaint = self._echo.redact(complaint)
        detail = f"HTTP {status}: {complaint}" if status != 200 else complaint
        gone = model_gone and outcome is Outcome.PROVIDER_ERROR
        return Failure(outcome, log_excerpt(detail, self._secrets), model_gone=gone, usage=self.usage)

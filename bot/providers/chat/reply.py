"""Reading: what a service wrote becomes progress while it writes, and a Video, a Refusal or a Fault at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.models import Outcome
from bot.providers import wording
from bot.providers.base import Failure, FinishedVideo, Refusal, Result, TokenUsage
from bot.providers.chat.prompt_echo import PromptEcho
from bot.providers.chat.stream import StreamDelta
from bot.providers.chat.transcript import Transcript
from bot.providers.chat.video_links import find_links, holds_video, links_in, without_open_link
from bot.providers.classify import log_excerpt, outcome_of_status, refused_stage


class ReplyParser:
    """
    Follows one reply. Feed it what ``ChatStream`` returns, then ask for the ending once.

    The member controls the prompt and the service repeats it, so the repetition is taken out first: fenced blocks
    that hold JSON, lines labelled as the prompt, and the prompt itself wherever it stands. ``secrets`` are words
    that never go into a Fault, whatever the service quotes.
    """

    def __init__(self, *, prompt: str, base: str, picture_link: str = "", secrets: Iterable[str] = ()) -> None:
        self._base = base
        self._secrets = tuple(secrets)
        self._decoys = {picture_link, *re.findall(r"https?://\S+", prompt), *links_in(prompt)} - {""}
        echo = PromptEcho(prompt)
        self._content = Transcript(echo, self._note)
        self._reasoning = Transcript(echo, self._note)
        self._links: list[str] = []
        self._complaints: list[str] = []
        self._last = ""
        self._echo = echo
        self._spoke = False
        self._finished = False
        self.usage: TokenUsage | None = None
        self.percent: float | None = None
        self.highest: float | None = None

    def feed(self, said: StreamDelta) -> bool:
        """Take what was said; return whether the percentage changed."""
        before = self.percent
        if said.reasoning:
            self._reasoning.feed(said.reasoning)
        if said.content:
            self._content.feed(said.content)
            self._last = said.last or self._last
        if said.percent is not None:
            self._note(said.percent)
        self._links += said.links[: max(0, 16 - len(self._links))]
        self._complaints += said.errors[: max(0, 16 - len(self._complaints))]
        self.usage = said.usage or self.usage
        self._spoke = self._spoke or bool(said.content or said.reasoning or said.links)
        self._finished |= said.finished or said.done
        return self.percent != before

    def _note(self, percent: float) -> None:
        self.percent = percent
        self.highest = percent if self.highest is None else max(self.highest, percent)

    def video(self) -> FinishedVideo | None:
        """Return the video if its link has come."""
        self._reasoning.close()
        self._content.close()
        for transcript, last in ((self._content, self._last), (self._reasoning, "")):
            lines = list(_believable(transcript.lines))
            text = "\n".join(lines)
            if not self._finished:
                text = without_open_link(text)
            lasts = [last, lines[-1]] if last and lines and lines[-1] == transcript.lines[-1] else []
            if links := find_links(text, self._links, lasts, base=self._base, decoys=self._decoys):
                return FinishedVideo(links, self.usage)
        return None

    def result(self) -> Result:
        """Return how a reply that has come to its end ended. A link outweighs a later complaint: it is paid for."""
        return self.video() or self._failure()

    def error(self, complaint: str, status: int) -> Refusal | Failure:
        """Return what an HTTP error means whose body says ``complaint``."""
        return self._judge(self._echo.strip(complaint), status) or self._fault(
            outcome_of_status(status), complaint, status
        )

    def _failure(self) -> Refusal | Failure:
        complaints = [self._echo.strip(text) for text in self._complaints] + self._content.failures()
        complaints += self._content.after_heading() + self._reasoning.after_heading()
        # A service may say no more than the reason: then it stands last.
        bare = [line for line in list(self._content.lines)[-1:] if not wording.RETRY_LINE.search(line)]
        for complaint in complaints or bare:
            if judged := self._judge(complaint):
                return judged
        if complaints:
            return self._fault(Outcome.PROVIDER_ERROR, " | ".join(complaints))
        detail = "the service ended its reply without a video"
        return self._fault(Outcome.BAD_STREAM, detail if self._spoke else "the service's reply was empty")

    def _judge(self, complaint: str, status: int = 200) -> Refusal | Failure | None:
        """Return what ``complaint`` means, or None if it says nothing that is known."""
        text = complaint.lower()
        for plain in wording.PLAIN:
            if plain.pattern.search(text):
                return self._end(plain.outcome, complaint, status)
        if wording.MODEL_GONE.search(text):
            return self._fault(Outcome.PROVIDER_ERROR, complaint, status)
        if wording.BAD_KEY.search(text) and not self._spoke:  # who has begun to work has taken the key
            return self._fault(Outcome.AUTH, complaint, status)
        stage = refused_stage(text, self.highest)
        return self._end(stage, complaint, status) if stage else None

    def _end(self, outcome: Outcome, complaint: str, status: int) -> Refusal | Failure:
        if outcome.is_refusal:
            return Refusal(outcome, self.usage)
        return self._fault(outcome, complaint, status)

    def _fault(self, outcome: Outcome, complaint: str, status: int = 200) -> Failure:
        gone = outcome is Outcome.PROVIDER_ERROR and wording.MODEL_GONE.search(complaint.lower()) is not None
        detail = f"HTTP {status}: {complaint}" if status != 200 else complaint
        return Failure(outcome, log_excerpt(detail, self._secrets), model_gone=gone, usage=self.usage)


def _believable(lines: Iterable[str]) -> Iterator[str]:
    """
    Yield the lines that may hold the video's link.

    Beside and after a failure a link that only its label recommends leads to a page of help.
    """
    failed = False
    for line in lines:
        if wording.SUCCESS_LINE.search(line):
            failed = False
        elif wording.is_failure(line):
            failed = True
        if not failed or holds_video(line):
            yield line

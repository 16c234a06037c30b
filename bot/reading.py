"""Reading: what a service wrote becomes progress while it writes, and a Video, a Refusal or a Fault at its end."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from bot import wording
from bot.chat import Said
from bot.links import ANY_LINK, find_links, holds_video, links_in, without_open_link
from bot.models import Ending, Fault, Outcome, Refusal, TokenUsage, Video

# Enough for every service seen; a service that writes more keeps only its latest words.
MAX_KEPT = 256 * 1024
MAX_LINE = 8 * 1024

_PERCENT = re.compile(r"(?<!\d)(?<!\d\.)(\d{1,3}(?:\.\d{1,6})?)\s?\*{0,2}\s?[%％]")
_STEP = re.compile(r"(?<!/)(?<!\d)(?<!\d\.)(\d{1,3}(?:\.\d{1,6})?)\.{2,}")
_ONE_PERCENT = re.compile(r"\D*(\d{1,3}(?:\.\d{1,6})?)[%％]\D*")
_DIGIT = re.compile(r"\d")
_NAMED = re.compile(r"(?:进度|progress)\W{0,6}(\d{1,3}(?:\.\d{1,6})?)(?![\d.]|\s*[/x×:])", re.IGNORECASE)
_PROGRESS = re.compile(r"进度|progress", re.IGNORECASE)
_PROGRESS_WORD = re.compile(r"进度|生成|渲染|处理|完成|progress|generat|render|process|complet|queue", re.IGNORECASE)
_NOT_TEXT = re.compile(r"<[^>]*>?|https?://\S*")
_ONLY_NUMBER = re.compile(r"[\W\d_]*")
_FENCE = re.compile(r"^\s*>?\s*```\s*(\w*)")
_PROMPT_LABEL = re.compile(
    r"^[\s>*_\"{-]*(?:(?:user|your|original|revised|input|用户|原始)[ _]?)?(?:prompt|提示词|描述)\W{0,3}[:：]",
    re.IGNORECASE,
)
_FOUND = re.compile(r"depict|contain|detect|includ|检测|包含|含有")
_SHORT_PROMPT = 12  # characters; shorter ones would cut holes into ordinary words


class Reader:
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
        echo = _Echo(prompt)
        self._content = _Transcript(echo, self._note)
        self._reasoning = _Transcript(echo, self._note)
        self._links: list[str] = []
        self._complaints: list[str] = []
        self._last = ""
        self._echo = echo
        self._spoke = False
        self._finished = False
        self.usage: TokenUsage | None = None
        self.percent: float | None = None
        self.highest: float | None = None

    def feed(self, said: Said) -> bool:
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
        self._complaints += said.complaints[: max(0, 16 - len(self._complaints))]
        self.usage = said.usage or self.usage
        self._spoke = self._spoke or bool(said.content or said.reasoning or said.links)
        self._finished |= said.finished or said.done
        return self.percent != before

    def _note(self, percent: float) -> None:
        self.percent = percent
        self.highest = percent if self.highest is None else max(self.highest, percent)

    def video(self) -> Video | None:
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
                return Video(links, self.usage)
        return None

    def ending(self) -> Ending:
        """Return how a reply that has come to its end ended. A link outweighs a later complaint: it is paid for."""
        return self.video() or self._failure()

    def complained(self, complaint: str, status: int) -> Refusal | Fault:
        """Return what an HTTP error means whose body says ``complaint``."""
        return self._judge(self._echo.cut(complaint), status) or self._fault(_by_status(status), complaint, status)

    def _failure(self) -> Refusal | Fault:
        complaints = [self._echo.cut(text) for text in self._complaints] + self._content.failures()
        complaints += self._content.after_heading() + self._reasoning.after_heading()
        # A service may say no more than the reason: then it stands last.
        for complaint in complaints or list(self._content.lines)[-1:]:
            if judged := self._judge(complaint):
                return judged
        if complaints:
            return self._fault(Outcome.PROVIDER_ERROR, " | ".join(complaints))
        detail = "the service ended its reply without a video"
        return self._fault(Outcome.BAD_STREAM, detail if self._spoke else "the service's reply was empty")

    def _judge(self, complaint: str, status: int = 200) -> Refusal | Fault | None:
        """Return what ``complaint`` means, or None if it says nothing that is known."""
        text = complaint.lower()
        for plain in wording.PLAIN:
            if plain.pattern.search(text):
                return self._end(plain.outcome, complaint, status)
        if wording.MODEL_GONE.search(text):
            return self._fault(Outcome.PROVIDER_ERROR, complaint, status)
        if wording.BAD_KEY.search(text) and not self._spoke:  # who has begun to work has taken the key
            return self._fault(Outcome.AUTH, complaint, status)
        stage = _stage(text, self.highest)
        return self._end(stage, complaint, status) if stage else None

    def _end(self, outcome: Outcome, complaint: str, status: int) -> Refusal | Fault:
        if outcome.is_refusal:
            return Refusal(outcome, self.usage)
        return self._fault(outcome, complaint, status)

    def _fault(self, outcome: Outcome, complaint: str, status: int = 200) -> Fault:
        gone = outcome is Outcome.PROVIDER_ERROR and wording.MODEL_GONE.search(complaint.lower()) is not None
        detail = f"HTTP {status}: {complaint}" if status != 200 else complaint
        return Fault(outcome, tidy(detail, self._secrets), model_gone=gone, usage=self.usage)


def tidy(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a service's words fit for a line of the log: one line, not long, without anything like a key."""
    for secret in secrets:
        text = text.replace(secret, "[hidden]") if secret else text
    text = re.sub(r"\b(sk-|Bearer\s+)[\w*.…-]+", r"\1[hidden]", " ".join(text.split()))
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written to a log
    return text if len(text) <= 300 else text[:299] + "…"


def _is_failure(line: str) -> bool:
    return wording.FAILURE_LINE.search(line) is not None and wording.RETRY_LINE.search(line) is None


def _believable(lines: Iterable[str]) -> Iterator[str]:
    """
    Yield the lines that may hold the video's link.

    Beside and after a failure a link that only its label recommends leads to a page of help.
    """
    failed = False
    for line in lines:
        if wording.SUCCESS_LINE.search(line):
            failed = False
        elif _is_failure(line):
            failed = True
        if not failed or holds_video(line):
            yield line


def _by_status(status: int) -> Outcome:
    return {401: Outcome.AUTH, 402: Outcome.QUOTA, 403: Outcome.AUTH, 429: Outcome.RATE_LIMITED}.get(
        status, Outcome.PROVIDER_ERROR
    )


def _stage(text: str, highest: float | None) -> Outcome | None:
    """Return the review that ``text``, in lower case, speaks of. The order of the questions is provider.md's, §4."""
    reviewed = wording.REVIEW.search(text) is not None
    picture = wording.PICTURE.search(text) is not None
    prompt = wording.PROMPT.search(text) is not None
    inputs = wording.INPUTS.search(text) is not None
    result = wording.RESULT.search(text) is not None
    people = wording.PEOPLE.search(text)
    if people and (reviewed or picture or people[0] in "真人人脸人像肖像" or _FOUND.search(text)):
        if prompt and not picture:
            return Outcome.MODERATION_PROMPT
        return Outcome.MODERATION_RESULT if result and not picture else Outcome.MODERATION_IMAGE
    if not reviewed and not wording.STAGELESS.search(text):
        return None
    named = [
        stage
        for stage, present in (
            (Outcome.MODERATION_RESULT, result),
            (Outcome.MODERATION_IMAGE, picture),
            (Outcome.MODERATION_PROMPT, prompt),
        )
        if present
    ]
    if inputs and not named:
        return Outcome.MODERATION_PROMPT
    if len(named) == 1:
        return named[0]
    if wording.STAGELESS.search(text):
        return Outcome.MODERATION_RESULT if (highest or 0) >= 50 else Outcome.MODERATION_UNKNOWN
    if highest:
        return Outcome.MODERATION_RESULT
    return Outcome.MODERATION_UNKNOWN if named else Outcome.MODERATION_PROMPT


class _Echo:
    """The member's prompt, as a service may repeat it."""

    def __init__(self, prompt: str) -> None:
        plain = prompt.strip()
        in_go = plain.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
        forms = {plain, " ".join(plain.split()), html.escape(plain), *(line.strip() for line in plain.splitlines())}
        forms |= {json.dumps(plain)[1:-1], *(json.dumps(text, ensure_ascii=False)[1:-1] for text in (plain, in_go))}
        self._lines = {line.strip() for line in plain.splitlines()} - {""}
        self._forms = sorted((form for form in forms if len(form) >= _SHORT_PROMPT), key=len, reverse=True)
        self._form_or_link = re.compile("|".join([*map(re.escape, self._forms), rf"({ANY_LINK})"]))
        starts = {form[:size] for form in self._forms for size in range(1, _SHORT_PROMPT + 1)}
        self._starts = tuple(start for start in starts if any(map(str.isalnum, start)))

    def cut(self, text: str) -> str:
        """Return ``text`` without the prompt. A link that happens to hold the prompt's words stays whole."""
        if text.strip(" \t>*\"'`") in self._lines:
            return ""
        if any(form in text for form in self._forms):
            return self._form_or_link.sub(lambda match: match[1] or " ", text)
        return text

    def cut_line(self, line: str) -> str:
        """Return ``line`` of the reply without the prompt; nothing, if it is labelled as the prompt."""
        return "" if _PROMPT_LABEL.match(line) else self.cut(line)

    def may_be_under_way(self, text: str) -> bool:
        """Whether the unfinished line ``text`` may turn out to hold a repetition of the prompt."""
        bare = text.strip(" \t>*\"'`")
        return (
            _PROMPT_LABEL.match(text) is not None
            or any(line.startswith(bare) for line in self._lines)
            or text.endswith(self._starts)
            or any(form[:_SHORT_PROMPT] in text for form in self._forms)
        )


class _Transcript:
    """One of the two voices of a reply, line by line, without the echo and without what grows for ever."""

    def __init__(self, echo: _Echo, note: Callable[[float], None]) -> None:
        self.lines: deque[str] = deque()
        self._echo = echo
        self._note = note
        self._size = 0
        self._line = ""
        self._scanned = 0
        self._fenced = False
        self._echoing = False

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
        if rest and not self._echoing:
            self._scan()

    def close(self) -> None:
        """End the last line."""
        if self._line:
            self._end_line("")

    def failures(self) -> list[str]:
        """Return the lines that report a final failure, the latest first, each also with the two lines after it."""
        lines = list(self.lines)
        failed = [place for place, line in enumerate(lines) if _is_failure(line)]
        found = (text for place in reversed(failed) for text in (lines[place], " ".join(lines[place : place + 3])))
        return list(dict.fromkeys(found))

    def after_heading(self) -> list[str]:
        """Return the line that follows sora2api's heading of a refusal, the heading first."""
        lines = list(self.lines)
        for place, line in enumerate(lines):
            if wording.REVIEW_HEADING.match(line):
                return [" ".join(lines[place : place + 2])]
        return []

    def _end_line(self, end: str) -> None:
        line = self._line + end
        self._line = ""
        scanned, self._scanned = self._scanned, 0
        if (self._fenced or "```" in line) and self._in_fence(line):
            return
        line = self._echo.cut_line(line)
        if not line.strip():
            return
        self.lines.append(line)
        self._size += len(line)
        while self._size > MAX_KEPT:
            self._size -= len(self.lines.popleft())
        for percent, _ in _percents(line, min(scanned, len(line)), complete=True):
            self._note(percent)

    def _in_fence(self, line: str) -> bool:
        """Whether ``line`` belongs to a fenced block that repeats the request, or is the edge of a block."""
        if not self._fenced:
            if fence := _FENCE.match(line):
                rest = line[fence.end() :].strip()
                self._fenced = not rest.endswith("```")
                self._echoing = self._fenced and (fence[1].lower() == "json" or rest.startswith("{"))
                return self._echoing or "html" not in fence[1].lower() or not rest
            return False
        if line.rstrip().endswith("```"):
            was_echo, self._fenced, self._echoing = self._echoing, False, False
            return was_echo or line.strip() == "```"
        if line.startswith("```"):  # the service went on in the line that ends the block
            self._fenced = self._echoing = False
            return False
        if line.lstrip().startswith(("{", '"prompt"')):
            self._echoing = True
        return self._echoing

    def _scan(self) -> None:
        """Look for percentages in a line that has not ended; what was searched is not searched again."""
        line = self._line
        part = line[self._scanned :]
        if "%" not in part and "％" not in part and ".." not in part:
            return
        if line.lstrip(" >").startswith("`") or self._echo.may_be_under_way(line):
            return
        found = _percents(line, self._scanned, complete=False)
        for percent, _ in found:
            self._note(percent)
        self._scanned = found[-1][1] if found else self._scanned + part.rfind(" ") + 1


def _percents(line: str, start: int, *, complete: bool) -> list[tuple[float, int]]:
    """Return the percentages in ``line`` from ``start`` on, in order, each with the place where it ends."""
    if not _DIGIT.search(line, start):
        return []
    text = line[start:]
    if "<" in text or "://" in text:
        text = _NOT_TEXT.sub(lambda match: " " * len(match[0]), text)
    worded = _PROGRESS_WORD.search(line)
    if not worded and not _ONLY_NUMBER.fullmatch(text):
        return []
    if one := _ONE_PERCENT.fullmatch(text):  # as nearly every line of progress is
        percent = float(one[1])
        return [(percent, start + one.end(1) + 1)] if percent <= 100 else []
    patterns = [_PERCENT]
    if not worded or _PROGRESS.search(line):  # "Processing image 2..." is no percentage
        patterns.append(_STEP)
    if worded and complete and not start:
        patterns.append(_NAMED)
    found = {match.start(1): (float(match[1]), start + match.end()) for p in patterns for match in p.finditer(text)}
    return [found[place] for place in sorted(found) if found[place][0] <= 100]

"""The reader of a task service's answers: to the create, to a poll, and to the call that gives the video."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.models import Outcome
from bot.providers.classify import log_excerpt
from bot.providers.links.candidates import best, candidates
from bot.providers.places.search import search, shape
from bot.providers.tasks.answers.answer import BYTES, CONTENT, Going, HttpAnswer, Reading
from bot.providers.tasks.answers.body import TaskBody
from bot.providers.tasks.answers.failures import FailureReader, FailureVerdict
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.paths import Path, first
from bot.providers.tasks.descriptions.status_words import TaskState
from bot.providers.tasks.descriptions.template import filled
from bot.providers.tasks.request import ServiceCalls
from bot.providers.turned_away import never_began, seconds_asked

StepName = Literal["upload", "create", "poll", "content"]
YOUNG = 60.0  # seconds; a service may not know a task yet that it has just taken
_REFUSED_INSIDE = frozenset(map(str, range(400, 600)))
_ENDINGS = {TaskState.TIMEOUT: Outcome.TIMEOUT, TaskState.CANCELLED: Outcome.CANCELLED}
_OF_THE_CALL = (None, Outcome.RATE_LIMITED, Outcome.AUTH, Outcome.QUOTA)  # they say nothing of a task that was taken
FINAL = (401, 402, 403, 410)
NOTHING_LEARNT = (408, 409, 425, 429)  # and all from 500 on
_GONE = re.compile(r"not[ _]?(?:exist|found)|no such (?:task|video|job)|unknown (?:task|video|job)|不存在|未找到", re.I)
_NOT_READY = re.compile(
    r"not (?:yet )?(?:ready|complete|finished|available)|not_ready|in[ _-]?progress"
    r"|still (?:being |in )?\w*(?:process|generat|render|runn)"
    r"|status: (?:in_progress|queued|processing|not_start|submitted)|未完成|处理中|生成中",
    re.I,
)
_GOES_ON = re.compile(r"(?:still|is) in progress|still (?:being |in )?\w*(?:process|generat|render|runn)", re.I)
_ASKED = re.compile(r"\bresets? in ~?(\d{1,4}) ?s", re.I)  # Replicate
_EXPIRED = re.compile(r"expired|no longer available|已过期|已失效|deleted", re.I)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """
    What is known of a task beside the answer: its id; seconds since its create, None if unknown; the highest percentage
    that was reported; and what the service may repeat: the words and links of the request.
    """

    task: str = ""
    age: float | None = None
    highest: float | None = None
    prompt: str = ""
    picture_links: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


class AnswerReader:
    """Reads the answers for one task."""

    def __init__(self, description: Description, calls: ServiceCalls, about: Circumstances) -> None:
        self._description = description
        self._calls = calls
        self._about = about
        self._failures = FailureReader(description.errors, about.prompt, about.secrets)

    def read(self, step: StepName, answer: HttpAnswer) -> Reading:
        """Return what ``answer`` to ``step`` means."""
        body = TaskBody(answer, self._description)
        inner = first(self._description.http_at, answer.value)
        # A task that the body calls failed has failed: then the inner status is the task's, not the call's.
        if str(inner) in _REFUSED_INSIDE and not (step == "poll" and body.ended_badly):
            answer = replace(answer, status=int(inner))
            body = TaskBody(answer, self._description)
        read = {"upload": self._uploaded, "create": self._created, "poll": self._polled, "content": self._fetched}
        return replace(read[step](body), wait=_wait(answer), cost=body.cost(), credits=body.cost(credits=True))

    def _uploaded(self, body: TaskBody) -> Reading:
        step = self._description.upload
        named = first(step.id, body.answer.value) if step and body.answer.ok and not body.complains else None
        if not step or named is None:
            return self._not_taken(body)
        return Reading(Going.QUEUED, "the picture was taken", picture=filled(step.gives, {"id": named}))

    def _created(self, body: TaskBody) -> Reading:
        http = body.answer
        if http.ok and http.is_video:
            return Reading(Outcome.SUCCESS, "the answer is the video", link=BYTES)
        alive = body.state in (TaskState.WAITING, TaskState.WORKING) or (body.state is None and body.word is not None)
        if not http.ok or body.ended_badly or (body.complains and not alive):
            return self._not_taken(body)
        link = self._link(body, self._description.poll.link) if body.state in (TaskState.MADE, None) else None
        if body.state is TaskState.MADE or (link and not body.job_id):
            return self._made(body, link)
        if not body.job_id:
            return Reading(Outcome.BAD_STREAM, "no task id in the answer to a create", detail=self._told(body))
        going = Going.IN_PROGRESS if body.state is TaskState.WORKING else Going.QUEUED
        return Reading(
            going, f"a task id, status {body.word!r}", body.percent, job_id=body.job_id, addresses=self._addresses(body)
        )

    def _not_taken(self, body: TaskBody) -> Reading:
        """Return why nothing came of a create: there is no task that could be asked for again."""
        reading = self._failed(body, started=False)
        if reading.outcome is Going.AGAIN:
            return replace(reading, outcome=Outcome.PROVIDER_ERROR, retry=False, last=None)
        nothing_there = body.answer.status == 404 and body.answer.value is not None
        if nothing_there and reading.outcome is Outcome.PROVIDER_ERROR and "{model" in self._description.create.path:
            return replace(reading, rule=f"{reading.rule}: the address is the model's", model_gone=True)
        return reading

    def _polled(self, body: TaskBody) -> Reading:
        status, word = body.answer.status, body.word
        if status in NOTHING_LEARNT or status >= 500 or 300 <= status < 400:
            return self._decided(body) or self._again(body, f"HTTP {status} tells nothing of the task")
        if not body.answer.ok:
            return self._complained(body)
        if body.answer.value is None:
            return self._again(body, "no JSON")
        if not body.is_of(self._about.task):
            return replace(self._again(body, "it is about another task"), last=Outcome.PROVIDER_ERROR)
        if body.ended_badly:
            return self._failed(body, started=True)
        if body.state is TaskState.MADE:
            return self._made(body, self._link(body, self._description.poll.link))
        if body.state is not None:
            going = Going.QUEUED if body.state is TaskState.WAITING else Going.IN_PROGRESS
            return Reading(going, f"status {word!r}", body.percent, job_id=body.job_id)
        if word is None and (link := self._link(body, self._description.poll.link)):
            return self._made(body, link)
        if body.errors_beside_status or (isinstance(word, str) and _GONE.search(word)):
            return self._complained(body)
        rule = "no status: it goes on" if word is None else f"status {word!r} is unknown: it goes on"
        return Reading(Going.IN_PROGRESS, rule, body.percent, job_id=body.job_id)

    def _complained(self, body: TaskBody) -> Reading:
        """Return what an HTTP error, or one without a status word, means to a poll: the task's end, or nothing yet."""
        status = body.answer.status
        if body.answer.is_page and status not in FINAL:
            return self._again(body, "a page in place of an answer")
        if body.state in (TaskState.WAITING, TaskState.WORKING) and status not in FINAL:
            return self._again(body, f"status {body.word!r} beside HTTP {status}")
        young = self._about.age is None or self._about.age < YOUNG
        if not body.ended_badly and (status == 404 or _GONE.search(body.message)):
            if young:
                return self._again(body, "the service does not know the task yet")
            return self._lost(body, "the service does not know the task any more")
        started = body.answer.ok or body.ended_badly
        verdict = self._verdict(body, started=started)
        if verdict.outcome is Outcome.RATE_LIMITED and not body.ended_badly:
            return self._again(body, verdict.rule)
        if young and not started and status not in FINAL and verdict.outcome in (None, Outcome.PROVIDER_ERROR):
            return self._again(body, f"HTTP {status} for a young task")
        if body.answer.ok and body.word is None and verdict.outcome is Outcome.PROVIDER_ERROR and not verdict.by_code:
            again = self._again(body, f"{verdict.rule}, but no word of the task")
            return replace(again, last=Outcome.PROVIDER_ERROR)
        return replace(self._failed(body, started=started), lost=not started)

    def _decided(self, body: TaskBody) -> Reading | None:
        """Return how the task ended where a code of the description says so, whatever the HTTP status is."""
        verdict = self._verdict(body, started=True)
        return self._failed(body, started=True) if verdict.by_code and verdict.outcome not in _OF_THE_CALL else None

    def _lost(self, body: TaskBody, rule: str) -> Reading:
        return Reading(Outcome.PROVIDER_ERROR, rule, detail=self._told(body), lost=True)

    def _made(self, body: TaskBody, link: str | None) -> Reading:
        # Old versions of new-api have the link where the reason of a failure stands.
        link = link or self._chosen([piece for piece in body.message.split(" | ") if piece.startswith("http")])
        made = Reading(Outcome.SUCCESS, f"status {body.word!r}", body.percent, link, job_id=body.job_id)
        given = self._description.content is not None
        if link and given and self._calls.is_content_elsewhere(link):
            rule = f"{made.rule}, a link to the service's own call by another name of its host"
            return replace(made, rule=rule, link=CONTENT, link_wants_key=True)
        if link:
            return replace(made, rule=f"{made.rule} and a link", link_wants_key=self._calls.wants_key(link))
        if body.complains:
            return self._failed(body, started=True)
        if given:
            rule = f"{made.rule}, no link: the service gives the video itself"
            return replace(made, rule=rule, link=CONTENT, link_wants_key=True)
        if self._description.link_call:
            return replace(made, rule=f"{made.rule}: one more call gives the link", result_id=body.result_id)
        if self._description.result:
            return replace(made, outcome=Going.RESULT_CALL, result_id=body.result_id)
        return self._lost(body, f"{made.rule} without a link")

    def _fetched(self, body: TaskBody) -> Reading:
        http = body.answer
        if http.ok and http.is_video:
            return Reading(Outcome.SUCCESS, "the answer is the video", link=BYTES)
        if link := self._link_in_place_of_video(body):
            key = self._calls.wants_key(link)
            return Reading(Outcome.SUCCESS, "a link in place of the video", link=link, link_wants_key=key)
        early = _NOT_READY.search(body.message) or (http.status == 404 and not _EXPIRED.search(body.message))
        if early or http.status in NOTHING_LEARNT or http.status >= 500:
            if decided := self._decided(body):
                return decided
            again = self._again(body, "the video is not there yet")
            return replace(again, last=Outcome.TIMEOUT) if _GOES_ON.search(body.message) else again
        if _EXPIRED.search(body.message) or http.status == 410:
            return self._lost(body, "the video is gone")
        if http.ok and not body.complains and not body.ended_badly:
            return self._again(body, "no video in it")
        failed = self._failed(body, started=http.status not in (401, 403))
        return replace(failed, lost=self._description.content is not None and not body.ended_badly)

    def _link_in_place_of_video(self, body: TaskBody) -> str | None:
        http, step = body.answer, self._description.after_made
        if 300 <= http.status < 400:
            return self._chosen([http.header("location") or ""])
        if http.ok:
            return None if body.ended_badly else self._link(body, step.link if step else ())
        return self._chosen([], text=body.message) if http.status < 500 else None  # SGLang names it in its error

    def _link(self, body: TaskBody, paths: tuple[Path, ...]) -> str | None:
        named = first(paths, body.answer.value)
        fields = search({"video": named}).best_links() if named else body.found.best_links()
        return self._chosen(fields)

    def _chosen(self, fields: list[str], *, text: str = "") -> str | None:
        found = candidates(text, fields, (), base=self._calls.base, decoys=self._about.picture_links)
        return next(iter(best(found, succeeded=False)), None)

    def _addresses(self, body: TaskBody) -> Mapping[str, str]:
        """Return the addresses that later calls have by the answer to the create, where those may be called."""
        d = self._description
        steps = {"poll": d.poll, "result": d.after_made, "cancel": d.cancel}
        named = {name: first(step.addressed_by, body.answer.value) for name, step in steps.items() if step}
        whole = {name: self._calls.absolute(url) for name, url in named.items() if isinstance(url, str)}
        return {name: url for name, url in whole.items() if url}

    def _verdict(self, body: TaskBody, *, started: bool) -> FailureVerdict:
        told = [percent for percent in (self._about.highest, body.failed_percent) if percent is not None]
        highest = max(told, default=None)
        return self._failures.judge(body.message, body.answer.status, highest=highest, started=started)

    def _failed(self, body: TaskBody, *, started: bool) -> Reading:
        verdict = self._verdict(body, started=started)
        if verdict.outcome is None:
            return self._again(body, verdict.rule)
        outcome, rule = verdict.outcome, verdict.rule
        if body.state in _ENDINGS and outcome is Outcome.PROVIDER_ERROR:
            outcome, rule = _ENDINGS[body.state], f"status {body.word!r}"
        status = body.answer.status
        busy = status in (429, 503) or (status < 500 and outcome is Outcome.RATE_LIMITED)
        told = verdict.by_rule and outcome is Outcome.RATE_LIMITED
        not_begun = busy and not started and (told or never_began(body.message, body.answer.seconds))
        blameless = outcome in (Outcome.RATE_LIMITED, Outcome.PROVIDER_ERROR) and not verdict.model_gone
        return Reading(
            outcome,
            rule,
            body.failed_percent,
            job_id=body.job_id if body.answer.ok else None,
            retry=not_begun and blameless,
            model_gone=verdict.model_gone,
            detail=self._told(body),
        )

    def _told(self, body: TaskBody) -> str:
        """Return for the log what the service said; if that is no sentence, where it sends, or what fields it has."""
        http, said = body.answer, body.message
        if 300 <= http.status < 400:
            there = (http.header("location") or "nowhere").partition("?")[0]
            return f"it sends on to {log_excerpt(there)}, which is not followed"
        if " " not in said:
            said = " ".join(filter(None, (said, shape(http.value))))
        return self._failures.told(said)

    def _again(self, body: TaskBody, rule: str) -> Reading:
        last = self._verdict(body, started=True).outcome or Outcome.PROVIDER_ERROR
        if last.is_refusal or body.answer.ok:
            last = Outcome.BAD_STREAM if body.answer.ok else Outcome.PROVIDER_ERROR
        return Reading(Going.AGAIN, rule, retry=True, last=last, detail=self._told(body))


def _wait(answer: HttpAnswer) -> float | None:
    """Return the seconds after which the service wants to be asked: OpenAI's own header, the usual one, or the body."""
    milliseconds = answer.header("openai-poll-after-ms") or ""
    if milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 9:
        return int(milliseconds) / 1000
    named = answer.value.get("retry_after") if isinstance(answer.value, dict) else None
    said = _ASKED.search(answer.message) if answer.status == 429 and named is None else None
    seconds = seconds_asked(answer.header("retry-after") or str(said[1] if said else named))
    return None if seconds == math.inf else seconds

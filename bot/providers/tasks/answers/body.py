"""
The body of a task service's answer, and what stands in it: each thing is looked for once, in any wrapping.

Where the description names a place it is that; all else is found by what its field is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from bot.providers.places.complaints import error_message
from bot.providers.places.field_names import PERCENT_KEYS, STATUS_KEYS, plain_key
from bot.providers.places.search import Findings, as_json, percent_of, search
from bot.providers.tasks.answers.answer import HttpAnswer
from bot.providers.tasks.descriptions.description import Description
from bot.providers.tasks.descriptions.paths import first
from bot.providers.tasks.descriptions.status_words import TaskState
from bot.providers.tasks.descriptions.template import MAX_ID

MAX_COST = 1_000_000  # of one video, in the operator's currency; more is no cost, and no database holds it
MAX_WRAPPINGS = 4
MAX_LINES, MAX_LINE = 200, 1000  # of a log, and characters of one
_WRAPPINGS = ("data", "task", "output", "result", "response", "job", "video", "generation", "prediction", "body")
_BAR = re.compile(r"(\d{1,3})% {0,4}\|")
_ANSWERED = ("success", "ok", "succeed", "200", "0")  # of the question, where a word of the task stands within
_IDS = ("id", "taskid", "videoid", "jobid", "generationid", "predictionid")
_CALL_IDS = ("requestid",)  # of the task where there is no other, else of the call
_BARE_ID = re.compile(r"(?=.*\d)[\w.:-]{8,}", re.ASCII)


class TaskBody:
    """What stands in the body of one answer."""

    def __init__(self, answer: HttpAnswer, description: Description) -> None:
        self.answer = answer
        self._description = description

    @cached_property
    def found(self) -> Findings:
        return search(self.answer.value)

    @cached_property
    def _task(self) -> dict[str, Any]:
        return _task_of(self.answer.value)

    @cached_property
    def word(self) -> Any:
        """The word for the state of the task, None if there is none."""
        if paths := self._description.poll.status:
            word = first(paths, self.answer.value)
            return word if isinstance(word, str | int | bool) else None
        return _word(self._task) or None

    @cached_property
    def state(self) -> TaskState | None:
        return None if self.word is None else self._description.status.state_of(self.word)

    @property
    def ended_badly(self) -> bool:
        return self.state in (TaskState.FAILED, TaskState.TIMEOUT, TaskState.CANCELLED)

    def is_of(self, task: str) -> bool:
        """Whether the answer is about ``task``, as far as the description says where it would tell."""
        paths = self._description.poll.id
        named = first(paths, self.answer.value)
        return not (task and paths) or (self.state is not None if named is None else str(named) == task)

    @cached_property
    def complains(self) -> bool:
        """Whether it reports a failure, whatever the status word says."""
        signs = self._description.failed_if
        return bool(self.found.errors) or any(sign.stands_in(self.answer.value) for sign in signs)

    @cached_property
    def message(self) -> str:
        counted = isinstance(self.word, int) and not isinstance(self.word, bool) and self.ended_badly
        word = f"status {self.word}" if counted else ""  # elsewhere the words around it say as much
        pieces = (word, error_message(self._task), _name_of_error(self._task), self.answer.message, *self.found.errors)
        return " | ".join(dict.fromkeys(piece for all_ in pieces for piece in all_.split(" | ") if piece))

    @property
    def errors_beside_status(self) -> bool:
        """Whether anything but the status word complains."""
        beside = {name: held for name, held in self._task.items() if plain_key(name) not in STATUS_KEYS}
        return bool(search(beside).errors) or (self.word is None and self.complains)

    @cached_property
    def percent(self) -> float | None:
        poll = self._description.poll
        if poll.percent:
            value = first(poll.percent, self.answer.value)
            if isinstance(value, list) or (isinstance(value, str) and "\n" in value):
                return _percent_of_log(value)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return percent_of(value * poll.percent_factor if number and poll.percent_factor != 1 else value)
        own = (percent_of(held) for name, held in self._task.items() if plain_key(name) in PERCENT_KEYS)
        return next((percent for percent in own if percent is not None), self.found.percent)

    @property
    def failed_percent(self) -> float | None:
        """The percentage of a task that failed: 100 beside a failure only says that it is over."""
        return None if self.percent == 100 else self.percent

    @cached_property
    def job_id(self) -> str | None:
        if paths := self._description.create.id:
            return _id(first(paths, self.answer.value))
        entries = (self._task, *_objects(self.answer.value))
        keys = [{plain_key(name): held for name, held in entry.items()} for entry in entries]
        own = (_id(held.get(name)) for held in keys for name in _IDS)
        bare = (one for held in keys for name in _WRAPPINGS if (one := _id(held.get(name))) and _BARE_ID.fullmatch(one))
        of_call = (_id(held.get(name)) for held in keys for name in _CALL_IDS)
        return next(filter(None, (*own, *bare, *of_call)), None)

    @property
    def result_id(self) -> str | None:
        step = self._description.link_call or self._description.result
        return _id(first(step.id, self.answer.value)) if step else None

    def cost(self, *, credits: bool = False) -> float | None:
        """Return what it cost in the operator's currency, or, as ``credits``, in units of the service's own."""
        for cost in self._description.cost:
            value = first(cost.at, self.answer.value) if cost.credits is credits else None
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
                amount = value * cost.factor
                return round(amount, 6) if amount <= MAX_COST else None
        return None


def _percent_of_log(log: Any) -> float | None:
    """Return what the last line of ``log``, a text or objects with one, says that has a bar: `` 45%|###  | 18/40``."""
    lines = log if isinstance(log, list) else log.split("\n")
    texts = (line.get("message") if isinstance(line, dict) else line for line in reversed(lines[-MAX_LINES:]))
    bars = (_BAR.findall(text[-MAX_LINE:]) for text in texts if isinstance(text, str))
    return next((percent_of(drawn[-1]) for drawn in bars if drawn), None)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the outermost object of ``value`` and those that it wraps, the outer ones first."""
    level = [outer for outer in (_object(value),) if outer]
    for _ in range(MAX_WRAPPINGS):
        yield from level
        plain = ({plain_key(name): held for name, held in entry.items()} for entry in level)
        held = (_object(entry[name]) for entry in plain for name in _WRAPPINGS if name in entry)
        level = [one for one in held if one][:8]


def _object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str):
        value = as_json(value)
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, dict)), None)
    return value if isinstance(value, dict) else None


def _task_of(value: Any) -> dict[str, Any]:
    """Return the object that has the status of the task, however it is wrapped, else the outermost one."""
    worded = [entry for entry in _objects(value) if _word(entry)]
    own = (entry for entry in worded if _word(entry).lower() not in _ANSWERED or _tells_of_task(entry))
    return next(own, None) or next(iter(worded), None) or next(_objects(value), {})


def _tells_of_task(entry: dict[str, Any]) -> bool:
    return any(plain_key(name) in PERCENT_KEYS or plain_key(name) in _IDS for name in entry)


def _word(entry: dict[str, Any]) -> str:
    keys = {plain_key(name): held for name, held in entry.items()}
    return next((held for name in STATUS_KEYS if isinstance(held := keys.get(name), str) and held), "")


def _name_of_error(task: dict[str, Any]) -> str:
    """Return what some services give in place of a code: {"error": {"name": …}}."""
    error = task.get("error")
    name = error.get("name") if isinstance(error, dict) else None
    return name if isinstance(name, str) else ""


def _id(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_ID and value.isprintable() else None

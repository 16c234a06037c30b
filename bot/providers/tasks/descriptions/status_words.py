"""The words for the state of a task, as services write them, and what they mean."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator


class TaskState(StrEnum):
    """What a word says: it waits, is worked at, was made, failed, took too long, or was stopped."""

    WAITING = "waiting"
    WORKING = "working"
    MADE = "made"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"


# Sources: OpenAI, new-api, OpenRouter, xAI, llmgateway, SGLang, vLLM-Omni and the makers' own documents.
_USUAL = {
    TaskState.WAITING: "queued queueing queuing inqueue pending submitted created preparing initializing notstart "
    "notstarted unknown starting waiting wait throttled scheduled accepted 排队中 等待中",
    TaskState.WORKING: "inprogress processing running generating dreaming working rendering 处理中 生成中 进行中",
    TaskState.MADE: "completed complete succeeded succeed success done finished ready 成功 完成 已完成 生成成功",
    TaskState.FAILED: "failed fail failure error errored cancelled canceled deleted rejected aborted "
    "失败 已失败 生成失败 已取消",
    TaskState.TIMEOUT: "expired timeout timedout 超时 已过期",
}
_STATE_OF = {word: state for state, words in _USUAL.items() for word in words.split()}


def listed(value: Any) -> Any:
    """Return ``value`` as the list that it stands for: one value may be written without brackets."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Word = str | int | bool
Words = Annotated[tuple[Word, ...], BeforeValidator(listed)]


def plain_word(value: Any) -> tuple[str, str]:
    """Return ``value`` as it is compared: its kind, and a word without case, underscores and spaces."""
    if isinstance(value, bool):
        return "truth", str(value)
    return "word", re.sub(r"[\s_-]", "", str(value)).lower()


class StatusWords(BaseModel):
    """A service's words beyond the usual ones, or with another meaning; true, false and numbers are words too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    waiting: Words = ()
    working: Words = ()
    made: Words = ()
    failed: Words = ()
    timeout: Words = ()
    cancelled: Words = ()
    """Words that say that it was stopped on request; the usual ones only say that it failed."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        words = [plain_word(word) for state in TaskState for word in getattr(self, state.value)]
        if twice := next((word for word in words if words.count(word) > 1), None):
            raise ValueError(f"has the word {twice[1]!r} twice")
        return self

    def state_of(self, value: Any) -> TaskState | None:
        """Return what ``value`` means, None for a word that nobody has met."""
        word = plain_word(value)
        for state in TaskState:
            if word in map(plain_word, getattr(self, state.value)):
                return state
        return _STATE_OF.get(word[1]) if word[0] == "word" else None

"""What every kind of video service implements, and what it says: progress, and then one result."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.models import Outcome, VideoRequest


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The token counts a service reports, as it reports them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The percentage the service reports, 0 to 100. It may go down when the service starts over by itself."""

    percent: float


@dataclass(frozen=True, slots=True)
class FinishedVideo:
    """The finished video. ``urls[0]`` is the one to show."""

    urls: tuple[str, ...]
    usage: TokenUsage | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A review said no; ``stage`` is one of the four ``moderation_…`` outcomes."""

    stage: Outcome
    usage: TokenUsage | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """
    The service failed. ``detail`` is for the operator's log alone: it may quote the service.

    ``retry_after`` is set, in seconds, only where the service turned the request away before it began and the same
    request may therefore be sent once more without paying twice. ``model_gone``: it no longer has the model.
    """

    outcome: Outcome
    detail: str
    retry_after: float | None = None
    model_gone: bool = False
    usage: TokenUsage | None = None


Result = FinishedVideo | Refusal | Failure


ProviderEvent = Progress | Result


class Provider(Protocol):
    """
    Speaks to one kind of video service: ``generate`` yields any number of Progress, then one Result.

    ``may_send`` is asked at the last moment before the request leaves: at False it stays, and the result says nothing.
    """

    def generate(self, request: VideoRequest, may_send: Callable[[], bool]) -> AsyncGenerator[ProviderEvent, None]: ...

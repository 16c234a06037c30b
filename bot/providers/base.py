"""What every kind of video service implements, and what it says: progress, and then one result."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, Self

from bot.errors import FetchError
from bot.models import Outcome, VideoModel, VideoRequest


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The token counts a service reports, as it reports them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class TaskHandle:
    """
    What is kept of a task so that any process can follow it: its id, addresses that the service gave for it, when it
    was created, in seconds since 1970, and the name of the service.
    """

    id: str
    model: str
    addresses: Mapping[str, str] = field(default_factory=dict)
    result_id: str | None = None
    created: float = 0.0
    service: str = ""

    def as_text(self) -> str:
        """Return it as it is stored."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return what ``as_text`` gave, also of a newer Kinora. Raises ValueError or TypeError for anything else."""
        held = json.loads(text)
        return cls(**{name: held[name] for name in held if name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Routed:
    """The request goes to the service of ``model`` next."""

    model: VideoModel


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service has taken the request as a task. It comes before all else, and is stored before anything is done."""

    task: TaskHandle


@dataclass(frozen=True, slots=True)
class Waiting:
    """The task waits for its turn at the service; ``place`` counts from 1, and is 0 where it is not known."""

    place: int


@dataclass(frozen=True, slots=True)
class Progress:
    """
    The percentage the service reports, 0 to 100. It may go down when the service starts over by itself. ``steps`` are
    those that are done, and all of them, where it counts steps.
    """

    percent: float
    steps: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class FinishedVideo:
    """
    The finished video. ``urls[0]`` is the one to show, unless it is ``locked``: then only the key of its ``service``
    opens it, and ``Provider.download`` gives it.

    ``cost``, here and below, is what the service says that the request cost, in the operator's currency.
    """

    urls: tuple[str, ...]
    usage: TokenUsage | None = None
    cost: float | None = None
    locked: bool = False
    service: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A review said no; ``stage`` is one of the four ``moderation_…`` outcomes."""

    stage: Outcome
    usage: TokenUsage | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """
    The service failed. ``detail`` is for the operator's log alone: it may quote the service.

    ``not_begun``: it surely turned the request away before it began, so that nothing is paid for; where it may be sent
    there once more, ``retry_after`` says in how many seconds. ``model_gone``: it no longer has the model.
    ``may_cost``: what became of a task that it had accepted is not known, or its video was made and cannot be fetched.
    """

    outcome: Outcome
    detail: str
    retry_after: float | None = None
    model_gone: bool = False
    may_cost: bool = False
    usage: TokenUsage | None = None
    cost: float | None = None
    not_begun: bool = False


Result = FinishedVideo | Refusal | Failure


ProviderEvent = Routed | Accepted | Waiting | Progress | Result


class Provider(Protocol):
    """Video services. What is written out here holds for those that know no tasks and whose links anybody opens."""

    def generate(self, request: VideoRequest, may_send: Callable[[], bool]) -> AsyncGenerator[ProviderEvent, None]:
        """
        Send ``request`` once: Routed before each service that it goes to, Accepted where that knows tasks, any number
        of Waiting and Progress, then one Result.

        ``may_send`` is asked at the last moment before the request leaves: at False it stays, and the result says
        nothing.
        """
        ...

    async def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        """
        Go on with a ``task`` that was accepted before: any number of Waiting and Progress, then one ending. Nothing is
        created.

        Of ``request`` only its words and links are looked at, so that its pictures may be gone.
        """
        yield Failure(Outcome.INTERRUPTED, "the service keeps nothing that could be followed")

    async def cancel(self, task: TaskHandle) -> bool:
        """Ask the service to stop ``task``, and return whether it says that it does."""
        return False

    def sends_link(self, model: VideoModel) -> bool:
        """Whether the service is handed a link to each picture for ``model``, so that ``Picture.link`` is needed."""
        return False

    async def shortcomings(self) -> Sequence[str]:
        """Return what is found, for free, to be missing at the service: a sentence each, without its full stop."""
        return ()

    async def download(self, video: FinishedVideo, path: Path, *, limit: int, within: float) -> int:
        """Write a locked ``video`` to ``path``: as ``Fetcher.fetch``, also in what it raises."""
        raise FetchError("no link of this service needs its key")

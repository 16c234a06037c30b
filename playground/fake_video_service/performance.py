"""The course of one answer: the order of a family's pieces, and the ways in which it can end badly."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from playground.fake_video_service.families.family import DONE, PING, ErrorEvent, Family, Piece, Raw
from playground.fake_video_service.film import FilmStoppedError
from playground.fake_video_service.generation import Generation
from playground.fake_video_service.scenarios import Scenario

# Seconds at pace 1.
QUEUE_SECONDS = 1.0
REPORT_SECONDS = 0.8
DRIP_SECONDS = 1.0

HUGE_LINE_MIB = 80
HALF_A_LINE = Raw(b'data: {"id":"","object":"chat.completion.chunk","choices":[{"index":0,"del')
HALF_A_CHARACTER = Raw('data: {"choices":[{"index":0,"delta":{"content":"🏃'.encode()[:-2])
LATE_ERROR = ErrorEvent(
    {"message": "stream usage accounting failed", "type": "new_api_error", "code": "bad_response"},
)


class WireCutError(Exception):
    """The connection must be closed here, before the end of the body."""


@dataclass(frozen=True, slots=True)
class Performance:
    """The answer to one request: its scenario, its family, its film, and how its waits are spent."""

    scenario: Scenario
    family: Family
    prompt: str
    key: str
    generation: Generation | None  # where the scenario makes a film
    link: Callable[[Path], str]
    pause: Callable[[float], Awaitable[None]]  # seconds at pace 1; inf waits until the client or the server ends

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """The whole answer; raises WireCutError where the connection must be cut, and what the encoder raised."""
        for piece in self.family.open(self.prompt):
            yield piece
        await self.pause(QUEUE_SECONDS)
        async for piece in self._progress():
            yield piece
        async for piece in self._end():
            yield piece
        if self.scenario.manner == "late-error":
            yield LATE_ERROR
        elif self.scenario.manner != "no-done" and self.scenario.ending != "cut-character":
            yield DONE

    async def _progress(self) -> AsyncIterator[Piece]:
        for percent in self.scenario.percents:
            for piece in self._report(percent):
                yield piece
            await self.pause(REPORT_SECONDS)
        if self.scenario.retries:
            for piece in self.family.retry():
                yield piece
        if self.generation is not None:
            async for percent in self.generation.percents():
                for piece in self._report(percent):
                    yield piece

    def _report(self, percent: float) -> Iterable[Piece]:
        return [PING] if self.scenario.manner == "silent" else self.family.report(percent)

    async def _end(self) -> AsyncIterator[Piece]:
        ending = self.scenario.ending
        if ending in ("stall", "drip"):
            async for piece in self._never_end():
                yield piece
        elif ending == "huge-line":
            yield Raw(b"data: ")
            for _ in range(HUGE_LINE_MIB):
                yield Raw(b"9" * 2**20)
            yield Raw(b"\n\n")
        else:
            for piece in await self._final_pieces():
                yield piece
            if ending == "cut":
                raise WireCutError

    async def _never_end(self) -> AsyncIterator[Piece]:
        if self.scenario.ending == "stall":
            await self.pause(float("inf"))
        for byte in itertools.cycle(b": still here "):
            yield Raw(bytes([byte]))
            await self.pause(DRIP_SECONDS)

    async def _final_pieces(self) -> Iterable[Piece]:
        if self.generation is not None:
            try:
                return self.family.succeed(self.link(await self.generation.finish()))
            except FilmStoppedError as stopped:
                raise WireCutError from stopped  # the service itself is stopping
        if self.scenario.ending == "refusal":
            return self.family.refuse(self.scenario.outcome)
        if self.scenario.ending == "leak":
            return [ErrorEvent(leak(self.key))]
        return [HALF_A_LINE] if self.scenario.ending == "cut" else [HALF_A_CHARACTER]


def leak(key: str) -> dict[str, str]:
    """The error of a careless relay: it holds the caller's key, a host of its own network, and a mention."""
    message = f"@everyone upstream http://sora-pool-3.internal:9000/v1 (10.7.0.3) said 500 for Bearer {key}"
    return {"message": message, "type": "upstream_error", "code": "do_request_failed"}

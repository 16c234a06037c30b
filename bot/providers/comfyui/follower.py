"""Follows one prompt to its end. What the server answers is the truth; its messages only move the bar."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

import aiohttp

from bot.models import Outcome
from bot.providers.base import Failure, Progress, Waiting
from bot.providers.comfyui.answers import State, Where
from bot.providers.comfyui.film import SavedFilm
from bot.providers.comfyui.look import Lookout
from bot.providers.comfyui.progress import SamplerSteps
from bot.providers.comfyui.server import ComfyServer
from bot.providers.patience import Patience

EVERY = 2.0  # seconds between looks
LOST_AFTER = 3  # looks in a row that find a prompt nowhere
CONNECTED_WITHIN = 3.0  # seconds that a prompt waits for the socket; what is missed then is only its first steps
_RECONNECT = 2.0  # seconds
_LOST = "the server has lost the prompt: it was restarted, or its queue was emptied"

Event = Waiting | Progress | SavedFilm | Failure


class Messages:
    """What is heard of one prompt: the newest ``progress``, and whether it ``ended``; ``news`` is set with each."""

    def __init__(self, steps: SamplerSteps) -> None:
        self._steps = steps
        self.news = asyncio.Event()
        self.tried = asyncio.Event()  # to connect, whatever came of it
        self.progress: Progress | None = None
        self.ended = False

    def hear(self, text: str) -> None:
        """Take in one message, whatever it is."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        self.progress = self._steps.hear(message) or self.progress
        self.ended = self.ended or self._steps.has_ended(message)
        self.news.set()


@asynccontextmanager
async def listening(server: ComfyServer, client: str, steps: SamplerSteps) -> AsyncIterator[Messages]:
    """Hear the messages for ``client`` while the block runs, with a new connection after each that drops."""
    messages = Messages(steps)
    task = asyncio.create_task(_listen(server, client, messages), name=f"messages {client}")
    try:
        yield messages
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _listen(server: ComfyServer, client: str, messages: Messages) -> None:
    while True:
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with server.socket(client) as socket:
                messages.tried.set()
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        messages.hear(message.data)
        messages.tried.set()
        await asyncio.sleep(_RECONNECT)


class _Limits:
    """What ends the following of a prompt that does not end itself, ``age`` seconds after its create."""

    def __init__(self, patience: Patience, age: float) -> None:
        self._patience = patience
        self._learnt = patience.clock()
        self._ends = self._learnt + patience.whole - age
        self._absent = 0

    def verdict(self, state: Where | Waiting) -> Failure | None:
        """Take in one look, and return how the prompt ends by it, if it does."""
        now = self._patience.clock()
        self._absent = self._absent + 1 if state is Where.ABSENT else 0
        if state is not Where.UNKNOWN:
            self._learnt = now
        if self._absent == LOST_AFTER:
            return Failure(Outcome.PROVIDER_ERROR, _LOST)
        if now - self._learnt > self._patience.stall:
            return Failure(Outcome.PROVIDER_ERROR, "the server has not answered for too long")
        return Failure(Outcome.TIMEOUT, "the prompt took too long") if now >= self._ends else None

    @property
    def pause(self) -> float:
        """Seconds until the next look, the last one at the very end of the time."""
        return min(EVERY, max(0.0, self._ends - self._patience.clock()))


async def followed(
    lookout: Lookout, id: str, output: str | None, messages: Messages, patience: Patience, age: float = 0.0
) -> AsyncGenerator[Event, None]:
    """Look for the prompt ``id`` until it has ended, ``age`` seconds after its create; the last event is the end."""
    limits = _Limits(patience, age)
    shown: Waiting | Progress | None = None
    while True:
        state = await state_of(lookout, id, output)
        end = state if isinstance(state, SavedFilm | Failure) else limits.verdict(state)
        if end:
            yield end
            return
        if isinstance(state, Waiting) and state != shown:
            shown = state
            yield state
        async with aclosing(_heard(messages, limits.pause)) as heard:
            async for progress in heard:
                if state is Where.WORKING and progress != shown:
                    shown = progress
                    yield progress


async def _heard(messages: Messages, seconds: float) -> AsyncGenerator[Progress, None]:
    """Yield the newest progress, again with each message, for as long as that; less if the run is said to be over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not messages.ended:
                messages.news.clear()
                if messages.progress:
                    yield messages.progress
                await messages.news.wait()
    messages.ended = False


async def state_of(lookout: Lookout, id: str, output: str | None) -> State:
    """Return where a prompt is, unknown where the server does not say so."""
    try:
        return await lookout.state(id, output)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Where.UNKNOWN

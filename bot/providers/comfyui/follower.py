"""Follows one prompt to its end. What the server answers is the truth; its messages only move the bar."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

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


async def followed(
    lookout: Lookout, id: str, output: str | None, messages: Messages, patience: Patience, age: float = 0.0
) -> AsyncGenerator[Event, None]:
    """Look for the prompt ``id`` until it has ended, ``age`` seconds after its create; the last event is the end."""
    clock = patience.clock
    ends, learnt, lost = clock() + patience.whole - age, clock(), 0
    shown: Waiting | Progress | None = None
    while True:
        state = await state_of(lookout, id, output)
        if isinstance(state, SavedFilm | Failure):
            yield state
            return
        learnt, lost = learnt if state is Where.UNKNOWN else clock(), lost + 1 if state is Where.ABSENT else 0
        if lost == LOST_AFTER:
            yield Failure(Outcome.PROVIDER_ERROR, _LOST)
            return
        if clock() - learnt > patience.stall:
            yield Failure(Outcome.PROVIDER_ERROR, "the server has not answered for too long")
            return
        if clock() >= ends:
            yield Failure(Outcome.TIMEOUT, "the prompt took too long")
            return
        if isinstance(state, Waiting) and state != shown:
            shown = state
            yield state
        due = min(clock() + EVERY, ends)
        while (left := due - clock()) > 0:
            messages.news.clear()
            if state is Where.WORKING and messages.progress and messages.progress != shown:
                shown = messages.progress
                yield messages.progress
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await messages.news.wait()
            if messages.ended:
                messages.ended = False
                break


async def state_of(lookout: Lookout, id: str, output: str | None) -> State:
    """Return where a prompt is, unknown where the server does not say so."""
    try:
        return await lookout.state(id, output)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Where.UNKNOWN

"""Follows the changes of a message or of the reply to an interaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from playground.fake_discord.people.rendering import render, render_interaction
from playground.fake_discord.platform import Platform
from playground.fake_discord.state.events import Event
from playground.fake_discord.world.interaction import Interaction
from playground.fake_discord.world.messages import Message


class Watching:
    """Yields snapshots of a reply, one per change."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def watch(self, what: Message | Interaction) -> AsyncGenerator[Message, None]:
        """The present state, if there is one, and then every later one.

        Ends when the message is deleted, or when the interaction failed or was answered without a message.
        """
        with self._platform.events.subscribe() as events:
            message = _message_of(what)
            if message is not None:
                yield message.snapshot()
            while not _is_over(what):
                event = await events.get()
                message = _message_of(what)
                if message is not None and _concerns(event, message) and event.message is not None:
                    yield event.message

    async def wait_for(
        self,
        what: Message | Interaction,
        predicate: Callable[[Message], bool],
        *,
        timeout: float = 10.0,  # noqa: ASYNC109  a deadline is what callers ask for
    ) -> Message:
        """The first state that satisfies `predicate`; TimeoutError shows the last state as text.

        `timeout` is in seconds. Raises RuntimeError if the states end before, e.g. because the bot did not respond.
        """
        last: Message | None = None
        try:
            async with asyncio.timeout(timeout):
                async with aclosing(self.watch(what)) as states:
                    async for last in states:
                        if predicate(last):
                            return last
        except TimeoutError:
            raise TimeoutError(f"after {timeout} s the last state was:\n{_shown(what, last)}") from None
        raise RuntimeError(f"nothing more will come; the last state was:\n{_shown(what, last)}")


def _message_of(what: Message | Interaction) -> Message | None:
    return what.message if isinstance(what, Interaction) else what


def _concerns(event: Event, message: Message) -> bool:
    return event.message is not None and event.message.id == message.id and event.kind != "message_deleted"


def _is_over(what: Message | Interaction) -> bool:
    message = _message_of(what)
    if message is None:
        return isinstance(what, Interaction) and what.settled.is_set()
    return message.deleted


def _shown(what: Message | Interaction, last: Message | None) -> str:
    if last is not None:
        return render(last)
    return render_interaction(what) if isinstance(what, Interaction) else "(nothing)"

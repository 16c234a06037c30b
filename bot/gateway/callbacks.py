"""
Answers to interactions whose own answer gets lost on the way back.

Discord has taken such a one: the next try is told that there was one already (40060), and counts as the first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter

ANSWERED = 40060  # Discord's code for a second answer
ANSWER_TIMEOUT = 3.0  # seconds for one try; Discord wants to hear within three
PAUSES = (0.1, 0.4, 1.0, 2.0)  # seconds between tries; what was taken in time stays so
_MESSAGE, _DEFERRED = 4, 5  # the types of callback whose message is the interaction's original response

log = logging.getLogger(__name__)


class CallbackAdapter(AsyncWebhookAdapter):
    """discord.py's requests by an interaction's token. ``application_id`` tells whose, once that is known."""

    def __init__(self, application_id: Callable[[], int | None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._application_id = application_id

    async def create_interaction_response(
        self, interaction_id: int, token: str, *, session: aiohttp.ClientSession, params: Any, **options: Any
    ) -> Any:
        """Answer an interaction, and once more where no connection held; return what Discord says of the answer."""
        watched = _WatchedSession(session)
        pauses = iter(PAUSES)
        while True:
            try:
                return await super().create_interaction_response(
                    interaction_id,
                    token,
                    session=watched,  # type: ignore[arg-type]
                    params=params,
                    **options,
                )
            except discord.HTTPException as error:
                if error.code != ANSWERED or not watched.lost_an_answer:
                    raise
                log.warning("the answer to an acknowledgement was lost; Discord has it")
                return await self._given(interaction_id, token, session, (params.payload or {}).get("type"))
            except (aiohttp.ClientError, OSError):
                pause = next(pauses, None)
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            for file in params.files or ():
                file.reset()

    async def edit_original_interaction_response(
        self, *args: Any, files: Sequence[discord.File] | None = None, **options: Any
    ) -> Any:
        """Edit an answer, and once more where no connection held: twice is the same as once."""
        try:
            return await super().edit_original_interaction_response(*args, files=files, **options)
        except (aiohttp.ClientError, OSError) as error:
            log.warning("the answer to an edit was lost (%s), sending it once more", type(error).__name__)
        await asyncio.sleep(PAUSES[0])
        for file in files or ():
            file.reset()
        return await super().edit_original_interaction_response(*args, files=files, **options)

    async def _given(self, interaction_id: int, token: str, session: aiohttp.ClientSession, kind: int | None) -> Any:
        """Return what Discord would have said of an answer that it has."""
        said: dict[str, Any] = {"id": str(interaction_id), "type": discord.InteractionType.application_command.value}
        application_id = self._application_id()
        if kind in (_MESSAGE, _DEFERRED) and application_id:
            try:
                message = await self.get_original_interaction_response(application_id, token, session=session)
                said["response_message_id"] = message["id"]
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.warning("could not ask for the message of an interaction: %s", type(error).__name__)
        return {"interaction": said}


class _WatchedSession:
    """A session that knows whether a request may have arrived although its answer did not."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.lost_an_answer = False

    @asynccontextmanager
    async def request(self, method: str, url: str, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        try:
            async with self._session.request(method, url, timeout=timeout, **options) as response:
                self.lost_an_answer = self.lost_an_answer or response.status >= 500
                yield response
        except aiohttp.ClientConnectorError:  # nothing left this machine
            raise
        except (aiohttp.ClientError, OSError):
            self.lost_an_answer = True
            raise

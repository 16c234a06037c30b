"""Asks a ComfyUI server where a prompt is, takes it out or interrupts it."""

from __future__ import annotations

from urllib.parse import quote

from bot.providers.base import Waiting
from bot.providers.comfyui.answers import State, Where, has_no_jobs, read_history, read_job, read_queue
from bot.providers.comfyui.server import ComfyServer

_TRIES = 3  # a prompt may begin, or end, between a look and what follows it


class Lookout:
    """Looks after the prompts of one server. What it asks raises as ``ComfyServer`` does."""

    def __init__(self, server: ComfyServer) -> None:
        self._server = server
        self._has_jobs = True  # until it turns out to be too old for them

    async def state(self, id: str, output: str | None = None) -> State:
        """Return where the prompt ``id`` is; ``output`` is the node that saves its film, if one is named."""
        if self._has_jobs:
            answer = await self._server.get(f"/api/jobs/{quote(id, safe='')}")
            self._has_jobs = not has_no_jobs(answer)
        if self._has_jobs:
            state = read_job(answer, output)
            return await self._place(id, state) if isinstance(state, Waiting) else state
        state = read_history(await self._server.get(f"/history/{quote(id, safe='')}"), id, output)
        return await self._queued(id) if state is Where.ABSENT else state

    async def cancel(self, id: str) -> bool:
        """Take the prompt ``id`` out of the queue or interrupt it, and no other; return whether it was there."""
        found = False
        for _ in range(_TRIES):
            state = await self._queued(id)
            if isinstance(state, Waiting):
                await self._server.post("/queue", {"delete": [id]})
            elif state is Where.WORKING:
                # Without the id it stops whatever runs; servers before 0.3.57 do so with it, too.
                await self._server.post("/interrupt", {"prompt_id": id})
                return True
            else:
                return found
            found = True
        return found

    async def _place(self, id: str, state: Waiting) -> State:
        found = await self._queued(id)
        return found if isinstance(found, Waiting) else state if found is Where.UNKNOWN else Where.WORKING

    async def _queued(self, id: str) -> State:
        return read_queue(await self._server.get("/queue"), id)

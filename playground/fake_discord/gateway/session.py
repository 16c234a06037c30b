"""One gateway session: a shard's numbered stream of events, which can be resumed over another socket."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from typing import Any

from aiohttp import web

MAX_REPLAY = 1000


class GatewaySession:
    """Numbers events and keeps them for a RESUME; `socket` is None while the bot is disconnected."""

    def __init__(self, shard_id: int, shard_count: int, intents: int, socket: web.WebSocketResponse) -> None:
        self.id = secrets.token_hex(16)
        self.shard_id = shard_id
        self.shard_count = shard_count
        self.intents = intents
        self.socket: web.WebSocketResponse | None = socket
        self._sequence = 0
        # One frame at a time, so that a resumed bot gets what it missed before what is new.
        self._order = asyncio.Lock()
        self._sent: deque[tuple[int, str]] = deque(maxlen=MAX_REPLAY)

    def serves(self, guild_id: int | None) -> bool:
        """Whether events of that guild belong to this shard; direct messages go to shard 0."""
        return self.shard_id == (0 if guild_id is None else (guild_id >> 22) % self.shard_count)

    async def dispatch(self, event: str, data: Any) -> None:
        """Number one event, keep it, and send it if the bot is connected."""
        async with self._order:
            await self._dispatch(event, data)

    def can_resume_after(self, sequence: int) -> bool:
        """Whether every event after that number is still kept."""
        oldest = self._sent[0][0] if self._sent else 1
        return oldest - 1 <= sequence <= self._sequence

    async def resume(self, socket: web.WebSocketResponse, sequence: int) -> None:
        """Continue over a new socket: send the missed events, then RESUMED."""
        async with self._order:
            self.socket = socket
            for number, frame in list(self._sent):
                if number > sequence:
                    await self._send(frame)
            await self._dispatch("RESUMED", {"_trace": []})

    async def _dispatch(self, event: str, data: Any) -> None:
        self._sequence += 1
        frame = json.dumps({"op": 0, "t": event, "s": self._sequence, "d": data})
        self._sent.append((self._sequence, frame))
        await self._send(frame)

    async def _send(self, frame: str) -> None:
        if self.socket is None or self.socket.closed:
            return
        try:
            await self.socket.send_str(frame)
        except ConnectionError:
            self.socket = None  # the bot has disconnected; the frame waits for a RESUME

"""The fake gateway: HELLO, IDENTIFY, heartbeats, RESUME, and the delivery of events to the right shard."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from playground.fake_discord.gateway.session import GatewaySession
from playground.fake_discord.gateway.session_starts import SessionStarts
from playground.fake_discord.payloads.entities import own_user_payload
from playground.fake_discord.payloads.guilds import guild_create_payload
from playground.fake_discord.world.entities import Guild
from playground.fake_discord.world.world import World

HEARTBEAT_MS = 41_250
# Seconds, as over a network. discord.py notes when it has sent a heartbeat after the fact, and takes an acknowledgement
# that came before for one that is a whole interval late.
ACKNOWLEDGED_AFTER = 0.05
GUILDS_INTENT = 1 << 0
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15

_HEARTBEAT, _IDENTIFY, _PRESENCE, _VOICE, _RESUME, _REQUEST_MEMBERS = 1, 2, 3, 4, 6, 8
_INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 9, 10, 11
_IGNORED = {_PRESENCE, _VOICE, _REQUEST_MEMBERS}

_UNKNOWN_OPCODE, _DECODE_ERROR, _NOT_AUTHENTICATED, _AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
_ALREADY_AUTHENTICATED, _INVALID_SHARD, _DISALLOWED_INTENTS = 4005, 4010, 4014
_BOT_SAID_GOODBYE = {1000, 1001}


class _CloseError(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gateway:
    """All sessions of the bot. `url` is this gateway's own address, known once the server listens."""

    def __init__(self, world: World, token: str, session_starts: SessionStarts) -> None:
        self.url = ""
        self.away = False  # refuses every connection
        self.holds_guilds_back = False  # sends no GUILD_CREATE after READY
        self._world = world
        self._session_starts = session_starts
        self._token = token
        self._sessions: dict[str, GatewaySession] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._changed = asyncio.Condition()

    @property
    def ready(self) -> bool:
        """Whether every shard of the bot has a live session."""
        live = [session for session in self._sessions.values() if session.socket is not None]
        return any({s.shard_id for s in live} >= set(range(one.shard_count)) for one in live)

    async def wait_until(self, *, ready: bool) -> None:
        """Return once the bot is fully connected, or (False) once it is not."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.ready is ready)

    async def dispatch(self, event: str, data: Any, guild_id: int | None) -> int:
        """Send an event to every session of the shard it belongs to; returns their number."""
        sessions = [session for session in self._sessions.values() if session.serves(guild_id)]
        for session in sessions:
            await session.dispatch(event, data)
        return len(sessions)

    async def send_guilds(self) -> None:
        """Send the guilds that were held back, and hold none back any more."""
        self.holds_guilds_back = False
        for session in list(self._sessions.values()):
            await self._send_guilds(session)

    async def drop(self, code: int = 4000) -> None:
        """Close every socket with that code; sessions are kept and can be resumed."""
        for session in self._sessions.values():
            # Detached first: the close code that the bot answers with must not end its session.
            session.socket = None
        await asyncio.gather(*(socket.close(code=code) for socket in list(self._sockets)))
        await self._notify()

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Send op 9 to every session; unless `resumable`, drop the sessions too."""
        for session in list(self._sessions.values()):
            socket = session.socket
            if not resumable:
                self._sessions.pop(session.id, None)
            if socket is not None and not socket.closed:
                await _send(socket, _INVALID_SESSION, resumable)
        await self._notify()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection, from HELLO to its close."""
        if self.away:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(timeout=1.0, compress=False, max_msg_size=0)
        await socket.prepare(request)
        self._sockets.add(socket)
        session: GatewaySession | None = None
        try:
            await _send(socket, _HELLO, {"heartbeat_interval": HEARTBEAT_MS, "_trace": []})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(socket, session, message.data)
        except _CloseError as close:
            await socket.close(code=close.code, message=close.reason.encode())
        except ConnectionError:
            pass  # the bot is gone without a close frame, as a killed process is
        finally:
            self._sockets.discard(socket)
            await self._leave(socket, session)
        return socket

    async def _receive(
        self, socket: web.WebSocketResponse, session: GatewaySession | None, text: str
    ) -> GatewaySession | None:
        """Handle one frame of the bot; returns the session that the socket belongs to afterwards."""
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError) as error:
            raise _CloseError(_DECODE_ERROR, "Error while decoding payload.") from error
        if op == _HEARTBEAT:
            await asyncio.sleep(ACKNOWLEDGED_AFTER)
            await _send(socket, _HEARTBEAT_ACK, None)
            return session
        if op in (_IDENTIFY, _RESUME):
            if session is not None:
                raise _CloseError(_ALREADY_AUTHENTICATED, "Already authenticated.")
            if not isinstance(data, dict) or data.get("token") != self._token:
                raise _CloseError(_AUTHENTICATION_FAILED, "Authentication failed.")
            return await (self._identify(socket, data) if op == _IDENTIFY else self._resume(socket, data))
        if session is None:
            raise _CloseError(_NOT_AUTHENTICATED, "Not authenticated.")
        if op not in _IGNORED:
            raise _CloseError(_UNKNOWN_OPCODE, "Unknown opcode.")
        return session

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> GatewaySession | None:
        shard_id, shard_count = data.get("shard") or (0, 1)
        if not 0 <= shard_id < shard_count:
            raise _CloseError(_INVALID_SHARD, "Invalid shard.")
        intents = int(data.get("intents") or 0)
        if intents & PRIVILEGED_INTENTS:
            raise _CloseError(_DISALLOWED_INTENTS, "Disallowed intent(s).")
        if not self._session_starts.take(shard_id):
            await _send(socket, _INVALID_SESSION, False)
            return None
        self._forget_gone(shard_id, shard_count)
        session = GatewaySession(shard_id, shard_count, intents, socket)
        self._sessions[session.id] = session
        await session.dispatch("READY", self._ready_payload(session, [guild.id for guild in self._guilds_of(session)]))
        if not self.holds_guilds_back:
            await self._send_guilds(session)
        await self._notify()
        return session

    def _guilds_of(self, session: GatewaySession) -> list[Guild]:
        guilds = self._world.guilds.values()
        return [guild for guild in guilds if session.serves(guild.id) and self._world.bot.id in guild.members]

    async def _send_guilds(self, session: GatewaySession) -> None:
        if session.intents & GUILDS_INTENT:
            for guild in self._guilds_of(session):
                await session.dispatch("GUILD_CREATE", guild_create_payload(guild, self._world.bot))

    def _ready_payload(self, session: GatewaySession, guilds: list[int]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": own_user_payload(self._world.bot),
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard_id, session.shard_count],
            "guilds": [{"id": str(guild), "unavailable": True} for guild in guilds],
            "private_channels": [],
            "application": {"id": str(self._world.application_id), "flags": 0},
        }

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> GatewaySession | None:
        session = self._sessions.get(str(data.get("session_id")))
        sequence = int(data.get("seq") or 0)
        if session is None or not session.can_resume_after(sequence):
            await _send(socket, _INVALID_SESSION, False)
            return None
        await session.resume(socket, sequence)
        await self._notify()
        return session

    def _forget_gone(self, shard_id: int, shard_count: int) -> None:
        """Drop sessions of this shard without a socket: after a new IDENTIFY they will not be resumed."""
        for session in list(self._sessions.values()):
            if session.socket is None and (session.shard_id, session.shard_count) == (shard_id, shard_count):
                del self._sessions[session.id]

    async def _leave(self, socket: web.WebSocketResponse, session: GatewaySession | None) -> None:
        if session is not None and session.socket is socket:
            session.socket = None
            if socket.close_code in _BOT_SAID_GOODBYE:
                self._sessions.pop(session.id, None)
        await self._notify()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def _send(socket: web.WebSocketResponse, op: int, data: Any) -> None:
    await socket.send_str(json.dumps({"op": op, "d": data, "s": None, "t": None}))

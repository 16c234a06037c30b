"""A visitor of the playground's page without a browser: the WebSocket, uploads and the panel."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from playground.page.server import PageServer

Frame = dict[str, Any]
Visit = Callable[..., Awaitable["Visitor"]]
"""`await visit("Mara", locale="de")` opens the page as that person, in that language."""


class Visitor:
    """One open page; `hello` is its first frame, `frames` are all frames received so far, in order."""

    def __init__(self, page: PageServer, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.hello: Frame = {}
        self.frames: list[Frame] = []
        self._page = page
        self._http = http
        self._socket = socket
        self._numbers = itertools.count(1)
        self._came = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        await self._socket.close()
        await self._reading

    def channel(self, name: str) -> str:
        """The id of a channel that this person can see."""
        channels = (channel for guild in self.hello["guilds"] for channel in guild["channels"])
        return str(next(channel["id"] for channel in channels if channel["name"] == name))

    async def frame(self, kind: str, fits: Callable[[Frame], Any] = lambda frame: True, within: float = 10) -> Frame:
        """The first frame of that kind that fits; waits for it if it is not here yet."""
        found: list[Frame] = []

        def look() -> bool:
            found[:] = [frame for frame in self.frames if frame["t"] == kind and fits(frame)]
            return bool(found)

        async with asyncio.timeout(within), self._came:
            await self._came.wait_for(look)
        return found[0]

    async def send_text(self, text: str) -> None:
        """Send any text as a frame."""
        await self._socket.send_str(text)

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Send a frame and return its answer, good or bad."""
        number = next(self._numbers)
        await self._socket.send_json({"t": kind, "n": number, **fields})
        return await self.frame("done", lambda frame: frame["n"] == number)

    async def do(self, kind: str, **fields: Any) -> Any:
        """Send a frame that must succeed, and return its result."""
        done = await self.ask(kind, **fields)
        assert done["ok"], done["error"]
        return done["result"]

    async def slash(self, command: str, **options: Any) -> str:
        """Use a command in #videos and return the interaction's id."""
        done = await self.do("slash", channel_id=self.channel("videos"), command=command, options=options)
        return str(done["interaction_id"])

    async def message(self, text: str, within: float = 10) -> Frame:
        """The first state of a message that holds `text` anywhere."""
        frame = await self.frame("message", lambda frame: text in str(frame["message"]), within)
        return dict(frame["message"])

    async def upload(self, data: bytes, name: str = "picture.png") -> dict[str, str]:
        """Upload a file and return it as an option's value."""
        headers = {"X-Key": self._page.key, "Content-Type": "image/png", "X-Filename": name}
        async with self._http.post(f"{self._page.origin}/api/upload", data=data, headers=headers) as response:
            assert response.status == 200, await response.text()
            return {"upload": (await response.json())["id"]}

    async def control(self, **change: Any) -> Frame:
        """Send a change to the panel and return its answer, good or bad."""
        headers = {"X-Key": self._page.key}
        async with self._http.post(f"{self._page.origin}/api/panel", json=change, headers=headers) as response:
            answer: Frame = await response.json()
            assert (response.status == 200) is answer["ok"]
            return answer

    async def _read(self) -> None:
        async for message in self._socket:
            frame = message.json()
            async with self._came:
                if frame["t"] == "hello":
                    self.hello = frame
                self.frames.append(frame)
                self._came.notify_all()


def visiting(page: PageServer, http: aiohttp.ClientSession, visitors: list[Visitor]) -> Visit:
    """Make `visit`, which adds each visitor to `visitors`; the caller must close them."""

    async def visit(name: str = "Mara", **query: str) -> Visitor:
        people = {user.display_name: user for user in page.people()}
        query |= {"key": page.key, "as": str(people[name].id)}
        socket = await http.ws_connect(f"{page.origin}/live", params=query)
        visitor = Visitor(page, http, socket)
        visitors.append(visitor)
        await visitor.frame("hello")
        return visitor

    return visit

"""The calls of a ComfyUI server, over HTTP and its WebSocket, with the key of what stands before it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import aiohttp

from bot.errors import FetchError, FileTooLarge
from bot.models import Picture
from bot.providers.comfyui.answers import ServerAnswer
from bot.providers.request_body import PictureFile, RequestBody

FOLDER = "kinora"  # of the pictures; they stay there, since nothing takes them away over HTTP
MAX_ANSWER = 64 * 1024 * 1024  # bytes: a queue holds everybody's workflows, and /object_info all nodes
PAUSES = (1.0, 3.0, 10.0)  # seconds between the tries to fetch a film
_PIECE = 256 * 1024
MAX_MESSAGE = 32 * 1024 * 1024  # bytes: previews
LOOK_UP = aiohttp.ClientTimeout(total=60, sock_connect=10)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def key_headers(key: str) -> dict[str, str]:
    """
    Return the headers that show ``key``: ``basic:NAME:PASSWORD``, ``header:NAME:VALUE``, else a bearer token; none for
    "".
    """
    kind, _, rest = key.partition(":")
    if kind == "basic" and rest:
        return {"Authorization": f"Basic {base64.b64encode(rest.encode()).decode()}"}
    if kind == "header" and rest:
        name, _, value = rest.partition(":")
        return {name: value}
    return {"Authorization": f"Bearer {key}"} if key else {}


class ComfyServer:
    """The server at ``url``. All calls raise aiohttp.ClientError and TimeoutError; no redirect is followed."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: str) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = key_headers(key)

    async def get(self, path: str) -> ServerAnswer:
        """GET ``path``."""
        return await self._call("GET", path)

    async def post(self, path: str, body: Any, may_send: Callable[[], bool] = lambda: True) -> ServerAnswer:
        """POST ``body`` as JSON if it ``may_send`` it; see ``Provider``."""
        content = RequestBody([json.dumps(body).encode()])
        return await self._call("POST", path, content, "application/json", may_send)

    async def upload(self, picture: Picture) -> ServerAnswer:
        """Hand over a picture, under a name made of its bytes: the same one is kept once. Raises FileNotFoundError."""
        digest = await asyncio.to_thread(_digest, picture)
        name = f"{digest}.{_ENDINGS.get(picture.media_type, 'png')}"
        limit = uuid.uuid4().hex
        head = f'--{limit}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n'
        head += f"Content-Type: {picture.media_type}\r\n\r\n"
        tail = f'\r\n--{limit}\r\nContent-Disposition: form-data; name="subfolder"\r\n\r\n{FOLDER}\r\n--{limit}--\r\n'
        body = RequestBody([head.encode(), PictureFile(picture), tail.encode()])
        return await self._call("POST", "/upload/image", body, f"multipart/form-data; boundary={limit}")

    def _file(self, path: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Open the file at ``path``."""
        limits = aiohttp.ClientTimeout(sock_connect=10, sock_read=60)
        sent = {**self._headers, "Accept-Encoding": "identity", **headers}
        return self._session.get(self._url + path, headers=sent, timeout=limits, allow_redirects=False)

    def socket(self, client: str) -> AbstractAsyncContextManager[aiohttp.ClientWebSocketResponse]:
        """Open the WebSocket on which ``client`` hears of the prompts that it has sent."""
        return self._session.ws_connect(
            f"{self._url}/ws?clientId={client}",
            headers=self._headers,
            max_msg_size=MAX_MESSAGE,
            heartbeat=30,
            timeout=aiohttp.ClientWSTimeout(ws_close=1),
        )

    async def download(self, film: str, path: Path, *, limit: int, within: float) -> int:
        """Write the file at the path ``film`` of the server to ``path``, as ``Provider.download`` says."""
        try:
            async with asyncio.timeout(within):
                # In this thread: an open that is cancelled halfway would leave the file open.
                with path.open("wb") as file:
                    for pause in PAUSES:
                        with suppress(aiohttp.ClientError, TimeoutError):
                            return await self._append(film, file, limit)
                        await asyncio.sleep(pause)
                    return await self._append(film, file, limit)
        except BaseException as error:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            if isinstance(error, aiohttp.ClientError | TimeoutError):
                raise FetchError(f"the transfer failed: {type(error).__name__}") from error
            raise

    async def _append(self, film: str, file: BinaryIO, limit: int) -> int:
        """Write what is missing of the film and return its size."""
        have = file.tell()
        async with self._file(film, {"Range": f"bytes={have}-"} if have else {}) as response:
            if response.status not in (200, 206):
                raise FetchError(f"the server answers HTTP {response.status} to the film that it named")
            if response.content_type.startswith("text/"):
                raise FetchError("a page stands in the place of the film")
            if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                file.seek(0)
                file.truncate()
            async for piece in response.content.iter_chunked(_PIECE):
                if file.tell() + len(piece) > limit:
                    raise FileTooLarge(f"more than {limit} bytes")
                await asyncio.to_thread(file.write, piece)
            return file.tell()

    async def _call(
        self,
        method: str,
        path: str,
        body: RequestBody | None = None,
        kind: str = "",
        may_send: Callable[[], bool] = lambda: True,
    ) -> ServerAnswer:
        if body is None:
            return await self._answer(method, path, None, self._headers)
        async with body.opened(may_send) as pieces:
            sent = {**self._headers, "Content-Type": kind, "Content-Length": str(body.size)}
            return await self._answer(method, path, pieces, sent)

    async def _answer(self, method: str, path: str, data: Any, headers: Mapping[str, str]) -> ServerAnswer:
        async with self._session.request(
            method, self._url + path, data=data, headers=headers, timeout=LOOK_UP, allow_redirects=False
        ) as response:
            text = bytearray()
            async for piece in response.content.iter_any():
                text += piece
                if len(text) > MAX_ANSWER:
                    raise aiohttp.ClientPayloadError(f"an answer of more than {MAX_ANSWER} bytes")
            return ServerAnswer(response.status, text.decode("utf-8", "replace"))


def _digest(picture: Picture) -> str:
    with picture.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]

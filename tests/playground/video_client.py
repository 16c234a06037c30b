"""A plain client of the video service for the tests: it follows the API's documentation and keeps every byte."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import dataclass
from typing import Any

import aiohttp

from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.server import VideoService

TINY = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=0.0)
HUGE_BYTES = 4 * 2**20


@dataclass
class Answer:
    """A response; `whole` is True if its body had a proper end."""

    status: int
    headers: dict[str, str]
    body: bytes
    whole: bool = True

    @property
    def events(self) -> list[Any]:
        """The JSON of every data line."""
        lines = [line for line in self.body.decode().splitlines() if line.startswith("data: {")]
        return [json.loads(line.removeprefix("data: ")) for line in lines]

    @property
    def text(self) -> str:
        """Content and reasoning in their order."""
        deltas = [event["choices"][0]["delta"] for event in self.events if "choices" in event]
        return "".join((delta.get("reasoning_content") or "") + (delta.get("content") or "") for delta in deltas)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def body_of(prompt: str, picture: bytes | str | None, *, stream: bool = True) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": prompt}]
    if isinstance(picture, bytes):
        picture = "data:image/png;base64," + base64.b64encode(picture).decode()
    if picture is not None:
        content.append({"type": "image_url", "image_url": {"url": picture}})
    return {"model": "sora_video2", "stream": stream, "messages": [{"role": "user", "content": content}]}


async def post(service: VideoService, body: Any, *, key: str | None = None, until: bytes | None = None) -> Answer:
    """Send the body; disconnect when `until` has been read, or when more came than any correct answer holds."""
    bearer = f"Bearer {service.key if key is None else key}"
    headers = {"Authorization": bearer, "Content-Type": "application/json", "Accept": "application/json"}
    data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    url = f"{service.url}/v1/chat/completions"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=data, headers=headers, allow_redirects=False) as response,
    ):
        answer = Answer(response.status, dict(response.headers), b"")
        try:
            async for block in response.content.iter_any():
                answer.body += block
                if (until is not None and until in answer.body) or len(answer.body) > HUGE_BYTES:
                    answer.whole = False
                    break
        except aiohttp.ClientPayloadError:
            answer.whole = False
        return answer


async def ask(
    service: VideoService,
    prompt: str,
    picture: bytes | str | None,
    *,
    stream: bool = True,
    until: bytes | None = None,
) -> Answer:
    return await post(service, body_of(prompt, picture, stream=stream), until=until)


def link_in(text: str) -> str:
    """The one link to a file of the playground in the text."""
    links: set[str] = set(re.findall(r"https?://127\.0\.0\.1:\d+/files/[^)'\s\"]+", text))
    (link,) = links
    return link


async def download(url: str, **headers: str) -> Answer:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return Answer(response.status, dict(response.headers), await response.read())

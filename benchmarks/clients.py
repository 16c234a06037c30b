"""The two clients that the benchmarks compare: Kinora's own, and the ``openai`` package."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import aiohttp
from openai import AsyncOpenAI

from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import FinishedVideo
from bot.providers.chat.client import VideoClient

MODEL = "sora_video2"
PROMPT = "make the cat dance on the old pier"
KEY = "not-a-key"
TIMEOUT = 120.0  # seconds


async def request_with_kinora(url: str, picture: Path, times: int = 1) -> int:
    """Send ``times`` requests at once and return the number of events. Raises RuntimeError if there is no video."""
    async with aiohttp.ClientSession() as session:
        client = VideoClient(session, endpoint=f"{url}/v1/chat/completions", key=KEY, timeout=TIMEOUT)
        return sum(await asyncio.gather(*(_generate(client, picture) for _ in range(times))))


async def _generate(client: VideoClient, picture: Path) -> int:
    size = (await asyncio.to_thread(picture.stat)).st_size
    safe = Picture(picture, "image/png", size)
    request = VideoRequest(1, 2, 3, 4, VideoModel(MODEL, MODEL), PROMPT, (safe,))
    events = [event async for event in client.generate(request)]
    if not isinstance(events[-1], FinishedVideo):
        raise RuntimeError(f"Kinora's client read no video: {events[-1]}")
    return len(events)


async def request_with_sdk(url: str, picture: Path, times: int = 1) -> int:
    """Do the same with the ``openai`` package; return the number of chunks."""
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0, timeout=TIMEOUT) as client:
        return sum(await asyncio.gather(*(_complete(client, picture) for _ in range(times))))


async def _complete(client: AsyncOpenAI, picture: Path) -> int:
    encoded = base64.b64encode(await asyncio.to_thread(picture.read_bytes)).decode()
    stream = await client.chat.completions.create(
        model=MODEL,
        stream=True,
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": PROMPT},
                    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded}"}},
                ],
            }
        ],
    )
    count = 0
    async for _ in stream:
        count += 1
    return count

"""Serves health on the given port where prometheus-client is not installed, and prints the status of each page."""

from __future__ import annotations

import asyncio
import sys

import aiohttp

from bot.app import open_health
from bot.settings import Settings


async def main(port: str) -> None:
    needed = {"discord_token": "t", "video_api_url": "https://h", "video_api_key": "k"}
    async with (
        open_health(Settings.model_validate({**needed, "health_port": port})),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        for page in ("/healthz", "/readyz", "/metrics"):
            async with session.get(page) as response:
                print(page, response.status)


sys.modules["prometheus_client"] = None  # type: ignore[assignment]  # what makes an import fail
asyncio.run(main(sys.argv[1]))

"""A small aiohttp client for the fake Discord's REST API, without discord.py."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from playground.fake_discord.server import DiscordServer, Upload
from playground.fake_discord.world.interaction import Interaction

COMPONENTS_V2, EPHEMERAL = 1 << 15, 1 << 6
TEXT_DISPLAY = 10


@dataclass(frozen=True)
class Got:
    """An answer: status, Discord's error code (None when fine), JSON and headers."""

    status: int
    json: Any
    headers: dict[str, str]

    @property
    def outcome(self) -> tuple[int, int | None]:
        """Status and error code, for one comparison."""
        return self.status, self.json.get("code") if isinstance(self.json, dict) and self.status >= 400 else None


class Api:
    """Sends requests with the bot token, as JSON or, with files, as multipart."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self._server = server
        self._session = session

    async def ask(self, method: str, path: str, body: Any = None, files: tuple[Upload, ...] = ()) -> Got:
        content: dict[str, Any] = {"json": body} if body is not None else {}
        if files:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", json.dumps(body or {}))
            for number, upload in enumerate(files):
                form.add_field(f"files[{number}]", io.BytesIO(upload.data), filename=upload.filename)
            content = {"data": form}
        async with self._session.request(method, self._server.api_url + path, **content) as answer:
            parsed = await answer.json() if answer.status != 204 else None
            return Got(answer.status, parsed, dict(answer.headers))

    async def post(self, channel: Any, body: Any, *files: Upload) -> Got:
        return await self.ask("POST", f"/channels/{channel.id}/messages", body, files)

    async def edit(self, message: dict[str, Any], body: Any, *files: Upload) -> Got:
        path = f"/channels/{message['channel_id']}/messages/{message['id']}"
        return await self.ask("PATCH", path, body, files)

    async def interaction(self) -> Interaction:
        """An interaction: Mara uses a command."""
        commands = f"/applications/{self._server.world.application_id}/commands"
        await self.ask("PUT", commands, [{"name": "go", "description": "goes"}])
        return await self._server.slash(self._server.world.person("Mara"), self._server.world.channel("general"), "go")

    async def acknowledge(self, interaction: Interaction, body: dict[str, Any], query: str = "") -> Got:
        return await self.ask("POST", f"/interactions/{interaction.id}/{interaction.token}/callback{query}", body)

    def webhook(self, interaction: Interaction) -> str:
        return f"/webhooks/{self._server.world.application_id}/{interaction.token}"


def text(content: str) -> dict[str, Any]:
    """A body that shows one text display."""
    return {"flags": COMPONENTS_V2, "components": [{"type": TEXT_DISPLAY, "content": content}]}

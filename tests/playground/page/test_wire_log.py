"""The wire log of the page: what it lists, and that it lists no secrets."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import aiohttp
import discord
from discord import app_commands
from PIL import Image

from playground.fake_discord.server import DiscordServer
from playground.fake_video_service.events import LONGEST_LINE, LineFeed, ServiceEvent, ServiceEventKind
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.page.redaction import Redaction
from playground.page.wire_log import WireLog
from playground.pictures.art import encode
from playground.playground import Playground
from tests.playground.discord_client import StartClient
from tests.playground.page_visitor import Frame, Visit, Visitor

PICTURE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")


def items(visitor: Visitor, kind: str) -> list[Frame]:
    return [item for frame in visitor.frames if frame["t"] == "wire" for item in frame["items"] if item["kind"] == kind]


async def request_video(playground: Playground, prompt: str, key: str | None = None) -> None:
    """Ask the video service for a video, as the bot does, and read the answer to its end."""
    picture = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    content = [{"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": picture}}]
    body = {"model": "sora_video2", "stream": True, "messages": [{"role": "user", "content": content}]}
    headers = {"Authorization": f"Bearer {key or playground.service.key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{playground.service.url}/v1/chat/completions", json=body) as response,
    ):
        await response.read()


async def test_requests_of_the_bot_are_listed_by_route_without_any_token(
    visit: Visit, start_client: StartClient, server: DiscordServer
) -> None:
    def commands(tree: app_commands.CommandTree[Any]) -> None:
        @tree.command(description="Hello")
        async def hello(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("hello")
            await interaction.edit_original_response(content="edited")

    await start_client(commands)
    mara = await visit("Mara")
    await mara.do("wire?")
    await mara.slash("hello")
    reply = await mara.message("edited")
    await mara.frame("wire", lambda frame: "@original" in str(frame))
    listed = {(item["method"], item["route"], item["status"], item["reply"]) for item in items(mara, "rest")}
    assert ("PATCH", "/webhooks/:id/:token/messages/@original", 200, reply["id"]) in listed
    assert [item for item in items(mara, "gateway") if item["name"] == "INTERACTION_CREATE"]
    everything = str(mara.frames)
    assert server.token not in everything
    assert all(interaction_token not in everything for interaction_token in tokens(server))


def tokens(server: DiscordServer) -> list[str]:
    found = [part for request in server.requests for part in request.path.split("/") if len(part) > 40]
    assert found
    return found


async def test_each_line_of_a_stream_is_listed_with_its_job_also_to_who_comes_later(
    visit: Visit, playground: Playground
) -> None:
    early = await visit("Mara")
    await early.do("wire?")
    await request_video(playground, "a harbour #refuse-prompt")
    await early.frame("wire", lambda frame: "answered" in str(frame))
    late = await visit("Ben")
    await late.do("wire?")
    for visitor in (early, late):
        received, answered = items(visitor, "service")
        assert (received["state"], answered["state"], answered["status"]) == ("received", "answered", 200)
        lines = [item["line"] for item in items(visitor, "sse")]
        assert lines[-1] == "data: [DONE]"
        assert all(item["job"] == received["job"] for item in items(visitor, "sse"))
    numbers = [item["n"] for frame in late.frames if frame["t"] == "wire" for item in frame["items"]]
    assert numbers == sorted(set(numbers))
    assert late.frames[-2]["jobs"] == [{"job": 1, "title": "a harbour #refuse-prompt", "reply": None}]


async def test_a_key_that_the_service_leaks_is_not_shown_on_the_page(visit: Visit, playground: Playground) -> None:
    mara = await visit("Mara")
    await mara.do("wire?")
    await request_video(playground, "#leak")
    await mara.frame("wire", lambda frame: "answered" in str(frame))
    assert "Bearer <key>" in str(mara.frames)
    assert playground.service.key not in str(mara.frames)


async def test_items_come_in_batches(visit: Visit, playground: Playground) -> None:
    mara = await visit("Mara")
    await mara.do("wire?")
    await asyncio.gather(*(request_video(playground, f"number {number} #refuse-prompt") for number in range(10)))
    await mara.frame("wire", lambda frame: sum("answered" in str(item) for item in items(mara, "service")) == 10)
    frames = [frame for frame in mara.frames if frame["t"] == "wire"]
    assert len(frames) < len(items(mara, "sse"))


async def test_requests_to_two_services_are_told_apart() -> None:
    frames: list[Frame] = []
    wire = WireLog(Redaction({}))
    record = RecordedRequest("POST", "/v1/videos", {}, key_matched=True, status=200)
    kinds: tuple[ServiceEventKind, ...] = ("received", "accepted", "answered")
    for service in ("relay", "home"):
        for kind in kinds:
            wire.on_service_event(service, ServiceEvent(kind, 1, record, "a harbour"))  # the first of each
    wire.subscribe(frames.append)
    listed = [(item["service"], item["job"]) for frame in frames for item in frame["items"]]
    assert listed == [("relay", 1), ("relay", 1), ("home", 2), ("home", 2)]
    assert [job["job"] for job in frames[0]["jobs"]] == [1, 2]


def test_tokens_are_taken_out_wherever_they_stand() -> None:
    token = base64.urlsafe_b64encode(b"interaction:123456789:abcdef").decode()
    redact = Redaction({"sesame": "<key>"})
    assert redact(f"/webhooks/1/{token}/messages") == "/webhooks/1/<interaction token>/messages"
    assert redact('"open sesame"') == '"open <key>"'


def test_a_line_without_end_is_kept_short() -> None:
    lines: list[str] = []
    feed = LineFeed(lines.append)
    for data in (b"data: 1\n\nda", b"ta: 2\r\n", b"9" * 10_000, b"9" * 10_000):
        feed.feed(data)
    feed.close()
    assert lines == ["data: 1", "data: 2", "9" * LONGEST_LINE]

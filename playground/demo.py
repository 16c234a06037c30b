"""``make demo``: one video, the moderator's view and the three refusals, as people on Discord would see them."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import av

from playground.fake_discord.people.rendering import render, side_by_side, size_in_words
from playground.fake_discord.server import Interaction, Upload
from playground.fake_discord.world.entities import Channel
from playground.fake_discord.world.messages import Message
from playground.pictures.art import draw_sample
from playground.playground import BotDiedError, Playground

OUTPUT = Path("demo-output")
TIMEOUT = 45.0  # seconds for each command
EDIT_INTERVAL = "1"  # seconds; shorter than by default, to show more states

MODELS = '[{"name": "sora_video2", "label": "Sora 2", "price": 0.15}]'  # with a price, so that /usage shows costs
COLUMN = 38  # characters; three columns fit a terminal of 120

_REFUSALS = ("#refuse-image", "#refuse-prompt", "#refuse-result")


class DemoError(Exception):
    """A step of the demo failed; the text says which."""


async def run_demo(api: str) -> int:
    """
    Print the demo on standard output and return 0, or print what went wrong and return 1.

    ``api`` is the bot's VIDEO_API, one of ``APIS``.
    """
    logging.getLogger("aiohttp").setLevel(logging.ERROR)
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="kinora-demo-") as directory:
            settings = {"VIDEO_API": api, "PROGRESS_INTERVAL": EDIT_INTERVAL, "VIDEO_MODELS": MODELS}
            _print("Starting a Discord, a video service and the real bot on this machine …")
            async with Playground(Path(directory), settings=settings) as playground:
                await _Demo(playground, refuses=api != "comfyui").play()
    except (DemoError, BotDiedError, TimeoutError, RuntimeError, OSError, aiohttp.ClientError) as error:
        sys.stderr.write(f"\nThe demo failed: {str(error) or type(error).__name__}\n")
        return 1
    _print(f"\nDone in {time.monotonic() - started:.0f} s. For a real server, `make run` starts the same bot.")
    return 0


class _Demo:
    def __init__(self, playground: Playground, *, refuses: bool) -> None:
        """``refuses``: the service has reviews, which can say no."""
        self._refuses = refuses
        self._discord = playground.discord
        world = playground.discord.world
        self._channel = world.channel("videos")
        self._member = world.person("Mara")
        self._moderator = world.person("Mo")
        self._picture = draw_sample()
        OUTPUT.mkdir(exist_ok=True)
        picture = OUTPUT / "picture.png"
        picture.write_bytes(self._picture)
        _print(f"The picture is {picture}.")

    async def play(self) -> None:
        await self._video()
        if self._refuses:
            await self._refusal_in_the_channel()
        await self._usage()
        if self._refuses:
            await self._refusals_in_private()
        await self._alert()

    async def _video(self) -> None:
        interaction = await self._ask("The beam sweeps over the waves while the stars come out")
        message = await self._follow(interaction, lambda shown: "video.mp4" in shown)
        path = OUTPUT / "video.mp4"
        attachment = next(file for file in message.attachments if file.filename == "video.mp4")
        path.write_bytes(await self._download(self._discord.cdn.url(attachment)))
        _check_film(path)
        _print(f"\nThe video is {path} ({size_in_words(path.stat().st_size)}, H.264).")

    async def _refusal_in_the_channel(self) -> None:
        interaction = await self._ask("#refuse-result a scene that the service will not release")
        await self._follow(interaction, lambda shown: "No video this time" in shown)

    async def _refusals_in_private(self) -> None:
        """Print the private explanations of the three refusals, side by side."""
        _headline("What Mara alone is told when the picture, the prompt or the finished video is refused")
        columns = await asyncio.gather(*(self._private_words(f"{word} a harbour at dawn") for word in _REFUSALS))
        _print("\n" + side_by_side(columns, COLUMN))

    async def _private_words(self, prompt: str) -> str:
        with self._discord.events.subscribe() as events:
            async with asyncio.timeout(TIMEOUT):
                interaction = await self._discord.slash(
                    self._member, self._channel, "video", {"prompt": prompt, "image": self._upload()}
                )
                while not interaction.followups:
                    await events.get()
        return render(interaction.followups[0])

    async def _usage(self) -> None:
        _headline(f"{self._moderator.display_name}, a moderator: /usage overview")
        interaction = await self._discord.slash(self._moderator, self._channel, "usage overview", {})
        asked = "2 requests" if self._refuses else "1 request"
        message = await self._follow(interaction, lambda shown: asked in shown)
        for attachment in message.attachments:
            path = OUTPUT / "usage.png"
            path.write_bytes(await self._download(self._discord.cdn.url(attachment)))
            _print(f"\nThe chart is {path}.")

    async def _alert(self) -> None:
        """Print what the log channel is told once half of the server's videos of the day are made."""
        log_channel = self._discord.world.channel("general")
        _headline(f"{self._moderator.display_name}: /limits log channel:#general, and /limits server videos_day:4")
        for command, values in (("log", {"channel": log_channel}), ("server", {"videos_day": 4})):
            await self._discord.slash(self._moderator, self._channel, f"limits {command}", values)
        with self._discord.events.subscribe() as events:
            await self._ask("The keeper lights the lamp as the fog rolls in")
            async with asyncio.timeout(TIMEOUT):
                while not (alerts := self._alerts_in(log_channel)):
                    await events.get()
        _print(f"\n#general, once the video is made:\n{alerts[0]}")

    def _alerts_in(self, channel: Channel) -> list[str]:
        shown = (render(message) for message in self._discord.world.messages_of(channel))
        return [line for text in shown for line in text.splitlines() if "of its limit" in line]

    async def _ask(self, prompt: str) -> Interaction:
        _headline(f"{self._member.display_name}: /video prompt:{prompt} image:lighthouse.png")
        values = {"prompt": prompt, "image": self._upload()}
        return await self._discord.slash(self._member, self._channel, "video", values)

    def _upload(self) -> Upload:
        return Upload("lighthouse.png", self._picture, content_type="image/png")

    async def _follow(self, interaction: Interaction, is_last: Callable[[str], bool]) -> Message:
        """Print the reply each time it changes, up to the state that ``is_last`` accepts."""
        started, shown = time.monotonic(), ""
        try:
            async with asyncio.timeout(TIMEOUT):
                async for message in self._discord.watch(interaction):
                    now = render(message)
                    if now != shown:
                        _print(f"\n{time.monotonic() - started:5.1f} s\n{now}")
                    shown = now
                    if is_last(shown):
                        return message
        except TimeoutError:
            raise DemoError(f"the reply did not come to its end within {TIMEOUT:.0f} s") from None
        raise DemoError("Kinora did not answer")

    async def _download(self, url: str) -> bytes:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            response.raise_for_status()
            return await response.read()


def _check_film(path: Path) -> None:
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        frames = sum(1 for _ in film.decode(stream))
        if stream.codec_context.name != "h264" or not frames:
            raise DemoError(f"{path} is no playable H.264 video")


def _headline(text: str) -> None:
    _print(f"\n━━ {text}")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()

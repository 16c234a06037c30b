"""The playground's page in Chromium: the time from an edit to its pixels, and long tasks while scrolling."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from benchmarks import chromium
from benchmarks.table import Row
from playground.fake_discord.server import Upload
from playground.fake_discord.state.posting import MessageRequest, Posting
from playground.fake_discord.world.entities import Channel
from playground.fake_discord.world.messages import Message, MessageFlag
from playground.fake_video_service.film import make_film
from playground.page.server import PageServer
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from playground.playground import Playground

if TYPE_CHECKING:
    from playwright.async_api import Page

EDITS = 300
EDIT_EVERY = 0.05  # seconds; as often as many replies at once are edited
SOON = 100.0  # milliseconds
MESSAGES = 500
FILM_EVERY = 5  # messages
LONG_TASK = 50.0  # milliseconds, as browsers define it
WHEEL = 400  # pixels at a time, every second frame: faster than a hand turns it

_TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_OPENED = "count => document.querySelectorAll('#messages .message').length === count"

# Measures the last edit that a frame shows, whose text contains its time. The second frame starts once the
# first has been submitted for drawing.
_WATCH_EDITS = """() => {
  window.waits = [];
  const list = document.getElementById("messages");
  new MutationObserver(() => {
    const made = list.lastElementChild?.textContent.match(/made (\\d+\\.\\d+)/)?.[1];
    if (!made || made === window.lastMade) return;
    window.lastMade = made;
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.waits.push(performance.timeOrigin + performance.now() - Number(made) * 1000)));
  }).observe(list, { childList: true, subtree: true, characterData: true });
}"""

_WATCH_TASKS = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: "longtask" });
}"""


def measure() -> list[Row]:
    """Return the rows; where there is no browser, print why and return none."""
    if reason := chromium.missing():
        print(f" not measured: {reason}", file=sys.stderr, end="")
        return []
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="kinora-bench-", ignore_cleanup_errors=True) as directory:
        playground = Playground(Path(directory))
        await playground.discord.start()
        await playground.service.start()
        server = PageServer(playground)
        await server.start()
        try:
            async with chromium.running() as browser:
                page = await browser.new_page(viewport={"width": 1440, "height": 900})
                channel = _Channel(playground, Path(directory))
                return [await _edits(page, server, channel), await _scrolling(page, server, channel)]
        finally:
            await server.stop()
            await playground.service.stop()
            await playground.discord.stop()


class _Channel:
    """The channel #videos, in which the bot and people write without rate limits."""

    def __init__(self, playground: Playground, directory: Path) -> None:
        self._discord = playground.discord
        self._channel: Channel = playground.discord.world.channel("videos")
        self._posting: Posting = playground.discord._platform.posting  # the routes in front of it slow a bot down
        film = directory / "film.mp4"
        make_film(encode(small_sample(), "PNG"), "a film", film, seconds=0.5, size=(320, 240))
        self._film = Upload("video.mp4", film.read_bytes(), content_type="video/mp4")

    def reply(self, text: str, *, film: bool = False) -> Message:
        """Post a message of the bot like a reply to ``/video``."""
        message = Message(
            self._discord.world.ids.next(), self._channel, self._discord.world.bot, self._discord.clock.now()
        )
        return self._posting.create(message, MessageRequest(_body(text, film=film), {0: self._film} if film else {}))

    def edit(self, message: Message, text: str) -> None:
        """Edit a message of the bot."""
        self._posting.edit(message, MessageRequest(_body(text)))

    def fill(self, count: int) -> None:
        """Post messages of the bot and of people in turn, until there are ``count``."""
        people = [self._discord.world.person(name) for name in ("Mara", "Ben")]
        for number in range(len(self._channel.message_ids), count):
            if number % 2:
                self._discord.say(people[number // 2 % 2], self._channel, f"What about **number {number}**? " * 4)
            else:
                self.reply(f"number {number}", film=number % FILM_EVERY == 0)


def _body(text: str, *, film: bool = False) -> dict[str, Any]:
    media = [{"type": 12, "items": [{"media": {"url": "attachment://video.mp4"}}]}] if film else []
    buttons = [{"type": 2, "style": 2, "label": label, "custom_id": label} for label in ("Again", "Remix")]
    texts = (
        "### 🎬 Making your video",
        f"`████████░░░░░░░░` **42 %** {text}",
        "-# <@1> asked for this\n> a lighthouse",
    )
    return {
        "flags": int(MessageFlag.IS_COMPONENTS_V2),
        "components": [
            {
                "type": 17,
                "accent_color": 0x4264E0,
                "components": [
                    *({"type": 10, "content": content} for content in texts),
                    *media,
                    {"type": 1, "components": buttons},
                ],
            }
        ],
        "attachments": [{"id": 0, "filename": "video.mp4"}] if film else [],
    }


async def _edits(page: Page, server: PageServer, channel: _Channel) -> Row:
    """Edit one reply again and again; the page measures how old each edit is when it is drawn."""
    message = channel.reply("not yet")
    await page.goto(server.address)
    await page.wait_for_function(_OPENED, arg=1)
    await page.evaluate(_WATCH_EDITS)
    for _ in range(EDITS):
        channel.edit(message, f"made {time.time():.6f}")
        await asyncio.sleep(EDIT_EVERY)
    await page.evaluate(_TWO_FRAMES)
    waits: list[float] = await page.evaluate("window.waits")
    if len(waits) < EDITS * 0.9:
        raise RuntimeError(f"the page drew {len(waits)} of {EDITS} edits")
    cuts = quantiles(waits, n=20, method="inclusive")
    return Row(
        f"from an edit to its pixel on the page, of {EDITS}",
        f"p95 {cuts[18]:.0f} ms",
        f"p50 {cuts[9]:.0f} ms, worst {max(waits):.0f} ms",
        "–",
        f"p95 < {SOON:.0f} ms",
        cuts[18] < SOON,
    )


async def _scrolling(page: Page, server: PageServer, channel: _Channel) -> Row:
    channel.fill(MESSAGES)
    tasks = await _scrolled(page, server)
    return Row(
        f"long tasks while {MESSAGES} messages are scrolled up and down",
        str(len(tasks)),
        f"worst {max(tasks):.0f} ms" if tasks else "–",
        "–",
        f"none over {LONG_TASK:.0f} ms",
        not tasks,
    )


async def _scrolled(page: Page, server: PageServer) -> list[float]:
    """Scroll from the newest message to the oldest and back, and return the length of each long task."""
    await page.goto(server.address)
    await page.wait_for_function(_OPENED, arg=MESSAGES)
    await page.evaluate("new Promise(done => requestIdleCallback(done))")
    await page.evaluate(_WATCH_TASKS)
    await page.mouse.move(700, 450)
    for way, arrived in ((-1, "it.scrollTop <= 0"), (1, "it.scrollTop + it.clientHeight >= it.scrollHeight - 2")):
        while not await page.locator("#scroller").evaluate(f"it => {arrived}"):
            await page.mouse.wheel(0, way * WHEEL)
            await page.evaluate(_TWO_FRAMES)
    tasks: list[float] = await page.evaluate("window.tasks")
    return tasks

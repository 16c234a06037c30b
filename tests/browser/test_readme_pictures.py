"""The pictures of README.md, taken from the page: the reply as it changes, a refusal, what moderators see."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.browser.tab import MAKES_PICTURES, PICTURES, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

VIEW = {"width": 720, "height": 640}
PROMPT = "The beam sweeps over the waves while the stars come out"
ASKED = [
    ("Mara", PROMPT),
    ("Ben", "A paper boat drifts down the gutter"),
    ("Mara", "#refuse-prompt A famous plumber jumps over the moon"),
    ("Ben", "A snail crosses the garden wall"),
    ("Mara", "The kite breaks loose and climbs"),
]
PAUSE = 250  # milliseconds between two looks at the page
FILM_STEPS = 16  # pictures of the film that plays at the end
LAST = 2500  # milliseconds of the last picture, before all begins again


async def look(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot(animations="disabled"))).convert("RGB")


async def until_it_plays(page: Page, video: Locator) -> list[Image.Image]:
    """Return what the page shows from now until the video is there."""
    seen = []
    while not await video.count():
        seen.append(await look(page))
        await page.wait_for_timeout(PAUSE)
    await expect(video).to_be_visible()
    return seen


async def played(page: Page, video: Locator) -> list[Image.Image]:
    """Return what the page shows while the video plays, in steps."""
    seen = []
    for step in range(FILM_STEPS):
        await video.evaluate(
            """(video, part) => new Promise(done => {
              video.pause();
              video.addEventListener("seeked", () => requestAnimationFrame(() => done()), { once: true });
              video.currentTime = 0.05 + part * (video.duration - 0.1);
            })""",
            step / FILM_STEPS,
        )
        seen.append(await look(page))
    return seen


def save(name: str, seen: list[Image.Image]) -> Path:
    """Save a moving picture; Pillow joins neighbours that are alike."""
    PICTURES.mkdir(exist_ok=True)
    path, first, *others = PICTURES / name, *seen
    times = [PAUSE] * (len(seen) - 1) + [LAST]
    first.save(
        path, save_all=True, append_images=others, duration=times, loop=0, quality=60, method=4, minimize_size=True
    )
    return path


async def test_the_moving_picture_in_the_readme_shows_the_reply_from_queue_to_film(visit: Visit) -> None:
    mara = await visit(viewport=VIEW, color_scheme="dark")
    await mara.fold()
    await mara.page.get_by_role("button", name="Hide this").click()
    reply = await mara.video(PROMPT)
    video = reply.get_by_test_id("video")
    path = save("reply.webp", [*await until_it_plays(mara.page, video), *await played(mara.page, video)])

    assert path.stat().st_size < 2_000_000
    with Image.open(path) as moving:
        assert getattr(moving, "n_frames", 1) > FILM_STEPS // 2


async def test_the_picture_in_the_readme_of_a_refusal_says_what_to_change(visit: Visit) -> None:
    mara = await visit(viewport=VIEW, color_scheme="dark")
    await mara.fold()
    await mara.page.get_by_role("button", name="Hide this").click()
    reply = await mara.video("#refuse-prompt A famous plumber jumps over the moon")
    await expect(reply).to_contain_text("No video this time")
    await expect(mara.messages.last).to_contain_text("What to change")
    PICTURES.mkdir(exist_ok=True)
    (await look(mara.page)).save(PICTURES / "refusal.png", optimize=True)


async def test_the_picture_in_the_readme_of_usage_shows_the_chart(visit: Visit) -> None:
    wide = {"viewport": {"width": 900, "height": 1500}, "color_scheme": "dark"}
    for name, prompt in ASKED if MAKES_PICTURES else ASKED[:1]:
        asking = await visit(name, **wide)
        await expect(await asking.video(prompt)).to_contain_text(re.compile("is ready|No video"))
    mo = await visit("Mo", **wide)
    await mo.fold()
    await mo.command("usage overview")
    report = await mo.send()
    await expect(report).to_contain_text("Top members")
    PICTURES.mkdir(exist_ok=True)
    await report.screenshot(path=PICTURES / "usage.png", animations="disabled")

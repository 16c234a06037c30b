"""The address of the page without its key: one click opens it, and no other site can make that click."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, expect

from playground.page.server import PageServer
from tests.browser.tab import DESK, PHONE, Tab

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What a page of another site may try: to read the key, to press the button unread, to show the page under its own.
_ATTACK = """async (door) => {
  const read = await fetch(`${door}/enter`, { method: "POST" }).then((answer) => answer.text(), () => "kept from it");
  const pressed = await fetch(`${door}/enter`, { method: "POST", mode: "no-cors" }).then((answer) => answer.type);
  const frame = Object.assign(document.createElement("iframe"), { src: door });
  document.body.append(frame);
  await new Promise((done) => frame.addEventListener("load", done));
  return [read, pressed];
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def other_site() -> AsyncIterator[str]:
    """The address of an empty page at another port of this machine."""

    async def empty(request: web.Request) -> web.Response:
        return web.Response(text="<body></body>", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", empty)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("query", ["", "?key=of-an-earlier-run"])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_the_address_alone_opens_the_page_with_one_click(
    browser: Browser, server: PageServer, picture: bytes, name: str, query: str
) -> None:
    context = await browser.new_context(viewport=DESK)
    tab = Tab(await context.new_page(), picture)
    origin = server.origin.replace("127.0.0.1", name)
    await tab.page.goto(f"{origin}/{query}", wait_until="networkidle")
    button = tab.page.get_by_role("button", name="Open the playground")
    await expect(button).to_be_visible()
    if not query:
        await tab.screenshot(f"door-{name}")
    await button.click()
    await tab.page.wait_for_url(f"{origin}/?key={server.key}")
    await expect(tab.page.get_by_test_id("composer-text")).to_be_enabled()
    await tab.page.reload()
    await expect(tab.page.get_by_test_id("composer-text")).to_be_enabled()
    await context.close()
    assert tab.errors == []


async def test_the_page_under_its_own_file_name_leads_to_the_door(browser: Browser, server: PageServer) -> None:
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"{server.origin}/index.html")
    await expect(page.get_by_role("button", name="Open the playground")).to_be_visible()
    assert re.fullmatch(r".*:\d+/", page.url)
    await context.close()


async def test_another_site_neither_reads_the_key_nor_shows_the_door(
    browser: Browser, server: PageServer, other_site: str
) -> None:
    context = await browser.new_context(viewport=DESK)
    page = await context.new_page()
    answers: list[tuple[str, int]] = []
    page.on("response", lambda response: answers.append((response.request.method, response.status)))
    await page.goto(other_site)
    assert await page.evaluate(_ATTACK, server.origin) == ["kept from it", "opaque"]
    assert {status for method, status in answers if method == "POST"} == {403}
    assert len(page.frames) == 2
    assert not any(["playground" in await frame.content() for frame in page.frames])
    await context.close()

"""A tab of the playground's page, used with mouse, keyboard and files."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from PIL import Image
from playwright.async_api import ConsoleMessage, FilePayload, Locator, Page, Request, Response, ViewportSize, expect

ROOT = Path(__file__).resolve().parent.parent.parent
OUTPUT = ROOT / "test-output"
# `MAKE_DOCS_PICTURES=1 pytest tests/browser -k picture_in_the` renews the pictures of README.md and docs/.
MAKES_PICTURES = "MAKE_DOCS_PICTURES" in os.environ
PICTURES = ROOT / "docs" if MAKES_PICTURES else OUTPUT
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)

Visit = Callable[..., Awaitable["Tab"]]
"""`await visit("Mara")` opens the page as that person."""

# Records every state of each message, so that none is missed between two checks.
_NOTE = """(list) => {
  const told = (window.told = new Map());
  const note = () => {
    for (const item of list.querySelectorAll(".message")) {
      const states = told.get(item.dataset.id) ?? told.set(item.dataset.id, []).get(item.dataset.id);
      if (states.at(-1) !== item.innerText) states.push(item.innerText);
    }
  };
  new MutationObserver(note).observe(list, { childList: true, subtree: true, characterData: true });
  note();
}"""


class Tab:
    """One open page. `errors` are those that the browser reported; there must be none."""

    def __init__(self, page: Page, picture: bytes) -> None:
        self.page = page
        self.picture = FilePayload(name="lighthouse.png", mimeType="image/png", buffer=picture)
        self.messages = page.get_by_test_id("message")
        self.errors: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("requestfailed", self._on_request_failed)
        page.on("response", self._on_response)

    async def open(self, address: str) -> None:
        """Load the page and wait until it is ready to be used."""
        await self.page.goto(address)
        await expect(self.page.locator("body")).not_to_have_class(re.compile("starting"))
        await expect(self.page.get_by_test_id("composer-text")).to_be_enabled()
        await self.page.locator("#messages").evaluate(_NOTE)

    async def become(self, name: str) -> None:
        """Switch to another person."""
        await self.page.locator(".me:visible").click()
        await self.page.get_by_role("menuitemradio", name=re.compile(rf"^{name}\b")).click()
        await expect(self.page.locator(".me:visible")).to_have_attribute("aria-label", re.compile(f"You are {name},"))

    async def speak(self, language: str) -> None:
        """Set Discord to a language, by its own name for itself."""
        button = self.page.get_by_test_id("language")
        await button.click()
        await self.page.get_by_role("menuitemradio", name=language, exact=True).click()
        await expect(button).to_have_attribute("aria-label", f"Language: {language}")

    async def command(self, path: str) -> Locator:
        """Type a command's name, and return the group of its options."""
        await self.page.get_by_test_id("composer-text").fill(f"/{path} ")
        return self.page.get_by_role("group", name=f"Command /{path}")

    async def send(self) -> Locator:
        """Press Send, and return the bot's reply."""
        return await self.reply_after(lambda: self.page.get_by_test_id("send").click())

    async def video(self, prompt: str) -> Locator:
        """Ask for a video of the sample picture, and return the reply."""
        line = await self.command("video")
        await line.get_by_test_id("file-input").first.set_input_files(self.picture)
        await (
            line.get_by_role("combobox", name=re.compile("^prompt"))
            .or_(line.get_by_role("textbox", name=re.compile("^prompt")))
            .fill(prompt)
        )
        return await self.send()

    async def reply_after(self, act: Callable[[], Awaitable[object]]) -> Locator:
        """Run `act`, and return the bot's next message."""
        known = await self._ids()
        await act()
        script = "known => [...document.querySelectorAll('.message[data-author=Kinora]')].map(m => m.dataset.id)"
        new = await self.page.wait_for_function(f"known => ({script})().find(id => !known.includes(id))", arg=known)
        return self.message(str(await new.json_value()))

    def message(self, message_id: str) -> Locator:
        """The message of that id."""
        return self.page.locator(f'.message[data-id="{message_id}"]')

    async def states(self, message: Locator) -> list[str]:
        """All texts that a message has had so far, in order."""
        message_id = await message.get_attribute("data-id")
        states: list[str] = await self.page.evaluate("id => window.told.get(id)", message_id)
        return states

    async def press(self, message: Locator, label: str) -> None:
        """Press a button of a message."""
        await message.get_by_role("button", name=label, exact=True).click()

    async def panel(self, *, tab: str = "Controls") -> Locator:
        """The side panel, opened if it is closed."""
        side = self.page.locator("#side")
        if await side.is_hidden():
            await self.page.get_by_test_id("side-toggle").click()
        await self.page.get_by_role("tab", name=tab).click()
        return side

    async def fold(self) -> None:
        """Close the side panel."""
        if await self.page.locator("#side").is_visible():
            await self.page.get_by_role("button", name="Close the panel").click()

    async def screenshot(self, name: str) -> None:
        """Save a screenshot of the page and, where it is wide, another one at a phone's size without the panel."""
        size = self.page.viewport_size or DESK
        await self._screenshot(f"{name}-{size['width']}")
        if size["width"] > PHONE["width"]:
            await self.fold()
            await self.page.set_viewport_size(PHONE)
            await self._screenshot(f"{name}-{PHONE['width']}")
            await self.page.set_viewport_size(size)

    async def save_picture(self, name: str, video: Locator) -> Path:
        """Save the page as a picture for the documents, while ``video`` stands still in its first second."""
        await video.evaluate(
            """video => new Promise(done => {
              video.addEventListener("pause", () => video.currentTime > 0.5 && done());
              video.addEventListener("timeupdate", () => video.currentTime > 0.5 && video.pause());
              video.play();
            })"""
        )
        await self.page.mouse.move(640, 20)
        shot = Image.open(io.BytesIO(await self.page.screenshot(animations="disabled"))).convert("RGB")
        PICTURES.mkdir(exist_ok=True)
        shot.save(PICTURES / name, optimize=True)
        return PICTURES / name

    async def _screenshot(self, name: str) -> None:
        OUTPUT.mkdir(exist_ok=True)
        await self.page.screenshot(path=OUTPUT / f"{name}.png", animations="disabled")

    async def _ids(self) -> list[str]:
        ids: list[str] = await self.messages.evaluate_all("all => all.map(item => item.dataset.id)")
        return ids

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"console: {message.text}")

    def _on_request_failed(self, request: Request) -> None:
        # A player that has read enough of a film aborts its request.
        if request.resource_type != "media":
            self.errors.append(f"request: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"answer: {response.status} {response.url}")

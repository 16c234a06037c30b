"""The machine's own Chromium, as the page's tests and measurements start it: without a screen, and calling nobody."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser

_FLAGS = (
    "--no-sandbox",  # it will not start for root otherwise, and opens nothing but a page of this machine
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The path of Chromium, which ``CHROMIUM`` may name; None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def missing() -> str | None:
    """What is not there, and how to get it, as one sentence; None where all is there."""
    if find_spec("playwright") is None:
        return "Playwright is not installed; `make test` brings it."
    if chromium() is None:
        return "Chromium is not installed; on Debian: apt install chromium. Elsewhere CHROMIUM may name its path."
    return None


@asynccontextmanager
async def running() -> AsyncIterator[Browser]:
    """Run Chromium, where nothing is `missing`; what tests hold on to has a `data-test`."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()

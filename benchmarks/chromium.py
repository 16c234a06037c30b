"""Starts the machine's own Chromium for the page's tests and measurements: headless, without background requests."""

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
    "--no-sandbox",  # needed to run as root; it opens only a page of this machine
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
    """What is not installed and how to install it, as a sentence; None where everything is installed."""
    if find_spec("playwright") is None:
        return "Playwright is not installed; `make test` brings it."
    if chromium() is None:
        return "Chromium is not installed; on Debian: apt install chromium. Elsewhere CHROMIUM may name its path."
    return None


@asynccontextmanager
async def running() -> AsyncIterator[Browser]:
    """Run Chromium, where nothing is `missing`. Test ids are the attribute `data-test`."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()

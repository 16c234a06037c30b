"""``make playground``: the whole playground behind a web page, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path

from playground.page.server import PageServer
from playground.playground import BotDiedError, Playground

PORT = 8700
SETTINGS = {"PROGRESS_INTERVAL": "1"}  # edits come faster than by default


async def run_serve(port: int, api: str, *, open_browser: bool) -> int:
    """
    Serve until Ctrl-C or SIGTERM and return 0, or print what went wrong and return 1.

    ``api`` is what the first of the two video services speaks, one of ``APIS``.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    stop_requested = asyncio.Event()
    for name in ("SIGINT", "SIGTERM"):
        _on_signal(name, stop_requested)
    serving = asyncio.create_task(_serve(port, api, open_browser=open_browser), name="playground")
    stopping = asyncio.create_task(stop_requested.wait(), name="signals")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        _print("\nClosing …")
    serving.cancel()
    stopping.cancel()
    (failure, _) = await asyncio.gather(serving, stopping, return_exceptions=True)
    return 0 if isinstance(failure, asyncio.CancelledError) else _explain(failure, port)


async def _serve(port: int, api: str, *, open_browser: bool) -> None:
    """Serve until cancelled."""
    _print("Starting a Discord, two video services and the real bot on this machine …")
    with tempfile.TemporaryDirectory(prefix="kinora-playground-", ignore_cleanup_errors=True) as directory:
        async with Playground(Path(directory), settings=SETTINGS, relay_api=api) as playground:
            page = PageServer(playground)
            try:
                await page.start(port)
                _print(f"The bot's log is {playground.bot.log} (gone when this ends).")
                _print(f"\n  {page.address}\n\nCtrl-C ends it.")
                if open_browser:
                    await asyncio.to_thread(webbrowser.open, page.address)
                await asyncio.Event().wait()
            finally:
                await page.stop()


def _explain(failure: object, port: int) -> int:
    """Print why serving ended by itself and return the exit code; unexpected errors are raised."""
    if isinstance(failure, BotDiedError):
        _print_error(f"The bot did not start. Its last words:\n{failure}")
    elif isinstance(failure, TimeoutError):
        _print_error("The bot was not ready in time.")
    elif isinstance(failure, OSError):
        _print_error(
            f"The playground cannot listen on port {port}: {failure.strerror}\n"
            f"Choose another one: python -m playground serve --port {port + 1}"
        )
    elif isinstance(failure, BaseException):
        raise failure
    return 1


def _on_signal(name: str, event: asyncio.Event) -> None:
    """Set `event` on a signal, also where asyncio cannot handle signals (Windows)."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(getattr(signal, name), event.set)
    except NotImplementedError:
        signal.signal(getattr(signal, name), lambda *_: loop.call_soon_threadsafe(event.set))


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_error(text: str) -> None:
    sys.stderr.write(f"\n{text}\n")

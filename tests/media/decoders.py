"""The processes that decode pictures for this one, among others that it may have started."""

from __future__ import annotations

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own


def decoders() -> list[psutil.Process]:
    """Return those that are there at the moment."""
    return [process for process in psutil.Process().children() if _decodes(process)]


def _decodes(process: psutil.Process) -> bool:
    try:
        return "bot.media.pictures.safe" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False

"""The version that is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def version() -> str:
    """Return the version that is installed, ``unknown`` where it runs from a folder."""
    try:
        return version_of("kinora")
    except PackageNotFoundError:
        return "unknown"

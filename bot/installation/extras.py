"""The optional parts: which are installed, and how one is added."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec


class Extra(StrEnum):
    """An optional part, by its name in ``pyproject.toml``. Nothing here imports it: the bot does without."""

    CHARTS = "charts"
    FIT = "fit"
    HEIC = "heic"
    METRICS = "metrics"
    POSTGRES = "postgres"

    @property
    def is_installed(self) -> bool:
        """Whether the package that this part stands on is there."""
        return find_spec(_PACKAGES[self]) is not None

    @property
    def how_to_add(self) -> str:
        """The command that adds this part to a checkout. Public registries have a package of our name by others."""
        return f".venv/bin/python -m pip install -c constraints.txt -e '.[{self}]' (in the folder of Kinora's source)"


_PACKAGES = {
    Extra.CHARTS: "matplotlib",
    Extra.FIT: "av",
    Extra.HEIC: "pillow_heif",
    Extra.METRICS: "prometheus_client",
    Extra.POSTGRES: "asyncpg",
}

"""The lengths and sizes that a family of models makes, by the classes of a workflow's nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Its videos have a multiple of ``group`` frames and one more, and sides that are multiples of ``side`` pixels."""

    group: int = 1
    side: int = 16

    def frames(self, seconds: float, fps: float) -> int:
        """Return the number of frames that is nearest to ``seconds``."""
        return max(1, round(seconds * fps / self.group)) * self.group + (self.group > 1)

    def pixels(self, pixels: int) -> int:
        """Return the side that is nearest to ``pixels``."""
        return max(1, round(pixels / self.side)) * self.side


# By a word of a node's class, the first that is met: Comfy-Org/workflow_templates, and their nodes' own steps.
_FAMILIES = {"LTX": Family(8, 32), "Wan22": Family(4, 32), "Wan": Family(4), "Hunyuan": Family(4)}


def family_of(classes: Iterable[str]) -> Family:
    """Return the family of a workflow that has nodes of ``classes``."""
    names = " ".join(classes)
    return next((family for word, family in _FAMILIES.items() if word in names), Family())

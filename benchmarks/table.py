"""The table of results: one row per figure, with its target and whether it was met."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

_HEADINGS = ("measurement", "figure", "beside it", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``met`` is None where there is no target; ``target`` is then empty."""

    measurement: str
    figure: str
    beside: str
    ratio: str
    target: str = ""
    met: bool | None = None

    @property
    def missed(self) -> bool:
        """Whether a target was stated and missed."""
        return self.met is False

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is printed."""
        met = {True: "yes", False: "NO", None: "–"}[self.met]
        return (self.measurement, self.figure, self.beside, self.ratio, self.target or "–", met)


def render(rows: Sequence[Row]) -> str:
    """Return ``rows`` as one table of plain text."""
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (lines[0], rule, *lines[1:])
    )


def report(rows: Sequence[Row]) -> int:
    """Print the table, and each target that was missed; return the exit code."""
    print(render(rows))
    missed = [row.measurement for row in rows if row.missed]
    for measurement in missed:
        print(f"target missed: {measurement}", file=sys.stderr)
    return 1 if missed else 0

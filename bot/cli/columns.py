"""Text in columns, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable


def align(rows: Iterable[Iterable[object]], *, left: int = 0) -> list[str]:
    """Return a line for each row, its cells aligned to the right, those of the first ``left`` columns to the left."""
    table = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    formats = [f"{'<' if place < left else '>'}{width}" for place, width in enumerate(widths)]
    return ["  ".join(map(format, row, formats)) for row in table]

"""The growth of a cost with the number of jobs: a linear regression, and a chart of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import correlation, linear_regression

from matplotlib.figure import Figure

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """The least-squares line through some points; ``r2`` is 1 where they lie on it."""

    slope: float
    intercept: float
    r2: float


def line_through(points: Points) -> Line:
    """Return the line; the points must differ in both directions."""
    xs, ys = zip(*points, strict=True)
    slope, intercept = linear_regression(xs, ys)
    return Line(slope, intercept, correlation(xs, ys) ** 2)


def flattens(points: Points) -> bool:
    """Whether the last step is less steep than the line through all before it."""
    (x, y), (last_x, last_y) = points[-2:]
    return (last_y - y) / (last_x - x) < line_through(points[:-1]).slope


def draw(path: Path, panels: Mapping[str, Mapping[str, Points]]) -> None:
    """Draw a panel for each cost, named with its unit, with the points and the line of each bot."""
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    for axes, (cost, bots) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for (bot, points), colour in zip(bots.items(), ("tab:blue", "tab:orange"), strict=True):
            line = line_through(points)
            xs, ys = zip(*points, strict=True)
            axes.plot(xs, ys, "o", color=colour)
            ends = (0, max(xs))
            label = f"{bot}: {line.slope:.3g} a job, R² {line.r2:.3f}"
            axes.plot(ends, [line.intercept + line.slope * x for x in ends], color=colour, label=label)
        axes.set_title(cost)
        axes.set_xlabel("live jobs")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend()
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=120)

"""A chart of what a server used: requests by day and by hour, in the colours of Discord's dark theme."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.i18n.translation import ENGLISH, day_words, locale_context
from bot.reports.fonts import fonts_for
from bot.reports.usage_report import Tally, UsageReport

if TYPE_CHECKING:  # matplotlib is the extra `charts`, and takes long to import: only who draws pays for it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 1000  # pixels; a phone shows them on about 380
HEIGHT = 900
HEIGHT_EMPTY = 420
MAX_DAYS = 62  # with a bar each; longer spans are drawn by the week

_BACKGROUND, _GRID, _TEXT, _MUTED = "#2B2D31", "#41434A", "#DBDEE1", "#949BA4"
_HOURS = "#4F7CFF"
# From the bottom up. Amber is the lightest and red has stripes, for those who do not see the colours.
_PARTS = (("made", "#2EA66B", ""), ("refused", "#E5A50A", ""), ("failed", "#D64545", "//"))
_HEADING, _LABEL = 36, 28  # pixels
_HEADLINE: dict[str, Any] = {"size": _HEADING, "color": _TEXT, "weight": "bold"}
_ASIDE: dict[str, Any] = {"size": _LABEL, "color": _MUTED}
_MARGIN, _LEFT, _RIGHT = 0.03, 0.105, 0.97  # of the width
_LEAST_TOP = 4  # requests, so that one alone does not fill the picture


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The words in a chart, in one language: its days, what it says of none, headings, marks and asides, the legend."""

    days: str
    nothing: str
    no_requests: str
    by_week: str
    by_day: str
    by_hour: str
    of_day: str
    average: str
    day_before: str
    busiest: str
    made: str
    refused: str
    failed: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a chart is drawn on, its words, and the families of their fonts: the first that has a sign draws it."""

    figure: Figure
    words: ChartWords
    fonts: tuple[str, ...]

    def write(self, x: float, y: float, text: str, **style: Any) -> None:
        """Write ``text`` at a place given in parts of the width and the height."""
        self.figure.text(x, y, text, family=self.fonts, **style)


@dataclass(frozen=True, slots=True)
class _Bar:
    """The requests of ``days`` days from the one that is ``start`` days after the first."""

    start: int
    days: int
    tally: Tally


def draw_usage(report: UsageReport, words_of: Callable[[UsageReport], ChartWords]) -> bytes:
    """
    Return a PNG, ``WIDTH`` pixels wide, of how many requests ended in which way by day, and how many came by hour.

    Takes tenths of a second, and seconds the first time: call it in a thread, in several at once if need be.
    ``words_of`` is asked in the language spoken, and in English where no font has its signs; it gives no text from
    outside. Raises ImportError without the extra ``charts``.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    words = words_of(report)
    fonts = fonts_for("".join(astuple(words)))
    if fonts is None:
        with locale_context(ENGLISH):
            return draw_usage(report, words_of)
    empty = not report.total.jobs
    # 72 dots an inch make matplotlib's points pixels.
    size = (WIDTH / 72, (HEIGHT_EMPTY if empty else HEIGHT) / 72)
    figure = Figure(figsize=size, dpi=72, facecolor=_BACKGROUND)
    FigureCanvasAgg(figure)
    sheet = _Sheet(figure, words, fonts)
    if empty:
        _draw_nothing(sheet)
    elif report.days == 1:
        _draw_one_day(sheet, report)
    else:
        _draw_days(sheet, report)
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=72)
    return picture.getvalue()


def _draw_nothing(sheet: _Sheet) -> None:
    """An idle player, and words that say that this is all."""
    axes = sheet.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT_EMPTY))
    axes.set_axis_off()
    turn = [math.radians(angle) for angle in range(0, 361, 3)]
    axes.plot([500 + 62 * math.cos(a) for a in turn], [285 + 62 * math.sin(a) for a in turn], color=_MUTED, linewidth=6)
    axes.fill([482, 482, 532], [255, 315, 285], color=_MUTED, linewidth=0)
    sheet.write(0.5, 148 / HEIGHT_EMPTY, sheet.words.nothing, ha="center", **_HEADLINE)
    sheet.write(0.5, 88 / HEIGHT_EMPTY, sheet.words.no_requests, ha="center", **_ASIDE)


def _draw_days(sheet: _Sheet, report: UsageReport) -> None:
    weekly, words = report.days > MAX_DAYS, sheet.words
    _head(sheet, 0.925, words.by_week if weekly else words.by_day, words.days)
    axes = _axes(sheet, 0.475, 0.35)
    bars = _bars(report, 7 if weekly else 1)
    middles, widths = [bar.start + bar.days / 2 for bar in bars], [bar.days * 0.8 for bar in bars]
    _stack(axes.bar, middles, widths, [bar.tally for bar in bars], words)
    average = report.before.jobs / report.days * (7 if weekly else 1)
    if average:
        axes.axhline(average, color=_TEXT, linewidth=3, linestyle=(0, (4, 3)), label=words.average)
    _scale(axes, max(average, *(bar.tally.jobs for bar in bars)))
    axes.set_xlim(0, report.days)
    _label_days(axes, bars, report.since)
    _legend(sheet, axes, 0.895)
    _head(sheet, 0.355, words.by_hour, words.busiest)
    _draw_hours(_axes(sheet, 0.075, 0.245), report.by_hour)


def _draw_one_day(sheet: _Sheet, report: UsageReport) -> None:
    """One stacked bar would say little about a day, so the hours have the room."""
    words = sheet.words
    _head(sheet, 0.925, words.of_day, words.days)
    axes = sheet.figure.add_axes((_MARGIN, 0.735, _RIGHT - _MARGIN, 0.09), facecolor="none")
    axes.set_axis_off()
    _stack(axes.barh, [0], [1], [report.total], words)
    if before := report.before.jobs:
        axes.axvline(before, color=_TEXT, linewidth=4, linestyle=(0, (2, 1)), label=words.day_before, clip_on=False)
    axes.set(xlim=(0, max(report.total.jobs, before)), ylim=(-0.5, 0.5))
    _legend(sheet, axes, 0.895)
    _head(sheet, 0.635, words.by_hour, words.busiest)
    _draw_hours(_axes(sheet, 0.075, 0.525), report.by_hour)


def _draw_hours(axes: Axes, by_hour: Sequence[int]) -> None:
    axes.bar(range(24), by_hour, width=0.8, align="edge", color=_HOURS, linewidth=0)
    _scale(axes, max(by_hour))
    axes.set_xlim(-0.1, 23.9)
    hours = range(0, 24, 4)
    axes.set_xticks([hour + 0.4 for hour in hours], [f"{hour:02}:00" for hour in hours])


def _bars(report: UsageReport, step: int) -> list[_Bar]:
    """Divide the span into bars of ``step`` days. The last one is whole; the first takes what is left over."""
    bars = []
    end = report.days
    while end > 0:
        start = max(0, end - step)
        days = (report.since + timedelta(days=day) for day in range(start, end))
        tally = sum((report.by_day.get(day, Tally()) for day in days), Tally())
        bars.append(_Bar(start, end - start, tally))
        end = start
    return bars[::-1]


def _stack(
    draw: Callable[..., Any],
    middles: Sequence[float],
    widths: Sequence[float],
    tallies: Sequence[Tally],
    words: ChartWords,
) -> None:
    """Draw, with ``Axes.bar`` or ``Axes.barh``, a bar for each tally; their patterns are cut out of the colours."""
    ends = [0] * len(tallies)
    for name, colour, hatch in _PARTS:
        parts = [int(getattr(tally, name)) for tally in tallies]
        if any(parts):
            fill = {"facecolor": colour, "edgecolor": _BACKGROUND, "linewidth": 0, "hatch": hatch, "hatch_linewidth": 2}
            draw(middles, parts, widths, ends, label=getattr(words, name), **fill)
        ends = [end + part for end, part in zip(ends, parts, strict=True)]


def _label_days(axes: Axes, bars: Sequence[_Bar], since: date) -> None:
    """Name the days on which bars start: each if they are few, else six at most."""
    step = 1 if len(bars) <= 7 else math.ceil(len(bars) / 6)
    named = [bar for bar in bars if bar.days == bars[-1].days][::step]
    days = [since + timedelta(days=bar.start) for bar in named]
    axes.set_xticks([bar.start + bar.days / 2 for bar in named], [day_words(day) for day in days])


def _scale(axes: Axes, peak: float) -> None:
    """Let the axis of requests reach over ``peak``, with a few round numbers on it."""
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(0, max(peak, _LEAST_TOP) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_formatter(lambda number, _place: short(number) if number else "")


def _axes(sheet: _Sheet, bottom: float, height: float) -> Axes:
    """Return a place for bars over the whole width: no frame, a faint grid behind."""
    axes = sheet.figure.add_axes((_LEFT, bottom, _RIGHT - _LEFT, height), facecolor="none", axisbelow=True)
    axes.spines[:].set_visible(False)
    axes.grid(axis="y", color=_GRID, linewidth=2, linestyle="-")
    axes.tick_params(length=0, pad=10, labelsize=_LABEL, labelcolor=_MUTED, labelfontfamily=sheet.fonts)
    return axes


def _legend(sheet: _Sheet, axes: Axes, top: float) -> None:
    """Say below a heading, in one row from left to right, what the marks of ``axes`` mean."""
    sheet.figure.legend(
        handles=[*axes.containers, *axes.lines],
        loc="upper left",
        bbox_to_anchor=(_MARGIN, top),
        ncols=4,
        frameon=False,
        labelcolor=_TEXT,
        prop={"family": sheet.fonts, "size": _LABEL},
        borderpad=0,
        borderaxespad=0,
        handlelength=1.0,
        handletextpad=0.4,
        columnspacing=0.8,
    )


def _head(sheet: _Sheet, y: float, heading: str, aside: str) -> None:
    sheet.write(_MARGIN, y, heading, **_HEADLINE)
    sheet.write(_RIGHT, y, aside, ha="right", **_ASIDE)


def short(number: float) -> str:
    """Return a whole number in at most three digits and a letter: ``950``, ``1.2k``, ``12M``."""
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if number >= size * 0.9995:
            decimals = 1 if number < size * 9.95 else 0
            return f"{number / size:.{decimals}f}".removesuffix(".0") + letter
    return f"{number:.0f}"

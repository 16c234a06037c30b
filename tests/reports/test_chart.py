"""The picture of a server's use shows what the report says, in its colours, from any thread and for any span."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from threading import Barrier

import pytest
from PIL import Image

from bot.installation.extras import Extra
from bot.reports.chart import HEIGHT, HEIGHT_EMPTY, MAX_DAYS, WIDTH, draw_usage
from bot.reports.usage_report import Tally, UsageReport
from bot.texts.chart import chart_words
from tests.programs import run_program

UNTIL = date(2025, 3, 12)
BACKGROUND, MADE, REFUSED, FAILED, HOURS = "#2b2d31", "#2ea66b", "#e5a50a", "#d64545", "#4f7cff"
BELOW_LEGEND = 140  # pixels from the top: from here on a colour is that of a bar
HOUR_PANEL = 600


def report(days: int, tallies: dict[int, Tally], *, before: int = 0, hour: int = 15) -> UsageReport:
    """The last ``days`` days; ``tallies`` are by the number of the day, all asked for in one ``hour``."""
    since = UNTIL - timedelta(days=days - 1)
    total = sum(tallies.values(), Tally())
    return UsageReport(
        since=since,
        until=UNTIL,
        total=total,
        before=Tally(before, before),
        by_outcome={},
        by_day={since + timedelta(days=day): tally for day, tally in tallies.items()},
        by_hour=tuple(total.jobs if at == hour else 0 for at in range(24)),
        members=(),
        member_count=0,
        models=(),
        channels=(),
    )


def busy(days: int, scale: int = 1) -> UsageReport:
    """Some requests of each kind on every day, with as many before."""
    tallies = {day: Tally((20 + day % 7) * scale, (14 + day % 7) * scale, 4 * scale) for day in range(days)}
    return report(days, tallies, before=22 * days * scale)


def picture(of: UsageReport) -> Image.Image:
    image = Image.open(BytesIO(draw_usage(of, chart_words)))
    assert image.format == "PNG"
    return image.convert("RGB")


def bars(of: UsageReport) -> Image.Image:
    """The part of the picture that shows the days."""
    return picture(of).crop((0, BELOW_LEGEND, WIDTH, HOUR_PANEL - 100))


def count(image: Image.Image, colour: str) -> int:
    """How many pixels have exactly this colour."""
    wanted = tuple(bytes.fromhex(colour[1:]))
    return sum(number for number, found in image.getcolors(image.width * image.height) or () if found == wanted)


def columns(image: Image.Image, colour: str) -> list[int]:
    """The columns in which the colour is."""
    return [x for x in range(image.width) if count(image.crop((x, 0, x + 1, image.height)), colour)]


CASES = {
    "one request in 30 days": report(30, {21: Tally(1, 1)}),
    "one request in one day": report(1, {0: Tally(1, 0, 1)}),
    "one day": busy(1),
    "two days": busy(2),
    "7 days": busy(7),
    "30 days": busy(30),
    "the longest by day": busy(MAX_DAYS),
    "the shortest by week": busy(MAX_DAYS + 1),
    "90 days": busy(90),
    "a leap year": busy(366),
    "a million a day": busy(30, 50_000),
    "billions": busy(366, 10**7),
}


@pytest.mark.parametrize("name", CASES)
def test_every_span_gives_a_picture_of_one_size_with_nothing_at_its_edges(name: str) -> None:
    image = picture(CASES[name])
    assert image.size == (WIDTH, HEIGHT)
    for edge in (
        (0, 0, 12, HEIGHT),
        (WIDTH - 12, 0, WIDTH, HEIGHT),
        (0, 0, WIDTH, 12),
        (0, HEIGHT - 12, WIDTH, HEIGHT),
    ):
        assert count(image.crop(edge), BACKGROUND) == (edge[2] - edge[0]) * (edge[3] - edge[1])


@pytest.mark.parametrize("days", [2, 1])
def test_the_widest_legend_stays_inside(days: int) -> None:
    image = picture(report(days, {0: Tally(3 * 999_000, 999_000, 999_000)}, before=10))
    right = image.crop((WIDTH - 12, 0, WIDTH, HEIGHT))
    assert count(right, BACKGROUND) == 12 * HEIGHT


@pytest.mark.parametrize("days", [1, 30, 366])
def test_a_span_without_requests_gives_a_smaller_picture_without_bars(days: int) -> None:
    image = picture(report(days, {}, before=5))
    assert image.size == (WIDTH, HEIGHT_EMPTY)
    assert not any(count(image, colour) for colour in (MADE, REFUSED, FAILED, HOURS))
    assert count(image, BACKGROUND) < 0.99 * WIDTH * HEIGHT_EMPTY  # it says so


@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize(
    ("tally", "shown"),
    [
        (Tally(9, 9, 0), {MADE}),
        (Tally(9, 0, 9), {REFUSED}),
        (Tally(9, 0, 0), {FAILED}),
        (Tally(9, 5, 4), {MADE, REFUSED}),
        (Tally(9, 5, 0), {MADE, FAILED}),
        (Tally(9, 3, 3), {MADE, REFUSED, FAILED}),
    ],
)
def test_an_ending_has_its_colour_in_bars_and_legend_only_when_it_happened(
    days: int, tally: Tally, shown: set[str]
) -> None:
    image = picture(report(days, {days - 1: tally}))
    legend = image.crop((0, 80, WIDTH, BELOW_LEGEND - 10))
    for part in (legend, image.crop((0, BELOW_LEGEND, WIDTH, HEIGHT))):
        assert {colour for colour in (MADE, REFUSED, FAILED) if count(part, colour)} == shown


@pytest.mark.parametrize("days", [1, 2])
def test_bars_are_as_large_as_their_numbers(days: int) -> None:
    image = bars(report(days, {0: Tally(100, 60, 20)}))
    made, refused, failed = (count(image, colour) for colour in (MADE, REFUSED, FAILED))
    assert made / refused == pytest.approx(3, rel=0.05)
    assert 0.4 < failed / refused < 0.95  # its stripes take the rest


def test_made_is_at_the_bottom_and_failed_on_top() -> None:
    image = bars(report(2, {0: Tally(3, 1, 1)}))
    rows = {
        colour: [y for y in range(image.height) if count(image.crop((0, y, WIDTH, y + 1)), colour)]
        for colour in (MADE, REFUSED, FAILED)
    }
    assert max(rows[FAILED]) < min(rows[REFUSED])
    assert max(rows[REFUSED]) < min(rows[MADE])


def test_a_day_without_requests_is_a_gap() -> None:
    seen = columns(bars(report(7, {day: Tally(5, 5) for day in range(7) if day != 3})), MADE)
    gaps = [after - before for before, after in pairwise(seen) if after - before > 1]
    assert len(gaps) == 5
    assert max(gaps) > 4 * min(gaps)


def test_days_have_their_own_bars_until_there_are_too_many() -> None:
    def runs(days: int) -> int:
        seen = columns(bars(report(days, {day: Tally(5, 5) for day in range(days)})), MADE)
        return 1 + sum(after - before > 1 for before, after in pairwise(seen))

    assert runs(MAX_DAYS) == MAX_DAYS
    assert runs(MAX_DAYS + 1) == (MAX_DAYS + 1) // 7


def test_the_last_week_is_whole_and_the_first_as_narrow_as_it_is_short() -> None:
    seen = columns(bars(report(72, {0: Tally(5, 5), 71: Tally(5, 5)})), MADE)  # ten weeks and two days
    first = [x for x in seen if x < WIDTH / 2]
    last = [x for x in seen if x > WIDTH / 2]
    assert len(first) / len(last) == pytest.approx(2 / 7, rel=0.15)


def test_one_request_does_not_fill_the_height() -> None:
    image = bars(report(30, {21: Tally(1, 1)}))
    rows = [y for y in range(image.height) if count(image.crop((0, y, WIDTH, y + 1)), MADE)]
    assert len(rows) < image.height / 3


@pytest.mark.parametrize("days", [1, 7])
def test_the_span_before_is_marked_only_if_it_had_requests(days: int) -> None:
    of = {0: Tally(8, 8)}
    spans = [report(days, of, before=before) for before in (0, 4 * days, 6 * days)]
    without, little, much = (draw_usage(span, chart_words) for span in spans)
    assert len({without, little, much}) == 3


@pytest.mark.parametrize("hour", [0, 11, 23])
def test_the_bar_of_an_hour_stands_in_its_place(hour: int) -> None:
    seen = columns(picture(report(7, {2: Tally(3, 3)}, hour=hour)), HOURS)
    left, right = 0.105 * WIDTH, 0.97 * WIDTH
    assert sum(seen) / len(seen) == pytest.approx(left + (hour + 0.5) / 24 * (right - left), abs=3)


def test_drawing_in_four_threads_at_once_gives_what_drawing_alone_gives() -> None:
    reports = [busy(7), busy(30), busy(1), report(30, {})]
    alone = [draw_usage(each, chart_words) for each in reports]
    start = Barrier(4)

    def draw(each: UsageReport) -> bytes:
        start.wait(30)
        return draw_usage(each, chart_words)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(draw, reports)) == alone


def test_matplotlib_is_imported_by_the_first_drawing_alone_also_in_four_threads_and_never_pyplot() -> None:
    run = run_program("draw_in_four_threads", options=["-W", "error"])
    assert (run.returncode, run.stderr[-2000:]) == (0, "")


def test_without_matplotlib_there_is_no_drawing_and_it_can_be_known() -> None:
    assert Extra.CHARTS.is_installed
    run = run_program("draw_without_matplotlib")
    assert (run.returncode, run.stderr[-2000:]) == (0, "")

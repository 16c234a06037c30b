"""The format of a video is the one that is nearest to its picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models import Picture
from bot.providers.shapes import nearest

SIZES = ("1280x720", "720x1280", "1024x1024")


@pytest.mark.parametrize(
    ("sides", "formats", "chosen"),
    [
        ((1600, 1000), SIZES, "1280x720"),
        ((3000, 4000), SIZES, "720x1280"),
        ((1000, 1001), SIZES, "1024x1024"),
        ((3000, 4000), ("16:9", "9:16"), "9:16"),
        ((3000, 4000), ("adaptive", "16:9", "9:16"), "9:16"),
        ((3000, 4000), ("720p", "480p"), "720p"),
        (None, SIZES, "1280x720"),
        ((0, 5), SIZES, "1280x720"),
        ((3000, 4000), (), None),
    ],
)
def test_the_nearest_format_is_chosen(
    sides: tuple[int, int] | None, formats: tuple[str, ...], chosen: str | None
) -> None:
    assert nearest(formats, [Picture(Path("a.png"), "image/png", 9, sides=sides)]) == chosen


def test_without_a_picture_the_first_is_chosen() -> None:
    assert nearest(SIZES, []) == "1280x720"

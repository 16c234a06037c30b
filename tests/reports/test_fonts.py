"""A chart is in Chinese or Japanese where the system has a font for that, and in English where it has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.font_manager import fontManager

from bot.i18n.translation import ENGLISH, locale_context
from bot.reports.chart import draw_usage
from bot.reports.fonts import LATIN, fonts_for
from bot.texts.chart import chart_words
from tests.reports.test_chart import CASES, busy, picture

EAST_ASIAN = ("zh-CN", "zh-TW", "ja")
Install = Callable[..., Path]


@pytest.fixture(autouse=True)
def bare_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system have no font but matplotlib's own."""
    monkeypatch.setattr(fontManager, "ttflist", [font for font in fontManager.ttflist if font.name == LATIN])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what puts a font into the system, with a square for each of ``signs``, all those of charts by default."""

    def installed(family: str, signs: str = "") -> Path:
        path = tmp_path / f"{family}.ttf"
        _write_font(path, family, set(signs) or _signs_of_charts())
        monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(path)])
        return path

    return installed


def _signs_of_charts() -> set[str]:
    signs = set("日語檢視")
    for locale in EAST_ASIAN:
        with locale_context(locale):
            signs.update(*(words for case in CASES.values() for words in astuple(chart_words(case))))
    return signs


def _write_font(path: Path, family: str, signs: set[str]) -> None:
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupCharacterMap({ord(sign): "square" for sign in signs})
    font.setupGlyf({".notdef": square, "square": square})
    font.setupHorizontalMetrics({".notdef": (1000, 100), "square": (1000, 100)})
    font.setupHorizontalHeader(ascent=900, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)


def drawn(locale: str) -> bytes:
    with locale_context(locale):
        return draw_usage(busy(7), chart_words)


@pytest.mark.parametrize("locale", EAST_ASIAN)
def test_without_a_font_for_it_a_chart_is_in_english(locale: str) -> None:
    assert drawn(locale) == drawn(ENGLISH)


@pytest.mark.parametrize("locale", EAST_ASIAN)
@pytest.mark.parametrize("name", ["one day", "30 days", "a leap year"])
def test_with_a_font_for_it_a_chart_is_in_the_language_and_stays_inside(
    install: Install, locale: str, name: str
) -> None:
    install("Noto Sans CJK JP")
    with locale_context(locale):
        image = picture(CASES[name])
    assert image.tobytes() != picture(CASES[name]).tobytes()
    background = image.getpixel((0, 0))
    for edge in ((0, 0, 12, image.height), (image.width - 12, 0, image.width, image.height)):
        assert image.crop(edge).getcolors() == [(12 * image.height, background)]


@pytest.mark.parametrize(
    ("locale", "own"), [("ja", "IPAexGothic"), ("zh-CN", "WenQuanYi Micro Hei"), ("zh-TW", "Microsoft JhengHei")]
)
def test_the_font_of_the_language_goes_before_that_of_another(install: Install, locale: str, own: str) -> None:
    for family in ("Noto Sans CJK HK", own):
        fontManager.addfont(install(family))
    with locale_context(locale):
        assert fonts_for("日") == (own, LATIN)


def test_a_font_of_another_language_is_better_than_none(install: Install) -> None:
    install("Noto Sans CJK JP")
    with locale_context("zh-TW"):
        assert fonts_for("檢視") == ("Noto Sans CJK JP", LATIN)


def test_a_font_that_lacks_a_sign_is_passed_over(install: Install) -> None:
    fontManager.addfont(install("Noto Sans CJK JP", signs="日"))
    with locale_context("ja"):
        assert fonts_for("日") == ("Noto Sans CJK JP", LATIN)
        assert fonts_for("日語") is None


def test_a_file_that_is_no_font_is_passed_over(
    install: Install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    paths = [str(broken), str(install("Noto Sans CJK JP"))]
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: paths)
    with locale_context("ja"):
        assert fonts_for("日") == ("Noto Sans CJK JP", LATIN)


def test_a_font_that_was_removed_is_passed_over(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    path = install("Noto Sans CJK JP")
    fontManager.addfont(path)
    path.unlink()
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    with locale_context("ja"):
        assert fonts_for("日") is None


@pytest.mark.parametrize("text", ["Requests by day", "Größe: 5 – 7 · „ça“ ¿qué?"])
def test_the_words_of_europe_need_no_font_of_the_system(text: str) -> None:
    assert fonts_for(text) == (LATIN,)

"""The fonts for the words in a chart: matplotlib's own, and for Chinese and Japanese one that the system has."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.i18n.translation import catalogue_spoken

log = logging.getLogger(__name__)

LATIN = "DejaVu Sans"  # comes with matplotlib; it knows the scripts of Europe, not those of China and Japan
_FIRST_EAST_ASIAN = 0x2E80

# By catalogue, what systems call the fonts that draw signs as its readers write them, the best first.
_FAMILIES = {
    "ja": "Noto Sans CJK JP, Noto Sans JP, Source Han Sans JP, Source Han Sans, IPAexGothic, IPAGothic, TakaoGothic, "
    "VL Gothic, Hiragino Sans, Yu Gothic, Meiryo, MS Gothic",
    "zh_CN": "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Source Han Sans CN, WenQuanYi Micro Hei, "
    "WenQuanYi Zen Hei, PingFang SC, Heiti SC, Hiragino Sans GB, Microsoft YaHei, SimHei",
    "zh_TW": "Noto Sans CJK TC, Noto Sans TC, Source Han Sans TC, Source Han Sans TW, PingFang TC, Heiti TC, "
    "Microsoft JhengHei",
    "any": "Noto Sans CJK HK, Droid Sans Fallback, Arial Unicode MS",
}


def fonts_for(text: str) -> tuple[str, ...] | None:
    """
    Return the families that draw ``text`` in the language spoken, best first; None if the system has none for it.

    Of fonts for several languages one of another is better than none: the signs are the same, in other strokes.
    Raises ImportError without matplotlib.
    """
    signs = {sign for sign in text if ord(sign) >= _FIRST_EAST_ASIAN}
    if not signs:
        return (LATIN,)
    languages = sorted(_FAMILIES, key=lambda name: name != catalogue_spoken())
    families = [family for name in languages for family in _FAMILIES[name].split(", ")]
    found = _first_with(signs, families)
    if not found and _learn_new_fonts():
        found = _first_with(signs, families)
    return (found, LATIN) if found else None


def _first_with(signs: Iterable[str], families: Iterable[str]) -> str | None:
    from matplotlib.font_manager import fontManager

    files = {font.name: font.fname for font in fontManager.ttflist}
    return next((family for family in families if family in files and _has_all(files[family], signs)), None)


def _has_all(path: str, signs: Iterable[str]) -> bool:
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(path)
    except (OSError, RuntimeError):  # it was removed since
        return False
    return all(font.get_char_index(ord(sign)) for sign in signs)


def _learn_new_fonts() -> bool:
    """Tell matplotlib of fonts that were installed after it wrote its list of them; return whether there are any."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.fname for font in fontManager.ttflist}
    new = [path for path in findSystemFonts() if path not in known]
    for path in new:
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError) as error:
            log.debug("could not read the font %s: %s", path, error)
    return bool(new)

"""How each language is written: its marks, quotation marks and blanks, and words that a region does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NO_WORDS = re.compile(r"`[^`]*`|(?<!\w)/\w+|\{\w+\}")  # code, commands and placeholders
_IDEOGRAPH = "\u3040-\u30ff\u4e00-\u9fff"  # kana are written like these
_NARROW = "\u00a0\u202f"  # blanks at which no line ends

Rule = tuple[str, str]  # a pattern of what is not written, and why

_EVERYWHERE: tuple[Rule, ...] = (
    (r"  |^ | $|[ \t]\n", "a blank too many"),
    (r" [,.](?!\d)", "no blank stands before it"),
    (r"\.\.\.", "it is one sign: …"),
    (r"\"|(?<!\w)'|'(?!\w)", "quotation marks are curved"),
)
_NO_BLANK_BEFORE: Rule = (rf"[ {_NARROW}][:;!?]", "no blank stands before it")
_CJK: tuple[Rule, ...] = (
    (r"[,;:!?](?![\d/])", "it is full-width: ，；：！？"),
    (r"[()]", "it is full-width: （）"),
    (rf"(?<=[{_IDEOGRAPH}])\.", "it is full-width: 。"),
    (r"[。，、；：！？）」”] | [。，、；：！？（「“]", "the mark brings its own blank"),
    (rf"(?<=[{_IDEOGRAPH}]) (?=[{_IDEOGRAPH}])", "no blank stands between two of these"),
)
_SPANISH: tuple[Rule, ...] = (
    (r"[„«»]", "quotation marks are “ and ”"),
    (r"^[^¿]*\?|^[^¡]*!", "it begins with ¿ or ¡"),
    _NO_BLANK_BEFORE,
)
_PERCENT_APART: Rule = (r"\d%", "a blank stands before %")
_PERCENT_CLOSE: Rule = (r"\d\s%", "no blank stands before %")
# By catalogue.
_RULES: dict[str, tuple[Rule, ...]] = {
    "de": ((r"(?:^|[\s(])[“”]|”|[«»]", "quotation marks are „ and “"), _PERCENT_APART, _NO_BLANK_BEFORE),
    "fr": (
        (
            rf"(?<![{_NARROW}\d/])[:;!?»](?!//)|(?<![{_NARROW}])%|«(?![{_NARROW}])",
            "a blank that keeps lines together is missing",
        ),
        (r"[„“”]", "quotation marks are « and »"),
        (r"\w'\w", "the apostrophe is ’"),
    ),
    "es": (*_SPANISH, _PERCENT_CLOSE, (r"(?i)\bvídeos?\b", "in America it is a video")),
    "es_ES": (*_SPANISH, _PERCENT_APART, (r"(?i)\bvideos?\b", "in Spain it is a vídeo")),
    "pt_BR": ((r"[„«»]", "quotation marks are “ and ”"), _PERCENT_CLOSE, _NO_BLANK_BEFORE),
    "ja": ((r"[“”‘’„«»]", "quotation marks are 「 and 」"), *_CJK),
    "zh_CN": ((r"[「」„«»]", "quotation marks are “ and ”"), *_CJK),
    "zh_TW": (
        (r"[“”‘’„«»]", "quotation marks are 「 and 」"),
        *_CJK,
        (
            r"許可權|身份組|賬|私信|默認|信息|列表|命令|日誌|網絡|天后",
            "in Taiwan, and in Discord there, it is another word",
        ),
    ),
}


def misspelt(language: str, text: str) -> Iterator[str]:
    """Yield what is wrong with how ``text`` is written in the catalogue ``language``, code and commands aside."""
    text = _NO_WORDS.sub("``", text)
    for pattern, why in (*_EVERYWHERE, *_RULES.get(language, ())):
        if found := re.search(pattern, text):
            yield f"{found[0]!r}: {why}"
    if language == "zh_TW" and (simplified := [sign for sign in text if _is_simplified(sign)]):
        yield f"{''.join(simplified)!r}: simplified characters"


def _is_simplified(sign: str) -> bool:
    """Whether Taiwan does not write a character: Big5, its own set, has hardly any that were simplified."""
    try:
        sign.encode("big5")
    except UnicodeEncodeError:
        return "\u4e00" <= sign <= "\u9fff"
    return False

"""How each language is written: what does not stand in its catalogue, and what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CODE = re.compile(r"`[^`]*`|\{\w+\}")

# By catalogue: patterns of what is not written there, and why.
_RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "es": ((r"[Vv]ídeo", "in America it is a video"),),
    "es_ES": ((r"(?i)\bvideos?\b", "in Spain it is a vídeo"),),
    "zh_TW": (
        (
            r"許可權|身份組|賬|私信|默認|信息|列表|命令|日誌|網絡|天后",
            "in Taiwan, and in Discord there, it is another word",
        ),
    ),
}


def misspelt(language: str, text: str) -> Iterator[str]:
    """Yield what is wrong with how ``text`` is written in the catalogue ``language``, code and placeholders aside."""
    text = _CODE.sub("{}", text)
    for pattern, why in _RULES.get(language, ()):
        if found := re.search(pattern, text):
            yield f"{found[0]!r}: {why}"
    if language == "zh_TW" and (
        simplified := [sign for sign in text if "一" <= sign <= "鿿" and not _is_traditional(sign)]
    ):
        yield f"{''.join(simplified)!r}: simplified characters"


def _is_traditional(sign: str) -> bool:
    """Whether Taiwan writes a character: Big5, its own set, has hardly any that were simplified."""
    try:
        sign.encode("big5")
    except UnicodeEncodeError:
        return False
    return True

"""Takes videos that stand in the text of a reply, as ``data:`` links, out of it: in one chunk or spread over many."""

from __future__ import annotations

import re

from bot.providers.links.candidates import MAX_INLINE

MARK = "data:video/"
_BASE64 = r"[A-Za-z0-9+/=_-]*"
_LINK = re.compile(rf"{MARK}[\w.+-]{{1,40}};base64,{_BASE64}", re.IGNORECASE)
_MORE = re.compile(_BASE64)


class InlineVideos:
    """Collects the links; ``under_way`` is the one whose end has not come."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.under_way: list[str] = []
        self._size = 0

    def take_from(self, text: str) -> str:
        """Return ``text`` without links, and without the rest of the one under way."""
        if self.under_way:
            text = self._continue(text)
        while MARK in text and (found := _LINK.search(text)):
            self.under_way, self._size = [found[0]], len(found[0])
            if found.end() == len(text):
                return text[: found.start()]
            self.close()
            text = f"{text[: found.start()]} {text[found.end() :]}"
        return text

    def close(self) -> None:
        """End the link under way: what it holds is all there is."""
        if self.under_way and self._size <= MAX_INLINE:
            self.links.append("".join(self.under_way))
        self.under_way = []

    def _continue(self, text: str) -> str:
        more = _MORE.match(text)
        end = more.end() if more else 0
        self._size += end
        if self._size <= MAX_INLINE:
            self.under_way.append(text[:end])
        if end < len(text):
            self.close()
        return text[end:]

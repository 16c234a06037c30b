"""Finds links with their dressing: tag, Markdown, anchor, label, bare. The dressing gives a link its trust."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.providers.links.words import FILE_PATH, IMAGE_IS_VIDEO, LABEL_VIDEO, OTHER_FILE, VIDEO_FILE, VIDEO_QUERY

# Each run has a limit: the text comes from outside, and unlimited ones take minutes on a hostile text.
_TAG = re.compile(
    r"<(?:video|source|embed|iframe)\b[^<>]{0,1000}?\b(?:data-)?src\s{0,9}=\s{0,9}"
    r"(?:\"([^\"<>]{1,4096})\"|'([^'<>]{1,4096})'|([^\s<>\"']{1,4096})(?=[\s>]))",
    re.IGNORECASE,
)
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,1000}?\bhref\s{0,9}=\s{0,9}(?:\"([^\"<>]{1,4096})\"|'([^'<>]{1,4096})'|([^\s<>\"']{1,4096})(?=[\s>]))"
    r"[^<>]{0,1000}>(.{0,3000}?)</a>",
    re.IGNORECASE | re.DOTALL,
)
_IMG = re.compile(r"<img\b[^<>]{0,3000}>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s{0,9}=\s{0,9}[\"']([^\"'<>]{0,200})[\"']", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]{0,3000}>")
_BBCODE = re.compile(r"\[(video|media|url)(?:=([^\[\]\s]{1,4096}))?\]([^\[\]]{0,4096})\[/\1\]", re.IGNORECASE)
_TARGET = r"\(\s{0,9}<?((?:[^\s()<>（）]|\([^\s()]{0,999}\)){1,4096})>?(?:\s[^()]{0,300})?\)"
_MARKDOWN = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]{0,500}\](?!\()){0,4096})\]" + _TARGET)
_POSTER = re.compile(
    r"\[\s{0,9}!\[([^\[\]]{0,1000})\]\([^()\s]{0,4096}(?:\s[^()]{0,300})?\)([^\[\]]{0,200})\]" + _TARGET
)
_REFERENCE = re.compile(r"\[([^\[\]]{1,200})\]\[([^\[\]]{0,60})\]")
_DEFINED = re.compile(r"^\s{0,3}\[([^\[\]]{1,60})\]:\s{0,9}<?([^\s<>]{1,4096})", re.MULTILINE)
_OPEN_LINK = re.compile(r"(?:\]\(\s?<?|=\s?[\"'])[^\s()<>\"']{0,4096}\Z")
# ASCII alone: full-width and curly signs, and the letters of a sentence that goes on, end a link.
_URL = (
    r"(?:https?:)?//[!#$%&'*+,\-./0-9:;=?@A-Z_a-z~]+(?:\([!#$%&+,\-./0-9:;=?@A-Z_a-z~]*\)"
    r"[!#$%&+,\-./0-9:;=?@A-Z_a-z~]*)*"
)
_PLAIN = re.compile(r"(?<![A-Za-z0-9:/.])" + _URL + r"|https?://[!#$%&*+,\-./0-9:;=?@A-Z_a-z~]+", re.IGNORECASE)
_GOES_ON = re.compile(
    r"[^\s<>\"'`()（）\[\]，。；：、“”‘’]{0,200}?\.(?:mp4|mov|webm|m4v|mkv)(?![a-z0-9])", re.IGNORECASE
)
_PAST_VIDEO = re.compile(
    r"\.(?:mp4|mov|webm|m4v|mkv)(?=[^?#/&a-z0-9])(?![-_.][\w.-]{0,80}\.(?:jpe?g|png|webp|gif"
    r"|mp4|mov|webm|m3u8|json|srt|vtt|zip)\b)",
    re.IGNORECASE,
)
_PAST_LETTERS = re.compile(r"\.(?:mp4|mov|webm|m4v|mkv)(?=[a-z0-9])(?!v\b)", re.IGNORECASE)
_ROOT_LINE = re.compile(
    r"^[\s>*`]*(/[\w.~%@-]{1,200}(?:/[\w.~%@:+-]{1,400})+(?:\?[\w.~%@:+&=/-]{1,2000})?"
    r"|/[\w.~%-]{1,400}\.(?:mp4|webm|mov)(?:\?\S{0,2000})?)[\s*`]*$",
    re.MULTILINE,
)
TAG, FILE, LABELLED, FIELD, BARE_FILE, LABEL_BEFORE, LAST, ALONE, ONLY_ONE = range(9)
TRUST = {
    TAG: "a video tag",
    FILE: "Markdown to a video file",
    LABELLED: "a label that promises the video",
    FIELD: "a field of the JSON",
    BARE_FILE: "a bare link to a video file",
    LABEL_BEFORE: "words before it that promise the video",
    LAST: "last words that are nothing but a link",
    ALONE: "a line that is nothing but the path of a file",
    ONLY_ONE: "the one link left after a success",
}
LONGEST_HEADING = 60  # characters
_LETTER = re.compile(r"[^\W\d_]")
_OPENERS = ("](", "](<", "='", '="', "=")


class Dressed(NamedTuple):
    """A link as it was found: its trust, and the words that recommend it."""

    trust: int
    url: str
    label: str


def dressed_links(text: str, fields: Iterable[str], lasts: Iterable[str]) -> Iterator[Dressed]:
    """Yield each link of ``text``, of ``fields`` of the JSON, and of the ``lasts``: the last words written."""
    for tag in _TAG.finditer(text) if "<" in text else ():
        trust = ONLY_ONE if tag[0][:7].lower() == "<iframe" else TAG
        yield Dressed(trust, next(filter(None, tag.groups())), "tag")
    for poster in _POSTER.finditer(text) if "![" in text else ():
        trust = FILE if is_video_file(poster[3]) else LABELLED
        yield Dressed(trust, poster[3], f"video poster {poster[1]} {poster[2]}")
    rest = _POSTER.sub(" ", text) if "![" in text else text
    if "[" in rest:
        yield from _markdown(rest)
    if "<a" in rest or "<A" in rest:
        yield from map(_of_anchor, _ANCHOR.finditer(rest))
    for match in _BBCODE.finditer(rest) if "[/" in rest else ():
        yield _labelled(match[2] or match[3], f"{match[1]} {match[3] if match[2] else ''}", image=False)
    yield from (Dressed(FIELD, url, "field") for url in fields)
    yield from _bare(_without_dressed(rest))
    for last in lasts:
        pieces = last.split()
        if len(pieces) == 1 and _PLAIN.fullmatch(url := pieces[0].strip("<>`*")):
            yield Dressed(LAST, url, "last words")


def _markdown(text: str) -> Iterator[Dressed]:
    for image, label, url in _MARKDOWN.findall(text):
        yield _labelled(url, label, image=bool(image))
    targets = {name.lower(): url for name, url in _DEFINED.findall(text)} if "]:" in text else {}
    for label, name in _REFERENCE.findall(text) if targets else ():
        if url := targets.get((name or label).lower()):
            yield _labelled(url, label, image=False)


def _of_anchor(anchor: re.Match[str]) -> Dressed:
    url = next(filter(None, anchor.groups()[:3]), "")
    inside = " ".join(_ALT.findall(anchor[4])) + " " + _ANY_TAG.sub(" ", anchor[4])
    around_poster = _IMG.search(anchor[4]) is not None or "▶" in inside
    is_its_own_label = html.unescape(anchor[4]).strip() == html.unescape(url)
    return _labelled(url, f"video {inside}" if around_poster or is_its_own_label else inside, image=False)


def _without_dressed(text: str) -> str:
    """Return ``text`` without the links that have been found in their dressing, their labels left."""
    if "[" in text:
        text = _MARKDOWN.sub(lambda match: f" {match[2]} " if "//" in match[2] else " ", text)
        text = _DEFINED.sub(" ", text) if "]:" in text else text
        text = _BBCODE.sub(" ", text) if "[/" in text else text
    if "<" in text:
        text = _TAG.sub(" ", _IMG.sub(" ", _ANCHOR.sub(" ", text)))
    return text


def _labelled(url: str, label: str, *, image: bool) -> Dressed:
    label = label.replace("_", " ")  # "video_url" are two words
    if image and not (IMAGE_IS_VIDEO.search(label) or is_video_file(url)):
        return Dressed(ONLY_ONE, url, f"image {label}")
    if is_video_file(url):
        return Dressed(FILE, url, label)
    return Dressed(LABELLED if LABEL_VIDEO.search(label) else ONLY_ONE, url, label or "no label")


def _bare(text: str) -> Iterator[Dressed]:
    before = ""  # the words of the line above, which may lead to a link
    for line in text.split("\n"):
        links = list(links_at(line)) if "//" in line else []
        start = 0
        for place, url, end in links:
            words = line[start:place].strip().replace("_", " ") or before
            start = end
            if not line[:place].endswith(_OPENERS) or is_video_file(url):  # else its dressing is cut off
                yield _bare_link(url, line, words, before)
        if links:
            before = ""
        elif line.strip(" -—*_=>#~"):
            if root := _ROOT_LINE.match(line):
                trust = BARE_FILE if is_video_file(root[1]) else ALONE if FILE_PATH.search(root[1]) else ONLY_ONE
                yield Dressed(trust, root[1], before)
            before = _heading(line)


def _bare_link(url: str, line: str, words: str, before: str) -> Dressed:
    if is_video_file(url):
        return Dressed(BARE_FILE, url, words)
    leads = words if _LETTER.search(line.replace(url, "")) else f"{before} {words}".strip()
    return Dressed(LABEL_BEFORE if LABEL_VIDEO.search(leads) else ONLY_ONE, url, leads)


def _heading(line: str) -> str:
    """Return a line as what leads to the link below it, if it is short or points there."""
    points = line.rstrip(" *_").endswith((":", "：", "👇", "⬇️", "↓"))
    return line.strip() if points or len(line.strip()) <= LONGEST_HEADING else ""


def holds_video(line: str) -> bool:
    """Whether ``line`` holds a ``<video>`` tag or a link to a video file, which need no label to be believed."""
    return _TAG.search(line) is not None or any(map(is_video_file, links_in(line)))


def links_at(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield the place, the link and the end of each link that stands in ``text`` without its brackets and quotes."""
    at = 0
    while match := _PLAIN.search(text, at):
        url, end = match[0], match.end()
        if (past := _PAST_VIDEO.search(url) or _PAST_LETTERS.search(url)) and not _is_other(url):
            url = url[: past.end()]
            end = match.start() + past.end()
        elif more := _rest_of_name(text, url, end):
            url, end = url + more, end + len(more)
        url = url.rstrip(".,;:!?~*_'")
        at = max(end, match.start() + 1)
        if len(url) > 8:
            yield match.start(), url, match.start() + len(url)


def _rest_of_name(text: str, url: str, end: int) -> str:
    """Return the letters of another script with which the name of a video file goes on behind ``url``, else nothing."""
    if is_video_file(url) or end >= len(text) or text[end].isascii() or not text[end].isalpha():
        return ""
    more = _GOES_ON.match(text, end)
    return more[0] if more and "://" not in more[0] else ""


def links_in(text: str) -> list[str]:
    """Return the http(s) links that stand in ``text`` in any form, without the punctuation behind them."""
    return [url for _, url, _ in links_at(text) if url.lower().startswith("http")]


def without_open_link(text: str) -> str:
    """Return ``text`` without a link at its end whose closing bracket or quote is still to come."""
    return _OPEN_LINK.sub("", text)


def is_video_file(url: str) -> bool:
    return VIDEO_FILE.search(path_of(url)) is not None or VIDEO_QUERY.search(url) is not None


def _is_other(url: str) -> bool:
    return OTHER_FILE.search(path_of(url)) is not None


def path_of(url: str) -> str:
    # A link of nothing but a host counts with its host: one service documents https://xxxxxx.mp4.
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path or parts.netloc

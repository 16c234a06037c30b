"""Finding the finished video's link in what a service wrote, in order of trust, and telling it from its decoys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

MAX_LINK = 4096

# Each run has a limit: the text comes from outside, and unlimited ones take minutes on a hostile text.
_TAG = re.compile(
    r"<(?:video|source)\b[^<>]{0,1000}?\bsrc\s{0,9}=\s{0,9}"
    r"(?:\"([^\"<>]{1,4096})\"|'([^'<>]{1,4096})'|([^\s<>\"']{1,4096})(?=[\s>]))",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(
    r"(!?)\[([^\[\]]{0,4096})\]\(\s{0,9}<?((?:[^\s()<>]|\([^\s()]{0,999}\)){1,4096})>?(?:\s[^()]{0,300})?\)"
)
_OPEN_LINK = re.compile(r"(?:\]\(\s?<?|=\s?[\"'])[^\s()<>\"']{0,4096}\Z")
ANY_LINK = r"https?://[^\s<>\"'`\])}，。；、）】]+"
_PLAIN = re.compile(ANY_LINK)
_FROM_ROOT = re.compile(r"https?://[^/]|/", re.IGNORECASE)
_VIDEO_FILE = re.compile(r"\.(?:mp4|mov|webm|m4v|mkv)$", re.IGNORECASE)
_OTHER_FILE = re.compile(r"\.(?:webp|png|jpe?g|gif|avif|bmp|svg|json|txt|html?)$", re.IGNORECASE)
_PLAY_LABEL = re.compile(
    r"click here|\bplay\b|\bwatch\b|\bdownload\b|\bvideo\b|点击这里|点击查看|播放|观看|下载|视频", re.IGNORECASE
)
_NO_VIDEO_LABEL = re.compile(r"preview|raw data|source|预览|原始数据|数据", re.IGNORECASE)
_TASK_PAGE = re.compile(r"//(?:[^/]+\.)?asyncdata\.net/(?:web|source)(?:/|$)", re.IGNORECASE)


def find_links(
    text: str, fields: Iterable[str], lasts: Iterable[str], *, base: str, decoys: Iterable[str]
) -> tuple[str, ...]:
    """
    Return the absolute http(s) links of the finished video, most trusted first, each once.

    ``text`` is all the service wrote, without its echo of the prompt; ``fields`` are links from JSON fields; ``lasts``
    are the last piece and the last line it wrote; ``base`` resolves relative links; ``decoys`` are links that the
    member's own request held. Order of trust: a ``<video>`` tag, a Markdown link to a video file, a Markdown link
    whose label promises the video, JSON fields, a bare link to a video file, a last piece that is nothing but a
    link. Only the most trusted kind that is present counts.
    """
    own = {decoy.strip() for decoy in decoys}
    for found in (
        [next(filter(None, match.groups())) for match in _TAG.finditer(text)],
        [url for label, url in _markdown(text) if _is_video_file(url) and not _NO_VIDEO_LABEL.search(label)],
        [url for label, url in _markdown(text) if _PLAY_LABEL.search(label) and not _NO_VIDEO_LABEL.search(label)],
        list(fields),
        [url for url in links_in(text) if _is_video_file(url)],
        [last.strip() for last in lasts if _PLAIN.fullmatch(last.strip())],
    ):
        absolute = (_absolute(url, base) for url in found)
        good = tuple(dict.fromkeys(url for url in absolute if url and url not in own and not _is_decoy(url)))
        if good:
            return good
    return ()


def holds_video(line: str) -> bool:
    """Whether ``line`` holds a ``<video>`` tag or a link to a video file, which need no label to be believed."""
    return _TAG.search(line) is not None or any(map(_is_video_file, links_in(line)))


def links_in(text: str) -> list[str]:
    """Return the http(s) links that stand in ``text`` in any form, without the punctuation behind them."""
    return [url.rstrip(".,;:!?~*_") for url in _PLAIN.findall(text)]


def without_open_link(text: str) -> str:
    """Return ``text`` without a link at its end whose closing bracket or quote is still to come."""
    return _OPEN_LINK.sub("", text)


def _markdown(text: str) -> list[tuple[str, str]]:
    return [(label, url) for image, label, url in _MARKDOWN.findall(text) if not image]


def _is_video_file(url: str) -> bool:
    return _VIDEO_FILE.search(_path(url)) is not None


def _is_decoy(url: str) -> bool:
    return _TASK_PAGE.search(url) is not None or _OTHER_FILE.search(_path(url)) is not None


def _path(url: str) -> str:
    # A link of nothing but a host counts with its host: one service documents https://xxxxxx.mp4.
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path or parts.netloc


def _absolute(url: str, base: str) -> str | None:
    """
    Return ``url`` resolved against ``base``, or None if that is no http(s) link of a sane length.

    Of relative links only those from the root are taken: ``[video](#)`` and ``[download](soon)`` lead nowhere.
    """
    url = url.strip().replace("&amp;", "&")
    if not _FROM_ROOT.match(url):
        return None
    try:
        url = urljoin(base, url)
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises ValueError where the port is no number
    except ValueError:
        return None
    return url if usable and len(url) <= MAX_LINK and url.isprintable() and " " not in url else None

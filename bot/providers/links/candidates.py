"""
The links of the finished video among all that a service wrote: what is put aside, and the order of trust.

What its label, its file or its page say may put a link aside. Of several of one trust the unmarked and the largest
come first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from bot.providers.links.dressings import (
    ALONE,
    BARE_FILE,
    FIELD,
    FILE,
    LABEL_BEFORE,
    LAST,
    ONLY_ONE,
    TAG,
    dressed_links,
    holds_video,
    is_video_file,
    path_of,
)
from bot.providers.links.words import (
    LABEL_ASIDE,
    LABEL_GIVEN,
    LABEL_LESSER,
    LABEL_VIDEO,
    MARKED,
    OTHER_FILE,
    PAGE_ASIDE,
    SIZES,
    UNMARKED,
    VIDEO_QUERY,
    VISIT,
)
from bot.providers.text.lines import FAILURE, SUCCESS, kinds_of

MAX_LINK = 4096
MAX_INLINE = 8 * 1024 * 1024  # characters of a data URL that is taken as the video
_ENTITY = re.compile(r"&(?:lt|gt|quot|nbsp|#x?\w{1,6});")
_FROM_ROOT = re.compile(r"https?://[^/]|/", re.IGNORECASE)
_INLINE = re.compile(r"data:video/[\w.+-]{1,40};base64,[A-Za-z0-9+/=_-]{16,}\Z", re.IGNORECASE)


class Candidate(NamedTuple):
    """A link with its dressing: ``label`` is what recommends it, ``aside`` why it cannot be the video."""

    url: str
    trust: int
    label: str
    aside: str = ""


def believable(lines: Iterable[str]) -> tuple[list[str], bool]:
    """
    Return the lines that may hold the video's link, and whether they tell of a success and of no failure.

    Beside and after a failure a link that only its label recommends leads to a page of help.
    """
    believed: list[str] = []
    failed = ever_failed = succeeded = False
    for line in lines:
        told = kinds_of(line)
        if SUCCESS in told:
            failed, succeeded = False, True
        elif FAILURE in told and not line.lstrip(" >*").startswith("⚠"):  # only a warning
            failed = ever_failed = True
        if not failed or holds_video(line):
            believed.append(line)
    return believed, succeeded and not ever_failed


def best(found: Iterable[Candidate], *, succeeded: bool) -> tuple[str, ...]:
    """Return the links of the most trusted kind among ``found``, the unmarked and largest first."""
    good = [candidate for candidate in found if not candidate.aside]
    kind = min((candidate.trust for candidate in good), default=ONLY_ONE)
    chosen = [candidate for candidate in good if candidate.trust == kind]
    if kind == ONLY_ONE and (not succeeded or len({candidate.url for candidate in chosen}) > 1):
        return ()
    ranked = sorted(chosen, key=_merit) if len(chosen) > 1 else chosen
    return tuple(dict.fromkeys(candidate.url for candidate in ranked))


def candidates(
    text: str, fields: Iterable[str], lasts: Iterable[str], *, base: str, decoys: Iterable[str]
) -> list[Candidate]:
    """Return every link there is, in the order of trust and then of the text, with what puts it aside."""
    own = {decoy.strip() for decoy in decoys}
    found: list[Candidate] = []
    text = text.replace("\\/", "/").replace("\\u0026", "&")
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    for trust, url, label in sorted(dressed_links(text, fields, lasts), key=lambda found: found.trust):
        absolute = _absolute(url, base)
        if absolute is None:
            continue
        found.append(Candidate(absolute, trust, label, _aside(absolute, label, trust, own)))
    return found


def _merit(candidate: Candidate) -> tuple[bool, bool, int]:
    said = f"{candidate.label} {urlsplit(candidate.url).path}" if candidate.url.startswith("http") else candidate.label
    marked = MARKED.search(said) is not None and not UNMARKED.search(said)
    size = next((rank for pattern, rank in SIZES if pattern.search(said)), 0)
    return (
        marked and True,
        LABEL_LESSER.search(candidate.label) is not None,
        -size - (1 if UNMARKED.search(said) else 0),
    )


def _aside(url: str, label: str, trust: int, own: set[str]) -> str:
    """Return why ``url`` cannot be the video, empty if it can."""
    if url in own:
        return "the request held it"
    if url.startswith("data:"):
        return ""
    if OTHER_FILE.search(path_of(url)) and not VIDEO_QUERY.search(url):
        return "another kind of file"
    if trust == TAG:
        return ""
    if trust != FIELD and not is_video_file(url) and PAGE_ASIDE.search(url):
        return "a page of the task, of help or of people"
    if LABEL_GIVEN.search(label):
        return "it was given with the request"
    if LABEL_ASIDE.search(label) and not (LABEL_VIDEO.search(label) and trust in (FILE, BARE_FILE)) and trust != FIELD:
        return "its label speaks of something else"
    if trust in (LABEL_BEFORE, LAST, ALONE, ONLY_ONE) and VISIT.search(label):
        return "a page to visit"
    if trust == ONLY_ONE and label.startswith("image"):
        return "a picture"
    return ""


def _absolute(url: str, base: str) -> str | None:
    """
    Return ``url`` resolved against ``base``, or None if that is no http(s) link of a sane length.

    Of relative links only those from the root are taken: ``[video](#)`` and ``[download](soon)`` lead nowhere. An
    inline video stays as it is.
    """
    url = url.strip()
    if url[:5].lower() == "data:":
        return url if len(url) <= MAX_INLINE and _INLINE.match(url) else None
    url = url.replace("&amp;", "&").replace("\\/", "/")
    if not _FROM_ROOT.match(url):
        return None
    try:
        url = url if url.startswith(("http://", "https://")) else urljoin(base, url)
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises ValueError where the port is no number
    except ValueError:
        return None
    return url if usable and len(url) <= MAX_LINK and url.isprintable() and " " not in url else None

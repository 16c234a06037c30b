"""Why a file cannot be used as a picture; of a file of another kind, its first bytes tell which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum, auto
from pathlib import Path

from bot.errors import KinoraError
from bot.installation.extras import Extra
from bot.models import PictureRole

MAX_PIXELS = 50_000_000
MAX_SIDE = 2048  # pixels of a picture that is sent; what the services advise as the most they look at


class PictureProblem(StrEnum):
    """What is wrong with a picture; from ``PDF`` on, what the file is instead."""

    TOO_LARGE = auto()
    TOO_MANY_PIXELS = auto()
    TOO_HEAVY = auto()
    TOO_THIN = auto()
    NO_ROOM = auto()
    LINK_REFUSED = auto()
    NOT_FETCHED = auto()
    EMPTY = auto()
    DAMAGED = auto()
    UNKNOWN = auto()
    PDF = auto()
    TIFF = auto()
    HEIC = auto()
    JXL = auto()
    SVG = auto()
    TEXT = auto()
    VIDEO = auto()
    ZIP = auto()


class PictureError(KinoraError):
    """
    The picture cannot be used, for this ``problem``; nothing was counted, nothing was sent.

    ``limit`` is the most pixels that one of its kind may have. ``place`` is its own among several, from 0; ``role``
    what it is to be, once that is known.
    """

    def __init__(self, problem: PictureProblem, limit: int = MAX_PIXELS) -> None:
        super().__init__(problem)
        self.problem = problem
        self.limit = limit
        self.place = 0
        self.role: PictureRole | None = None


@contextmanager
def picture_at(place: int) -> Iterator[None]:
    """Let a PictureError of the block know the place of its picture."""
    try:
        yield
    except PictureError as error:
        error.place = place
        raise


@contextmanager
def pictures_as(roles: Sequence[PictureRole]) -> Iterator[None]:
    """Let a PictureError of the block know what its picture is to be, where there are several."""
    try:
        yield
    except PictureError as error:
        if error.place < len(roles) > 1:
            error.role = roles[error.place]
        raise


_OWN_KINDS = (
    (b"\x89PNG", 0),
    (b"\xff\xd8", 0),
    (b"GIF8", 0),
    (b"WEBP", 8),
    (b"ftypavi", 4),
    (b"BM", 0),
    (b"\0\0\1\0", 0),
)
_HEIC = (b"ftyphe", b"ftypmif1", b"ftypmsf1")
_OTHER_KINDS = (
    (b"%PDF", 0, PictureProblem.PDF),
    (b"II*\0", 0, PictureProblem.TIFF),
    (b"MM\0*", 0, PictureProblem.TIFF),
    (b"II+\0", 0, PictureProblem.TIFF),  # BigTIFF
    (b"MM\0+", 0, PictureProblem.TIFF),
    (b"\x1aE\xdf\xa3", 0, PictureProblem.VIDEO),
    *((brand, 4, PictureProblem.HEIC) for brand in _HEIC),
    (b"ftyp", 4, PictureProblem.VIDEO),
    (b"\xff\x0a", 0, PictureProblem.JXL),
    (b"JXL ", 4, PictureProblem.JXL),
    (b"PK\x03\x04", 0, PictureProblem.ZIP),
)


def problem_of(path: Path) -> PictureProblem:
    """Return what is wrong with the file in ``path``, which no decoder took. Blocks."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        return PictureProblem.EMPTY
    if any(head.startswith(magic, start) for magic, start in _OWN_KINDS):
        return PictureProblem.DAMAGED
    found = next((kind for magic, start, kind in _OTHER_KINDS if head.startswith(magic, start)), _markup(head))
    return PictureProblem.DAMAGED if found is PictureProblem.HEIC and Extra.HEIC.is_installed else found


def is_heic(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a HEIC picture."""
    return head.startswith(_HEIC, 4)


def _markup(head: bytes) -> PictureProblem:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html", b"<!--")):
        return PictureProblem.UNKNOWN
    return PictureProblem.SVG if b"<svg" in start and b"<html" not in start else PictureProblem.TEXT

"""Whether players can start a video at once: looked up in the index of an MP4 (ISO/IEC 14496-12)."""

from __future__ import annotations

from pathlib import Path

_MOST = 1024 * 1024  # bytes of the index that are looked at; the tracks are described at its beginning
_BOXES = 64  # boxes before the index
_PROFILES = (66, 77, 88, 100)  # of H.264 (A.2): 8 bits, 4:2:0
_OTHERS = (b"hvc1", b"hev1", b"av01", b"vp08", b"vp09", b"mp4v", b"dvh1", b"dvhe", b"ap4h", b"apcn")


def plays_everywhere(path: Path) -> bool:
    """Whether ``path`` is an MP4 of H.264 whose index comes before the pictures. Blocks."""
    index = _index_at_front(path)
    configuration = index.find(b"avcC")  # version, then the profile
    if configuration < 0 or any(name in index for name in _OTHERS):
        return False
    return index[configuration + 5 : configuration + 6] in [bytes([profile]) for profile in _PROFILES]


def _index_at_front(path: Path) -> bytes:
    """Return the beginning of the index, nothing if pictures come before it, or if there is none."""
    with path.open("rb") as file:
        place = 0
        for _ in range(_BOXES):
            file.seek(place)
            head = file.read(16)
            size, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            if kind == b"moov":
                file.seek(place)
                return file.read(min(size or _MOST, _MOST))
            if len(head) < 8 or size < 8 or kind == b"mdat":
                return b""
            place += size
    return b""

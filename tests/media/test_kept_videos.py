"""What nobody else can open is kept as a file that the fetcher finds again; an ordinary link stays what it is."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.errors import FetchError, FileGone, FileTooLarge
from bot.media.fetcher import Fetcher
from bot.media.kept_videos import KeptVideos, LockedFetch

LOCKED = "https://service.example/v1/videos/7/content"
FILM = bytes(range(256)) * 40


async def download(path: Path, *, limit: int, within: float) -> int:
    """Write a film, as with the key of a service."""
    return path.write_bytes(FILM)


async def fail(path: Path, *, limit: int, within: float) -> int:
    """Write nothing, as where the service does not have it any more."""
    raise FetchError("gone")


class Host:
    """Has what is asked for only after it was looked for some times; what is called ``never`` never."""

    def __init__(self, missing_looks: int) -> None:
        self._missing_looks = missing_looks

    async def __call__(self, url: str) -> bool:
        self._missing_looks -= 1
        return self._missing_looks >= 0 or url.endswith("never")


@pytest.fixture
def kept(tmp_path: Path) -> KeptVideos:
    return KeptVideos(tmp_path / "kept", is_gone=Host(missing_looks=2), pauses=(0, 0))


def inline(body: bytes) -> str:
    return f"data:video/mp4;base64,{base64.b64encode(body).decode()}"


@pytest.mark.parametrize(("link", "fetch"), [(LOCKED, download), (inline(FILM), None)], ids=["locked", "inline"])
async def test_what_only_kinora_can_open_becomes_a_file_that_can_be_fetched(
    tmp_path: Path, kept: KeptVideos, link: str, fetch: LockedFetch | None
) -> None:
    async with Fetcher(kept=tmp_path / "kept") as fetcher:
        own = await kept.keep(link, fetch)
        assert len(own) < 50
        assert fetcher.permits(own)
        assert await fetcher.fetch(own, tmp_path / "a.mp4", limit=len(FILM), within=5) == len(FILM)
    assert (tmp_path / "a.mp4").read_bytes() == FILM


async def test_a_kept_video_keeps_to_the_limit_and_leaves_no_file(tmp_path: Path, kept: KeptVideos) -> None:
    async with Fetcher(kept=tmp_path / "kept") as fetcher:
        link = await kept.keep(inline(bytes(9000)))
        with pytest.raises(FileTooLarge):
            await fetcher.fetch(link, tmp_path / "a.mp4", limit=8000, within=5)
        (tmp_path / "kept" / link.removeprefix("kept:")).unlink()
        for gone in (link, "kept:../../etc/passwd"):
            with pytest.raises(FetchError):
                await fetcher.fetch(gone, tmp_path / "a.mp4", limit=8000, within=5)
    assert not (tmp_path / "a.mp4").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
async def test_a_kept_video_that_the_disk_takes_no_second_time_leaves_no_file(tmp_path: Path, kept: KeptVideos) -> None:
    path = tmp_path / "a.mp4"
    path.symlink_to("/dev/full")
    async with Fetcher(kept=tmp_path / "kept") as fetcher:
        link = await kept.keep(inline(FILM))
        with pytest.raises(OSError, match="No space left"):
            await fetcher.fetch(link, path, limit=len(FILM), within=5)
    assert not path.is_symlink()


@pytest.mark.parametrize(
    ("lost", "fetch"),
    [
        ("data:video/mp4;base64,@@@@", None),
        ("data:video/mp4,plain", None),
        (inline(b"tiny"), None),
        (LOCKED, fail),
    ],
)
async def test_a_video_that_cannot_be_kept_is_told_and_leaves_no_file(
    tmp_path: Path, kept: KeptVideos, lost: str, fetch: LockedFetch | None
) -> None:
    with pytest.raises(FetchError):
        await kept.keep(lost, fetch)
    assert not list((tmp_path / "kept").iterdir())


async def test_a_folder_that_takes_no_file_is_told(tmp_path: Path, kept: KeptVideos) -> None:
    (tmp_path / "kept").write_text("no folder")
    with pytest.raises(FetchError, match="the disk does not take the video"):
        await kept.keep(inline(FILM))


async def test_a_link_that_leads_to_nothing_is_given_up_after_some_looks(kept: KeptVideos) -> None:
    with pytest.raises(FileGone):
        await kept.keep("https://h.example/never")


async def test_an_ordinary_link_stays_as_it_is_once_something_is_there(kept: KeptVideos) -> None:
    assert await kept.keep("https://h.example/v.mp4") == "https://h.example/v.mp4"

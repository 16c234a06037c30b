"""What nobody else can open is kept as a file that the fetcher finds again; an ordinary link stays what it is."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.errors import FetchError, FileGone, FileTooLarge
from bot.media.fetcher import Fetcher
from bot.media.kept_videos import KeptVideos

LOCKED = "https://service.example/v1/videos/7/content"
FILM = bytes(range(256)) * 40


async def download(url: str, path: Path, *, limit: int, within: float) -> int:
    """Write a film, as with the key of a service."""
    if url != LOCKED:
        raise FetchError("the service does not have it any more")
    return path.write_bytes(FILM)


class Host:
    """Has what is asked for only after it was looked for some times; what is called ``never`` never."""

    def __init__(self, missing_looks: int) -> None:
        self._missing_looks = missing_looks

    async def __call__(self, url: str) -> bool:
        self._missing_looks -= 1
        return self._missing_looks >= 0 or url.endswith("never")


@pytest.fixture
def kept(tmp_path: Path) -> KeptVideos:
    locked = "https://service.example/"
    return KeptVideos(
        tmp_path / "kept",
        opens_without_key=lambda url: not url.startswith(locked),
        download=download,
        is_gone=Host(missing_looks=2),
        pauses=(0, 0),
    )


def inline(body: bytes) -> str:
    return f"data:video/mp4;base64,{base64.b64encode(body).decode()}"


@pytest.mark.parametrize("link", [LOCKED, inline(FILM)], ids=["with the key", "inline"])
async def test_what_only_kinora_can_open_becomes_a_file_that_can_be_fetched(
    tmp_path: Path, kept: KeptVideos, link: str
) -> None:
    async with Fetcher(kept=tmp_path / "kept") as fetcher:
        own = await kept.keep(link)
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


@pytest.mark.parametrize(
    "lost",
    ["data:video/mp4;base64,@@@@", "data:video/mp4,plain", inline(b"tiny"), f"{LOCKED}/gone"],
)
async def test_a_video_that_cannot_be_kept_is_told_and_leaves_no_file(
    tmp_path: Path, kept: KeptVideos, lost: str
) -> None:
    with pytest.raises(FetchError):
        await kept.keep(lost)
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

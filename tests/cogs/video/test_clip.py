"""A finished video as Discord is given it: with its prompt for those who cannot see it, hidden where it has to be."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.media.fetcher import Fetcher
from bot.media.videos.fitter import VideoFitter
from bot.texts.view import alt_text
from cogs.video.clip import Clip, video_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "0123.mp4"
    path.write_bytes(b"film")
    return path


@pytest.mark.parametrize(("spoiler", "name"), [(False, "video.mp4"), (True, "SPOILER_video.mp4")])
def test_the_gallery_names_the_file_that_is_uploaded(path: Path, spoiler: bool, name: str) -> None:
    clip = Clip(path, "a fox", spoiler)
    uploaded, shown = clip.file(), clip.item()
    assert uploaded.fp.read() == b"film"
    uploaded.close()
    assert (uploaded.filename, uploaded.description) == (name, "a fox")
    assert (shown.media.url, shown.description, shown.spoiler) == (f"attachment://{name}", "a fox", spoiler)


def test_without_a_prompt_there_is_no_alternative_text(path: Path) -> None:
    file = Clip(path, "", False).file()
    file.close()
    assert file.description is None
    assert Clip(path, "", False).item().description is None


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("<@123> and <@!4> meet <@&5> in <#6>", "@… and @… meet @… in #…"),
        ("a <:fox:1> and an <a:owl:2>", "a :fox: and an :owl:"),
        ("two\n\nlines\t*plain*", "two lines *plain*"),
        ("3 < 4 <b>", "3 < 4 <b>"),
        ("x" * 1024, "x" * 1024),
        ("x" * 1025, "x" * 1023 + "…"),
    ],
)
def test_the_alternative_text_is_plain_and_short_enough(prompt: str, told: str) -> None:
    assert alt_text(prompt) == told


async def test_the_same_video_may_be_shown_twice_at_once(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "1.mp4").write_bytes(b"film")
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    async with Fetcher(kept=tmp_path / "kept") as fetcher:
        app: Any = SimpleNamespace(downloads=downloads, fitter=VideoFitter(fetcher.fetch, enabled=False))
        async with video_file(app, "kept:1.mp4", 100) as one:
            async with video_file(app, "kept:1.mp4", 100) as other:
                assert one.path
                assert other.path
            assert one.path.read_bytes() == b"film"
    assert not list(downloads.iterdir())

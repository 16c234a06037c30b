"""Finished videos become what Discord takes and plays, in a process of its own; what was made to hurt ends in words."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import av
import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from bot.errors import FileTooLarge
from bot.media.videos import fitted
from bot.media.videos.fitted import fit_video
from bot.media.videos.fitter import VideoFitter
from bot.media.videos.index import plays_everywhere
from bot.media.videos.problems import Fit, VideoError, VideoProblem
from tests.full_disk import full_disk
from tests.media.films import write_film

ROOMY = 10_000_000
AT_FRONT = {"movflags": "+faststart"}


async def copy(url: str, path: Path, *, limit: int, within: float) -> int:
    """Fetch a file of this machine, as the fetcher does those of others."""
    size = Path(url).stat().st_size
    if size > limit:
        raise FileTooLarge(f"{size} bytes")
    shutil.copyfile(url, path)
    return size


class Scene:
    """A fitter and where it writes."""

    def __init__(self, folder: Path) -> None:
        self.source, self.path = folder / "source", folder / "target.mp4"

    async def fit(self, limit: int, **how: Any) -> Fit:
        fitter = VideoFitter(copy, **{"enabled": True, **how})
        return await fitter.fetch(str(self.source), self.path, limit=limit, within=5)

    async def problem(self, limit: int = ROOMY, **how: Any) -> VideoProblem:
        with pytest.raises(VideoError) as caught:
            await self.fit(limit, **how)
        assert os.listdir(self.path.parent) == ["source"]
        return caught.value.problem


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def boxes(*boxes: tuple[bytes, bytes]) -> bytes:
    return b"".join((8 + len(body)).to_bytes(4, "big") + kind + body for kind, body in boxes)


def seconds_of(path: Path) -> float:
    with av.open(str(path)) as container:
        return sum(float((packet.duration or 0) * packet.time_base) for packet in container.demux(video=0))


@pytest.mark.parametrize(
    ("film", "fit"),
    [
        ({"options": AT_FRONT}, Fit.AS_IT_IS),
        ({"options": AT_FRONT, "sound": "aac"}, Fit.AS_IT_IS),
        ({}, Fit.REWRITTEN),
        ({"kind": "matroska", "sound": "aac"}, Fit.REWRITTEN),
        ({"codec": "libvpx", "kind": "webm", "sound": "libopus"}, Fit.CONVERTED),
        ({"codec": "libx265", "options": AT_FRONT}, Fit.CONVERTED),
        ({"codec": "libsvtav1", "options": AT_FRONT}, Fit.CONVERTED),
        ({"pixels": "yuv422p", "options": AT_FRONT}, Fit.CONVERTED),
    ],
)
async def test_what_discord_plays_stays_and_what_it_does_not_becomes_h264(
    scene: Scene, film: dict[str, Any], fit: Fit
) -> None:
    write_film(scene.source, **film)
    assert await scene.fit(ROOMY) is fit
    assert plays_everywhere(scene.path)
    with av.open(str(scene.path)) as container:
        assert [stream.codec_context.name for stream in container.streams] == ["h264", *["aac"] * ("sound" in film)]
    assert seconds_of(scene.path) == pytest.approx(2, abs=0.1)
    if fit is Fit.AS_IT_IS:
        assert scene.path.read_bytes() == scene.source.read_bytes()


@pytest.mark.parametrize("first", [b"ftyp", b"wide", b"free", b"skip"])
async def test_a_film_may_begin_as_films_without_a_type_do(scene: Scene, first: bytes) -> None:
    write_film(scene.source)
    film = scene.source.read_bytes()
    scene.source.write_bytes(film[:4] + first + film[8:])

    assert await scene.fit(ROOMY) is Fit.REWRITTEN
    assert plays_everywhere(scene.path)


@pytest.mark.parametrize("limit", [900_000, 300_000, 100_000])
async def test_too_large_a_video_gets_below_the_limit_in_its_whole_length(scene: Scene, limit: int) -> None:
    write_film(scene.source, size=(640, 360), seconds=4, bits=3_000_000, sound="aac")
    assert await scene.fit(limit) is Fit.SMALLER
    assert limit / 3 < scene.path.stat().st_size <= limit
    assert plays_everywhere(scene.path)
    assert seconds_of(scene.path) == pytest.approx(4, abs=0.1)


async def test_the_frame_is_scaled_down_only_where_the_bytes_are_few(scene: Scene) -> None:
    write_film(scene.source, size=(640, 360), seconds=4, bits=3_000_000)
    sides = []
    for limit in (900_000, 100_000):
        await scene.fit(limit)
        with av.open(str(scene.path)) as container:
            sides.append(container.streams.video[0].width)
    assert sides[0] == 640 > sides[1]


async def test_a_video_padded_beyond_the_limit_is_only_rewritten(scene: Scene) -> None:
    write_film(scene.source, options=AT_FRONT)
    size = scene.source.stat().st_size
    with scene.source.open("ab") as file:
        file.write(boxes((b"free", bytes(size))))
    assert await scene.fit(size + 1000) is Fit.REWRITTEN


async def test_without_the_extra_or_by_the_setting_videos_stay_as_they_are(scene: Scene) -> None:
    write_film(scene.source, codec="libx265")
    assert await scene.fit(ROOMY, enabled=False) is Fit.AS_IT_IS
    with pytest.raises(FileTooLarge):
        await scene.fit(1000, enabled=False)


async def test_a_video_that_would_show_nothing_is_told(scene: Scene) -> None:
    write_film(scene.source, seconds=30, size=(64, 64))
    assert await scene.problem(3000) is VideoProblem.TOO_LONG


async def test_a_video_that_is_too_heavy_to_convert_stays_as_it_is_where_it_is_small_enough(scene: Scene) -> None:
    write_film(scene.source, codec="libx265")
    assert await scene.fit(ROOMY, time_limit=0.01) is Fit.AS_IT_IS
    assert scene.path.read_bytes() == scene.source.read_bytes()
    assert sorted(os.listdir(scene.path.parent)) == ["source", "target.mp4"]


async def test_a_disk_that_fills_up_while_a_video_is_encoded_is_no_fault_of_the_video(scene: Scene) -> None:
    write_film(scene.source, codec="libx265")
    with ExitStack() as disk:

        async def fetch(url: str, path: Path, *, limit: int, within: float) -> int:
            size = await copy(url, path, limit=limit, within=within)
            disk.enter_context(full_disk())
            return size

        with pytest.raises(OSError, match="no room"):
            await VideoFitter(fetch, enabled=True).fetch(str(scene.source), scene.path, limit=ROOMY, within=5)
    assert os.listdir(scene.path.parent) == ["source"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<html>no video</html>",
        b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        boxes((b"ftyp", b"isom\0\0\2\0")) + b"\xff\xff\xff\xffmoov" + bytes(100),
        b"\0\0\0\1mdat" + b"\x7f" + b"\xff" * 7 + bytes(5000),
        b"\x1a\x45\xdf\xa3" + b"\xff" * 5000,
    ],
    ids=["empty", "a page", "a playlist", "an endless index", "endless", "a broken Matroska"],
)
async def test_a_hostile_file_ends_as_damaged(scene: Scene, hostile: bytes) -> None:
    scene.source.write_bytes(hostile)
    assert await scene.problem() is VideoProblem.DAMAGED


async def test_100_000_tracks_end_as_damaged(scene: Scene) -> None:
    scene.source.write_bytes(boxes((b"ftyp", b"isom\0\0\2\0"), (b"moov", boxes(*[(b"trak", b"")] * 100_000))))
    assert await scene.problem() is VideoProblem.DAMAGED


async def test_a_broken_index_ends_as_damaged(scene: Scene) -> None:
    write_film(scene.source)
    scene.source.write_bytes(scene.source.read_bytes()[:-3000])
    assert await scene.problem() is VideoProblem.DAMAGED


async def test_a_bomb_of_frames_ends_with_its_time(scene: Scene) -> None:
    write_film(scene.source, seconds=600, rate=60, size=(64, 64), grain=0, bits=1000)
    assert await scene.problem(scene.source.stat().st_size - 1, time_limit=1.5) is VideoProblem.TOO_HEAVY


def test_a_frame_of_too_many_pixels_is_not_decoded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitted, "_MAX_PIXELS", 300 * 180)
    write_film(scene.source)
    with pytest.raises(VideoError) as caught:
        fit_video(scene.source, scene.path, ROOMY)
    assert caught.value.problem is VideoProblem.TOO_HEAVY


@asynccontextmanager
async def fitting(scene: Scene, count: int = 1) -> AsyncIterator[list[asyncio.Task[Fit]]]:
    """Fit videos that take some seconds each."""
    await asyncio.to_thread(write_film, scene.source, size=(640, 360), seconds=10, bits=3_000_000)
    fitter = VideoFitter(copy, enabled=True)
    paths = [scene.path.with_name(f"{number}.mp4") for number in range(count)]
    yield [asyncio.create_task(fitter.fetch(str(scene.source), path, limit=1_000_000, within=5)) for path in paths]


def encoders() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "bot.media.videos.fitted" in p.cmdline()]


async def encoder() -> psutil.Process:
    async with asyncio.timeout(20):
        while not (found := encoders()):  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(0.01)
    return found[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other priorities")
async def test_the_process_yields_to_all_others_and_goes_with_whoever_waited(scene: Scene) -> None:
    async with fitting(scene) as (task,):
        process = await encoder()
        async with asyncio.timeout(20):
            while process.nice() < 10:  # noqa: ASYNC110 - a process has no event
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        assert not process.is_running()
    assert os.listdir(scene.path.parent) == ["source"]


async def test_videos_are_encoded_one_at_a_time_and_all_arrive(scene: Scene) -> None:
    async with fitting(scene, 4) as tasks:
        most = 0
        while not all(task.done() for task in tasks):
            most = max(most, len(encoders()))
            await asyncio.sleep(0.02)
        assert [task.result() for task in tasks] == [Fit.SMALLER] * 4
        assert most == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit of memory")
async def test_a_process_that_is_killed_costs_its_own_video_alone(scene: Scene) -> None:
    async with fitting(scene, 2) as tasks:
        (await encoder()).kill()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(map(str, done)) == ["smaller", "too_heavy"]

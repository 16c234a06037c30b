"""Pictures are decoded in a process of its own, which has a limit of memory and of time, and none of the secrets."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from benchmarks.heavy_pictures import HEAVY, heaviest
from benchmarks.picture_memory import MB, MOST, measured
from bot.media.pictures.problems import PictureError, PictureProblem
from bot.media.pictures.process import PictureProcess
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.media.decoders import decoders
from tests.programs import run_program

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit of memory")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that takes about a second to decode."""
    picture = tmp_path / "picture"
    picture.write_bytes(heaviest("GIF"))
    return picture


@pytest.fixture
def small(tmp_path: Path) -> Path:
    small = tmp_path / "small"
    small.write_bytes(encode(small_sample(), "PNG"))
    return small


async def decoder() -> psutil.Process:
    """Return the process that decodes, as soon as there is one."""
    async with asyncio.timeout(20):
        while not (found := decoders()):  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(0.005)
    return found[0]


async def problem(process: PictureProcess, picture: Path) -> PictureProblem:
    with pytest.raises(PictureError) as caught:
        await process.make_safe(picture, picture.with_name("target"))
    return caught.value.problem


@ON_LINUX
@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", HEAVY)
def test_two_of_the_heaviest_pictures_that_are_accepted_stay_within_their_memory(tmp_path: Path, kind: str) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(heaviest(kind))
    assert measured(picture, 2) <= MOST


async def test_animation_of_150_bytes_that_would_take_a_gigabyte_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(HEAVY["WebP, animated"].of_side(7071))
    assert bomb.stat().st_size < 150
    with pytest.raises(PictureError) as caught:
        await PictureProcess().make_safe(bomb, tmp_path / "target")
    assert (caught.value.problem, caught.value.limit) == (PictureProblem.TOO_MANY_PIXELS, 13 * MB)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", HEAVY)
async def test_two_bombs_of_any_format_are_refused_within_the_memory_of_one_picture(tmp_path: Path, kind: str) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(HEAVY[kind].of_side(8000))
    assert await asyncio.to_thread(measured, bomb, 2, refused=True) <= MOST
    assert await problem(PictureProcess(), bomb) is PictureProblem.TOO_MANY_PIXELS


@ON_LINUX
def test_picture_that_needs_more_memory_than_there_is_for_one_is_called_too_heavy(tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(heaviest("PNG"))
    answer = json.loads(run_program("decode_with_less_memory", str(picture), str(tmp_path / "target")).stdout)
    assert answer["problem"] == PictureProblem.TOO_HEAVY


@ON_LINUX
async def test_text_in_a_picture_of_the_most_pixels_takes_none_of_its_memory(tmp_path: Path) -> None:
    text = PngInfo()
    text.add_text("Comment", "x" * 15 * MB)
    picture = tmp_path / "picture"
    Image.new("RGB", (7071, 7071)).save(picture, "PNG", pnginfo=text, compress_level=1)
    assert await PictureProcess().make_safe(picture, tmp_path / "target") == "image/jpeg"


@ON_LINUX
@pytest.mark.parametrize(("side", "problem_is"), [(4582, None), (4583, PictureProblem.TOO_MANY_PIXELS)])
async def test_progressive_picture_of_four_colours_is_decoded_within_its_memory_or_named_too_large(
    tmp_path: Path, side: int, problem_is: PictureProblem | None
) -> None:
    picture = tmp_path / "picture"
    Image.new("CMYK", (side, side), (10, 20, 30, 40)).save(picture, "JPEG", progressive=True)
    if problem_is:
        assert await problem(PictureProcess(), picture) is problem_is
    else:
        assert await PictureProcess().make_safe(picture, tmp_path / "target") == "image/jpeg"


async def test_picture_that_takes_too_long_is_given_up_and_the_next_one_is_looked_at(
    picture: Path, small: Path
) -> None:
    process = PictureProcess(time_limit=0.3)
    assert await problem(process, picture) is PictureProblem.TOO_HEAVY
    assert decoders() == []
    process = PictureProcess()
    assert await process.make_safe(small, small.with_name("target")) == "image/jpeg"


async def test_process_that_does_nothing_any_more_is_given_up(picture: Path, small: Path) -> None:
    process = PictureProcess(time_limit=2)
    looking = asyncio.create_task(problem(process, picture))
    (await decoder()).suspend()
    assert await looking is PictureProblem.TOO_HEAVY
    assert decoders() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no sessions")
async def test_interrupt_in_the_terminal_of_the_bot_does_not_reach_the_process(picture: Path) -> None:
    looking = asyncio.create_task(PictureProcess().make_safe(picture, picture.with_name("target")))
    assert os.getsid((await decoder()).pid) != os.getsid(0)
    await looking


@ON_LINUX
@pytest.mark.timeout(60)
def test_heaviest_picture_stays_within_its_memory_where_the_system_sets_no_limit(tmp_path: Path) -> None:
    picture = tmp_path / "picture"
    picture.write_bytes(heaviest("WebP, animated"))
    media_type, peak = run_program("decode_without_limits", str(picture), str(tmp_path / "target")).stdout.split()
    assert media_type == "image/png"
    assert int(peak) <= MOST


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_process_that_never_comes_to_an_end_ends_even_when_the_bot_is_gone() -> None:
    assert run_program("decode_for_ever").returncode < 0


async def test_process_killed_by_the_system_costs_its_own_picture_alone(picture: Path, small: Path) -> None:
    process = PictureProcess()
    looking = asyncio.create_task(problem(process, picture))
    (await decoder()).kill()
    assert await looking is PictureProblem.TOO_HEAVY
    assert await process.make_safe(small, small.with_name("target")) == "image/jpeg"


async def test_process_goes_with_whoever_waited_for_it(picture: Path, small: Path) -> None:
    process = PictureProcess()
    looking = asyncio.create_task(process.make_safe(picture, picture.with_name("target")))
    decoding = await decoder()
    looking.cancel()
    await asyncio.wait([looking])
    assert looking.cancelled()
    assert not decoding.is_running()
    assert await process.make_safe(small, small.with_name("target")) == "image/jpeg"


async def test_pictures_are_decoded_one_at_a_time(picture: Path) -> None:
    process = PictureProcess()
    looking = [
        asyncio.create_task(process.make_safe(picture, picture.with_name(f"target {number}"))) for number in range(3)
    ]
    most = 0
    while not all(task.done() for task in looking):
        most = max(most, len(decoders()))
        await asyncio.sleep(0.01)
    assert most == 1
    assert [task.result() for task in looking] == ["image/png"] * 3


async def test_process_knows_none_of_the_bots_secrets(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "token-4711")
    looking = asyncio.create_task(PictureProcess().make_safe(picture, picture.with_name("target")))
    environment = (await decoder()).environ()
    await looking
    assert set(environment) <= {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH", "LC_CTYPE"}
    assert "token-4711" not in str(environment)


async def test_error_of_our_own_in_the_process_is_not_put_down_to_the_picture(small: Path) -> None:
    with pytest.raises(RuntimeError, match="No such file"):
        await PictureProcess().make_safe(small, small.parent / "no folder" / "target")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
async def test_made_picture_is_for_this_user_alone(small: Path) -> None:
    before = os.umask(0o077)
    try:
        await PictureProcess().make_safe(small, small.with_name("target"))
    finally:
        os.umask(before)
    assert small.with_name("target").stat().st_mode & 0o777 == 0o600

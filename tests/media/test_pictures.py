"""Pictures are taken from links, kept for each job that names them, and no longer or more of them than they may be."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from bot.media.fetcher import Fetcher
from bot.media.pictures.folder import RETENTION, UNFINISHED, WRITTEN_WITHIN
from bot.media.pictures.problems import PictureError, PictureProblem
from bot.media.pictures.store import MAX_BYTES, MAX_UNDER_WAY, PictureStore
from bot.models import Picture
from bot.texts.pictures import picture_sentence
from playground.pictures.art import encode
from playground.pictures.odd import small_sample
from tests.media.decoders import decoders

MEMBER = 400
ROOM = 10 * MAX_BYTES


class Cdn:
    """A server on loopback that hands out one file, or another one by its query, and counts how often it was asked."""

    def __init__(self) -> None:
        self.file = encode(small_sample(), "PNG")
        self.others: dict[str, bytes] = {}
        self.asked = 0
        self.sent = 0
        self.link = ""
        self.status = 200
        self.gate = asyncio.Event()
        self.gate.set()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked += 1
        await self.gate.wait()
        response = web.StreamResponse(status=self.status)
        await response.prepare(request)
        file = self.others.get(request.query_string, self.file)
        for start in range(0, len(file), 65536):
            await response.write(file[start : start + 65536])
            self.sent = start
        return response


@pytest.fixture
async def cdn() -> AsyncIterator[Cdn]:
    cdn = Cdn()
    runner = web.ServerRunner(web.Server(cdn.answer), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    cdn.link = f"http://127.0.0.1:{runner.addresses[0][1]}/picture.png"
    yield cdn
    await runner.cleanup()


class Needed(set[str]):
    """The names that open jobs need, as the database would tell."""

    async def __call__(self) -> Collection[str]:
        return self


@pytest.fixture
def needed() -> Needed:
    return Needed()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
async def store(folder: Path, needed: Needed) -> AsyncIterator[PictureStore]:
    async with Fetcher(["127.0.0.1"]) as fetcher:
        yield PictureStore(folder, fetcher, needed=needed, max_bytes=ROOM)


Kept = Callable[[], list[str]]


@pytest.fixture
def kept(folder: Path) -> Kept:
    return lambda: sorted(path.name for path in folder.iterdir())


async def take(store: PictureStore, link: str) -> Picture:
    (picture,) = await store.take_all([link], MEMBER)
    return picture


def names(*pictures: Picture) -> list[tuple[str, str]]:
    return [(picture.path.name, picture.link) for picture in pictures]


async def refused(store: PictureStore, *links: str) -> str:
    with pytest.raises(PictureError) as caught:
        await store.take_all(links, MEMBER)
    return picture_sentence(caught.value)


async def test_picture_is_taken_kept_and_found_again(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    picture = await take(store, cdn.link)
    assert (picture.media_type, picture.link) == ("image/jpeg", "")  # where it came from is kept nowhere
    assert picture.size == picture.path.stat().st_size
    assert kept() == [picture.path.name]
    assert await store.find_all(names(picture)) == (picture,)


async def test_size_is_judged_before_anything_is_fetched(cdn: Cdn) -> None:
    PictureStore.check_size(MAX_BYTES)
    with pytest.raises(PictureError) as caught:
        PictureStore.check_size(MAX_BYTES + 1)
    assert "larger than 20 MB" in picture_sentence(caught.value)
    assert cdn.asked == 0


async def test_download_stops_at_the_bound(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    cdn.file = bytes(MAX_BYTES * 2)
    assert "larger than 20 MB" in await refused(store, cdn.link)
    assert cdn.sent < len(cdn.file) - 65536
    assert kept() == []


async def test_link_that_fails_or_may_not_be_followed_is_told_kindly(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    cdn.status = 404
    for link in (cdn.link, "http://10.0.0.1/x.png"):
        assert "send it again" in await refused(store, link)
    assert kept() == []


async def test_file_that_is_no_picture_is_not_kept(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    cdn.file = b"%PDF-1.7"
    assert "PDF" in await refused(store, cdn.link)
    assert kept() == []


async def test_loop_ticks_on_while_a_picture_is_decoded(cdn: Cdn, store: PictureStore) -> None:
    cdn.file = encode(Image.effect_noise((2500, 2500), 60).convert("RGB"), "PNG", compress_level=1)
    assert len(cdn.file) < MAX_BYTES
    gaps = []

    async def tick() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(time.monotonic() - last)
            last += gaps[-1]

    ticking = asyncio.create_task(tick())
    await take(store, cdn.link)
    ticking.cancel()
    assert len(gaps) > 10
    assert max(gaps) < sum(gaps) / 2


async def test_pictures_of_one_member_are_taken_a_few_at_a_time_and_keep_nobody_else_waiting(
    cdn: Cdn, store: PictureStore, kept: Kept
) -> None:
    cdn.gate.clear()
    taking = [asyncio.create_task(store.take_all([cdn.link], MEMBER)) for _ in range(MAX_UNDER_WAY + 3)]
    theirs = asyncio.create_task(store.take_all([cdn.link], MEMBER + 1))
    async with asyncio.timeout(10):
        while cdn.asked < MAX_UNDER_WAY + 1:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)
    assert cdn.asked == MAX_UNDER_WAY + 1
    cdn.gate.set()
    await asyncio.gather(*taking, theirs)
    assert len(kept()) == cdn.asked == MAX_UNDER_WAY + 4


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../secret.png", "/etc/passwd", "a/b.png", "gone.png", "nul\0.png", "folder", "f.raw"]
)
async def test_find_and_copy_never_leave_the_pictures_of_the_directory(
    store: PictureStore, folder: Path, name: str
) -> None:
    (folder / "folder").mkdir()
    for path in (folder / "f.raw", folder.parent / "secret.png"):
        path.write_bytes(b"x")
    assert await store.find_all([(name, "")]) is None
    assert await store.copy_all([(name, "")]) is None


async def test_where_no_picture_was_named_none_is_gone(store: PictureStore) -> None:
    assert await store.find_all([]) == ()
    assert await store.copy_all([]) == ()


async def test_several_pictures_are_taken_in_order_and_found_together_or_not_at_all(
    cdn: Cdn, store: PictureStore, kept: Kept
) -> None:
    cdn.others["2"] = encode(small_sample().resize((20, 10)), "PNG")
    taken = await store.take_all([cdn.link, f"{cdn.link}?2"], MEMBER)
    assert [picture.sides == (20, 10) for picture in taken] == [False, True]
    assert await store.find_all(names(*taken)) == taken
    await store.forget([taken[1].path.name])
    assert await store.find_all(names(*taken)) is None
    assert await store.copy_all(names(*taken)) is None
    assert kept() == [taken[0].path.name]


async def test_when_one_of_several_pictures_is_refused_none_is_kept(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    await refused(store, cdn.link, "http://127.0.0.1:1/none.png")
    assert kept() == []


async def test_when_taking_is_given_up_nothing_is_kept(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    taking = asyncio.create_task(store.take_all([cdn.link, cdn.link], MEMBER))
    while cdn.asked < 2:  # noqa: ASYNC110 - the server has no event
        await asyncio.sleep(0.005)
    taking.cancel()
    await asyncio.wait([taking])
    assert taking.cancelled()
    assert kept() == []


@pytest.mark.timeout(120)
async def test_whenever_taking_or_copying_is_given_up_nothing_is_kept_that_nobody_knows_of(
    cdn: Cdn, store: PictureStore, kept: Kept
) -> None:
    begun = time.monotonic()
    picture = await take(store, cdn.link)
    whole = time.monotonic() - begun

    async def give_up(work: Coroutine[Any, Any, tuple[Picture, ...] | None], after: float) -> set[str]:
        working = asyncio.create_task(work)
        await asyncio.wait([working], timeout=after)
        working.cancel()
        await asyncio.wait([working])
        assert decoders() == []
        return set() if working.cancelled() else {done.path.name for done in working.result()}

    known = {picture.path.name}
    for step in range(12):
        known |= await give_up(store.take_all([cdn.link], MEMBER), whole * step / 10)
        known |= await give_up(store.copy_all(names(picture)), 0.0005 * step)
        # A thread goes on when its work is given up; what it leaves unfinished is swept.
        assert {name for name in kept() if name.endswith((".jpg", ".png"))} == known
    await store.sweep(datetime.now(UTC) + UNFINISHED + timedelta(minutes=1))
    assert set(kept()) == known
    await asyncio.gather(*(store.take_all([cdn.link], MEMBER) for _ in range(MAX_UNDER_WAY)))


async def test_forget_deletes_a_video_that_came_inside_a_reply(store: PictureStore, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    video = folder / f"{'a' * 32}.mp4"
    video.write_bytes(b"a video")
    await store.forget([video.name])
    assert not video.exists()


async def test_forget_deletes_the_named_pictures_and_never_leaves_the_directory(
    store: PictureStore, folder: Path, kept: Kept
) -> None:
    for path in (folder / "mine.jpg", folder / "theirs.jpg", folder.parent / "secret.png"):
        path.write_bytes(b"x")
    await store.forget(("mine.jpg", "mine.jpg", "../secret.png", "", "no\0name"))
    assert kept() == ["theirs.jpg"]
    assert (folder.parent / "secret.png").exists()


async def test_copy_outlives_what_it_was_copied_from(cdn: Cdn, store: PictureStore, kept: Kept) -> None:
    former = await take(store, cdn.link)
    data = former.path.read_bytes()
    (copied,) = await store.copy_all(names(former)) or ()
    await store.forget([former.path.name])
    assert kept() == [copied.path.name]
    assert copied.path.read_bytes() == data
    assert (copied.media_type, copied.size) == (former.media_type, former.size)


async def test_a_picture_is_found_with_its_link_and_copied_without(cdn: Cdn, store: PictureStore) -> None:
    picture = await take(store, cdn.link)
    shown = [(picture.path.name, "https://cdn.discordapp.com/attachments/1/2/picture1.jpg?ex=1&is=1&hm=1")]
    (found,) = await store.find_all(shown) or ()
    (copied,) = await store.copy_all(shown) or ()
    assert (found.link, copied.link) == (shown[0][1], "")


async def test_picture_used_again_in_its_last_minute_is_kept_as_long_as_a_new_one(
    cdn: Cdn, store: PictureStore, kept: Kept
) -> None:
    former = await take(store, cdn.link)
    now = datetime.now(UTC)
    turn_back(former.path, now - RETENTION + timedelta(minutes=1))
    (copied,) = await store.copy_all(names(former)) or ()
    assert await store.sweep(now + timedelta(minutes=2)) == 1
    assert kept() == [copied.path.name]
    assert await store.sweep(now + RETENTION - timedelta(minutes=1)) == 0
    assert await store.sweep(now + RETENTION + timedelta(minutes=1)) == 1


def turn_back(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(),) * 2)


async def test_sweep_deletes_only_what_is_past_its_time_and_what_nobody_finishes(
    store: PictureStore, folder: Path, needed: Needed, kept: Kept
) -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC)
    (folder / "a.folder").mkdir()
    second = timedelta(seconds=1)
    ages = {"old.png": RETENTION + second, "older.jpg": RETENTION * 9, "left.raw": UNFINISHED + second}
    ages |= {"left.safe": UNFINISHED + second, "begun.raw": UNFINISHED - second}
    ages |= {"young.png": RETENTION - second, "a.folder": RETENTION * 2, "needed.png": RETENTION * 9}
    needed.add("needed.png")
    for name, age in ages.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(b"x")
        turn_back(folder / name, now - age)
    assert await store.sweep(now) == 4
    assert kept() == ["a.folder", "begun.raw", "needed.png", "young.png"]


async def test_sweep_before_the_first_picture_finds_nothing(store: PictureStore) -> None:
    assert await store.sweep(datetime.now(UTC)) == 0


def fill(folder: Path, *sizes: float) -> None:
    """Let there be pictures called 0.png, 1.png and so on, the oldest first, of such shares of the room."""
    long_ago = datetime.now(UTC) - WRITTEN_WITHIN - timedelta(hours=1)
    for number, size in enumerate(sizes):
        path = folder / f"{number}.png"
        with path.open("wb") as file:
            file.truncate(int(size * ROOM))
        turn_back(path, long_ago + timedelta(seconds=number))


async def test_pictures_under_way_are_counted_as_large_as_they_may_become(
    cdn: Cdn, store: PictureStore, folder: Path, needed: Needed, kept: Kept
) -> None:
    fill(folder, 0.75)
    needed.add("0.png")
    results = await asyncio.gather(*(store.take_all([cdn.link], member) for member in range(4)), return_exceptions=True)
    refusals = [result for result in results if isinstance(result, PictureError)]
    assert [refusal.problem for refusal in refusals] == [PictureProblem.NO_ROOM] * 2
    assert len(kept()) == 3
    assert await take(store, cdn.link)


async def test_full_folder_loses_its_oldest_pictures_that_no_job_needs(
    cdn: Cdn, store: PictureStore, folder: Path, needed: Needed, kept: Kept
) -> None:
    fill(folder, 0.3, 0.3, 0.3, 0.3)
    needed.add("0.png")
    picture = await take(store, cdn.link)
    assert kept() == sorted(["0.png", "2.png", "3.png", picture.path.name])


async def test_picture_that_is_copied_does_not_make_room_for_its_copy(
    store: PictureStore, folder: Path, kept: Kept
) -> None:
    fill(folder, 0.001, 0.5, 0.499)
    (copied,) = await store.copy_all([("0.png", "")]) or ()
    assert kept() == sorted(["0.png", "2.png", copied.path.name])


async def test_folder_with_room_loses_nothing(cdn: Cdn, store: PictureStore, folder: Path, kept: Kept) -> None:
    fill(folder, 0.5, 0.3)
    await take(store, cdn.link)
    assert len(kept()) == 3


async def test_folder_full_of_what_is_needed_takes_no_more_and_nothing_is_fetched(
    cdn: Cdn, store: PictureStore, folder: Path, needed: Needed, kept: Kept
) -> None:
    fill(folder, 0.5, 0.5)
    needed |= {"0.png", "1.png"}
    assert "no room" in await refused(store, cdn.link)
    with pytest.raises(PictureError, match=PictureProblem.NO_ROOM):
        await store.copy_all([("0.png", "")])
    assert cdn.asked == 0
    assert kept() == ["0.png", "1.png"]


async def test_picture_whose_job_is_just_being_written_down_makes_no_room(
    cdn: Cdn, store: PictureStore, folder: Path, kept: Kept
) -> None:
    fill(folder, 1)
    turn_back(folder / "0.png", datetime.now(UTC) - WRITTEN_WITHIN + timedelta(minutes=1))
    assert "no room" in await refused(store, cdn.link)
    assert kept() == ["0.png"]

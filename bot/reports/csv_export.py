"""Jobs as a CSV file that opens in a spreadsheet."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.errors import ExportTooLarge
from bot.i18n.translation import plain_money
from bot.models import KEPT_VIDEO, JobRecord, jump_link

COLUMNS = (
    "id",
    "guild_id",
    "channel_id",
    "message_id",
    "user_id",
    "model",
    "prompt",
    "state",
    "outcome",
    "percent",
    "video_url",
    "cost",
    "unconfirmed",
    "service",
    "length",
    "service_cost",
    "created_at",
    "started_at",
    "finished_at",
    "delivery",
    "link",
)
_IDS = ("id", "guild_id", "channel_id", "message_id", "user_id")

# Excel reads a file without this mark in the system's code page. LibreOffice and pandas skip it; programs that do not
# know it show it before the first heading, ``id``, and nowhere else.
_ENCODING = "utf-8-sig"
_PIECE = 1024 * 1024  # bytes packed at a time

# What makes a cell a formula, by OWASP's page "CSV Injection", its full-width forms included, after what a spreadsheet
# may skip, quotes among it.
_SIGN = r"[=+\-@＝＋－＠]"
_PASSED_OVER = r'[\s"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'
_AT_START = re.compile(rf"[\t\r\n]|{_PASSED_OVER}*{_SIGN}")
# Where the comma is the decimal sign, Excel splits at semicolons, ignores our quotes, and so starts cells amid a text.
_AMID = re.compile(rf"([;\t\r\n])(?=(?:(?![\t\r\n]){_PASSED_OVER})*{_SIGN})")

T = TypeVar("T")


async def write_csv(chunks: AsyncIterator[list[JobRecord]], path: Path) -> int:
    """
    Write the jobs to ``path`` as they come, and return how many there were. If that fails, there is no file.

    RFC 4180 in UTF-8: times in UTC, money in the operator's currency. An apostrophe keeps texts from outside from
    being formulas, and ids from being rounded: of a number, spreadsheets keep fifteen digits. Closing ``chunks`` is
    left to the caller. Raises OSError.
    """
    count = 0
    try:
        await _in_thread(partial(_write, path, "w", [COLUMNS]))
        async for chunk in chunks:
            await _in_thread(partial(_write_jobs, path, chunk))
            count += len(chunk)
    except BaseException:
        await _in_thread(partial(path.unlink, missing_ok=True))
        raise
    return count


async def pack(path: Path, limit: int) -> Path:
    """
    Return ``path``, or where that has more than ``limit`` bytes a zip archive of it in the same directory.

    Raises ExportTooLarge if the archive is too large as well, and OSError; then there is no archive.
    """
    packed = path.with_name(f"{path.name}.zip")
    try:
        return await _in_thread(partial(_pack, path, packed, limit))
    except BaseException:
        await _in_thread(partial(packed.unlink, missing_ok=True))
        raise


def defuse(text: str) -> str:
    """Return ``text`` without NUL, and with an apostrophe wherever a spreadsheet might see a formula begin."""
    text = text.replace("\0", "")
    start = "'" if _AT_START.match(text) else ""
    return start + _AMID.sub(r"\1'", text)


def _write_jobs(path: Path, jobs: list[JobRecord]) -> None:
    _write(path, "a", map(_row, jobs))


def _write(path: Path, mode: str, rows: Iterable[Sequence[object]]) -> None:
    # "replace": half a surrogate pair is no character, and must not cost the other rows.
    with path.open(mode, encoding=_ENCODING, errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)


def _row(job: JobRecord) -> list[object]:
    values: dict[str, object] = {name: getattr(job, name, "") for name in COLUMNS}
    values |= {name: f"'{value}" for name in _IDS if re.fullmatch(r"\d{15,}|\d+e\d+", value := str(values[name]))}
    values["link"] = jump_link(job.guild_id, job.channel_id, job.message_id) if job.message_id else ""
    confirmed, unconfirmed = (0, job.cost) if job.unconfirmed else (job.cost, 0)
    values |= {"cost": plain_money(confirmed), "unconfirmed": plain_money(unconfirmed)}
    values["service_cost"] = "" if job.service_cost is None else plain_money(job.service_cost)
    values["video_url"] = "" if not job.video_url or job.video_url.startswith(KEPT_VIDEO) else job.video_url
    return [_cell(value) for value in values.values()]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return defuse(value) if isinstance(value, str) else value


def _pack(path: Path, packed: Path, limit: int) -> Path:
    size = path.stat().st_size
    if size <= limit:
        return path
    part = ZipInfo.from_file(path, path.name)
    part.compress_type = ZIP_DEFLATED
    with path.open("rb") as whole, packed.open("wb") as file:
        with ZipFile(file, "w") as archive, archive.open(part, "w") as target:
            while file.tell() <= limit and (piece := whole.read(_PIECE)):
                target.write(piece)
        if file.tell() > limit:
            raise ExportTooLarge(size, limit)
    return packed


async def _in_thread(work: Callable[[], T]) -> T:
    """Return what ``work`` returns. A cancel is raised only when the thread, which cannot be stopped, has ended."""
    result = asyncio.get_running_loop().run_in_executor(None, work)
    cancelled: asyncio.CancelledError | None = None
    while not result.done():
        try:
            await asyncio.wait([result])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled from result.exception()
    return result.result()

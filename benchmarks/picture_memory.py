"""How much memory the heaviest picture of each format takes, of the bot and the process that decodes it together."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from benchmarks.heavy_pictures import HEAVY, heaviest
from benchmarks.memory_sampler import MemorySampler
from benchmarks.table import Row
from bot.media.pictures.problems import PictureError
from bot.media.pictures.process import PictureProcess

MB = 1_000_000
MOST = 250 * MB  # above idle


def measure() -> list[Row]:
    """Return what each takes above the idle level: one of them, and two at once."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture"
        return [_row(kind, _written(picture, heaviest(kind))) for kind in HEAVY]


def _written(picture: Path, data: bytes) -> Path:
    picture.write_bytes(data)
    return picture


def _row(kind: str, picture: Path) -> Row:
    one, two = measured(picture, 1), measured(picture, 2)
    return Row(
        f"memory above idle of the heaviest picture, {kind}",
        f"{one / MB:.0f} MB",
        f"{two / MB:.0f} MB two at once",
        f"{two / one:.2f} x",
        f"<= {MOST // MB} MB",
        max(one, two) <= MOST,
    )


def measured(picture: Path, count: int, *, refused: bool = False) -> int:
    """
    Return the bytes above idle of ``count`` at once, in a fresh process. Raises if the picture is not accepted, or
    with ``refused``, if it is.
    """
    command = [sys.executable, "-m", "benchmarks.picture_memory", str(picture), str(count), str(int(refused))]
    levels = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    return int(levels["peak"]) - int(levels["idle"])


async def _decode(picture: Path, count: int, refused: bool) -> None:
    process = PictureProcess()

    async def decode(target: Path) -> None:
        try:
            await process.make_safe(picture, target)
        except PictureError:
            if not refused:
                raise
        else:
            if refused:
                raise RuntimeError("a picture was accepted that should not have been")

    with tempfile.TemporaryDirectory() as folder:
        await asyncio.gather(*(decode(Path(folder) / str(number)) for number in range(count)))


def _child(picture: Path, count: int, refused: bool) -> None:
    """Print the idle and the peak level as JSON."""
    gc.collect()
    idle = psutil.Process().memory_info().rss
    sampler = MemorySampler()
    sampler.start()
    asyncio.run(_decode(picture, count, refused))
    sys.stdout.write(json.dumps({"idle": idle, "peak": sampler.stop()}))


if __name__ == "__main__":
    _child(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1")

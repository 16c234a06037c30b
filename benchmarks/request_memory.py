"""The memory that requests with large pictures take while they are sent, in Kinora's client and the ``openai`` one."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from benchmarks import stream_service
from benchmarks.clients import request_with_kinora, request_with_sdk
from benchmarks.memory_sampler import MemorySampler
from benchmarks.table import Row

MIB = 1024 * 1024
REQUESTS = 20
PICTURE = 10 * MIB
EACH = 3 * MIB  # what one request may take
ROUNDS = 2

_CLIENTS = {"kinora": request_with_kinora, "openai": request_with_sdk}


def measure() -> list[Row]:
    """Return the memory that ``REQUESTS`` requests at once take above the idle level."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        picture.write_bytes(bytes(range(256)) * (PICTURE // 256))
        # The largest of the rounds: a peak that appears once in two runs counts.
        ours = max(_measured("kinora", picture) for _ in range(ROUNDS))
        sdk = _measured("openai", picture)
    return [
        Row(
            f"memory of {REQUESTS} requests of {PICTURE // MIB} MiB, against the openai package",
            f"{ours / MIB:.1f} MiB",
            f"{sdk / MIB:.0f} MiB",
            f"{ours / sdk:.3f} x",
            f"< {REQUESTS * EACH // MIB} MiB",
            ours < REQUESTS * EACH,
        )
    ]


def _measured(client: str, picture: Path) -> int:
    """Return the bytes of memory above idle, measured in a fresh process, against a fresh service."""
    with stream_service.running() as url:
        command = [sys.executable, "-m", "benchmarks.request_memory", client, url, str(picture)]
        levels = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    return int(levels["peak"]) - int(levels["idle"])


def _child(client: str, url: str, picture: Path) -> None:
    """Print the idle and the peak level as JSON. The first request is a warm-up: it imports and opens what all need."""
    send = _CLIENTS[client]
    asyncio.run(send(f"{url}/slow/1", picture))
    gc.collect()
    idle = psutil.Process().memory_info().rss
    sampler = MemorySampler()
    sampler.start()
    asyncio.run(send(f"{url}/slow/{REQUESTS}", picture, REQUESTS))
    print(json.dumps({"idle": idle, "peak": sampler.stop()}))


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2], Path(sys.argv[3]))

"""Programs that tests run in a Python process of their own, for what only a fresh interpreter can show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


def run_program(
    name: str,
    *arguments: str,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """
    Run ``tests/programs/<name>.py`` to its end and return what it wrote, whatever its exit code.

    ``options`` are those of the interpreter; ``environment`` takes the place of this process's own.
    """
    return subprocess.run(  # noqa: S603 - our own interpreter with our own program
        [sys.executable, *options, str(FOLDER / f"{name}.py"), *arguments],
        env={**(os.environ if environment is None else environment), "PYTHONPATH": str(ROOT)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )

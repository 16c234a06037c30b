"""The playground's shell command."""

from __future__ import annotations

import argparse
import asyncio
import sys

from playground.demo import run_demo
from playground.scenarios import describe


def main() -> int:
    """Run the command of the command line and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m playground",
        description="Kinora without Discord and without a video service: both are played by local servers.",
        epilog=f"Words in a prompt that choose what the video service does:\n\n{describe()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("demo",), help="demo: one video, the refusals, a moderator's view")
    parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # the bar and the signs, also on Windows
    return asyncio.run(run_demo())


if __name__ == "__main__":
    sys.exit(main())

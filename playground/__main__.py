"""The shell commands `python -m playground demo` and `serve`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from playground.demo import run_demo
from playground.fake_video_service.scenarios import describe
from playground.fake_video_service.tasks.habits import describe_words
from playground.playground import APIS
from playground.serve import PORT, run_serve


def main() -> int:
    """Run the given command and return the exit code."""
    arguments = _parser().parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # for the progress bar and symbols, also on Windows
    if arguments.command == "serve":
        return asyncio.run(run_serve(arguments.port, arguments.api, open_browser=not arguments.no_open))
    return asyncio.run(run_demo(arguments.api))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m playground",
        description="Kinora without Discord and without a video service: both are played by local servers.",
        epilog=f"Words in a prompt that choose what the video service does:\n\n{describe()}\n\n{describe_words()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="one video, the refusals, a moderator's view")
    serve = commands.add_parser("serve", help="the same world as a web page, until Ctrl-C")
    for command in (demo, serve):
        command.add_argument(
            "--api", choices=APIS, default=APIS[0], help="what the video service speaks (default: %(default)s)"
        )
    serve.add_argument("--port", type=int, default=PORT, help="on 127.0.0.1; 0 takes a free one (default: %(default)s)")
    serve.add_argument("--no-open", action="store_true", help="do not open a browser")
    return parser


if __name__ == "__main__":
    sys.exit(main())

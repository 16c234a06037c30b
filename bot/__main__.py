"""Kinora's shell commands: run it, check it, explain a reply, describe a service, look after its database."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from bot.cli.arguments import Arguments, parser

YOUNG_OBJECTS = 10_000  # so many new objects are there before the collector looks for circles among them
NEVER = 1_000_000  # such searches before one among older objects


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that ``words`` name, those of the command line by default, and return the exit code."""
    arguments = parser().parse_args(words)
    os.umask(0o077)  # nobody else reads what this process writes
    with _little_search_for_garbage():
        command = _command(arguments)
    return command()


@contextmanager
def _little_search_for_garbage() -> Iterator[None]:
    """Nearly all that is imported stays: it is looked through once, not again and again, a tenth of a start."""
    usual = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS, NEVER, NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _command(arguments: Arguments) -> Callable[[], int]:
    """Return what to do. It is imported here, so that each command loads what it needs itself and no more."""
    match arguments.command:
        case "move-database":
            from bot.cli.move_database import move_database

            return partial(move_database, arguments.source, arguments.target)
        case "services":
            from bot.cli.services import services

            return services
        case "describe":
            from bot.cli.describe import describe

            described = partial(describe, arguments.source, model=arguments.model, answers=arguments.read)
            return partial(_probe_after, described, arguments) if arguments.probe else described
        case "explain":
            from bot.cli.explain import explain, known_secrets

            return lambda: explain(
                arguments.source,
                status=arguments.status,
                prompt=arguments.prompt,
                secrets=known_secrets(arguments.env_file),
            )
        case _:
            return _command_with_settings(arguments)


def _probe_after(described: Callable[[], int], arguments: Arguments) -> int:
    from bot.cli.probe import probe

    return described() or asyncio.run(probe(arguments.source, model=arguments.model, env_file=arguments.env_file))


def _command_with_settings(arguments: Arguments) -> Callable[[], int]:
    from bot.cli.run.with_settings import Work, with_settings

    work: Work
    match arguments.command:
        case "check":
            from bot.cli.check.report import check

            work = partial(check, env_file=arguments.env_file, as_json=arguments.json)
        case "usage":
            from bot.cli.usage import usage

            work = partial(usage, days=arguments.days, as_json=arguments.json)
        case "migrate":
            from bot.cli.migrate import migrate_database as work
        case "sync":
            from bot.cli.run.run import sync as work
        case _:
            from bot.cli.run.run import run as work
    return partial(with_settings, work, arguments)


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads what is printed has seen enough, such as ``head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)

"""The command line: which commands and options there are, and what the exit codes mean."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.installation.version import version

FAILED = 1
WRONG_SETTINGS = 2
DAYS, MAX_DAYS = 30, 3650  # that ``usage`` adds up
_EPILOG = f"""\
exit codes:
  0  done; of run: it was asked to leave (SIGTERM, Ctrl-C)
  {FAILED}  it failed, or check found something wrong; another try may help
  {WRONG_SETTINGS}  settings or words are wrong, or Discord does not accept the token: no other try helps

examples:
  python -m bot check                         what is wrong, and how to fix it
  python -m bot --env-file /etc/kinora/env    run with the settings of another file
  python -m bot usage --days 7 --json         what each server used this week, for machines
  python -m bot describe openrouter           what would be sent to a task service

Each command has a --help of its own."""

Arguments = argparse.Namespace


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Kinora: a prompt and a picture become a video.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Kinora {version()}")
    parser.set_defaults(command="run")
    _take_env_file(parser, Path(".env"))
    commands = parser.add_subparsers(title="commands", dest="command")

    def add(name: str, does: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        if name != "move-database":
            _take_env_file(command, argparse.SUPPRESS)
        return command

    add("run", "run the bot, as without a command")
    doctor = add("check", "say what is wrong and how to fix it")
    add("sync", "tell Discord of the commands")
    add("migrate", "upgrade the database")
    total = add("usage", "add up what each server used")
    total.add_argument("--days", type=_days, default=DAYS, help=f"how many days up to today (default: {DAYS})")
    for command in (doctor, total):
        command.add_argument("--json", action="store_true", help="for machines")
    reading = add("explain", "say how a service's reply is read, and by which rule; no setting is needed")
    reading.add_argument(
        "source", metavar="FILE", help="the reply as curl wrote it, with -i or without; - for the input"
    )
    reading.add_argument("--status", type=int, help="its HTTP status, where the file does not tell it (default: 200)")
    reading.add_argument("--prompt", default="", help="the prompt of the request; no trace of it is printed")
    description = add("describe", "show what a service description sends and reads; no setting is needed")
    description.add_argument(
        "source", metavar="NAME", help="a description that comes with Kinora, or the path of a file"
    )
    description.add_argument("--model", default="", help="the model whose request is shown, and that is looked for")
    description.add_argument("--read", metavar="FILE", help="recorded answers, one JSON a line; - for the input")
    description.add_argument(
        "--probe", action="store_true", help="ask the service what is free, with address and key of the settings"
    )
    add("services", "list the task services that a description knows; no setting is needed")
    move = add("move-database", "copy everything into another, empty database; no setting is needed")
    move.add_argument("source", metavar="FROM", help="where it is, as DATABASE_URL has it")
    move.add_argument("target", metavar="TO", help="where it is to be")
    return parser


def _take_env_file(parser: argparse.ArgumentParser, default: object) -> None:
    # Before the command or after it; a default of its own would take back what was said before.
    parser.add_argument("--env-file", type=Path, default=default, help="where the settings are (default: .env)")


def _days(text: str) -> int:
    if not 1 <= (days := int(text)) <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"from 1 to {MAX_DAYS}")
    return days

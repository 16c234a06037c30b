"""The shell command ``python -m bot describe --probe``: what a described service answers to what is free to ask."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli.check.findings import within
from bot.cli.check.report import print_findings
from bot.cli.check.services.free_look import ADDRESS, task_service
from bot.cli.check.services.provider import NAMES, SECONDS, examine
from bot.errors import SettingsError
from bot.providers.tasks.descriptions.file import load_description
from bot.settings import environment_text

WRONG = 1


async def probe(name_or_path: str, *, model: str, env_file: Path) -> int:
    """
    Ask the service that is described and print the findings; with a ``model``, also whether it is there.

    Address and key are those that a bot with these settings would use. Return the exit code: not 0 if anything is
    wrong.
    """
    try:
        description = load_description(name_or_path, model)
        url, key = environment_text(env_file, ADDRESS).rstrip("/"), environment_text(env_file, description.auth.key)
        service = task_service(name_or_path, description, url, key, (model,) if model else ())
    except ValueError:
        sys.stderr.write(f"{ADDRESS} must be an http(s) address.\n")
        return WRONG
    except SettingsError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
        return WRONG
    return print_findings(await within(SECONDS, NAMES, examine(service)))

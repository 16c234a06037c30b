"""Checks what stands in ``.env`` and the environment: values that are wrong, and names that Kinora does not know."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv import dotenv_values

from bot.cli.check.findings import Finding, Severity, plain, some_of
from bot.errors import SettingsError
from bot.settings import Settings

# What the programs that run Kinora read from the same file, see deploy/README.md.
_OTHERS = frozenset(("POSTGRES_PASSWORD", "PGPASSWORD", "KINORA_IMAGE", "MPLCONFIGDIR", "TZ"))
_ALIKE = 0.85  # of the letters, by difflib: MAX_JOB and MAX_JOBS are


def wrong_settings(error: SettingsError, env_file: Path) -> list[Finding]:
    """Return a finding for each problem, with where to correct it."""
    remedy = f"Correct it in {env_file}." if env_file.is_file() else "Correct it where the environment is set."
    if not env_file.exists():
        remedy = "Copy .env.example to .env and fill it in; the README has the steps."
    return [Finding("settings", Severity.WRONG, problem, remedy) for problem in error.problems]


def check_names(settings: Settings, env_file: Path) -> list[Finding]:
    """Return that the settings are in order, and which names of ``env_file`` and the environment are none of them."""
    written = dotenv_values(env_file, encoding="utf-8-sig") if env_file.is_file() else {}
    known = {name.upper() for name in Settings.model_fields} | {each.key_env for each in settings.services} | _OTHERS
    in_order = Finding("settings", Severity.OK, "They are complete, and each is of its kind.")
    return [in_order, *_unknown(written, known, env_file.name), *_misspelt(os.environ, known | written.keys())]


def _unknown(written: Mapping[str, str | None], known: Iterable[str], file: str) -> list[Finding]:
    """Return a finding for the names of the file that mean nothing here; those near one that does stand alone."""
    known = {name.upper() for name in known}
    strange = {name: name.upper() for name in written if name.upper() not in known}
    near = _misspelt(strange, known)
    far = [plain(name) for name in strange if not _nearest(name, known)]
    if far:
        what = f"{file} has names that Kinora does not know: {some_of(far)}."
        near.append(
            Finding("unknown_settings", Severity.HINT, what, "Take them out, unless another program reads them.")
        )
    return near


def _misspelt(names: Iterable[str], known: Iterable[str]) -> list[Finding]:
    known = set(known)
    return [
        Finding(
            "unknown_settings",
            Severity.HINT,
            f"{plain(name)} is no setting, so it does nothing.",
            f"Did you mean {meant}?",
        )
        for name in names
        if name.upper() not in known and (meant := _nearest(name, known))
    ]


def _nearest(name: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name.upper(), known, n=1, cutoff=_ALIKE)), "")

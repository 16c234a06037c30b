"""Checks what stands in ``.env`` and the environment: values that are wrong, and names that Kinora does not know."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from dotenv import dotenv_values

from bot.cli.check.findings import Finding, Severity, plain, some_of
from bot.errors import SettingsError
from bot.settings import Settings

_SETTINGS = frozenset(name.upper() for name in Settings.model_fields)
# What the programs that run Kinora read from the same file, see deploy/README.md.
_OTHERS = frozenset(("POSTGRES_PASSWORD", "PGPASSWORD", "KINORA_IMAGE", "MPLCONFIGDIR", "TZ"))
_ALIKE = 0.85  # of the letters, by difflib: MAX_JOB and MAX_JOBS are


def wrong_settings(error: SettingsError, env_file: Path) -> list[Finding]:
    """Return a finding for each problem, with where to correct it, and names that may have been meant for one."""
    remedy = f"Correct it in {env_file}." if env_file.is_file() else "Correct it where the environment is set."
    if not env_file.exists():
        remedy = "Copy .env.example to .env and fill it in; the README has the steps."
    problems = [Finding("settings", Severity.WRONG, problem, remedy) for problem in error.problems]
    return [*problems, *_misspelt((*_written(env_file), *os.environ), _SETTINGS | _OTHERS)]


def check_names(settings: Settings, env_file: Path) -> list[Finding]:
    """Return that the settings are in order, and which names of ``env_file`` and the environment are none of them."""
    known = _SETTINGS | _OTHERS | {each.key_env.upper() for each in settings.services}
    in_order = Finding("settings", Severity.OK, "They are complete, and each is of its kind.")
    written = _written(env_file)
    findings = [in_order, *_misspelt((*written, *os.environ), known)]
    strange = [plain(name) for name in written if name.upper() not in known and not _nearest(name, known)]
    if strange:
        what = f"{env_file.name} has names that Kinora does not know: {some_of(strange)}."
        remedy = "Take them out, unless another program reads them."
        findings.append(Finding("unknown_settings", Severity.HINT, what, remedy))
    return findings


def _written(env_file: Path) -> Iterable[str]:
    """Return the names that stand in ``env_file``, none where it cannot be read: that is a problem of its own."""
    try:
        return dotenv_values(env_file, encoding="utf-8-sig") if env_file.is_file() else ()
    except (OSError, UnicodeDecodeError):
        return ()


def _misspelt(names: Iterable[str], known: Collection[str]) -> list[Finding]:
    """Return a finding for each of ``names`` that is none of the ``known``, and like one."""
    meant = {name: _nearest(name, known) for name in names if name.upper() not in known}
    return [
        Finding(
            "unknown_settings",
            Severity.HINT,
            f"{plain(name)} is no setting, so it does nothing.",
            f"Did you mean {near}?",
        )
        for name, near in meant.items()
        if near
    ]


def _nearest(name: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(name.upper(), known, n=1, cutoff=_ALIKE)), "")

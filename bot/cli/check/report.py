"""Runs all checks side by side and prints the findings, for people or as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

from bot.cli.check import database, machine
from bot.cli.check import discord as application
from bot.cli.check.findings import Finding, Severity, within
from bot.cli.check.services import provider as service
from bot.cli.check.setting_names import check_names
from bot.settings import Settings

MACHINE, DATABASE, DISCORD = 10.0, 14.0, 27.0  # seconds, for each part
WIDTH = 100  # columns
_MARKS = {Severity.OK: "ok", Severity.HINT: "hint", Severity.WRONG: "WRONG", Severity.UNKNOWN: "?"}
_MARK, _NAME = 7, 18  # columns


async def check(settings: Settings, *, env_file: Path, as_json: bool) -> int:
    """Print what is found and return 1 if anything is wrong, else 0."""
    parts = (
        within(MACHINE, machine.NAMES, machine.check_machine(settings)),
        within(DATABASE, database.NAMES, database.check_database(settings)),
        within(DISCORD, application.NAMES, application.check_application(settings)),
        within(service.SECONDS, service.NAMES, service.check_services(settings)),
    )
    findings = [
        *check_names(settings, env_file),
        *(finding for part in await asyncio.gather(*parts) for finding in part),
    ]
    return print_findings(findings, as_json=as_json)


def print_findings(findings: Sequence[Finding], *, as_json: bool = False) -> int:
    """Print ``findings`` and return 1 if anything is wrong, else 0."""
    _print(_json(findings) if as_json else "".join(f"{line}\n" for line in _lines(findings)))
    return 0 if _all_well(findings) else 1


def _print(text: str) -> None:
    # Servers and channels have names in every script there is; a terminal may know fewer.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _all_well(findings: Sequence[Finding]) -> bool:
    return all(finding.state is not Severity.WRONG for finding in findings)


def _json(findings: Sequence[Finding]) -> str:
    rows = [asdict(finding) | {"remedy": finding.remedy or None} for finding in findings]
    return json.dumps({"ok": _all_well(findings), "findings": rows}, indent=2) + "\n"


def _lines(findings: Sequence[Finding]) -> Iterable[str]:
    # What could not be looked at for one and the same reason is one line.
    for (state, finding), group in groupby(findings, lambda f: (f.state, f.finding)):
        same = list(group)
        if state is Severity.UNKNOWN and len(same) > 1:
            together = f"{finding} Not looked at: {', '.join(_spaced(f.name) for f in same)}."
            same = [replace(same[0], name="", finding=together)]
        for f in same:
            yield from _block(f)
    yield ""
    yield _sum(findings)


def _block(finding: Finding) -> Iterable[str]:
    indent = " " * (_MARK + _NAME)
    head = f"{_MARKS[finding.state]:<{_MARK}}{_spaced(finding.name):<{_NAME}}"
    for text, first, rest in ((finding.finding, head, indent), (finding.remedy, f"{indent}-> ", f"{indent}   ")):
        # Links and commands stay whole: they are copied from here.
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _sum(findings: Sequence[Finding]) -> str:
    count = Counter(finding.state for finding in findings)
    hints = f"{count[Severity.HINT]} {'hint' if count[Severity.HINT] == 1 else 'hints'}"
    if wrong := list(dict.fromkeys(_spaced(f.name) for f in findings if f.state is Severity.WRONG)):
        return f"Wrong: {', '.join(wrong)}." + (f" Besides, {hints}." if count[Severity.HINT] else "")
    if count[Severity.UNKNOWN]:
        return f"Nothing is wrong as far as could be looked at; {hints}."
    return f"Nothing is wrong; {hints}." if count[Severity.HINT] else "All is well."

"""``python -m tools.decisions [update]``: prints the decision table, or writes it into docs/services.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.providers.judge.decisions import RULES, Rule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "services.md"
HEAD = "| # | rule | needs | unless | means | source |\n|---|---|---|---|---|---|\n"
_PRINTED = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")


def decision_table() -> str:
    """Return the table in Markdown, a line for each rule."""
    return HEAD + "".join(f"| {place} | {_line(rule)} |\n" for place, rule in enumerate(RULES, 1))


def _line(rule: Rule) -> str:
    needs = " and ".join(" or ".join(sorted(need)) for need in rule.needs)
    name = f"{rule.name} *" if rule.spoken else rule.name
    return " | ".join((name, needs, ", ".join(sorted(rule.unless)) or "–", f"`{rule.outcome.value}`", rule.source))


def printed_table(page: str) -> str:
    """Return the table as ``page`` has it, empty if it has none."""
    found = _PRINTED.search(page)
    return found[0] if found else ""


def main(arguments: Sequence[str]) -> int:
    """Print the table, or write it into the page."""
    if list(arguments) == ["update"]:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(page.replace(printed_table(page), decision_table()), "utf-8")
    else:
        print(decision_table(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

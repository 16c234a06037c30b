"""
Prints how long each kind of view gets at most in each language, of the characters that Discord takes.

Those of ``LONGEST`` hold as much as can be stored; a view that would be longer loses lines, and then ends at the limit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.i18n.translation import locale_context
from bot.models import DiscordLimits
from bot.texts.view import View, length
from tests.texts.cases import CASES, LONGEST
from tests.texts.cases.case import Words
from tests.texts.snapshots import LANGUAGES


def views(module: str) -> Iterator[tuple[Words, str, View]]:
    """Yield every view of a module, the function that returns it and its case, in the language of the moment."""
    for cases in (CASES, LONGEST):
        for function, named in cases[module].items():
            for name, call in named.items():
                if isinstance(said := call(), View):
                    yield function, name, said


def longest(language: str) -> dict[str, int]:
    """Return the length of the longest view of each function."""
    found: dict[str, int] = {}
    with locale_context(language):
        for module in CASES:
            for function, _case, view in views(module):
                kind = f"{module}.{function.__name__}"
                found[kind] = max(found.get(kind, 0), sum(map(length, view.paragraphs)))
    return found


def main() -> None:
    """Print the table."""
    of = {language: longest(language) for language in LANGUAGES}
    kinds = sorted(of[LANGUAGES[0]])
    rows = [[f"{'of ' + str(DiscordLimits.TEXT):<34}", *(f"{language:>6}" for language in LANGUAGES)]]
    rows += [[f"{kind:<34}", *(f"{of[language][kind]:>6}" for language in LANGUAGES)] for kind in kinds]
    sys.stdout.writelines(" ".join(row) + "\n" for row in rows)


if __name__ == "__main__":
    main()

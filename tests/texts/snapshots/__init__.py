"""The words of each module of ``bot/texts`` in each language, as they are expected: a text file for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bot.i18n.translation import ENGLISH, locale_context
from bot.i18n.translation import LANGUAGES as TRANSLATED
from bot.reports.chart import ChartWords
from bot.texts.view import View, cut
from tests.texts.cases import CASES
from tests.texts.cases.case import Said

FOLDER = Path(__file__).parent
LANGUAGES = (ENGLISH, *TRANSLATED)  # by Discord's names
_NOTHING = "(nothing)"
_LINK_SHOWN = 100  # characters


def path_of(module: str, language: str) -> Path:
    """Return where the words of a module of ``bot/texts`` are written down in ``language``."""
    return FOLDER / language / f"{module}.txt"


def snapshot(module: str, language: str) -> str:
    """Return what all cases of ``module`` say in ``language``, each under a heading."""
    with locale_context(language):
        cases = [
            f"=== {function.__name__}: {name}\n\n{rendered(said())}\n"
            for function, named in CASES[module].items()
            for name, said in named.items()
        ]
    return "\n".join(cases)


def rendered(said: Said) -> str:
    """Return what a function of ``bot/texts`` returned, to be read by people."""
    match said:
        case View():
            return "\n\n".join((*_facts(said), *said.paragraphs))
        case ChartWords():
            return "\n".join(f"[{place}] {words}" for place, words in asdict(said).items())
        case list():
            return "\n".join(f"- {line}" for line in said) or _NOTHING
    return said or _NOTHING


def _facts(view: View) -> Iterator[str]:
    """Yield what is shown of a view besides its words."""
    facts = [f"tone: {view.tone}"]
    facts += [f"link: {cut(view.link, _LINK_SHOWN)}"] if view.link else []
    facts += [f"actions: {', '.join(view.actions)}"] if view.actions else []
    yield "\n".join(f"[{fact}]" for fact in facts)

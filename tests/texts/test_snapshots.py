"""Every text that people read is as it was when somebody last looked at it, in each language."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import pytest

from bot import texts
from bot.i18n.translation import locale_context
from bot.models import DiscordLimits
from bot.reports.chart import ChartWords
from bot.texts.limit_words import next_begins, used_in
from bot.texts.view import View
from tests.texts.cases import CASES, LONGEST
from tests.texts.snapshots import FOLDER, LANGUAGES, path_of, snapshot

WORDS = (View, ChartWords, str, list[str], str | None)
WITHOUT_CASES = {used_in, next_begins}  # of windows that no limit kind has yet


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("module", CASES)
def test_a_text_is_what_its_snapshot_says(module: str, language: str) -> None:
    file = path_of(module, language)
    expected = file.read_text("utf-8") if file.exists() else ""
    found = snapshot(module, language)

    if found != expected:
        lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", "", "", 8, "")
        pytest.fail("\n".join([*lines, "If this is what is meant: `make snapshots`."]), pytrace=False)


def test_there_is_a_snapshot_for_each_module_in_each_language_and_no_other() -> None:
    assert set(FOLDER.glob("*/*.txt")) == {path_of(module, language) for module in CASES for language in LANGUAGES}


def functions() -> Iterator[Callable[..., Any]]:
    """Yield the public functions of ``bot/texts`` that return words; those in ``view`` make parts of sentences."""
    for name in sorted({module.name for module in pkgutil.iter_modules(texts.__path__)} - {"view"}):
        module = importlib.import_module(f"{texts.__name__}.{name}")
        for function in vars(module).values():
            ours = inspect.isfunction(function) and function.__module__ == module.__name__
            if ours and not function.__name__.startswith("_") and get_type_hints(function)["return"] in WORDS:
                yield function


@pytest.mark.parametrize("function", [*functions()], ids=lambda function: f"{function.__module__}.{function.__name__}")
def test_a_function_that_returns_words_has_cases(function: Callable[..., Any]) -> None:
    cases = CASES.get(function.__module__.rpartition(".")[2], {})

    assert cases.get(function) or function in WITHOUT_CASES, "name some in tests/texts/cases, then `make snapshots`"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("module", CASES)
def test_a_view_fits_into_one_message(module: str, language: str) -> None:
    with locale_context(language):
        said = {
            f"{function.__name__}: {name}": call()
            for cases in (CASES, LONGEST)
            for function, named in cases[module].items()
            for name, call in named.items()
        }
    lengths = {name: sum(map(len, view.paragraphs)) for name, view in said.items() if isinstance(view, View)}

    assert {name: length for name, length in lengths.items() if length >= DiscordLimits.TEXT} == {}

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
from bot.texts.view import Tone, View, length
from tests.texts.cases import CASES
from tests.texts.longest import views
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
def test_a_view_fits_into_one_message_and_none_of_its_paragraphs_is_empty(module: str, language: str) -> None:
    with locale_context(language):
        said = [view for _function, _case, view in views(module)]

    assert all(sum(map(length, view.paragraphs)) <= DiscordLimits.TEXT for view in said)
    assert all(all(view.paragraphs) for view in said)


def test_of_what_is_too_long_the_longest_lists_lose_their_last_lines_and_say_how_many() -> None:
    lists = ["\n".join(f"{number} of {name}" for number in range(400)) for name in ("one", "two", "three")]
    view = View(Tone.NEUTRAL, ("### A heading", *lists, "-# a hint"))

    assert sum(map(length, view.paragraphs)) <= DiscordLimits.TEXT
    assert (view.paragraphs[0], view.paragraphs[-1]) == ("### A heading", "-# a hint")
    for paragraph in view.paragraphs[1:-1]:
        *kept, more = paragraph.split("\n")
        assert more == f"… and {400 - len(kept)} more lines"
        assert len(kept) > 50

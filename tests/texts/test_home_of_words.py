"""Every word that people read on Discord stands in ``bot/texts``, marked for the catalogues, and none elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.policy import limit_kinds
from bot.reports import fonts
from bot.texts import limit_words
from bot.texts.operator import ALERTS
from tools.extraction import COMMAND, OPTION, marked, template

ROOT = Path(__file__).resolve().parents[2]
TEXTS = "bot/texts"
READ = ("bot/texts/*.py", "cogs/**/*.py", "Makefile", "README.md", "deploy/README.md", "docs/*.md")
# These speak to the operator alone, in English; "bot" stands for the modules at its top.
TO_THE_OPERATOR = {
    *("bot", "bot/cli", "bot/installation", "bot/mistakes", "bot/operations", "bot/providers", "bot/settings"),
    "bot/storage",
}
# Contexts of the catalogues; fonts, and a place in a chart; a command, which is looked up by itself.
NO_WORDS = {COMMAND, OPTION, fonts.LATIN, *fonts._FAMILIES.values(), "upper left", "/limits role"}

_SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
_MARKS = ("_", "N_", "ngettext", "pgettext", "command")
# What these are given is a pattern, or goes into the log as what could not be done; a UserError is told to the member.
_UNREAD = re.compile(
    r"(re|log)\.\w+|run_forever|(?!UserError)\w*(Error|Failure|Refused|FileTooLarge|FileGone|ProcessKilled)|self\._switch_to_bot"
)
_STIFF = re.compile(r"\b(?:whoever|anew|heed\w*|mend(?:s|ed|ing)?|no more|nobody)\b", re.I)
_FRIENDLY = "say it as a friendly person does: the bot's owner, again, fix, not any, no one"
_SHOWN = ("label", "placeholder", "title", "text", "content")  # arguments in which Discord is given words


def folder_of(path: Path) -> str:
    """``bot/cli`` for all that is in it, however deep; ``bot`` for what stands at its top."""
    return "/".join(path.relative_to(ROOT).parts[:-1][:2])


def files(*, without: set[str]) -> list[str]:
    found = (path for folder in ("bot", "cogs") for path in sorted((ROOT / folder).rglob("*.py")))
    return [path.relative_to(ROOT).as_posix() for path in found if folder_of(path) not in without]


@pytest.mark.parametrize("file", files(without={TEXTS}))
def test_no_words_are_marked_outside_of_their_home(file: str) -> None:
    assert [words for _context, words, _comment in marked((ROOT / file).read_text("utf-8"))] == []


@pytest.mark.parametrize("file", files(without=TO_THE_OPERATOR))
def test_no_sentence_is_said_past_the_catalogues(file: str) -> None:
    known = {*messages(), *ALERTS.values(), *NO_WORDS, *limit_words._NEXT}

    assert [words for words in unmarked((ROOT / file).read_text("utf-8")) if not known & set(filled_in(words))] == []


def messages() -> Iterator[str]:
    """Yield all that the catalogues hold; what Discord shows of commands is there without a mark."""
    for message in template():
        yield from message.id if isinstance(message.id, tuple) else [message.id]


def filled_in(words: str) -> list[str]:
    """Return what is made of ``words`` for each window of a limit."""
    made = [limit_words.filled_in((words,), window)[0] for window in limit_kinds.windows()]
    return [*made, words]


def unmarked(source: str) -> list[str]:
    """Return the words in ``source`` that are not marked, but for docstrings, decorators and what goes to the log."""
    return list(_unmarked(ast.parse(source)))


def _unmarked(node: ast.AST, *, shown: bool = False) -> Iterator[str]:
    skipped: list[ast.AST] = list(getattr(node, "decorator_list", ()))
    match node:
        case ast.Constant(value=str(words)) if _SENTENCE.search(words) or (shown and re.search("[A-Za-z]", words)):
            yield words
        case ast.Expr(value=ast.Constant()):
            return
        case ast.ClassDef(keywords=of_a_group):
            skipped += of_a_group
        case ast.Call(func=func, args=args, keywords=keywords):
            name = ast.unparse(args[0] if ast.unparse(func) == "partial" else func)
            if _UNREAD.fullmatch(name):
                return
            if name in _MARKS:
                skipped += [arg for arg in args if isinstance(arg, ast.Constant)]
            if name.endswith((".start", ".complete", ".create_task")):  # the name of a task
                skipped += [*args[1:], *keywords]
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _unmarked(child, shown=isinstance(node, ast.keyword) and node.arg in _SHOWN)


@pytest.mark.parametrize(
    "source",
    [
        'raise UserError("That did not work.")',
        'await tell(interaction, f"Please wait for {time}.")',
        'Button(label="Press")',
        '_(f"All {count} of them")',
        '_("{things}", things="these and those")',
        'self._tasks.start(self._say("That did not work."), "say it")',
        'class Group(GroupCog, group_name="x"):\n    NOTE = "That did not work."',
    ],
)
def test_the_check_finds_words_that_are_not_marked(source: str) -> None:
    assert len(unmarked(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""That did not work."""',
        '_("That did not work.")',
        'Button(label=_("Press"))',
        'log.warning("that did not work: %s", error)',
        'raise StorageError("that did not work")',
        'partial(log.warning, "that did not work, retrying: %s")',
        'tasks.start(work(), f"work on {job}")',
        '@command(description="Do it all")\ndef do() -> None: ...',
    ],
)
def test_the_check_passes_what_is_marked_or_not_for_members(source: str) -> None:
    assert unmarked(source) == []


@pytest.mark.parametrize(
    "path", [path for pattern in READ for path in sorted(ROOT.glob(pattern))], ids=lambda path: path.name
)
def test_nothing_that_people_read_is_said_in_a_stiff_manner(path: Path) -> None:
    assert not _STIFF.findall(path.read_text("utf-8")), _FRIENDLY


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_nothing_that_the_code_says_is_said_in_a_stiff_manner(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    silent = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # documentation
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in silent]

    assert not [words for words in said if isinstance(words, str) and _STIFF.search(words)], _FRIENDLY

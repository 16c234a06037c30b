"""
The catalogues of translations: ``update`` brings them in line with the code, ``check`` says what is wrong in them.

    python -m tools.catalogues update         extract all words anew; keep the translations there are
    python -m tools.catalogues check [de …]   name each message that is missing or broken, and why
"""

from __future__ import annotations

import ast
import importlib
import re
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from discord import app_commands
from discord.ext import commands

from bot.client import EXTENSIONS
from bot.language import DOMAIN, LANGUAGES, LOCALES

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted({spoken.catalogue for spoken in LANGUAGES.values()})
COMMAND, OPTION, DESCRIPTION, CHOICE = "command name", "option name", "description", "choice"
MOST = {COMMAND: 32, OPTION: 32, DESCRIPTION: 100, CHOICE: 100}  # characters, Discord's limits

LABEL = 45  # characters, Discord's limit for a form's fields

_MARKS_OF = {"_": 1, "N_": 1, "many": 2}  # how many texts each of these takes
_COMMENT = re.compile(r"\s*# Translators: (.*)")
_FILLED = "1.2k"  # what a placeholder of a bounded text is taken for
_BOUND = re.compile(r"at most (\d+) characters")
_NAME = re.compile(r"[-_'\w]{1,32}")
_SPANS = re.compile(r"`([^`]+)`")
_BARE = re.compile(r"(?<![\w/<:.`])/(\w+)")
_MARKS = ("**", "`", "### ", "-# ", "> ", "\n")
_SAME = "same"  # a translator's comment that begins so says that nothing is to be translated here

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu
Levels = dict[str, dict[str, list[str]]]


def path_of(name: str) -> Path:
    """Return where the catalogue of that language lies."""
    return LOCALES / name / "LC_MESSAGES" / f"{DOMAIN}.po"


# -- extraction ------------------------------------------------------------------------------------------------------


@cache
def template() -> Catalog:
    """Return all messages of the present code."""
    catalog = Catalog(project="Kinora", domain=DOMAIN, charset="utf-8", header_comment="# The words that Kinora says.")
    for path in (path for folder in ("bot", "cogs") for path in sorted((ROOT / folder).rglob("*.py"))):
        for text, comments in marked(path.read_text("utf-8")):
            catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)], auto_comments=comments)
    for module, context, text in command_words():
        hint = [f"at most {MOST[context]} characters"]
        catalog.add(text, locations=[(module.replace(".", "/") + ".py", 0)], auto_comments=hint, context=context)
    return catalog


def marked(source: str) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    """Yield what stands in ``_``, ``N_`` and ``many``, in order, with the comment for translators above it."""
    # Not Babel's own reader: on Python 3.11 it does not look into f-strings.
    lines = source.splitlines()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        count = _MARKS_OF.get(call.func.id, 0) if isinstance(call.func, ast.Name) else 0
        texts = tuple(
            arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        )
        if texts and len(texts) == count:
            comment = _COMMENT.match(lines[call.lineno - 2])
            yield texts if count > 1 else texts[0], [comment[1]] if comment else []


def command_words() -> Iterator[tuple[str, str, str]]:
    """Yield what Discord shows of the commands: the module, the context, the words."""
    for module, group, found in _commands():
        if group:
            yield module, COMMAND, group.__cog_group_name__
            yield module, DESCRIPTION, str(group.__cog_group_description__)
        for command in found:
            yield module, COMMAND, command.name
            if isinstance(command, app_commands.ContextMenu):
                continue
            yield module, DESCRIPTION, command.description
            for option in command.parameters:
                yield module, OPTION, option.display_name
                yield module, DESCRIPTION, str(option.description)
                yield from ((module, CHOICE, choice.name) for choice in option.choices)


def _commands() -> Iterator[tuple[str, Any, list[AnyCommand]]]:
    """Yield the commands of each extension, and their group if they have one."""
    for extension in EXTENSIONS:
        module = vars(importlib.import_module(extension)).values()
        menus = [value for value in module if isinstance(value, app_commands.ContextMenu)]
        if menus:
            yield extension, None, list(menus)
        for cog in [value for value in module if isinstance(value, type) and issubclass(value, commands.Cog)]:
            if cog.__module__ == extension:
                group = cog if issubclass(cog, commands.GroupCog) else None
                yield extension, group, [c for c in cog.__cog_app_commands__ if isinstance(c, app_commands.Command)]


def update() -> None:
    """Write the template, and bring each catalogue in line with it."""
    found = template()
    write(found, LOCALES / f"{DOMAIN}.pot")
    for name in NAMES:
        catalog = read(name)
        catalog.update(found, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write(catalog, path_of(name))
        said = [message for message in catalog if message.id]
        print(f"{name}: {sum(map(_is_done, said))} of {len(said)} translated")


def read(name: str) -> Catalog:
    """Return the catalogue of a language, an empty one if there is none yet."""
    if not path_of(name).exists():
        return Catalog(locale=name, domain=DOMAIN, project="Kinora", charset="utf-8", fuzzy=False)
    with path_of(name).open("rb") as file:
        return read_po(file, locale=name, domain=DOMAIN)


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue in the form that all of them have."""
    for message in catalog:
        message.flags.discard("python-format")  # "90 %" is no placeholder of ours
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False)
    # Dates would change with each run, and so would everybody's copy.
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not re.match(r'"(POT-Creation|PO-Revision)-Date', line)), "utf-8")


def _is_done(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


# -- the check -------------------------------------------------------------------------------------------------------


def problems(name: str) -> list[str]:
    """Return what is wrong with the catalogue of a language, a line each."""
    catalog, wanted = read(name), template()
    keys = {(message.context, _singular(message)) for message in wanted if message.id}
    said = [
        f"unknown, no longer in the code: {m.id!r}" for m in catalog if m.id and (m.context, _singular(m)) not in keys
    ]
    for message in wanted:
        if message.id:
            found = catalog.get(_singular(message), message.context)
            said += [f"{why}: {_shown(message)}" for why in _faults(message, found, catalog)]
    return said + list(_clashes(catalog))


def _faults(message: Message, found: Message | None, catalog: Catalog) -> Iterator[str]:
    if found is None or not _is_done(found):
        yield "missing"
        return
    if found.fuzzy:
        yield "fuzzy"
    forms = [str(form) for form in found.string] if isinstance(found.string, tuple) else [str(found.string)]
    english = str(message.id[1]) if isinstance(message.id, tuple) else _singular(message)
    if isinstance(message.id, tuple) and len(forms) != catalog.num_plurals:
        yield f"needs {catalog.num_plurals} plural forms"
    same = any(comment.startswith(_SAME) for comment in found.user_comments)
    most = min(
        (int(bound) for comment in message.auto_comments for bound in _BOUND.findall(comment)), default=_most(english)
    )
    singular = _placeholders(_singular(message))
    for index, form in enumerate(forms):
        told = _placeholders(form)
        if told != _placeholders(english) and (told != singular or index or len(forms) == 1):
            yield "other placeholders"
        yield from _differences(english, form, catalog)
        length = len(re.sub(r"\{\w+\}", _FILLED, form))
        if length > most:
            yield f"longer than {most} characters ({length})"
        if form in (english, _singular(message)) and not same and re.search(r"[^\W\d_]{2}", _bare(english)):
            yield f"the same as the English; a comment `# {_SAME}` above it says that it is meant so"
        if message.context in (COMMAND, OPTION) and message.id not in _menus() and not _is_name(form):
            yield f"no name for Discord: {form!r}"


def _differences(english: str, form: str, catalog: Catalog) -> Iterator[str]:
    for mark in _MARKS:
        if english.count(mark) != form.count(mark):
            yield f"other number of {mark!r}"
    if _symbols(english) != _symbols(form):
        yield "other symbols"
    wanted = Counter(_translated(span, catalog) for span in _SPANS.findall(english))
    if wanted != Counter(_SPANS.findall(form)):
        yield f"other words in backticks than {', '.join(f'`{span}`' for span in wanted)}"
    named = Counter(_named(COMMAND, word, catalog) for word in _BARE.findall(_SPANS.sub("", english)))
    if named != Counter(_BARE.findall(_SPANS.sub("", form))):
        yield f"other commands than {', '.join(f'/{word}' for word in named)}"


def _most(english: str) -> int:
    """Return how long a translation may be: words without punctuation may stand on a button or above a form's field."""
    return 4000 if len(english) > LABEL or re.search(r"[.:{}#*`>]", english) else LABEL


def _placeholders(text: str) -> Counter[str] | None:
    try:
        return Counter(field for _before, field, *_rest in string.Formatter().parse(text) if field is not None)
    except ValueError:
        return None


def _symbols(text: str) -> Counter[str]:
    return Counter(sign for sign in text if unicodedata.category(sign) == "So")


def _translated(span: str, catalog: Catalog) -> str:
    """Return what stands in backticks as the language has it: names of commands and options are translated."""
    if span.startswith("/"):
        words = [word.partition(":") for word in span[1:].split(" ")]
        return "/" + " ".join(
            f"{_named(OPTION, word, catalog)}:{value}" if colon else _named(COMMAND, word, catalog)
            for word, colon, value in words
        )
    return _named(OPTION, _named(COMMAND, span, catalog), catalog) if " " not in span else span


def _named(context: str, word: str, catalog: Catalog) -> str:
    found = catalog.get(word, context)
    return str(found.string) if found and found.string else word


def _clashes(catalog: Catalog) -> Iterator[str]:
    """Yield the names that two commands of one group, or two options of one command, would share."""
    levels: dict[str, list[str]] = {"the commands": []}
    for _module, group, found in _commands():
        slashes = [command for command in found if isinstance(command, app_commands.Command)]
        level = f"/{group.__cog_group_name__}" if group else "the commands"
        levels["the commands"] += [group.__cog_group_name__] if group else []
        levels.setdefault(level, []).extend(command.name for command in slashes)
        for command in slashes:
            names = [_named(OPTION, option.display_name, catalog) for option in command.parameters]
            yield from (f"two options of {command.name} are called {name}" for name in _twice(names))
    for level, names in levels.items():
        yield from (
            f"two of {level} are called {name}" for name in _twice([_named(COMMAND, n, catalog) for n in names])
        )


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _menus() -> set[str]:
    return {c.name for _module, _group, found in _commands() for c in found if isinstance(c, app_commands.ContextMenu)}


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and text == text.lower()


def _bare(text: str) -> str:
    """Return ``text`` without what is never translated."""
    return re.sub(r"\{\w+\}|`[^`]+`", "", text)


def _singular(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def _shown(message: Message) -> str:
    return f"{message.context + ': ' if message.context else ''}{_singular(message)!r}"


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments[:1] != ["check"]:
        print(__doc__)
        return 2
    found = {name: problems(name) for name in arguments[1:] or NAMES}
    for name, lines in found.items():
        print(f"{name}: {len(lines)} problems", *lines, sep="\n  ")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

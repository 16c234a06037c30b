"""Finds the problems of a catalogue: missing translations, broken placeholders, names that Discord does not accept."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from discord import app_commands

from bot.models import DiscordLimits
from tools.extraction import COMMAND, OPTION, all_commands, template
from tools.spelling import misspelt

_FILLED = "1.2k"  # stands for a placeholder when a text's length is measured
_BOUND = re.compile(r"at most (\d+) characters")
_NAME = re.compile(r"[-_'\w]{1,32}")
_SPANS = re.compile(r"`([^`]+)`")
_BARE = re.compile(r"(?<![\w/<:.`])/(\w+)")
_MARKS = ("**", "`", "### ", "-# ", "> ", "\n")
_SAME = "same"  # a translator's comment that starts with it says that the text stays untranslated


def problems(catalog: Catalog) -> list[str]:
    """Return the problems of a language's catalogue, one line each."""
    wanted = template()
    keys = {(message.context, _singular(message)) for message in wanted if message.id}
    lines = [
        f"unknown, no longer in the code: {m.id!r}" for m in catalog if m.id and (m.context, _singular(m)) not in keys
    ]
    for message in wanted:
        if message.id:
            found = catalog.get(_singular(message), message.context)
            lines += [f"{why}: {_shown(message)}" for why in _problems(message, found, catalog)]
    return lines + list(_clashes(catalog))


def repeated(overlay: Catalog, base: Catalog) -> list[str]:
    """Return a line for each message that an overlay says as its base does."""
    same = (m for m in overlay if m.id and (found := base.get(m.id, m.context)) and found.string == m.string)
    return [f"as in {base.locale_identifier}, so leave it out: {_shown(message)}" for message in same]


def _problems(message: Message, found: Message | None, catalog: Catalog) -> Iterator[str]:
    if found is None or not is_done(found):
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
        placeholders = _placeholders(form)
        if placeholders != _placeholders(english) and (placeholders != singular or index or len(forms) == 1):
            yield "other placeholders"
        yield from _differences(english, form, catalog)
        yield from misspelt(str(catalog.locale_identifier), form)
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
    """Return a translation's maximum length: text without punctuation may be the label of a button or a field."""
    label = DiscordLimits.FORM_TITLE
    return DiscordLimits.TEXT if len(english) > label or re.search(r"[.:{}#*`>]", english) else label


def _placeholders(text: str) -> Counter[str] | None:
    try:
        return Counter(field for _before, field, *_rest in string.Formatter().parse(text) if field is not None)
    except ValueError:
        return None


def _symbols(text: str) -> Counter[str]:
    return Counter(sign for sign in text if unicodedata.category(sign) == "So")


def _translated(span: str, catalog: Catalog) -> str:
    """Return a text in backticks as the language writes it: names of commands and options are translated."""
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
    """Yield the names that two commands of one group, or two options of one command, share."""
    levels: dict[str, list[str]] = {"the commands": []}
    for _module, group, found in all_commands():
        levels["the commands"] += [group.__cog_group_name__] if group else []
        for command in found:
            if isinstance(command, app_commands.ContextMenu):
                continue
            outer = [group.__cog_group_name__] if group else []
            outer += [command.parent.qualified_name] if command.parent else []
            levels.setdefault(f"/{' '.join(outer)}" if outer else "the commands", []).append(command.name)
            options = command.parameters if isinstance(command, app_commands.Command) else []
            names = [_named(OPTION, option.display_name, catalog) for option in options]
            yield from (f"two options of {command.name} are called {name}" for name in _twice(names))
    for level, names in levels.items():
        yield from (
            f"two of {level} are called {name}" for name in _twice([_named(COMMAND, n, catalog) for n in names])
        )


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _menus() -> set[str]:
    return {
        c.name for _module, _group, found in all_commands() for c in found if isinstance(c, app_commands.ContextMenu)
    }


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and text == text.lower()


def _bare(text: str) -> str:
    """Return ``text`` without the parts that are never translated."""
    return re.sub(r"\{\w+\}|`[^`]+`", "", text)


def _singular(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def _shown(message: Message) -> str:
    return f"{message.context + ': ' if message.context else ''}{_singular(message)!r}"


def is_done(message: Message) -> bool:
    """Whether all forms of a message are translated."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)

"""Extracts the texts to translate: those marked in the code, of limit kinds, and of commands."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from discord import app_commands
from discord.ext import commands

from bot.gateway.client import EXTENSIONS
from bot.i18n.translation import DOMAIN
from bot.models import DiscordLimits
from bot.texts.limit_words import messages

ROOT = Path(__file__).resolve().parent.parent
COMMAND, OPTION, DESCRIPTION, CHOICE = "command name", "option name", "description", "choice"
MAX_LENGTH = {
    COMMAND: DiscordLimits.COMMAND_NAME,
    OPTION: DiscordLimits.COMMAND_NAME,
    DESCRIPTION: DiscordLimits.DESCRIPTION,
    CHOICE: DiscordLimits.CHOICE,
}

_MARKS_OF = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}  # how many texts each of these takes, a context included
_COMMENT = re.compile(r"\s*# Translators: (.*)")

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | app_commands.Group


@cache
def template() -> Catalog:
    """Return all messages of the code, as a catalogue without translations."""
    catalog = Catalog(project="Kinora", domain=DOMAIN, charset="utf-8")
    for path in (path for folder in ("bot", "cogs") for path in sorted((ROOT / folder).rglob("*.py"))):
        for context, text, comments in marked(path.read_text("utf-8")):
            place = [(path.relative_to(ROOT).as_posix(), 0)]
            catalog.add(text, locations=place, auto_comments=comments, context=context)
    for texts in messages():  # of limit kinds: these are made, and so not marked
        catalog.add(texts if len(texts) > 1 else texts[0], locations=[("bot/texts/limit_words.py", 0)])
    for module, context, text in command_texts():
        hint = [f"at most {MAX_LENGTH[context]} characters"]
        catalog.add(text, locations=[(module.replace(".", "/") + ".py", 0)], auto_comments=hint, context=context)
    return catalog


def marked(source: str) -> Iterator[tuple[str | None, str | tuple[str, ...], list[str]]]:
    """Yield the marked texts in order, each with its context, if it has one, and the comment for translators above."""
    # Not Babel's own extractor: on Python 3.11 it does not look into f-strings.
    lines = source.splitlines()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        mark = call.func.id if isinstance(call.func, ast.Name) else ""
        count = _MARKS_OF.get(mark, 0)
        texts = tuple(
            arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        )
        if texts and len(texts) == count:
            comment = _COMMENT.match(lines[call.lineno - 2])
            context = texts[0] if mark == "pgettext" else None
            yield context, texts if mark == "ngettext" else texts[-1], [comment[1]] if comment else []


def command_texts() -> Iterator[tuple[str, str, str]]:
    """Yield the texts of commands that Discord shows: module, context, text."""
    for module, group, found in all_commands():
        if group:
            yield module, COMMAND, group.__cog_group_name__
            yield module, DESCRIPTION, str(group.__cog_group_description__)
        for command in found:
            yield module, COMMAND, command.name
            if isinstance(command, app_commands.ContextMenu):
                continue
            yield module, DESCRIPTION, command.description
            if isinstance(command, app_commands.Group):
                continue
            for option in command.parameters:
                yield module, OPTION, option.display_name
                yield module, DESCRIPTION, str(option.description)
                yield from ((module, CHOICE, choice.name) for choice in option.choices)


def all_commands() -> Iterator[tuple[str, Any, list[AnyCommand]]]:
    """Yield the commands of each extension, groups within its group among them, and their group if they have one."""
    for extension in EXTENSIONS:
        for name in _modules(extension):
            module = vars(importlib.import_module(name)).values()
            menus = [value for value in module if isinstance(value, app_commands.ContextMenu)]
            if menus:
                yield name, None, list(menus)
            for cog in [value for value in module if isinstance(value, type) and issubclass(value, commands.Cog)]:
                if cog.__module__ == name:
                    group = cog if issubclass(cog, commands.GroupCog) else None
                    yield name, group, [c for own in cog.__cog_app_commands__ for c in _with_inner(own)]


def _with_inner(command: AnyCommand) -> list[AnyCommand]:
    return [command, *(command.walk_commands() if isinstance(command, app_commands.Group) else ())]


def _modules(extension: str) -> list[str]:
    """Return the name of an extension and, where it is a package, those of its modules."""
    package = importlib.import_module(extension)
    inner = pkgutil.iter_modules(getattr(package, "__path__", ()), prefix=f"{extension}.")
    return [extension, *(module.name for module in inner)]

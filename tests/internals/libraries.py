"""
What is internal in another library: all in a module without a page in its documentation, names that begin with an
underscore, and, where the pages are made from docstrings, what no docstring of its class mentions.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

# The libraries that are looked at, with those of their modules that have a page.
DOCUMENTED = {
    "aiohttp": {"aiohttp", "aiohttp.abc", "aiohttp.typedefs", "aiohttp.web"},
    "aiosqlite": {"aiosqlite"},
    "alembic": {"alembic", "alembic.command", "alembic.config", "alembic.context", "alembic.op"},
    "discord": {
        *("discord", "discord.abc", "discord.app_commands", "discord.ext.commands", "discord.ui", "discord.utils"),
    },
    "sqlalchemy": {
        *("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.event", "sqlalchemy.exc", "sqlalchemy.ext.asyncio"),
        *("sqlalchemy.dialects", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "sqlalchemy.types"),
    },
}
FROM_DOCSTRINGS = {"aiosqlite", "discord", "sqlalchemy"}


def library_of(thing: str | type) -> str:
    """Return the first part of a dotted path, or of that of a class."""
    path = thing if isinstance(thing, str) else thing.__module__
    return path.partition(".")[0]


@cache
def find(path: str) -> Any:
    """Return what a dotted path names, None if it is nothing."""
    head, _, name = path.rpartition(".")
    try:
        return importlib.import_module(path)
    except ImportError:
        return getattr(find(head), name, None) if head else None


def undocumented(path: str) -> bool:
    """Whether a dotted path leads through a module of a library that has no page."""
    library = library_of(path)
    if library not in DOCUMENTED:
        return False
    while not inspect.ismodule(find(path)):
        path = path.rpartition(".")[0]
    return path not in DOCUMENTED[library]


@cache
def _classes_in(file: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(Path(file).read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def source_of(kind: type) -> ast.ClassDef | None:
    """Return the definition of a class, None for one that is not written in Python."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    return _classes_in(file).get(kind.__name__) if file.endswith(".py") else None


@cache
def attributes_of(kind: type) -> frozenset[str]:
    """The names that a class itself defines: in its body, or as attributes of ``self``."""
    names = set()
    definition = source_of(kind)
    for statement in definition.body if definition else ():
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(target.id for target in targets if isinstance(target, ast.Name))
        for node in ast.walk(statement):
            match node:
                case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                    names.add(name)
    return frozenset(names)


@cache
def _documentation_of(kind: type) -> str:
    """All that a class says of its attributes: its docstring, and the strings below them."""
    definition = source_of(kind)
    strings = [node.value for node in (definition.body if definition else ()) if isinstance(node, ast.Expr)]
    return "\n".join(str(string.value) for string in strings if isinstance(string, ast.Constant))


def _documented(bases: list[type], name: str) -> bool:
    members = [vars(base).get(name) for base in bases]
    if any(hasattr(member, "__get__") and member.__doc__ for member in members):
        return True
    return any(re.search(rf"\b{name}\b", _documentation_of(base)) for base in bases)


def inherited_internal(kind: type, name: str) -> str | None:
    """Return the path of the internal ``name`` that ``kind`` has from a library, None if it is none."""
    bases = [base for base in kind.__mro__ if library_of(base) in DOCUMENTED]
    defining = [base for base in bases if name in attributes_of(base)]
    if not defining or name.startswith("__"):
        return None
    if not name.startswith("_") and (library_of(defining[0]) not in FROM_DOCSTRINGS or _documented(bases, name)):
        return None
    return f"{defining[-1].__module__}.{defining[-1].__qualname__}.{name}"


def internal(kind: type, name: str) -> str | None:
    """Return the path of the internal that the attribute ``name`` of a library's class is, None if it is none."""
    pages = DOCUMENTED.get(library_of(kind), ())
    if pages and not any(getattr(find(page), kind.__name__, None) is kind for page in pages):
        return f"{kind.__module__}.{kind.__qualname__}.{name}"
    return inherited_internal(kind, name)

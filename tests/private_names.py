"""Which private names of other libraries our code mentions: read from its text, and from the classes it derives."""

from __future__ import annotations

import ast
import importlib
import inspect
from abc import ABC
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[1]
LIBRARIES = ("aiohttp", "aiosqlite", "alembic", "discord", "sqlalchemy")
# Their modules that have a page in the documentation, apart from the libraries themselves.
PAGES = {
    *("aiohttp.abc", "aiohttp.typedefs", "alembic.config", "discord.app_commands", "discord.ext"),
    *("sqlalchemy.dialects", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "sqlalchemy.engine"),
    *("sqlalchemy.exc", "sqlalchemy.types"),
}

NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}  # public in spite of their underscore


def private_names() -> set[str]:
    """Return what is mentioned, as much of its path as can be seen where it is: ``_thread``, ``http.request``."""
    names: set[str] = set()
    for path in (path for root in ("bot", "cogs", "playground") for path in (ROOT / root).rglob("*.py")):
        names.update(_written_in(ast.parse(path.read_text("utf-8"))))
        for kind in _classes_in(path):
            names.update(_shared_with_bases(kind))
    return names


def _classes_in(path: Path) -> list[type]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if module == "bot.storage.migrations.env":  # Alembic alone can load it, and it has none
        return []
    found = vars(importlib.import_module(module)).values()
    return [thing for thing in found if inspect.isclass(thing) and thing.__module__ == module]


def _written_in(tree: ast.Module) -> Iterator[str]:
    """Attributes of what the file does not define itself, and what it imports from, or sets in, a library's inside."""
    nodes = list(ast.walk(tree))
    own = NAMED_TUPLES | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in nodes:
        match node:
            case ast.ImportFrom(module=str(module), names=names) if _is_foreign(module):
                if module not in (*LIBRARIES, *PAGES):
                    yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Attribute(value=ast.Attribute(attr="http"), attr=name):  # discord.py's client has no page for it
                yield f"http.{name}"
            case ast.Attribute(ctx=ast.Store()) if _is_foreign(ast.unparse(node)):
                yield ast.unparse(node)
            case ast.Attribute(value=value, attr=name) if _is_private(name) and name not in own:
                if not isinstance(value, ast.Name) or value.id not in ("self", "cls"):
                    yield name


def _shared_with_bases(kind: type) -> set[str]:
    """The private names that a class has in common with its bases of a library, and what it overrides unpromised."""
    bases = [base for base in kind.__mro__ if _is_foreign(base.__module__)]
    inherited = {name: member for base in reversed(bases) for name, member in vars(base).items()}
    methods = {name for name, member in inherited.items() if inspect.isroutine(member) or isinstance(member, property)}
    unpromised = {name for name in methods & set(vars(kind)) if not inspect.getdoc(inherited[name])}
    common = {name for base in bases for name in _mentioned_by(base)} & _mentioned_by(kind)
    return {name for name in common - set(vars(ABC)) if _is_private(name) or name in unpromised}


def _mentioned_by(kind: type) -> set[str]:
    """The names that a class defines, and those that its methods mention."""
    functions = (inspect.unwrap(getattr(member, "fget", None) or member) for member in vars(kind).values())
    codes = (function.__code__ for function in functions if inspect.isfunction(function))
    return {*vars(kind), *(name for code in codes for name in _mentioned_in(code))}


def _mentioned_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _mentioned_in(constant)


def _is_foreign(path: str) -> bool:
    return path.partition(".")[0] in LIBRARIES


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")

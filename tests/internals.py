"""
Finds the internals of other libraries that our code uses: what they neither document nor promise to keep.

Internal is a name that begins with an underscore, a method or attribute that no docstring of its class mentions, and all
that is defined in a module without a page in the library's documentation.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OURS = ("bot", "cogs", "playground")
# The libraries that are looked at, with those of their modules that have a page in their documentation.
DOCUMENTED = {
    "aiohttp": {"aiohttp", "aiohttp.abc", "aiohttp.typedefs", "aiohttp.web"},
    "aiosqlite": {"aiosqlite"},
    "alembic": {"alembic", "alembic.config"},
    "discord": {"discord", "discord.app_commands", "discord.ext.commands", "discord.ui", "discord.utils"},
    "sqlalchemy": {
        *("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.exc", "sqlalchemy.ext.asyncio", "sqlalchemy.types"),
        *("sqlalchemy.dialects", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite"),
    },
}


def internals_used() -> set[str]:
    """Return each internal that our code uses, by its path in the library, and by a ``?`` where that is not known."""
    files = (path for root in OURS for path in (ROOT / root).rglob("*.py"))
    return {name for path in files for name in _Reader.of(path).internals()}


def library_of(dotted: str) -> str:
    return dotted.partition(".")[0]


def find(dotted: str) -> Any:
    """Return what the path ``dotted`` names, None if it is nothing."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for name in parts[length:]:
            found = getattr(found, name, None)
        return found
    return None


def module_of(dotted: str) -> str:
    """Return the part of the path ``dotted`` that names a module."""
    while dotted and not inspect.ismodule(find(dotted)):
        dotted = dotted.rpartition(".")[0]
    return dotted


def documented(kind: type) -> bool:
    """Whether a page shows the class: a module that has one exports it."""
    modules = DOCUMENTED[library_of(kind.__module__)]
    return any(getattr(find(module), kind.__name__, None) is kind for module in modules)


@cache
def body_of(kind: type) -> list[ast.stmt]:
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    except (OSError, TypeError):
        return []
    return tree.body if isinstance(tree, ast.ClassDef) else []


@cache
def attributes_of(kind: type) -> frozenset[str]:
    """The names that a class itself defines: in its body, or as attributes of ``self``."""
    names = set()
    for statement in body_of(kind):
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
def documentation_of(kind: type) -> str:
    """All that a class says of its attributes: its docstring, and the strings below them."""
    strings = [node.value.value for node in body_of(kind) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    return "\n".join(map(str, strings))


def inherited_internal(kind: type, name: str) -> str | None:
    """Return the path of the internal ``name`` that ``kind`` has from a library, None if it is none."""
    bases = [base for base in kind.__mro__ if library_of(base.__module__) in DOCUMENTED]
    defining = [base for base in bases if name in attributes_of(base)]
    if not defining or (name.startswith("__") and name.endswith("__")):
        return None
    if not name.startswith("_"):
        members = [vars(base).get(name) for base in defining]
        if any(hasattr(member, "__get__") and member.__doc__ for member in members):
            return None
        if any(re.search(rf"\b{name}\b", documentation_of(base)) for base in bases):
            return None
    return f"{defining[-1].__module__}.{defining[-1].__qualname__}.{name}"


class _Reader:
    """Reads one file of ours, and follows what an expression is through imports, annotations and constructors."""

    def __init__(self, path: Path) -> None:
        self._tree = ast.parse(path.read_text("utf-8"))
        self._module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        self._names: dict[str, str] = {}
        self._parents: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self._tree):
            self._parents.update((child, node) for child in ast.iter_child_nodes(node))
            match node:
                case ast.Import(names=names):
                    self._names.update((library_of(alias.name), library_of(alias.name)) for alias in names)
                case ast.ImportFrom(module=source, names=names):
                    self._names.update((alias.asname or alias.name, f"{source}.{alias.name}") for alias in names)
        self._names.update((n.name, f"{self._module}.{n.name}") for n in self._tree.body if isinstance(n, ast.ClassDef))

    @classmethod
    @cache
    def of(cls, path: Path) -> _Reader:
        return cls(path)

    def internals(self) -> Iterator[str]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ClassDef) and (kind := self._class_named(ast.Name(node.name))):
                yield from filter(None, (inherited_internal(kind, name) for name in attributes_of(kind)))
            elif isinstance(node, ast.Attribute) and not isinstance(self._parents[node], ast.Attribute):
                yield from self._reached_by(node)
            elif isinstance(node, ast.ImportFrom):
                paths = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (path for path in paths if self._undocumented(path))

    def _undocumented(self, path: str) -> bool:
        library = library_of(path)
        return library in DOCUMENTED and module_of(path) not in DOCUMENTED[library]

    def _reached_by(self, node: ast.Attribute) -> Iterator[str]:
        """The internal that a chain of attributes leads to, with all that follows it."""
        stored, names, root = isinstance(node.ctx, ast.Store), [], node
        while isinstance(root, ast.Attribute):
            names.insert(0, root.attr)
            root = root.value
        if isinstance(root, ast.Name) and self._kind_of(root) is None and root.id in self._names:
            path = ".".join([self._names[root.id], *names])
            if library_of(path) in DOCUMENTED and (stored or self._undocumented(path)):
                yield path
            return
        kind = self._kind_of(root)
        for number, name in enumerate(names):
            rest = names[number + 1 :]
            if kind is None:
                if name.startswith("_") and not name.startswith("__"):
                    yield f"?.{name}"
                return
            internal = internal(kind, name, stored=stored and not rest)
            if internal:
                yield ".".join([internal, *rest])
                return
            kind = kind_of_attribute(kind, name)

    def _kind_of(self, node: ast.AST | None) -> type | None:
        """Return the class of what an expression is, None if that cannot be seen."""
        match node:
            case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")):
                return self._class_around(node)
            case ast.Name(id=name):
                return self._kind_of_local(node, name)
            case ast.Call(func=function):
                return self._class_named(function)
            case ast.Attribute(value=value, attr=name) if kind := self._kind_of(value):
                return kind_of_attribute(kind, name)
        return None

    def _kind_of_local(self, node: ast.AST, name: str) -> type | None:
        while node := self._parents.get(node):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = (*node.args.args, *node.args.kwonlyargs)
                if found := [argument for argument in arguments if argument.arg == name]:
                    return self._class_named(found[0].annotation)
                for inner in ast.walk(node):
                    match inner:
                        case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call(func=function)) if target == name:
                            return self._class_named(function)
        return None

    def _class_around(self, node: ast.AST) -> type | None:
        while node := self._parents.get(node):
            if isinstance(node, ast.ClassDef):
                return self._class_named(ast.Name(node.name))
        return None

    def _class_named(self, node: ast.AST | None) -> type | None:
        """Return the class that an annotation or the function of a call names."""
        match node:
            case ast.BinOp(left=left, op=ast.BitOr()):
                return self._class_named(left)
            case ast.Subscript(value=value):
                return self._class_named(value)
            case ast.Name() | ast.Attribute():
                root, _, rest = ast.unparse(node).partition(".")
                found = find(f"{self._names[root]}.{rest}".rstrip(".")) if root in self._names else None
                return found if inspect.isclass(found) else None
        return None

    def kind_of_attribute(self, owner: str, name: str) -> type | None:
        """Return the class of the attribute ``name`` of our own class ``owner``."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ClassDef) and node.name == owner:
                for inner in ast.walk(node):
                    match inner:
                        case ast.AnnAssign(target=ast.Name(id=target) | ast.Attribute(attr=target), annotation=kind) if target == name:
                            return self._class_named(kind)
                        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=target)], value=value) if target == name:
                            return self._kind_of(value)
        return None


def internal(kind: type, name: str, *, stored: bool) -> str | None:
    own = [base for base in kind.__mro__ if library_of(base.__module__) in OURS]
    if any(name in attributes_of(base) for base in own):
        return None
    if not own and library_of(kind.__module__) in DOCUMENTED:
        if not documented(kind) or (stored and callable(getattr(kind, name, None))):
            return f"{kind.__module__}.{kind.__qualname__}.{name}"
    return inherited_internal(kind, name)


def kind_of_attribute(kind: type, name: str) -> type | None:
    for base in kind.__mro__:
        if library_of(base.__module__) in OURS and name in attributes_of(base):
            path = Path(inspect.getfile(base))
            return _Reader.of(path).kind_of_attribute(base.__name__, name)
    return None

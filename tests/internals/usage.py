"""Reads our code, and follows through imports, annotations and constructors what it reaches of other libraries."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.internals.libraries import (
    DOCUMENTED,
    attributes_of,
    find,
    inherited_internal,
    internal,
    library_of,
    undocumented,
)

ROOT = Path(__file__).parents[2]
OURS = ("bot", "cogs", "playground")


def internals_used() -> set[str]:
    """Return each internal that our code uses, by its path in the library, and by a ``?`` where that is not known."""
    files = (path for root in OURS for path in (ROOT / root).rglob("*.py"))
    return {internal for path in files for internal in _File.of(path).internals()}


class _File:
    """One file of ours."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text("utf-8"))
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        self._nodes = list(ast.walk(tree))
        self._parents = {child: node for node in self._nodes for child in ast.iter_child_nodes(node)}
        self._names: dict[str, str] = {}  # what is defined or imported here, to its dotted path
        for node in self._nodes:
            match node:
                case ast.ClassDef(name=name) if self._parents[node] is tree:
                    self._names[name] = f"{module}.{name}"
                case ast.Import(names=names):
                    self._names.update((library_of(alias.name), library_of(alias.name)) for alias in names)
                case ast.ImportFrom(module=source, names=names):
                    self._names.update((alias.asname or alias.name, f"{source}.{alias.name}") for alias in names)

    @classmethod
    @cache
    def of(cls, path: Path) -> _File:
        return cls(path)

    def internals(self) -> Iterator[str]:
        for node in self._nodes:
            match node:
                case ast.ClassDef(name=name) if kind := self._class_at(ast.Name(name)):
                    yield from filter(None, (inherited_internal(kind, name) for name in attributes_of(kind)))
                case ast.ImportFrom(module=source, names=names):
                    yield from filter(undocumented, (f"{source}.{alias.name}" for alias in names))
                case ast.Attribute() if not isinstance(self._parents[node], ast.Attribute):
                    yield from self._reached_by(node)

    def _reached_by(self, node: ast.Attribute) -> Iterator[str]:
        """The internal that a chain of attributes leads to, with all that follows it."""
        root, names = _taken_apart(node)
        kind = self._kind_of(root)
        if kind is None and isinstance(root, ast.Name) and root.id in self._names:
            path = ".".join([self._names[root.id], *names])
            if undocumented(path) or (isinstance(node.ctx, ast.Store) and library_of(path) in DOCUMENTED):
                yield path
            return
        for at, name in enumerate(names, 1):
            if kind is None:
                around = self._class_around(node)
                if (
                    name.startswith("_")
                    and not name.startswith("__")
                    and not (around and name in attributes_of(around))
                ):
                    yield f"?.{name}"
                return
            if not _own(kind, name) and (found := internal(kind, name)):
                yield ".".join([found, *names[at:]])
                return
            kind = _kind_of_attribute(kind, name)

    def _kind_of(self, node: ast.AST | None) -> type | None:
        """Return the class of what an expression is, None if that cannot be seen."""
        match node:
            case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")):
                return self._class_around(node)
            case ast.Name(id=name):
                return self._class_at(self._origins_around(node).get(name))
            case ast.Call(func=function):
                return self._class_at(function)
            case ast.Attribute(value=value, attr=name) if kind := self._kind_of(value):
                return _kind_of_attribute(kind, name)
        return None

    def _class_at(self, node: ast.AST | None) -> type | None:
        """Return the class that an annotation, or what is called, names."""
        match node:
            case ast.BinOp(left=left, op=ast.BitOr()):
                return self._class_at(left)
            case ast.Subscript(value=value):
                return self._class_at(value)
            case ast.Name() | ast.Attribute():
                root, names = _taken_apart(node)
                if isinstance(root, ast.Name) and root.id in self._names:
                    found = find(".".join([self._names[root.id], *names]))
                    return found if inspect.isclass(found) else None
        return None

    def _class_around(self, node: ast.AST) -> type | None:
        while not isinstance(node, ast.ClassDef | ast.Module):
            node = self._parents[node]
        return self._class_at(ast.Name(node.name)) if isinstance(node, ast.ClassDef) else None

    def _origins_around(self, node: ast.AST) -> dict[str, ast.AST | None]:
        """The local names where ``node`` stands, to the annotation or the constructor that says what each is."""
        while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            node = self._parents[node]
        return {} if isinstance(node, ast.Module) else _origins_in(node)

    def kind_of_attribute(self, owner: str, name: str) -> type | None:
        """Return the class of the attribute ``name`` of our own class ``owner``, which this file defines."""
        kinds = (self._class_at(node) or self._kind_of(node) for node in self._attributes_of(owner).get(name, ()))
        return next(filter(None, kinds), None)

    @cache  # noqa: B019 - there are as many as files
    def _attributes_of(self, owner: str) -> dict[str, list[ast.expr]]:
        """The attributes of a class of this file, to the annotations and values that say what each is."""
        (definition,) = (node for node in self._nodes if isinstance(node, ast.ClassDef) and node.name == owner)
        found: defaultdict[str, list[ast.expr]] = defaultdict(list)
        for node in ast.walk(definition):
            match node:
                case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name), annotation=said):
                    found[name].append(said)
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=said):
                    found[name].append(said)
        return found


def _taken_apart(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """Return what a chain of attributes begins with, and their names."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return node, names


@cache
def _origins_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, ast.AST | None]:
    origins: dict[str, ast.AST | None] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=called)):
                origins[name] = called
            case ast.arg(arg=name, annotation=annotation):
                origins[name] = annotation
    return origins


def _own(kind: type, name: str) -> bool:
    return any(name in attributes_of(base) for base in kind.__mro__ if library_of(base) in OURS)


@cache
def _kind_of_attribute(kind: type, name: str) -> type | None:
    for base in kind.__mro__:
        if library_of(base) in OURS and name in attributes_of(base):
            return _File.of(Path(inspect.getfile(base))).kind_of_attribute(base.__name__, name)
    return None

"""The tree keeps its shape: where modules live, what they are called, and that importing one does nothing."""

from __future__ import annotations

import ast
import os
import pkgutil
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import run_program

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
CONTRACTS = tomllib.loads(PYPROJECT)["tool"]["importlinter"]["contracts"]
OURS = ("bot", "cogs", "playground")
PACKAGES = sorted(path.parent for root in OURS for path in (ROOT / root).rglob("__init__.py"))
MOST_MODULES = 12  # in one folder; a larger one wants rooms
# A file for each thing that people look at, and a file for each change of the tables: there the number is the subject.
UNBOUNDED = ("bot/texts", "bot/storage/migrations/versions")


def name_of(package: Path) -> str:
    return package.relative_to(ROOT).as_posix()


def modules_in(package: Path) -> list[str]:
    """The names of the modules that stand in ``package`` itself."""
    return sorted(path.stem for path in package.glob("*.py") if path.stem != "__init__")


def public_names() -> Iterator[tuple[str, str]]:
    """Each public class and function that a module of ``bot/`` or ``cogs/`` defines, with the module's path."""
    for path in (path for root in ("bot", "cogs") for path in sorted((ROOT / root).rglob("*.py"))):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
                yield node.name, path.relative_to(ROOT).as_posix()


def entered_by_name(name: str, path: str) -> bool:
    """Whether a library calls ``name`` in every file of this kind: discord.py an extension, Alembic a migration."""
    return (name == "setup" and path.startswith("cogs/")) or path.startswith("bot/storage/migrations/versions/")


def named_in(contract: dict[str, object]) -> Iterator[str]:
    """Our own modules that ``contract`` names with their whole path."""
    for value in contract.values():
        for text in value if isinstance(value, list) else ():
            yield from (name for name in text.replace("|", " ").split() if name.split(".")[0] in OURS)


def importable_modules() -> list[str]:
    found = [
        module.name
        for folder in ("bot", "cogs")
        for module in pkgutil.walk_packages([str(ROOT / folder)], prefix=f"{folder}.")
    ]
    # Alembic alone loads this one, while a migration runs.
    return ["bot", "cogs", *(name for name in found if name != "bot.storage.migrations.env")]


def test_the_top_of_the_bot_holds_four_modules() -> None:
    assert modules_in(ROOT / "bot") == ["__main__", "app", "errors", "models"]


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_each_package_says_in_one_sentence_what_it_is_for(package: Path) -> None:
    sentence = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert ". " not in sentence


def test_no_folder_of_the_bot_is_larger_than_a_reader_can_oversee() -> None:
    sizes = {name_of(package): len(modules_in(package)) for package in PACKAGES if package.is_relative_to(ROOT / "bot")}
    assert {name for name, size in sizes.items() if size > MOST_MODULES} <= set(UNBOUNDED)


def test_no_public_name_stands_for_two_things() -> None:
    places = defaultdict(list)
    for name, path in public_names():
        if not entered_by_name(name, path):
            places[name].append(path)
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_the_import_contracts_are_short_and_speak_of_folders() -> None:
    contracts = PYPROJECT.split("[tool.importlinter]\n", 1)[1].split("\n[tool.", 1)[0]
    assert len(contracts.splitlines()) < 70
    for name in {name for contract in CONTRACTS for name in named_in(contract)}:
        # What stands at the top of a root is a storey of its own.
        assert (ROOT / name.replace(".", "/")).is_dir() or name.count(".") == 1, name


def test_each_module_can_be_imported_alone_and_importing_does_nothing() -> None:
    modules = importable_modules()
    assert {"bot.storage.jobs", "bot.__main__", "cogs.video.command"} <= set(modules)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    run = run_program("import_each_module", *modules, environment=environment, timeout=100)
    assert (run.returncode, run.stdout, run.stderr[-2000:]) == (0, "", "")

"""
The translation catalogues: ``update`` synchronises them with the code, ``check`` reports what is missing or wrong.

That of a region, such as ``zh_TW``, is an overlay: it holds only what its base, here ``zh_CN``, does not say as well.

    python -m tools.catalogues update         extract all texts again, keeping the existing translations
    python -m tools.catalogues check [de …]   list each message that is missing or wrong, and why
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.i18n.translation import DOMAIN, LANGUAGES, LOCALES
from tools.extraction import template
from tools.problems import is_done, problems, repeated

NAMES = sorted({spoken.catalogue for spoken in LANGUAGES.values()})
BASES = {spoken.catalogue: spoken.base for spoken in LANGUAGES.values() if spoken.base}  # by overlay

# Header lines that are not used; dates would change the files with each run.
_IDLE = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Project-Id-Version|Report-Msgid|Last-Translator|Language-Team)'
)


def path_of(name: str) -> Path:
    """Return the path of a language's catalogue."""
    return LOCALES / name / "LC_MESSAGES" / f"{DOMAIN}.po"


def update() -> None:
    """Write the template, and update each catalogue from it."""
    found = template()
    write(found, LOCALES / f"{DOMAIN}.pot")
    for name in NAMES:
        catalog = read(name)
        catalog.update(found, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        if name in BASES:
            for message in [message for message in catalog if message.id and not is_done(message)]:
                catalog.delete(message.id, message.context)
        write(catalog, path_of(name))
        done = sum(is_done(message) for message in catalog if message.id)
        rest = f", the rest as in {BASES[name]}" if name in BASES else ""
        print(f"{name}: {done} of {len(found)} translated{rest}")


def read(name: str) -> Catalog:
    """Return the catalogue of a language, an empty one if it does not exist yet."""
    if not path_of(name).exists():
        return Catalog(locale=name, domain=DOMAIN, project="Kinora", charset="utf-8", fuzzy=False)
    with path_of(name).open("rb") as file:
        return read_po(file, locale=name, domain=DOMAIN)


def whole(name: str) -> Catalog:
    """Return all that is said in a language: its own catalogue, and what an overlay leaves to its base."""
    catalog = read(name)
    for message in read(BASES[name]) if name in BASES else ():
        own = catalog.get(message.id, message.context)
        if message.id and not (own and is_done(own)):
            catalog.delete(message.id, message.context)
            catalog[message.id] = message
    return catalog


def found_in(name: str) -> list[str]:
    """Return the problems of a language's catalogue, one line each."""
    return [*problems(whole(name)), *(repeated(read(name), read(BASES[name])) if name in BASES else ())]


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue in the format that all of them share."""
    for message in catalog:
        message.flags.discard("python-format")  # "90 %" is not a placeholder here
    catalog.header_comment = "# The words that Kinora says."
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not _IDLE.match(line)), "utf-8")


def main(arguments: list[str]) -> int:
    """Run the command and return the exit code."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments[:1] != ["check"]:
        print(__doc__)
        return 2
    found = {name: found_in(name) for name in arguments[1:] or NAMES}
    for name, lines in found.items():
        print(f"{name}: {len(lines)} problems", *lines, sep="\n  ")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

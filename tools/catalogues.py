"""
The catalogues of translations: ``update`` brings them in line with the code, ``check`` says what is wrong in them.

    python -m tools.catalogues update         extract all words anew; keep the translations there are
    python -m tools.catalogues check [de …]   name each message that is missing or broken, and why
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.i18n.translation import DOMAIN, LANGUAGES, LOCALES
from tools.faults import faults, is_done
from tools.words import template

NAMES = sorted({spoken.catalogue for spoken in LANGUAGES.values()})

# Lines of a header that nobody fills in; dates would change with each run, and so would everybody's copy.
_IDLE = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Project-Id-Version|Report-Msgid|Last-Translator|Language-Team)'
)


def path_of(name: str) -> Path:
    """Return where the catalogue of that language lies."""
    return LOCALES / name / "LC_MESSAGES" / f"{DOMAIN}.po"


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
        print(f"{name}: {sum(map(is_done, said))} of {len(said)} translated")


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
    catalog.header_comment = "# The words that Kinora says."
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not _IDLE.match(line)), "utf-8")


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments[:1] != ["check"]:
        print(__doc__)
        return 2
    found = {name: faults(read(name)) for name in arguments[1:] or NAMES}
    for name, lines in found.items():
        print(f"{name}: {len(lines)} problems", *lines, sep="\n  ")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

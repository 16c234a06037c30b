"""``python -m tests.texts.snapshots``: write all snapshots again, and remove those of modules that are gone."""

from __future__ import annotations

from tests.texts.cases import CASES
from tests.texts.snapshots import FOLDER, LANGUAGES, path_of, snapshot


def main() -> None:
    """Write what the code says now."""
    for file in FOLDER.glob("*/*.txt"):
        file.unlink()
    for language in LANGUAGES:
        for module in CASES:
            file = path_of(module, language)
            file.parent.mkdir(exist_ok=True)
            file.write_text(snapshot(module, language), "utf-8", newline="\n")


if __name__ == "__main__":
    main()

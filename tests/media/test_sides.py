"""Width and height of a kept picture are read from the head of its file, and nothing else is believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from bot.media.pictures.sides import sides_of


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True})])
def test_the_sides_are_read(tmp_path: Path, kind: str, options: dict[str, bool]) -> None:
    file = tmp_path / "a"
    Image.new("RGB", (37, 1021), "teal").save(file, kind, **options)
    assert sides_of(file) == (37, 1021)


@pytest.mark.parametrize("body", [b"", b"\x89PNG", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"<html>" * 20])
def test_what_is_cut_off_or_no_picture_has_none(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "a"
    file.write_bytes(body)
    assert sides_of(file) is None

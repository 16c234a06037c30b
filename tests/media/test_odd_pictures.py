"""Odd pictures come out as people see them, or are declined in a sentence that says why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.media.pictures.problems import PictureError
from bot.media.pictures.safe import make_safe
from bot.texts.pictures import picture_sentence
from tests.media.corpus import MARK, Odd, corpus

ODD = corpus()


def cases(*, used: bool) -> list[Any]:
    """Return those that are used, or those that are not, as parameters; what cannot be written here is skipped."""
    return [
        pytest.param(odd, id=odd.name, marks=pytest.mark.skipif(bool(odd.left_out), reason=odd.left_out))
        for odd in ODD
        if used is not bool(odd.said)
    ]


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    assert len({odd.name for odd in ODD}) == len(ODD) >= 120


@pytest.mark.parametrize("odd", cases(used=True))
def test_odd_picture_comes_out_as_it_is_seen(tmp_path: Path, odd: Odd) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(odd.data)
    make_safe(source, target)
    assert MARK not in target.read_bytes()
    with Image.open(target) as made:
        assert made.size == odd.size
        assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not made.getexif()
        assert odd.unlike(made) == []


@pytest.mark.parametrize("odd", cases(used=False))
def test_odd_picture_that_cannot_be_used_is_declined_in_a_sentence(tmp_path: Path, odd: Odd) -> None:
    (tmp_path / "source").write_bytes(odd.data)
    with pytest.raises(PictureError) as caught:
        make_safe(tmp_path / "source", tmp_path / "target")
    assert odd.said in picture_sentence(caught.value)


def test_heic_is_named_with_what_works_where_its_extra_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "source").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500))
    with pytest.raises(PictureError) as caught:
        make_safe(tmp_path / "source", tmp_path / "target")
    said = picture_sentence(caught.value)
    assert "HEIC" in said
    assert "JPEG" in said

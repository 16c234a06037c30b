"""``python -m bot services`` lists ComfyUI and every task service, and the page of services says the same of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.services import GRADES, sample_model
from bot.providers.tasks.descriptions.file import load_description, shipped_names

PAGE = (Path(__file__).parents[2] / "docs" / "services.md").read_text("utf-8")


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """The columns of the list, by what VIDEO_API says."""
    assert main(["services"]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    return {columns[0]: columns for columns in (re.split(r" {2,}", line) for line in lines)}


def test_each_description_has_its_line(listed: dict[str, list[str]]) -> None:
    assert list(listed) == ["comfyui", *shipped_names()]
    assert all(len(columns) == 7 for columns in listed.values())
    assert listed["veo"] == [
        *("veo", "Google Veo", "https://aistudio.google.com/apikey", "base64", "4-8", "state"),
        GRADES["tested"],
    ]


def test_the_page_has_the_same_of_each(listed: dict[str, list[str]]) -> None:
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|", PAGE, re.MULTILINE)
    shown = {
        columns[0]: (*columns[1:3], columns[0], *columns[3:6], columns[6].split()[0]) for columns in listed.values()
    }

    assert len(rows) == 27
    for row in rows:
        assert row == shown[row[2]]


def test_a_model_that_a_pattern_fits_is_found_for_each() -> None:
    for name in shipped_names():
        described = load_description(name)
        for pattern in described.models:
            assert described.pattern_of(sample_model(pattern)) is not None

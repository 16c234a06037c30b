"""Recorded answers of task services are read as their samples say, and those beside each description too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli.describe import read_line
from bot.providers.tasks.descriptions.file import SERVICES, load_description, shipped_names

DATA = Path(__file__).parents[2] / "data"
EXAMPLES = [
    (name, line) for name in shipped_names() for line in (SERVICES / f"{name}.examples.jsonl").read_bytes().splitlines()
]
SAMPLES = [
    (json.loads(line)["description"], line)
    for name in ("videos_samples.jsonl", "native_samples.jsonl")
    for line in (DATA / name).read_bytes().splitlines()
]
ANSWERS = [  # answers as the makers' documents word them, each with what it must mean, decided before it was read
    (json.loads(line)["description"], line) for line in (DATA / "native_answers.jsonl").read_bytes().splitlines()
]


def _id(value: str | bytes) -> str:
    return value if isinstance(value, str) else str(json.loads(value)["name"])


def told(description: str, line: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    told, _ = read_line(load_description(description), line.decode())
    return told, json.loads(line)


@pytest.mark.parametrize(("description", "line"), [*SAMPLES, *EXAMPLES, *ANSWERS], ids=_id)
def test_a_recorded_answer_means_what_it_is_said_to_mean(description: str, line: bytes) -> None:
    meaning, sample = told(description, line)

    assert "not_as_expected" not in meaning
    expected = sample["expected"]
    assert meaning["wait"] == expected.get("retry_after", expected.get("poll_after", meaning["wait"]))


@pytest.mark.parametrize("name", shipped_names())
def test_a_description_is_a_short_page_with_examples_that_fail_and_that_succeed(name: str) -> None:
    lines = (SERVICES / f"{name}.toml").read_text("utf-8").splitlines()
    outcomes = [json.loads(line)["expected"]["outcome"] for service, line in EXAMPLES if service == name]

    assert 15 <= len(lines) <= 60
    assert {"success", "queued", "provider_error"} <= set(outcomes)


def test_there_are_as_many_samples_as_were_gathered() -> None:
    assert (len(SAMPLES), len(EXAMPLES) >= 400) == (238, True)

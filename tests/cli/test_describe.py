"""``python -m bot describe`` shows what a description sends and how it reads answers; the key is never shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from tests.providers.tasks.services import PLAIN

SAMPLES = Path(__file__).parents[1] / "data" / "videos_samples.jsonl"


@pytest.mark.parametrize("name", shipped_names())
def test_each_description_shows_its_calls_and_reads_its_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", name]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("create  POST https://") for line in lines)
    assert any(
        re.match(r"poll    (?:(?:GET|POST) https://|at the address that the service gives)", line) for line in lines
    )
    auth = load_description(name).auth
    assert f"        {auth.header}: {auth.value('[VIDEO_API_KEY]')}" in lines
    examples = [json.loads(line) for line in lines if line.startswith('{"name"')]
    assert len(examples) > 5
    assert not any("not_as_expected" in example for example in examples)


def test_recorded_answers_are_read_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.jsonl"
    seen = {"step": "poll", "status": 200, "headers": {}, "body": {"status": "completed", "usage": {"cost": 0.5}}}
    answers.write_text(f"{json.dumps(seen)}\n\n{json.dumps({**seen, 'step': 'create', 'body_text': '{}'})}\n", "utf-8")

    assert main(["describe", "videos", "--read", str(answers)]) == 0
    made, unclear = map(json.loads, capsys.readouterr().out.splitlines())
    assert made == {
        "outcome": "success",
        "percent": None,
        "link": "/content",
        "link_wants_key": True,
        "job_id": None,
        "cost": 0.5,
        "retry": False,
        "wait": None,
        "finally": None,
        "model_gone": False,
        "rule": "status 'completed', no link: the service gives the video itself",
    }
    assert unclear["outcome"] == "bad_stream"


def test_an_answer_that_is_not_read_as_expected_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "my.toml"
    page.write_text(PLAIN, "utf-8")
    beside = tmp_path / "my.examples.jsonl"
    example = {"step": "poll", "status": 200, "body": {"status": "done-ish"}, "expected": {"outcome": "success"}}
    beside.write_text(f"{json.dumps(example)}\nno JSON\n[]\n", "utf-8")

    assert main(["describe", str(page)]) == 1
    *_, wrong, no_json, no_answer = map(json.loads, capsys.readouterr().out.splitlines()[-3:])
    assert wrong["not_as_expected"] == ["outcome"]
    assert "error" in no_json
    assert "needs step, status, headers" in no_answer["error"]


@pytest.mark.parametrize(
    "line",
    [
        '{"step": "poll", "status": 1e400, "body": {}}',
        '{"step": "poll", "body": ' + "[" * 2000 + "]" * 2000 + "}",
        '{"step": "poll", "status": 404, "body": {}, "seconds_since_create": "x"}',
        '{"step": "poll", "body": {}, "headers": [1]}',
        '{"step": "poll", "body": {}, "base_url": 5}',
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number_and_the_next_one_is_read(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.jsonl"
    fine = json.dumps({"step": "poll", "body": {"status": "queued"}, "expected": None})
    answers.write_text(f"\n{line}\n{fine}\n", "utf-8")

    assert main(["describe", "videos", "--read", str(answers)]) == 1
    told, read = map(json.loads, capsys.readouterr().out.splitlines())
    assert told["line"] == 2
    assert "needs step, status, headers" in told["error"]
    assert read["outcome"] == "queued"


def test_a_wrong_description_is_told_on_the_error_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "my.toml"
    page.write_text(PLAIN.replace("[poll]", "[pol]"), "utf-8")

    assert main(["describe", str(page)]) == 1
    assert main(["describe", "vidoes"]) == 1
    assert main(["describe", "videos", "--read", str(tmp_path / "none")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "my.toml, line 9: pol is unknown; did you mean poll?" in told.err
    assert f"one of {', '.join(shipped_names())}" in told.err

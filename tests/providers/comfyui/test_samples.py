"""Answers and messages recorded from real servers mean what their samples say."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli.describe import read_line
from bot.providers.base import Failure, Progress, Waiting
from bot.providers.comfyui.answers import (
    ENDS,
    ServerAnswer,
    Where,
    read_create,
    read_history,
    read_job,
    read_queue,
    read_upload,
)
from bot.providers.comfyui.failures import failed, interrupted
from bot.providers.comfyui.film import SavedFilm, film_in
from bot.providers.comfyui.progress import SamplerSteps
from bot.providers.tasks.descriptions.file import load_description

DATA = Path(__file__).parents[2] / "data" / "comfyui_samples.jsonl"
SAMPLES = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
GRAPH = {
    "1": {"class_type": "LoadImage", "inputs": {}},
    "2": {"class_type": "StandInSampler", "inputs": {"steps": 40}},
    "5": {"class_type": "SaveVideo", "inputs": {}},
}


def of(*steps: str) -> list[Any]:
    return [pytest.param(sample, id=sample["name"]) for sample in SAMPLES if sample["step"] in steps]


def answer(sample: dict[str, Any]) -> ServerAnswer:
    text = json.dumps(sample["body"]) if "body" in sample else sample.get("body_text", "")
    return ServerAnswer(sample["status"], text)


def outcomes(sample: dict[str, Any]) -> list[str]:
    expected = sample["expected"]
    return [expected["outcome"], *expected.get("outcome_may_be", [])]


def said(state: object) -> str:
    """A state in the words of the samples."""
    match state:
        case Failure(outcome=outcome):
            return str(outcome)
        case SavedFilm():
            return "success"
        case Waiting():
            return "queued"
        case Where.WORKING | Where.ABSENT:
            return "in_progress"
        case str():
            return "ok"
        case _:
            return "again"


def is_sane(failure: object) -> None:
    """A failure is told to the operator without folders of the server, and never invites to try the same again."""
    assert isinstance(failure, Failure)
    assert failure.retry_after is None
    assert not [path for path in ("/srv", "\\", "tensor(", "Traceback", 'File "') if path in failure.detail]
    assert len(failure.detail) <= 300


@pytest.mark.parametrize("sample", of("upload"))
def test_an_upload(sample: dict[str, Any]) -> None:
    read = read_upload(answer(sample))

    assert said(read) in outcomes(sample)
    if "image" in sample["expected"]:
        assert read == sample["expected"]["image"]
    else:
        is_sane(read)


@pytest.mark.parametrize("sample", of("prompt"))
def test_a_create(sample: dict[str, Any]) -> None:
    read, expected = read_create(answer(sample)), sample["expected"]

    if "id" in expected:
        assert read == expected["id"]
        return
    is_sane(read)
    assert isinstance(read, Failure)
    assert said(read) in outcomes(sample)
    assert read.model_gone == expected.get("model_gone", False)
    assert expected.get("node_missing", "") in read.detail
    assert read.not_begun or sample["status"] not in (400,)


@pytest.mark.parametrize("sample", of("history", "jobs"))
def test_where_a_prompt_is(sample: dict[str, Any]) -> None:
    id = sample["prompt_id"] if sample.get("prompt_id") else next(iter(sample["body"]), "gone")
    state = read_job(answer(sample)) if sample["step"] == "jobs" else read_history(answer(sample), id)

    if sample["name"] == "jobs_unknown":  # lost once it was said three times
        assert state is Where.ABSENT
        return
    assert said(state) in outcomes(sample)
    if isinstance(state, SavedFilm):
        assert state.path.replace("%2F", "/") == sample["expected"]["link"]
    elif isinstance(state, Failure):
        is_sane(state)


@pytest.mark.parametrize("sample", of("queue"))
def test_the_queue(sample: dict[str, Any]) -> None:
    expected = sample["expected"]
    if sample["status"] == 403:
        assert said(read_queue(answer(sample), "mine")) in outcomes(sample)
        return
    for id in expected.get("running", ()):
        assert read_queue(answer(sample), id) is Where.WORKING
    for place, id in enumerate(expected.get("pending", ()), 1):
        assert read_queue(answer(sample), id) == Waiting(place)
    if "running" in expected:
        assert read_queue(answer(sample), "mine") is Where.ABSENT


def heard(messages: list[Any], id: str) -> tuple[str, list[Progress], str | None]:
    """What messages come to: the outcome, what was shown of the way, and the path of a film that was named."""
    steps, shown, outcome, link = SamplerSteps(GRAPH, id), [], "in_progress", None
    for message in messages:
        if progress := steps.hear(message):
            shown.append(progress)
        type, data = message.get("type"), message.get("data", {})
        if type == "executed" and (film := film_in({data["node"]: data["output"]})):
            link = film.path.replace("%2F", "/")
        if steps.has_ended(message) and type in ENDS:
            ends: dict[str, Any] = dict(zip(ENDS, ("success", failed, interrupted), strict=True))
            outcome = ends[type] if type == ENDS[0] else said(ends[type](data))
    return outcome, shown, link


@pytest.mark.parametrize("sample", of("ws"))
def test_messages(sample: dict[str, Any]) -> None:
    if "binary_head_base64" in sample:
        assert base64.b64decode(sample["binary_head_base64"])  # previews are not looked at: only texts are heard
        return
    expected = sample["expected"]
    outcome, shown, link = heard(sample.get("messages") or [sample["body"]], sample["prompt_id"])

    assert outcome == expected["outcome"].replace("ignore", "in_progress")
    assert expected["outcome"] != "ignore" or not shown
    assert link == expected.get("link")
    done = [progress.steps for progress in shown if progress.steps]
    if percent := expected.get("highest_node_percent", expected.get("node_percent")):
        assert max(round(100 * value / most) for value, most in done) == percent


@pytest.mark.parametrize("sample", of("interrupt", "view"))
def test_there_are_only_statuses_to_read(sample: dict[str, Any]) -> None:
    good = sample["expected"]["outcome"] in ("ok", "success")

    assert good == (sample["status"] in (200, 206))


@pytest.mark.parametrize("sample", of("v2"))
def test_the_answers_of_the_api_v2_are_read_by_its_description(sample: dict[str, Any]) -> None:
    step = {"v2_asset_upload": "upload", "v2_job_cancel": "poll"}.get(sample["name"])
    step = step or ("create" if sample["status"] in (201, 402, 422) else "poll")

    told, _ = read_line(
        load_description("comfy"), json.dumps({**sample, "step": step, "seconds_since_create": 600, "expected": {}})
    )

    assert told["outcome"] in [*outcomes(sample), *(["queued"] if step == "upload" else [])]
    assert told.get("job_id") == sample["expected"].get("id", told.get("job_id"))
    assert told.get("picture_ref") == sample["expected"].get("image_ref")


def test_there_are_as_many_samples_as_were_gathered() -> None:
    assert len(SAMPLES) == 96

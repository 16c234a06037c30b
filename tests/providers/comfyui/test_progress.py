"""The bar: steps over all samplers of a workflow, whatever messages come, late, twice or of other prompts."""

from __future__ import annotations

from typing import Any

import pytest

from bot.providers.base import Progress
from bot.providers.comfyui.progress import SamplerSteps

TWO = {
    "81": {"class_type": "PrimitiveInt", "inputs": {"value": 20}},
    "86": {
        "class_type": "KSamplerAdvanced",
        "inputs": {"steps": ["81", 0], "start_at_step": 0, "end_at_step": 10},
    },
    "85": {
        "class_type": "KSamplerAdvanced",
        "inputs": {"steps": 20, "start_at_step": 10, "end_at_step": 10000},
    },
    "90": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "8": {"class_type": "VAEDecode", "inputs": {}},
}
CUSTOM = {
    "1": {"class_type": "SamplerCustomAdvanced", "inputs": {"sigmas": ["2", 0]}},
    "2": {"class_type": "SplitSigmas", "inputs": {"sigmas": ["3", 0], "step": 5}},
    "3": {"class_type": "BasicScheduler", "inputs": {"steps": 8}},
}


def step(node: str, value: Any, most: Any, id: str = "mine") -> dict[str, Any]:
    return {"type": "progress", "data": {"prompt_id": id, "node": node, "value": value, "max": most}}


def state(id: str = "mine", **nodes: tuple[float, float]) -> dict[str, Any]:
    shown = {node[1:]: {"value": value, "max": most, "state": "running"} for node, (value, most) in nodes.items()}
    return {"type": "progress_state", "data": {"prompt_id": id, "nodes": shown}}


def test_two_samplers_count_both() -> None:
    steps = SamplerSteps(TWO, "mine")

    assert steps.hear(step("86", 10, 10)) == Progress(50.0, (10, 20))
    assert steps.hear(state(n85=(5, 10))) == Progress(75.0, (15, 20))
    assert steps.hear(step("85", 10, 10)) == Progress(95.0, (20, 20))


def test_steps_are_found_behind_schedulers_before_the_sampler_says_them() -> None:
    assert SamplerSteps(CUSTOM, "mine").hear(step("1", 2, 8)) == Progress(25.0, (2, 8))


def test_a_sampler_that_was_computed_before_is_not_waited_for() -> None:
    steps = SamplerSteps(TWO, "mine")
    steps.hear({"type": "execution_cached", "data": {"prompt_id": "mine", "nodes": ["86", "8", 4]}})

    assert steps.hear(step("85", 5, 10)) == Progress(50.0, (5, 10))


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "text",
        {"type": "progress"},
        {"type": "progress", "data": None},
        step("8", 1, 4),
        step("86", 3, 10, id="another's"),
        step("86", None, 10),
        step("86", "3", 10),
        state("another's", n86=(3, 10)),
        state(n86=(0.0, 1.0)),
        {"type": "progress_state", "data": {"prompt_id": "mine", "nodes": {"86": None, "85": {}}}},
        {"type": "executing", "data": {"node": "86"}},
        {"type": "crystools.monitor", "data": {"cpu": 3}},
    ],
)
def test_a_message_that_says_nothing_of_the_steps_is_harmless(message: Any) -> None:
    steps = SamplerSteps(TWO, "mine")

    assert steps.hear(message) is None
    assert not steps.has_ended(message)


def test_only_the_end_of_its_own_run_ends_it() -> None:
    steps = SamplerSteps(TWO, "mine")

    for type in ("execution_success", "execution_error", "execution_interrupted"):
        assert steps.has_ended({"type": type, "data": {"prompt_id": "mine"}})
        assert not steps.has_ended({"type": type, "data": {"prompt_id": "another's"}})
    assert steps.has_ended({"type": "executing", "data": {"prompt_id": "mine", "node": None}})
    assert not steps.has_ended({"type": "executing", "data": {"prompt_id": "mine", "node": "86"}})

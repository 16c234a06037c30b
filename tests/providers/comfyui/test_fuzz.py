"""Whatever a server, or what stands before it, puts into its answers and messages: reading them raises nothing."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from bot.providers.comfyui.answers import ServerAnswer, read_create, read_history, read_job, read_queue, read_upload
from bot.providers.comfyui.inventory import missing_from
from bot.providers.comfyui.progress import SamplerSteps
from bot.providers.comfyui.workflow import load_workflow
from playground.bot_process import WORKFLOW
from tests.providers.comfyui.test_samples import GRAPH, SAMPLES
from tests.providers.comfyui.test_workflow import INFO

JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, float("nan"), float("inf")),
    *("", "x" * 5000, "\ud800", [], [[]], {}, [None, {}], {"": 0}),
)


def spoilt(value: Any, chance: random.Random, share: float) -> Any:
    """JSON in which parts are something else."""
    if chance.random() < share:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        return {key: spoilt(item, chance, share) for key, item in value.items()}
    return [spoilt(item, chance, share) for item in value] if isinstance(value, list) else value


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(20))
def test_answers_that_are_spoilt_are_read_all_the_same(seed: int) -> None:
    chance = random.Random(seed)
    bodies = [sample for sample in SAMPLES if isinstance(sample.get("body"), dict) and sample.get("status")]
    for sample in bodies:
        id = next(iter(sample["body"]), "")
        text = json.dumps(spoilt(sample["body"], chance, 0.08))
        answer = ServerAnswer(chance.choice([sample["status"], 200, 400, 404, 500]), text)
        for state in (
            read_upload(answer),
            read_create(answer),
            read_history(answer, id),
            read_history(answer, id, "5"),
            read_job(answer),
            read_queue(answer, id),
        ):
            assert len(getattr(state, "detail", "")) <= 300


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(20))
def test_messages_that_are_spoilt_move_the_bar_forward_or_not_at_all(seed: int) -> None:
    chance = random.Random(seed)
    for sample in SAMPLES:
        steps = SamplerSteps(GRAPH, sample.get("prompt_id") or "")
        for message in sample.get("messages", ()):
            said = spoilt(message, chance, 0.05)
            steps.has_ended(said)
            if progress := steps.hear(said):
                assert 0 <= progress.percent <= 95


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(20))
def test_lists_of_nodes_that_are_spoilt_are_read_all_the_same(seed: int) -> None:
    chance, workflow = random.Random(seed), load_workflow(str(WORKFLOW))

    nodes = spoilt(INFO, chance, 0.05)
    assert all(isinstance(each, str) for each in missing_from(workflow, nodes if isinstance(nodes, dict) else {}))

"""How far a run is: steps of all samplers of a workflow, by the messages of the server's WebSocket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.providers.base import Progress
from bot.providers.comfyui.answers import ENDS

MOST = 95.0  # percent, until the run has ended: what follows the samplers takes time too
_MOST_STEPS = 1_000_000
_HOPS = 8  # from an input to the node that holds its value


class SamplerSteps:
    """
    Counts the steps of one prompt, whose ``graph`` is the workflow in API format. Messages may be missing, late, or
    about other prompts.
    """

    def __init__(self, graph: Mapping[str, Any], prompt_id: str) -> None:
        self._prompt_id = prompt_id
        self._planned = {id: _planned(graph, node) for id, node in graph.items() if _samples(node)}
        self._done = dict.fromkeys(self._planned, 0)

    def hear(self, message: Any) -> Progress | None:
        """Return how far the run is by now; None where ``message`` says nothing of it."""
        match message:
            case {"type": "execution_cached", "data": {"prompt_id": self._prompt_id, "nodes": list(nodes)}}:
                for id in nodes:  # computed before: there is nothing to do for them
                    if isinstance(id, str) and self._planned.pop(id, None) is not None:
                        del self._done[id]
                return None
            case {"type": "progress_state", "data": {"prompt_id": self._prompt_id, "nodes": dict(nodes)}}:
                heard = [self._count(id, node) for id, node in nodes.items() if isinstance(node, dict)]
            case {"type": "progress", "data": {"prompt_id": self._prompt_id, "node": str(id), **told}}:
                heard = [self._count(id, told)]
            case _:
                return None
        return self._progress() if any(heard) else None

    def has_ended(self, message: Any) -> bool:
        """Whether ``message`` says that the run is over; whether it went well is to be asked."""
        match message:
            case {"type": "executing", "data": {"node": None, "prompt_id": self._prompt_id}}:
                return True
            case {"type": str(type), "data": {"prompt_id": self._prompt_id}}:
                return type in ENDS
            case _:
                return False

    def _count(self, id: str, told: Mapping[Any, Any]) -> bool:
        value, most = told.get("value"), told.get("max")
        if id not in self._planned or not isinstance(value, int | float) or not isinstance(most, int | float):
            return False
        if not (0 <= value <= _MOST_STEPS and 1 <= most <= _MOST_STEPS):
            return False
        if most <= 1 and self._planned[id] != 1:  # a node that has only begun, or counts no steps, says 0 or 1 of 1
            return False
        self._planned[id] = int(most)
        self._done[id] = min(int(value), int(most))
        return True

    def _progress(self) -> Progress:
        known = [steps for steps in self._planned.values() if steps]
        usual = max(1, round(sum(known) / len(known)))
        total, done = sum(steps or usual for steps in self._planned.values()), sum(self._done.values())
        return Progress(min(MOST, 100 * done / total), (done, total))


def _samples(node: Any) -> bool:
    """Whether a node takes steps, such as KSampler or WanVideoSampler, and does not only choose a sampler."""
    return "Sampler" in node["class_type"] and not node["inputs"].keys().isdisjoint(("steps", "sigmas"))


def _planned(graph: Mapping[str, Any], node: Any) -> int:
    """Return the steps that a sampler is to take, 0 where that cannot be told."""
    steps = next(_numbers(graph, node, ("steps", "sigmas"), _HOPS), 0)
    first, last = node["inputs"].get("start_at_step"), node["inputs"].get("end_at_step")
    if isinstance(first, int) and isinstance(last, int):  # KSamplerAdvanced: one of several that share the steps
        steps = max(0, min(last, steps) - first)
    return steps


def _numbers(graph: Mapping[str, Any], node: Any, names: tuple[str, ...], hops: int) -> Iterator[int]:
    """Yield the numbers that ``names`` of a node's inputs hold, or lead to."""
    for name in names:
        value = node["inputs"].get(name)
        if isinstance(value, int):
            yield value
        elif isinstance(value, list) and value and value[0] in graph and hops:
            yield from _numbers(graph, graph[value[0]], ("steps", "sigmas", "value"), hops - 1)

"""What a ComfyUI server has, by its ``/object_info``, and what of it a workflow lacks."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from bot.providers.comfyui.failures import not_there, offered_choices
from bot.providers.comfyui.workflow import Workflow


def missing_from(workflow: Workflow, nodes: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence, without its full stop, for each node and each file that ``workflow`` names and nobody has."""
    for name in workflow.classes:
        if name not in nodes:
            near = difflib.get_close_matches(name, nodes, n=3, cutoff=0.6)
            yield f"the server has no node {name}" + (f"; it has {', '.join(near)}" if near else "")
    bound = {target for targets in workflow.bindings.targets.values() for target in targets}
    for id, node in workflow.graph.items():
        specs = _specs(nodes.get(node["class_type"]))
        for name, value in node["inputs"].items():
            there = offered_choices(specs.get(name))
            if there is not None and isinstance(value, str) and (id, name) not in bound and value not in there:
                yield not_there(f"node {id} ({node['class_type']})", name, value, specs[name])


def _specs(info: Any) -> dict[str, Any]:
    """Return the rows of all inputs of a node."""
    groups = info.get("input") if isinstance(info, dict) else None
    rows: dict[str, Any] = {}
    for group in ("required", "optional"):
        held = groups.get(group) if isinstance(groups, dict) else None
        rows |= held if isinstance(held, dict) else {}
    return rows

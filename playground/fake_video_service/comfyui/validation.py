"""Whether a workflow can run: the answers of ``/prompt`` to those that cannot, as they were recorded."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any

from playground.fake_video_service.comfyui.nodes import NODES

_NUMBERS = {"INT": int, "FLOAT": float}
Fault = dict[str, Any]


def error(type: str, message: str, details: str = "", extra_info: dict[str, Any] | None = None) -> Fault:
    return {"type": type, "message": message, "details": details, "extra_info": extra_info or {}}


def refusal(type: str, message: str, details: str = "", extra_info: dict[str, Any] | None = None) -> Fault:
    """The body of a refusal of the whole prompt."""
    return {"error": error(type, message, details, extra_info), "node_errors": {}}


def check(body: Any, pictures: Collection[str]) -> tuple[Fault | None, dict[str, Any], list[str]]:
    """
    What is wrong with the body of a prompt as a whole, the faults by node, and the nodes that will save something.

    Raises AttributeError, TypeError or KeyError for what the real server trips over.
    """
    graph = body.get("prompt")
    if not graph or not isinstance(graph, dict):
        return refusal("no_prompt", "No prompt provided", "No prompt provided"), {}, []
    id = body.get("prompt_id")
    if id is not None and not _is_uuid(id):
        return refusal("invalid_prompt_id", "prompt_id must be a valid UUID", str(id)), {}, []
    for number, node in graph.items():
        if node["class_type"] not in NODES:
            title = node.get("_meta", {}).get("title", node["class_type"])
            info = {"node_id": number, "class_type": node["class_type"], "node_title": title}
            words = f"Node '{title}' not found. The custom node may not be installed."
            return refusal("missing_node_type", words, f"Node ID '#{number}'", info), {}, []
    saving = [number for number, node in graph.items() if NODES[node["class_type"]].saves]
    if not saving:
        return refusal("prompt_no_outputs", "Prompt has no outputs"), {}, []
    faults: dict[str, Any] = {}
    good = []
    for number in saving:
        wrong = {each: found for each in _branch(graph, number) if (found := list(_faults(graph, each, pictures)))}
        for each, found in wrong.items():
            kind = graph[each]["class_type"]
            faults.setdefault(each, {"errors": found, "dependent_outputs": [], "class_type": kind})
            faults[each]["dependent_outputs"].append(number)
        good += [number] if not wrong else []
    if not good:
        whole = error("prompt_outputs_failed_validation", "Prompt outputs failed validation")
        return {"error": whole, "node_errors": faults}, faults, []
    return None, faults, good


def _is_uuid(text: Any) -> bool:
    try:
        return bool(str(uuid.UUID(text)) == text)
    except (ValueError, AttributeError, TypeError):
        return False


def _branch(graph: dict[str, Any], number: str) -> list[str]:
    """All nodes that a node needs, itself the last one."""
    found: dict[str, None] = {}

    def visit(each: str) -> None:
        if each in found or each not in graph:
            return
        found[each] = None
        for value in graph[each]["inputs"].values():
            if isinstance(value, list):
                visit(value[0])

    visit(number)
    return list(reversed(found))


def _faults(graph: dict[str, Any], number: str, pictures: Collection[str]) -> Iterator[Fault]:
    node = graph[number]
    if circle := _circle(graph, number):
        words = " -> ".join(f"{each} ({graph[each]['class_type']})" for each in [*circle, circle[0]])
        info = {"node_id": number, "cycle_nodes": circle}
        yield error("dependency_cycle", "Dependency cycle detected", words, info)
        return
    for name, spec in NODES[node["class_type"]].inputs.items():
        about = {"input_name": name, "input_config": spec}
        if name not in node["inputs"]:
            if name != "start_image":
                yield error("required_input_missing", "Required input is missing", name, {"input_name": name})
        elif isinstance(value := node["inputs"][name], list):
            yield from _link_faults(graph, name, value, about)
        elif name == "image" and node["class_type"] == "LoadImage":
            if value not in pictures:
                words = f"image - Invalid image file: {value}"
                yield error(
                    "custom_validation_failed", "Custom validation failed for node", words, {"input_name": name}
                )
        else:
            yield from _value_faults(name, value, about)


def _link_faults(graph: dict[str, Any], name: str, link: list[Any], about: dict[str, Any]) -> Iterator[Fault]:
    if link[0] not in graph:
        trace: Fault = {"exception_message": f"'{link[0]}'", "exception_type": "KeyError"}
        trace |= {
            "traceback": ['  File "/srv/comfyui/execution.py", line 933, in validate_inputs'],
            "linked_node": link,
        }
        words = "Exception when validating inner node"
        yield error("exception_during_inner_validation", words, f"'{link[0]}'", {**about, **trace})
        return
    given, wanted = NODES[graph[link[0]]["class_type"]].gives[link[1]], about["input_config"][0]
    if given != wanted:
        words = f"{name}, received_type({given}) mismatch input_type({wanted})"
        info = {**about, "received_type": given, "linked_node": link}
        yield error("return_type_mismatch", "Return type mismatch between linked nodes", words, info)


def _value_faults(name: str, value: Any, about: dict[str, Any]) -> Iterator[Fault]:
    kind, options = about["input_config"][0], about["input_config"][1]
    about = {**about, "received_value": value}
    if isinstance(kind, str) and kind in _NUMBERS:
        try:
            number = _NUMBERS[kind](value)
        except (ValueError, TypeError) as wrong:
            words = f"Failed to convert an input value to a {kind} value"
            yield error(
                "invalid_input_type", words, f"{name}, {value}, {wrong}", {**about, "exception_message": str(wrong)}
            )
            return
        if number < options.get("min", number):
            yield error("value_smaller_than_min", f"Value {number} smaller than min of {options['min']}", name, about)
        elif number > options.get("max", number):
            yield error("value_bigger_than_max", f"Value {number} bigger than max of {options['max']}", name, about)
        return
    choices = kind if isinstance(kind, list) else options.get("options")
    if choices is not None and value not in choices:
        yield error("value_not_in_list", "Value not in list", f"{name}: {value!r} not in {choices}", about)


def _circle(graph: dict[str, Any], number: str) -> list[str]:
    """The nodes of a circle that a node stands in, none if it stands in none."""
    paths = [[number]]
    seen = set()
    while paths:
        path = paths.pop()
        for value in graph[path[-1]]["inputs"].values():
            if isinstance(value, list) and value[0] in graph:
                if value[0] == number:
                    return path
                if value[0] not in seen:
                    seen.add(value[0])
                    paths.append([*path, value[0]])
    return []

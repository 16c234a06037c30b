"""Where values go in a workflow: to which input of which node, as ``[bind]`` or the titles of the nodes say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import SettingsError

# The inputs that a title alone means, the first one that the node has.
SLOTS: Mapping[str, tuple[str, ...]] = {
    "prompt": ("text", "prompt", "value", "string", "positive_prompt"),
    "image": ("image",),
    "last_image": ("image",),
    "seed": ("seed", "noise_seed", "value"),
    "seconds": ("seconds", "duration", "length", "num_frames", "frames", "value"),
    "frames": ("length", "num_frames", "frames", "value"),
    "width": ("width", "value"),
    "height": ("height", "value"),
}
FRAMES = ("length", "num_frames", "frames", "video_frames", "frame_count")  # what such inputs count, not seconds
_TITLE = re.compile(r"\bkinora:(\w+)(?:\.([\w.]+))?", re.ASCII)


class Target(NamedTuple):
    """One input of one node."""

    node: str
    input: str


@dataclass(frozen=True, slots=True)
class Bindings:
    """By the name of a slot the inputs that get its value; ``output`` is the node that saves the film, or None."""

    targets: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    output: str | None = None
    fps: float | None = None

    def of(self, slot: str) -> tuple[Target, ...]:
        """Return the inputs that get the value of ``slot``."""
        return self.targets.get(slot, ())


def read_bindings(graph: Mapping[str, Any], file: Path) -> Bindings:
    """
    Return the bindings of ``graph``, a workflow in API format: those of the table ``[bind]`` in ``file`` where there is
    one, and those of titles for what does not stand there. Raises SettingsError.
    """
    said = _table(file)
    known = (*SLOTS, "output", "fps")
    problems = [f"{file}: bind.{key} is unknown; known: {', '.join(known)}" for key in said if key not in known]
    targets, output = _titled(graph, problems), _titled_output(graph)
    for slot in SLOTS.keys() & said.keys():
        rows = said[slot] if isinstance(said[slot], list) else [said[slot]]
        found = [_target(graph, row) for row in rows]
        targets[slot] = tuple(target for target in found if target)
        if not all(found) or not found:
            problems.append(f'{file}: bind.{slot} must name inputs that the workflow has, such as "6.text"')
    if "output" in said:
        output = str(said["output"])
        if output not in graph:
            problems.append(f"{file}: bind.output must be the id of a node of the workflow")
    fps = said.get("fps")
    if fps is not None and not (type(fps) in (int, float) and 0 < fps <= 240):
        problems.append(f"{file}: bind.fps must be a number from 1 to 240")
    if problems:
        raise SettingsError(problems)
    return Bindings(targets, output, fps)


def _table(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:  # tomllib names line and column in its words
        raise SettingsError([f"{file} cannot be read: {error}"]) from None
    bind = table.get("bind")
    if set(table) != {"bind"} or not isinstance(bind, dict):
        raise SettingsError([f"{file} must hold the table [bind], and nothing beside it"])
    return bind


def _target(graph: Mapping[str, Any], text: Any) -> Target | None:
    """Return the input that ``node.input`` names. Ids of nodes hold no dot, inputs may."""
    node, _, name = str(text).partition(".")
    return Target(node, name) if node in graph and name in graph[node]["inputs"] else None


def _titled(graph: Mapping[str, Any], problems: list[str]) -> dict[str, tuple[Target, ...]]:
    """Return what titles say; what they say wrongly becomes a problem."""
    found: dict[str, tuple[Target, ...]] = {}
    for id, node in graph.items():
        for slot, name in _TITLE.findall(_title(node)):
            names = [name] if name else SLOTS.get(slot, ())
            target = next((Target(id, one) for one in names if one in node["inputs"]), None)
            if target and slot in SLOTS:
                found[slot] = (*found.get(slot, ()), target)
            elif slot != "output":
                what = "has no such input" if slot in SLOTS else f"may be titled {', '.join(SLOTS)} or output"
                problems.append(f"node {id}, titled kinora:{slot}{'.' * bool(name)}{name}, {what}")
    return found


def _titled_output(graph: Mapping[str, Any]) -> str | None:
    return next((id for id, node in graph.items() if "kinora:output" in _title(node)), None)


def _title(node: Any) -> str:
    meta = node.get("_meta")
    return str(meta.get("title", "")) if isinstance(meta, dict) else ""

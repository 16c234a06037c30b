"""A workflow in ComfyUI's API format, and how it is filled with what a member asked for."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import SettingsError
from bot.models import PictureRole
from bot.providers.comfyui.bindings import FRAMES, Bindings, Target, read_bindings
from bot.providers.comfyui.lengths import Family, family_of

MAX_BYTES = 8 * 1024 * 1024
SEEDS = 2**32  # some nodes take no larger ones
_PICTURES = {"image": PictureRole.FIRST, "last_image": PictureRole.LAST}
_RATES = ("fps", "frame_rate")
_TEXTS = ("text", "prompt", "positive_prompt")


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it was exported, and where the values go that are not fixed in it."""

    graph: Mapping[str, Any]
    bindings: Bindings
    family: Family

    @property
    def pictures(self) -> tuple[PictureRole, ...]:
        """The pictures that a video is made of."""
        return tuple(role for slot, role in _PICTURES.items() if self.bindings.of(slot))

    @property
    def takes_seconds(self) -> bool:
        """Whether a video may be as long as is asked for."""
        return bool(self.bindings.of("seconds") or self.bindings.of("frames"))

    @property
    def takes_size(self) -> bool:
        """Whether a video may have the size that is asked for."""
        return bool(self.bindings.of("width") and self.bindings.of("height"))

    @property
    def classes(self) -> list[str]:
        """The classes of its nodes."""
        return list(dict.fromkeys(node["class_type"] for node in self.graph.values()))

    def filled(
        self, prompt: str, images: Sequence[str], seconds: int | None = None, size: str | None = None
    ) -> dict[str, Any]:
        """
        Return the workflow to run, with a seed that no run had: one that the server knows would give its old film.
        ``images`` are names that LoadImage takes, ``size`` is WxH. What is None stays as it is.
        """
        graph: dict[str, Any] = copy.deepcopy(dict(self.graph))
        values: dict[str, Any] = {"prompt": prompt, "seed": random.randrange(SEEDS)}
        values |= dict(zip(_PICTURES, images, strict=False))
        if size:
            width, height = map(int, size.split("x"))
            values |= {"width": self.family.pixels(width), "height": self.family.pixels(height)}
        for slot, value in values.items():
            for target in self.bindings.of(slot):
                graph[target.node]["inputs"][target.input] = value
        if seconds:
            for target, length in self._lengths(seconds):
                graph[target.node]["inputs"][target.input] = length
        return graph

    def _lengths(self, seconds: int) -> Iterator[tuple[Target, float]]:
        """Yield the length for each input that is bound to it: in frames, or in seconds of the input's own type."""
        for target in self.bindings.of("frames"):
            yield target, self.family.frames(seconds, self.fps or 1)
        for target in self.bindings.of("seconds"):
            is_float = isinstance(self.graph[target.node]["inputs"][target.input], float)
            own = float(seconds) if is_float else seconds
            yield target, self.family.frames(seconds, self.fps or 1) if target.input in FRAMES else own

    @property
    def fps(self) -> float | None:
        """The frames a second that ``[bind]`` names, or that a node of the workflow saves; None if neither does."""
        inputs = [node["inputs"] for node in self.graph.values()]
        rates = [one[name] for one in inputs for name in _RATES if name in one]
        linked = [self.graph[rate[0]] for rate in rates if isinstance(rate, list) and rate and rate[0] in self.graph]
        rates += [node["inputs"].get("value") for node in linked]
        return self.bindings.fps or next((rate for rate in rates if type(rate) in (int, float) and rate > 0), None)

    def counts_frames(self) -> bool:
        """Whether a length is to be given in frames."""
        return bool(self.bindings.of("frames")) or any(one.input in FRAMES for one in self.bindings.of("seconds"))


NOTHING_KNOWN = Workflow({}, Bindings(), Family())


def load_workflow(path: str) -> Workflow:
    """Return the workflow in the file ``path``, with the bindings of the file beside it. Raises SettingsError."""
    file = Path(path)
    graph = _graph(file)
    bindings = read_bindings(graph, file.with_suffix(".toml"))
    bindings = bindings if bindings.of("seed") else _with_seeds(graph, bindings)
    workflow = Workflow(graph, bindings, family_of(node["class_type"] for node in graph.values()))
    if not bindings.of("prompt"):
        raise SettingsError([_unbound(file, graph)])
    if bindings.of("last_image") and not bindings.of("image"):
        raise SettingsError([f"{file} binds last_image, and no image before it"])
    if workflow.counts_frames() and workflow.fps is None:
        raise SettingsError([f"{file} names no frames a second: its length needs fps in {file.with_suffix('.toml')}"])
    return workflow


def _graph(file: Path) -> dict[str, Any]:
    try:
        raw = file.read_bytes()
        graph = json.loads(raw) if len(raw) <= MAX_BYTES else None
    except OSError as error:
        raise SettingsError([f"{file} cannot be read: {error.strerror}"]) from None
    except (ValueError, RecursionError):
        raise SettingsError([f"{file} is no JSON"]) from None
    if isinstance(graph, dict) and isinstance(graph.get("nodes"), list):
        way = "in ComfyUI open it and choose File, then Export (API)"
        raise SettingsError([f"{file} is saved in the editor's format, which no server runs: {way}"])
    if not isinstance(graph, dict) or not graph or not all(map(_is_node, graph.values())):
        raise SettingsError([f"{file} is no workflow in API format: in ComfyUI choose File, then Export (API)"])
    return graph


def _is_node(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("class_type"), str) and isinstance(node.get("inputs"), dict)


def _with_seeds(graph: Mapping[str, Any], bindings: Bindings) -> Bindings:
    """Bind all seeds that stand in the workflow as numbers, where it says nothing of seeds itself."""
    seeds = tuple(
        Target(id, name)
        for id, node in graph.items()
        for name in ("seed", "noise_seed")
        if type(node["inputs"].get(name)) is int
    )
    return Bindings({**bindings.targets, "seed": seeds}, bindings.output, bindings.fps)


def _unbound(file: Path, graph: Mapping[str, Any]) -> str:
    inputs = ((id, name, node["inputs"].get(name)) for id, node in graph.items() for name in _TEXTS)
    texts = [f"{id}.{name}" for id, name, value in inputs if isinstance(value, str)]
    example = f'prompt = "{texts[0] if texts else "NODE.INPUT"}"'
    return (
        f"{file} does not say where the prompt goes: title that node kinora:prompt in the editor and export again, or "
        f"write [bind] and {example} into {file.with_suffix('.toml')}"
    )

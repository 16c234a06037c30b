"""A prompt in the queue, running or ended, and the film that is made for it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from playground.fake_video_service.generation import Generation
from playground.fake_video_service.scenarios import Scenario

_WORD = re.compile(r"#([a-z-]+)")
HABITS = {
    "oom": ("the server runs out of memory", "provider_error"),
    "node-error": ("a node fails, and says where its files are", "provider_error"),
    "forgotten": ("the server is restarted while it works, and knows nothing any more", "provider_error"),
    "prompt-lost": ("the prompt is queued, and nobody is told", "success"),
    "deaf": ("the WebSocket drops at each step", "success"),
    "gifs": ("the film stands among `gifs`, as VideoHelperSuite saves it", "success"),
    "no-film": ("the run ends well and saves no film", "provider_error"),
}


def now() -> int:
    return int(time.time() * 1000)


@dataclass(slots=True, eq=False)
class Prompt:
    """One prompt; ``saving`` are the nodes whose branches are run."""

    number: float
    id: str
    graph: dict[str, Any]
    extra: dict[str, Any]
    saving: list[str]
    scenario: Scenario
    generation: Generation | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    messages: list[list[Any]] = field(default_factory=list)
    states: dict[str, Any] = field(default_factory=dict)  # of its nodes, as they are told
    ended: str = ""  # success or error
    started: int | None = None
    finished: int | None = None
    asked: bool = False

    @property
    def text(self) -> str:
        """What the member asked for: the first text that a node holds."""
        held = (node["inputs"].get("text") for node in self.graph.values())
        return next((text for text in held if isinstance(text, str) and text), "")

    @property
    def habit(self) -> str | None:
        return next((word for word in _WORD.findall(self.text.lower()) if word in HABITS), None)

    @property
    def fails(self) -> str:
        """What the stand-in's own input asks for."""
        held = (node["inputs"].get("fail", "no") for node in self.graph.values())
        return next((word for word in held if word != "no"), "no")

    @property
    def client(self) -> str | None:
        return self.extra.get("client_id")

    def row(self) -> list[Any]:
        """As ``/queue`` shows it."""
        return [self.number, self.id, self.graph, self.extra, self.saving]

    def history(self) -> dict[str, Any]:
        done = self.ended == "success"
        status = {"status_str": self.ended, "completed": done, "messages": self.messages}
        meta = {id: {"node_id": id, "display_node": id, "parent_node": None, "real_node_id": id} for id in self.outputs}
        return {"prompt": self.row(), "outputs": self.outputs, "status": status, "meta": meta}

    def job(self, status: str) -> dict[str, Any]:
        """As ``/api/jobs/{id}`` shows it."""
        files = sum(len(items) for output in self.outputs.values() for items in output.values())
        shown: dict[str, Any] = {"id": self.id, "status": status, "priority": self.number}
        shown["create_time"] = self.extra["create_time"]
        if self.finished:
            shown |= {"execution_start_time": self.started, "execution_end_time": self.finished}
        if status == "failed":
            shown["execution_error"] = self.messages[-1][1]
        shown |= {"outputs_count": files, "previewable_outputs_count": files}
        if self.finished:
            shown |= {"outputs": self.outputs, "execution_status": self.history()["status"]}
            shown["workflow"] = {"prompt": self.graph, "extra_data": self.extra}
        return shown


def save_with_workflow(film: Path, target: Path, prompt: Prompt) -> None:
    """Write the film as SaveVideo does: what was run stands in it. Blocks."""
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = {"movflags": "use_metadata_tags+faststart"}
    with av.open(str(film)) as source, av.open(str(target), "w", options=flags) as out:
        out.metadata["prompt"] = json.dumps(prompt.graph)
        out.metadata["workflow"] = json.dumps({"nodes": [], "links": [], "id": prompt.id})
        tracks = {stream.index: out.add_stream_from_template(stream) for stream in source.streams.video}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                out.mux(packet)

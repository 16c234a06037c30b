"""Workflows: how they are read, where values go in them, and what is said of those that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.providers.comfyui.inventory import missing_from
from bot.providers.comfyui.lengths import family_of
from bot.providers.comfyui.workflow import load_workflow
from playground.bot_process import WORKFLOW
from playground.fake_video_service.comfyui.nodes import NODES

INFO = {name: node.info(name) for name, node in NODES.items()}
GRAPH: dict[str, Any] = json.loads(WORKFLOW.read_text("utf-8"))
HOSTILE = 'a "cat"\n%prompt% \\ {"text": 1} kinora:seed'


def written(folder: Path, graph: Any, bind: str = "") -> str:
    path = folder / "wan.json"
    path.write_text(json.dumps(graph), "utf-8")
    if bind:
        path.with_suffix(".toml").write_text(f"[bind]\n{bind}", "utf-8")
    return str(path)


def without_titles(**changes: dict[str, Any]) -> dict[str, Any]:
    graph = json.loads(json.dumps(GRAPH))
    for id, node in graph.items():
        del node["_meta"]
        node["inputs"] |= changes.get(f"n{id}", {})
    return graph


def titled(title: str) -> dict[str, Any]:
    return {**GRAPH, "8": {**GRAPH["8"], "_meta": {"title": title}}}


def problem(path: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_workflow(path)
    return " ".join(caught.value.problems)


def test_values_go_where_titles_say_and_keep_their_types() -> None:
    filled = load_workflow(str(WORKFLOW)).filled(HOSTILE, ["kinora/a.png"], 3, "832x480")

    assert filled["4"]["inputs"]["text"] == HOSTILE
    assert filled["5"]["inputs"]["image"] == "kinora/a.png"
    latent = filled["6"]["inputs"]
    assert (latent["width"], latent["height"], latent["length"]) == (832, 480, 73)
    assert json.loads(json.dumps(filled))["4"]["inputs"]["text"] == HOSTILE
    assert {id: node["class_type"] for id, node in filled.items()} == {id: n["class_type"] for id, n in GRAPH.items()}


def test_what_nobody_asked_for_stays_and_the_workflow_itself_is_never_changed() -> None:
    workflow = load_workflow(str(WORKFLOW))
    before = json.dumps(workflow.graph)

    filled = workflow.filled("a cat", ["a.png"])

    assert {**filled["6"]["inputs"]} == GRAPH["6"]["inputs"]
    assert json.dumps(workflow.graph) == before


def test_each_run_gets_a_seed_that_none_had() -> None:
    workflow = load_workflow(str(WORKFLOW))

    seeds = {workflow.filled("a cat", ["a.png"])["7"]["inputs"]["seed"] for _ in range(50)}

    assert len(seeds) == 50
    assert all(type(seed) is int and 0 <= seed < 2**32 for seed in seeds)


def test_a_table_beside_the_workflow_names_inputs_and_comes_before_titles(tmp_path: Path) -> None:
    graph = {**GRAPH, "20": {"class_type": "CLIPTextEncode", "inputs": {"text": "other", "clip": ["2", 0]}}}
    bind = 'prompt = ["20.text"]\nseed = "7.seed"\nseconds = "6.length"\noutput = "10"\nfps = 10\n'

    workflow = load_workflow(written(tmp_path, graph, bind))
    filled = workflow.filled("a cat", ["a.png"], 2)

    assert (filled["20"]["inputs"]["text"], filled["4"]["inputs"]["text"]) == ("a cat", "a cat")
    assert filled["6"]["inputs"]["length"] == 21
    assert workflow.bindings.output == "10"


def test_seconds_go_as_they_are_into_an_input_that_counts_seconds(tmp_path: Path) -> None:
    graph = without_titles() | {
        "129:161": {"class_type": "PrimitiveFloat", "inputs": {"value": 5.0}},
        "129:162": {"class_type": "PrimitiveInt", "inputs": {"value": 5}},
    }
    bind = 'prompt = "4.text"\nseconds = ["129:161.value", "129:162.value"]\n'

    filled = load_workflow(written(tmp_path, graph, bind)).filled("a cat", [], 3)

    assert [repr(filled[id]["inputs"]["value"]) for id in ("129:161", "129:162")] == ["3.0", "3"]


@pytest.mark.parametrize(
    ("node", "seconds", "fps", "frames", "size", "fitted"),
    [
        ("WanImageToVideo", 5, 16, 81, "854x480", (848, 480)),
        ("Wan22ImageToVideoLatent", 5, 24, 121, "1280x720", (1280, 704)),
        ("EmptyLTXVLatentVideo", 5, 25, 129, "768x500", (768, 512)),
        ("EmptyHunyuanLatentVideo", 5, 24, 121, "720x720", (720, 720)),
        ("Somebody'sOwn", 5, 24, 120, "850x470", (848, 464)),
    ],
)
def test_lengths_and_sizes_are_what_the_family_makes(
    node: str, seconds: int, fps: int, frames: int, size: str, fitted: tuple[int, int]
) -> None:
    family = family_of(["CLIPTextEncode", node])

    width, height = map(int, size.split("x"))
    assert family.frames(seconds, fps) == frames
    assert (family.pixels(width), family.pixels(height)) == fitted


def test_what_is_not_bound_is_fixed(tmp_path: Path) -> None:
    workflow = load_workflow(written(tmp_path, without_titles(), 'prompt = "4.text"\nwidth = "6.width"\n'))

    assert (workflow.pictures, workflow.takes_seconds, workflow.takes_size) == ((), False, False)


@pytest.mark.parametrize(
    ("graph", "bind", "told"),
    [
        ({"nodes": [], "links": [], "version": 0.4}, "", "saved in the editor's format"),
        ({"nodes": [], "links": [], "version": 0.4}, "", "Export (API)"),
        ([], "", "no workflow in API format"),
        ({"1": {"inputs": {}}}, "", "no workflow in API format"),
        (without_titles(), "", 'write [bind] and prompt = "4.text"'),
        (GRAPH, 'prompt = "44.text"\n', "bind.prompt must name inputs that the workflow has"),
        (GRAPH, 'prompt = "4.words"\n', "bind.prompt must name inputs that the workflow has"),
        (GRAPH, "prompt = []\n", "bind.prompt must name inputs"),
        (GRAPH, 'prompts = "4.text"\n', "bind.prompts is unknown; known: prompt, image,"),
        (GRAPH, 'output = "99"\n', "bind.output must be the id of a node"),
        (GRAPH, "fps = 0\n", "bind.fps must be a number"),
        (GRAPH, 'prompt = "4.text\n', "cannot be read"),
        (without_titles(n9={"fps": ["1", 0]}), 'prompt = "4.text"\nseconds = "6.length"\n', "its length needs fps"),
        (titled("kinora:sed"), "", "node 8, titled kinora:sed, may be titled prompt, "),
        (
            {**GRAPH, "8": {**GRAPH["8"], "_meta": {"title": "kinora:seed"}}},
            "",
            "titled kinora:seed, has no such input",
        ),
        (without_titles(), 'prompt = "4.text"\nlast_image = "5.image"\n', "binds last_image, and no image"),
    ],
)
def test_a_workflow_that_cannot_be_used_is_told_with_the_way_out(
    tmp_path: Path, graph: Any, bind: str, told: str
) -> None:
    assert told in problem(written(tmp_path, graph, bind))


def test_a_file_that_is_not_there_or_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    assert "No such file" in problem(str(path))
    path.write_text("{")
    assert "is no JSON" in problem(str(path))


def test_a_server_that_has_everything_lacks_nothing() -> None:
    assert list(missing_from(load_workflow(str(WORKFLOW)), INFO)) == []


def test_nodes_and_files_that_are_absent_are_named_with_what_there_is() -> None:
    info = {name: held for name, held in INFO.items() if name != "KSampler"} | {"KSamplerAdvanced": {}}
    info["UNETLoader"] = {"input": {"required": {"unet_name": [["wan2.1.safetensors", "ltx.safetensors"], {}]}}}
    info["CLIPLoader"] = {"input": {"required": {"clip_name": ["COMBO", {"options": []}]}}}

    assert list(missing_from(load_workflow(str(WORKFLOW)), info)) == [
        "the server has no node KSampler; it has KSamplerAdvanced, StandInSampler",
        "node 1 (UNETLoader): unet_name 'wan2.2_ti2v_5B_fp16.safetensors' is not on the server; "
        "it has wan2.1.safetensors, ltx.safetensors",
        "node 2 (CLIPLoader): clip_name 'umt5_xxl_fp8_e4m3fn_scaled.safetensors' is not on the server; it has none",
    ]

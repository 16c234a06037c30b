"""The playground's ComfyUI answers as real ones did: each call that was recorded is made to it, and compared."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.providers.comfyui.world import PICTURE, World, world

SAMPLES = {
    sample["name"]: sample
    for sample in map(
        json.loads, (Path(__file__).parents[2] / "data" / "comfyui_samples.jsonl").read_text("utf-8").splitlines()
    )
}
GRAPH: dict[str, Any] = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "in.png"}, "_meta": {"title": "Load Image"}},
    "2": {
        "class_type": "StandInSampler",
        "inputs": {"image": ["1", 0], "steps": 3, "seed": 1, "text": "a cat", "fail": "no"},
        "_meta": {"title": "Slow sampler stand-in"},
    },
    "3": {"class_type": "RepeatImageBatch", "inputs": {"image": ["2", 0], "amount": 8}},
    "4": {"class_type": "CreateVideo", "inputs": {"images": ["3", 0], "fps": 8.0}},
    "5": {
        "class_type": "SaveVideo",
        "inputs": {"video": ["4", 0], "filename_prefix": "video/kin", "format": "auto", "codec": "auto"},
    },
}
UNKNOWN = "0ab479f4-7045-4f64-8409-ed4d7daf093c"


def changed(node: str, **inputs: Any) -> dict[str, Any]:
    graph: dict[str, Any] = json.loads(json.dumps(GRAPH))
    graph[node]["inputs"] |= inputs
    return graph


def without(node: str, name: str) -> dict[str, Any]:
    graph = changed(node)
    del graph[node]["inputs"][name]
    return graph


class Caller:
    """Calls the playground's ComfyUI as the recordings did the real one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ids: list[str] = []

    async def call(self, method: str, path: str, **how: Any) -> tuple[int, str, Any]:
        """The status, the media type, and the body as JSON or as text."""
        how["headers"] = {"Authorization": "Bearer front-door", **how.get("headers", {})}
        async with self._world.session.request(method, self._world.service.url + path, **how) as response:
            text = await response.text(errors="replace")
            is_json = response.content_type == "application/json"
            return response.status, response.content_type, json.loads(text) if is_json else text

    async def upload(self, data: bytes = PICTURE, name: str = "in.png", **fields: str) -> tuple[int, str, Any]:
        form = aiohttp.FormData(fields)
        form.add_field("image", data, filename=name)
        return await self.call("POST", "/upload/image", data=form)

    async def prompt(self, graph: Any, **more: Any) -> tuple[int, str, Any]:
        body = {"prompt": graph, "client_id": "kinora-0001", **more}
        status, kind, said = await self.call("POST", "/prompt", json=body)
        if status == 200:
            self.ids.append(said["prompt_id"])
        return status, kind, said

    async def until(self, look: Callable[[], Awaitable[tuple[int, str, Any]]], seen: Callable[[Any], Any]) -> str:
        """Ask as a client would until ``seen`` accepts the body, and return the id of the latest prompt."""
        async with asyncio.timeout(20):
            while not seen((await look())[2]):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.05)
        return self.ids[-1]

    async def ended(self, graph: Any) -> str:
        """Run a workflow, and return its id once it has ended."""
        await self.prompt(graph)
        return await self.until(lambda: self.history(self.ids[-1]), bool)

    async def stalled(self) -> str:
        """A prompt that is being worked on until it is interrupted."""
        await self.prompt(changed("2", text="#stall", steps=40))
        return await self.until(lambda: self.call("GET", "/queue"), lambda body: body["queue_running"])

    async def history(self, id: str) -> tuple[int, str, Any]:
        return await self.call("GET", f"/history/{id}")

    async def job(self, id: str) -> tuple[int, str, Any]:
        return await self.call("GET", f"/api/jobs/{id}")

    async def interrupted(self) -> str:
        id = await self.stalled()
        await self.call("POST", "/interrupt", json={"prompt_id": id})
        return await self.until(lambda: self.history(id), bool)


Exercise = Callable[[Caller], Awaitable[tuple[int, str, Any]]]


async def _twice(c: Caller) -> tuple[int, str, Any]:
    await c.upload()
    return await c.upload()


async def _three(c: Caller) -> tuple[int, str, Any]:
    await c.stalled()
    await c.prompt(GRAPH)
    await c.prompt(GRAPH)
    return await c.call("GET", "/queue")


async def _deleted(c: Caller) -> tuple[int, str, Any]:
    await c.stalled()
    await c.prompt(GRAPH)
    await c.call("POST", "/queue", json={"delete": [c.ids[-1]]})
    return await c.history(c.ids[-1])


async def _pending(c: Caller) -> tuple[int, str, Any]:
    await c.stalled()
    await c.prompt(GRAPH)
    return await c.job(c.ids[-1])


async def _view(c: Caller, **how: Any) -> tuple[int, str, Any]:
    id = await c.ended(GRAPH)
    film = (await c.history(id))[2][id]["outputs"]["5"]["images"][0]
    return await c.call("GET", "/view", params=film, **how)


_LEFT_OUT = {**GRAPH, "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "kin"}}}
_PREVIEWED = {**GRAPH, "6": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}
_PICTURE_ALONE = {
    "1": GRAPH["1"],
    "5": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "kin"}},
}
_ABSENT = {**GRAPH, "2": {**GRAPH["2"], "class_type": "WanImageToVideoX"}}
EXERCISES: dict[str, Exercise] = {
    "upload_first": lambda c: c.upload(),
    "upload_same_again": _twice,
    "upload_overwrite": lambda c: c.upload(b"other", overwrite="true"),
    "upload_subfolder": lambda c: c.upload(subfolder="kinora"),
    "upload_temp": lambda c: c.upload(type="temp"),
    "upload_no_image": lambda c: c.call("POST", "/upload/image", data=aiohttp.FormData({"other": "x"})),
    "upload_bad_type": lambda c: c.upload(type="elsewhere"),
    "upload_garbage": lambda c: c.upload(b"no picture", "bad.png"),
    "prompt_ok": lambda c: c.prompt(GRAPH),
    "prompt_own_id": lambda c: c.prompt(GRAPH, prompt_id="4e487ec4-957b-43bf-b556-02bb1ae55a93"),
    "bad_one_output_bad_other_good": lambda c: c.prompt(_LEFT_OUT),
    "prompt_no_prompt": lambda c: c.call("POST", "/prompt", json={"client_id": "x"}),
    "prompt_list": lambda c: c.prompt([]),
    "prompt_missing_node": lambda c: c.prompt(_ABSENT),
    "prompt_image_missing": lambda c: c.prompt(changed("1", image="nothere.png")),
    "prompt_required_missing": lambda c: c.prompt(without("2", "steps")),
    "prompt_too_big": lambda c: c.prompt(changed("2", steps=5000)),
    "prompt_seed_minus": lambda c: c.prompt(changed("2", seed=-1)),
    "prompt_not_in_list": lambda c: c.prompt(changed("2", fail="wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors")),
    "prompt_type_mismatch": lambda c: c.prompt(changed("4", images=["1", 1])),
    "prompt_dangling_link": lambda c: c.prompt(changed("4", images=["99", 0])),
    "prompt_cycle": lambda c: c.prompt(changed("2", image=["3", 0])),
    "prompt_not_json": lambda c: c.call("POST", "/prompt", data=b"{"),
    "history_while_running": lambda c: _then(c.stalled(), c.history),
    "history_done": lambda c: _then(c.ended(GRAPH), c.history),
    "history_both": lambda c: _then(c.ended(_PREVIEWED), c.history),
    "history_SaveImage": lambda c: _then(c.ended(_PICTURE_ALONE), c.history),
    "history_err_oom": lambda c: _then(c.ended(changed("2", fail="oom")), c.history),
    "history_interrupted": lambda c: _then(c.interrupted(), c.history),
    "history_unknown": lambda c: c.history(UNKNOWN),
    "history_deleted": _deleted,
    "jobs_running": lambda c: _then(c.stalled(), c.job),
    "jobs_pending": _pending,
    "jobs_err_oom": lambda c: _then(c.ended(changed("2", fail="oom")), c.job),
    "jobs_interrupted": lambda c: _then(c.interrupted(), c.job),
    "jobs_unknown": lambda c: c.job(UNKNOWN),
    "jobs_cancel_running": lambda c: _then(c.stalled(), lambda id: c.call("POST", f"/api/jobs/{id}/cancel")),
    "jobs_cancel_unknown": lambda c: c.call("POST", f"/api/jobs/{UNKNOWN}/cancel"),
    "view_ok": _view,
    "view_range": lambda c: _view(c, headers={"Range": "bytes=0-99"}),
    "view_traversal": lambda c: c.call("GET", "/view", params={"filename": "../kin.mp4", "type": "output"}),
    "view_subfolder_traversal": lambda c: c.call("GET", "/view", params={"filename": "kin.mp4", "subfolder": "../x"}),
    "view_no_subfolder": lambda c: c.call("GET", "/view", params={"filename": "kin_00001_.mp4", "type": "output"}),
    "queue_empty": lambda c: c.call("GET", "/queue"),
    "queue_three": _three,
    "queue_delete": lambda c: c.call("POST", "/queue", json={"delete": [UNKNOWN]}),
    "interrupt_running": lambda c: _then(c.stalled(), lambda id: c.call("POST", "/interrupt", json={"prompt_id": id})),
    "interrupt_unknown": lambda c: c.call("POST", "/interrupt", json={"prompt_id": UNKNOWN}),
}


async def _then(first: Awaitable[str], then: Callable[[str], Awaitable[tuple[int, str, Any]]]) -> tuple[int, str, Any]:
    return await then(await first)


GONE_BY = ("type", "status", "status_str", "completed", "class_type", "name", "subfolder", "cancelled")
OF_A_RUN = {
    *("_meta", "workflow", "prompt", "queue_running", "queue_pending", "current_inputs", "current_outputs", "meta"),
    *("input_config", "traceback", "linked_node", "received_type", "filename", "extra_info", "nodes"),
}


def skeleton(value: Any) -> Any:
    """Of JSON its keys, and the values that a client goes by."""
    if isinstance(value, dict):
        kept = {re.sub(r"[0-9a-f-]{36}", "ID", key): item for key, item in value.items() if key not in OF_A_RUN}
        return {
            key: item if key in GONE_BY and not isinstance(item, dict) else skeleton(item) for key, item in kept.items()
        }
    return [skeleton(item) for item in value[:2]] if isinstance(value, list) else None


@pytest.mark.parametrize("name", EXERCISES)
async def test_it_answers_as_a_real_one_did(tmp_path: Path, name: str) -> None:
    async with world(tmp_path) as there:
        caller = Caller(there)
        if not name.startswith("upload"):
            await caller.upload()
        status, kind, body = await EXERCISES[name](caller)
    sample = SAMPLES[name]
    recorded = sample.get("headers", {}).get("Content-Type", kind).partition(";")[0]

    assert (status, kind if body else recorded) == (sample["status"], recorded)
    if "body" in sample:
        assert skeleton(body) == skeleton(sample["body"])
    elif "body_bytes" not in sample:
        assert body == sample["body_text"]


def test_all_that_was_recorded_of_the_newer_server_is_compared_but_what_it_has_no_part_for() -> None:
    others = {name for name, sample in SAMPLES.items() if sample["step"] not in ("ws", "v2")} - EXERCISES.keys()

    assert others == {
        # Of an older server, or assembled from sources.
        *(
            "upload_too_large",
            "prompt_missing_node_old",
            "prompt_cycle_old",
            "prompt_ui_format_old",
            "prompt_too_large",
        ),
        *("history_vhs_gifs", "history_vhs_temp", "history_videos_key", "history_success_no_outputs"),
        "cloud_v1_subscription",
        # Savers that it does not have, and what does not differ from another exercise.
        *("history_SaveWEBM", "history_SaveAnimatedWEBP", "history_err_runtime", "history_after_restart"),
        *("bad_link_as_text", "interrupt_pending", "origin_mismatch"),
    }


def socket_of(there: World) -> dict[str, Any]:
    return {"url": f"{there.service.url}/ws?clientId=kinora-0001", "headers": {"Authorization": "Bearer front-door"}}


async def heard(there: World, graph: Any) -> list[Any]:
    """All that the socket says about one run, as types of messages; steps and states of one kind in a row are one."""
    caller = Caller(there)
    await caller.upload()
    messages: list[str] = []
    async with asyncio.timeout(20), there.session.ws_connect(**socket_of(there)) as socket:
        await socket.send_json({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
        await caller.prompt(graph)
        async for message in socket:
            said = json.loads(message.data)["type"] if message.type is aiohttp.WSMsgType.TEXT else "preview"
            messages.append(said)
            if said in ("execution_success", "execution_error"):
                return messages
    return messages


async def test_its_messages_come_in_the_order_of_a_real_one(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        said = await heard(there, GRAPH)
    recorded = [each.get("type", "preview") for each in SAMPLES["ws_sequence_success"]["messages"]]

    def order(messages: list[str]) -> list[str]:
        return [each for each in messages if each.startswith(("execut", "feature"))]

    assert set(said) == set(recorded)
    assert order(said) == order(recorded)


async def test_each_message_has_the_keys_of_the_recorded_one(tmp_path: Path) -> None:
    recorded = {each["type"]: each["data"] for each in SAMPLES["ws_sequence_success"]["messages"] if "type" in each}
    async with world(tmp_path) as there:
        caller, data = Caller(there), {}
        await caller.upload()
        async with asyncio.timeout(20), there.session.ws_connect(**socket_of(there)) as socket:
            await caller.prompt(GRAPH)
            while "execution_success" not in data:
                message = await socket.receive()
                if message.type is aiohttp.WSMsgType.TEXT:
                    said = json.loads(message.data)
                    data[said["type"]] = said["data"]

    for type in data.keys() - {"status"}:
        assert data[type].keys() == recorded[type].keys(), type

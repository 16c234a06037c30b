"""The queue of the server and the one run at a time that it works on, with the messages that it sends about it."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from playground.fake_video_service.comfyui.prompt import Prompt, now, save_with_workflow
from playground.fake_video_service.film import FilmStoppedError

STEPS = 20
PREVIEW = b"\x00\x00\x00\x01\x00\x00\x00\x01\xff\xd8\xff\xe0 a preview, no whole picture"
_NO_MEMORY = "CUDA out of memory. Tried to allocate 2.50 GiB.\nThis error means you ran out of memory on your GPU."
_NO_PICTURE = "cannot identify image file '/srv/comfyui/input/kinora/bad.png'\n"
_TRACE = ['  File "/srv/comfyui/custom_nodes/slow/__init__.py", line 20, in go']


class _NodeError(Exception):
    """A node fails with these words."""

    def __init__(self, node: str, type: str, message: str) -> None:
        super().__init__(message)
        self.node, self.type = node, type


class Machine:
    """Films go to ``folder``; ``pause`` waits seconds of the playground's pace. Its owner awaits ``stop()``."""

    def __init__(self, folder: Path, pause: Callable[..., Awaitable[None]]) -> None:
        self.folder = folder
        self.waiting: list[Prompt] = []
        self.running: Prompt | None = None
        self.history: dict[str, Prompt] = {}
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self._pause = pause
        self._saved = 0
        self._arrived = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._run: asyncio.Task[None] | None = None

    async def queue(self, prompt: Prompt) -> None:
        self.waiting.append(prompt)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="ComfyUI")
        self._arrived.set()
        await self.tell_status()

    async def take_out(self, ids: list[str]) -> None:
        for prompt in [each for each in self.waiting if each.id in ids]:
            self.waiting.remove(prompt)
            if prompt.generation:
                prompt.generation.stop()
        await self.tell_status()

    def interrupt(self) -> None:
        if self._run:
            self._run.cancel()

    async def forget(self) -> None:
        """Be as after a restart."""
        self.waiting.clear()
        self.history.clear()
        self.running = None
        for socket in list(self.sockets.values()):
            await socket.close()

    async def stop(self) -> None:
        for task in filter(None, (self._worker, self._run)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def tell_status(self) -> None:
        left = len(self.waiting) + bool(self.running)
        await self.tell(None, "status", {"status": {"exec_info": {"queue_remaining": left}}})

    async def tell(self, client: str | None, type: str, data: Any) -> None:
        """Send a message to one client, to all for None."""
        sockets = list(self.sockets.values()) if client is None else [self.sockets.get(client)]
        for socket in filter(None, sockets):
            with suppress(ConnectionError, RuntimeError):
                await socket.send_str(json.dumps({"type": type, "data": data}))

    async def _work(self) -> None:
        while True:
            while not self.waiting:
                self._arrived.clear()
                await self._arrived.wait()
            prompt = min(self.waiting, key=lambda each: each.number)
            self.waiting.remove(prompt)
            self.running = prompt
            self._run = asyncio.create_task(self._perform(prompt), name=f"run {prompt.id}")
            await asyncio.wait([self._run])
            if self.running is prompt:
                self.history[prompt.id] = prompt
            self.running = None
            await self.tell(prompt.client, "executing", {"node": None, "prompt_id": prompt.id})
            await self.tell_status()

    async def _perform(self, prompt: Prompt) -> None:
        prompt.started = now()
        await self._note(prompt, "execution_start", {})
        await self._note(prompt, "execution_cached", {"nodes": []})
        try:
            for node in _order(prompt):
                await self._execute(prompt, node)
        except _NodeError as error:
            data = {"node_id": error.node, "node_type": prompt.graph[error.node]["class_type"], "executed": []}
            data |= {"exception_message": str(error), "exception_type": error.type, "traceback": _TRACE}
            data |= {"current_inputs": {"image": ["tensor(…)"]}, "current_outputs": list(prompt.graph)}
            await self._end(prompt, "error", "execution_error", data)
        except asyncio.CancelledError:
            node = next((id for id in prompt.graph if "steps" in prompt.graph[id]["inputs"]), next(iter(prompt.graph)))
            data = {"node_id": node, "node_type": prompt.graph[node]["class_type"], "executed": []}
            if prompt.generation:
                prompt.generation.stop()
            await self._end(prompt, "error", "execution_interrupted", data)
        else:
            await self._end(prompt, "success", "execution_success", {})

    async def _end(self, prompt: Prompt, ended: str, event: str, data: dict[str, Any]) -> None:
        prompt.finished = now()
        await self._note(prompt, event, data, everyone=event == "execution_interrupted")
        prompt.ended = ended

    async def _execute(self, prompt: Prompt, node: str) -> None:
        kind = prompt.graph[node]["class_type"]
        await self._state(prompt, node, 0.0, 1.0, "running")
        await self.tell(prompt.client, "executing", {"node": node, "display_node": node, "prompt_id": prompt.id})
        if "steps" in prompt.graph[node]["inputs"]:
            await self._sample(prompt, node)
        output = await self._save(prompt, kind)
        if output is not None:
            prompt.outputs[node] = output
            told = {"node": node, "display_node": node, "output": output, "prompt_id": prompt.id}
            await self.tell(prompt.client, "executed", told)
        steps = prompt.states[node]["max"]
        await self._state(prompt, node, steps, steps, "finished")

    async def _sample(self, prompt: Prompt, node: str) -> None:
        steps = int(prompt.graph[node]["inputs"]["steps"])
        async for step in self._steps(prompt, steps):
            await self._state(prompt, node, step, steps, "running")
            socket = self.sockets.get(prompt.client or "")
            if socket and prompt.habit == "deaf":
                await socket.close()
            elif socket:
                with suppress(ConnectionError, RuntimeError):
                    await socket.send_bytes(PREVIEW)
            told = {"value": step, "max": steps, "prompt_id": prompt.id, "node": node}
            await self.tell(prompt.client, "progress", told)
        if prompt.habit == "forgotten":
            await self.forget()
            raise asyncio.CancelledError
        if prompt.habit == "oom" or prompt.fails == "oom":
            raise _NodeError(node, "torch.OutOfMemoryError", _NO_MEMORY)
        if prompt.habit == "node-error":
            raise _NodeError(node, "PIL.UnidentifiedImageError", _NO_PICTURE)
        if prompt.generation is None:
            raise _NodeError(node, "RuntimeError", "mat1 and mat2 shapes cannot be multiplied")

    async def _steps(self, prompt: Prompt, steps: int) -> AsyncIterator[int]:
        """The steps as they are taken; those of a film follow its encoder."""
        if prompt.scenario.endless:
            yield max(1, steps // 3)
            await self._pause(math.inf, slowness=1)
        if prompt.generation is None or prompt.habit in ("oom", "node-error", "forgotten"):
            yield 1
            await self._pause(0.8, slowness=1)
            return
        shown = 0
        async for percent in prompt.generation.percents():
            if (step := int(percent * steps / 100)) > shown:
                yield step
                shown = step
        if shown < steps:
            yield steps

    async def _save(self, prompt: Prompt, kind: str) -> dict[str, Any] | None:
        if kind in ("SaveImage", "PreviewImage"):
            temporary = kind == "PreviewImage"
            name = "ComfyUI_temp_uyhnj_00001_.png" if temporary else "kin_00001_.png"
            return {"images": [{"filename": name, "subfolder": "", "type": "temp" if temporary else "output"}]}
        if kind not in ("SaveVideo", "VHS_VideoCombine") or prompt.habit == "no-film" or prompt.generation is None:
            return None
        try:
            film = await prompt.generation.finish()
        except FilmStoppedError:
            raise asyncio.CancelledError from None
        self._saved += 1
        name = f"kin_{self._saved:05}_.mp4"
        await asyncio.to_thread(save_with_workflow, film, self.folder / "output" / "video" / name, prompt)
        file = {"filename": name, "subfolder": "video", "type": "output"}
        if kind == "VHS_VideoCombine" or prompt.habit == "gifs":
            path = f"/srv/comfyui/output/video/{name}"
            return {"gifs": [{**file, "format": "video/h264-mp4", "frame_rate": 16.0, "fullpath": path}]}
        return {"images": [file], "animated": [True]}

    async def _note(self, prompt: Prompt, event: str, data: dict[str, Any], *, everyone: bool = False) -> None:
        """Send what stands in the history, too."""
        data = {"prompt_id": prompt.id, **data, "timestamp": now()}
        prompt.messages.append([event, data])
        await self.tell(None if everyone else prompt.client, event, data)

    async def _state(self, prompt: Prompt, node: str, value: float, most: float, state: str) -> None:
        ids = {"node_id": node, "prompt_id": prompt.id, "display_node_id": node, "parent_node_id": None}
        prompt.states[node] = {"value": value, "max": most, "state": state, **ids, "real_node_id": node}
        await self.tell(prompt.client, "progress_state", {"prompt_id": prompt.id, "nodes": prompt.states})


def _order(prompt: Prompt) -> list[str]:
    """The nodes in the order in which they run: each after those that it needs."""
    done: dict[str, None] = {}

    def visit(node: str) -> None:
        if node not in done:
            for value in prompt.graph[node]["inputs"].values():
                if isinstance(value, list):
                    visit(value[0])
            done[node] = None

    for node in prompt.saving:
        visit(node)
    return list(done)

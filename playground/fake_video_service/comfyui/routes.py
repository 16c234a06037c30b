"""The HTTP side of the server: every route once as it is and once below ``/api``."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from playground.fake_video_service.comfyui.machine import Machine
from playground.fake_video_service.comfyui.nodes import NODES
from playground.fake_video_service.comfyui.prompt import Prompt, now
from playground.fake_video_service.comfyui.validation import check
from playground.fake_video_service.recorded_request import RecordedRequest
from playground.fake_video_service.tasks.routes import Handle, Handler, Studio, cut

MAX_UPLOAD = 100 * 2**20
_TROUBLE = "500 Internal Server Error\n\nServer got itself in trouble"
_FLAGS = {"supports_preview_metadata": True, "supports_model_type_tags": True, "max_upload_size": MAX_UPLOAD}


class ComfyRoutes:
    """
    The routes of one ComfyUI. Its owner awaits ``stop()``. ``has_jobs`` is whether it knows ``/api/jobs``, as those
    since 0.6 do; ``has_socket``, whether what stands before it lets sockets through.
    """

    def __init__(self, studio: Studio, machine: Machine) -> None:
        self.machine = machine
        self.has_jobs = True
        self.has_socket = True
        self.pictures: dict[str, bytes] = {}
        self._studio = studio
        self._number = 0

    def add_to(self, router: web.UrlDispatcher, recorded: Callable[[Handle], Handler]) -> None:
        """Serve all routes; ``recorded`` checks the key and keeps a record of each request."""
        for prefix in ("", "/api"):
            router.add_post(f"{prefix}/upload/image", recorded(self._upload))
            router.add_post(f"{prefix}/prompt", recorded(self._prompt))
            router.add_get(f"{prefix}/history/{{id}}", recorded(self._history))
            router.add_get(f"{prefix}/queue", recorded(self._queue))
            router.add_post(f"{prefix}/queue", recorded(self._change_queue))
            router.add_post(f"{prefix}/interrupt", recorded(self._interrupt))
            router.add_get(f"{prefix}/view", recorded(self._view))
            router.add_get(f"{prefix}/object_info", recorded(self._object_info))
            router.add_get(f"{prefix}/object_info/{{name}}", recorded(self._object_info))
            router.add_get(f"{prefix}/system_stats", recorded(self._stats))
            router.add_get(f"{prefix}/features", recorded(self._features))
            router.add_get(f"{prefix}/ws", recorded(self._socket))
        router.add_get("/api/jobs/{id}", recorded(self._job))
        router.add_post("/api/jobs/{id}/cancel", recorded(self._cancel))

    async def stop(self) -> None:
        for socket in list(self.machine.sockets.values()):
            await socket.close()
        await self.machine.stop()

    async def _upload(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        form = await request.post()
        picture, folder = form.get("image"), str(form.get("subfolder", ""))
        kind = str(form.get("type", "input"))
        if kind not in ("input", "temp", "output"):
            return web.Response(status=500, text=_TROUBLE)
        if not isinstance(picture, web.FileField) or not picture.filename or ".." in f"{folder}/{picture.filename}":
            return web.Response(status=400)
        record.keep_body({"subfolder": folder, "filename": picture.filename})
        data, name, copies = picture.file.read(), picture.filename, 0
        stem, _, ending = picture.filename.rpartition(".")
        while form.get("overwrite") not in ("true", "1") and self._held(folder, name, kind, data) != data:
            copies += 1
            name = f"{stem} ({copies}).{ending}"
        self.pictures[_taken(folder, name, kind)] = data
        return web.json_response({"name": name, "subfolder": folder, "type": kind})

    def _held(self, folder: str, name: str, kind: str, data: bytes) -> bytes:
        return self.pictures.get(_taken(folder, name, kind), data)

    async def _prompt(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        try:
            body = json.loads(await request.read())
            record.keep_body(body)
            refused, faults, saving = check(body, self.pictures)
        except (ValueError, AttributeError, TypeError, KeyError):
            return web.Response(status=500, text=_TROUBLE)
        if refused:
            return web.json_response(refused, status=400)
        extra = {**body.get("extra_data", {}), **({"client_id": body["client_id"]} if "client_id" in body else {})}
        prompt = Prompt(
            self._number,
            body.get("prompt_id") or str(uuid.uuid4()),
            body["prompt"],
            {**extra, "create_time": now()},
            saving,
            self._studio.choose(_text(body["prompt"]), record, number),
        )
        if prompt.scenario.reply:  # what stands before the server says that
            return self._studio.respond(prompt.scenario.reply)
        self._number += 1
        if prompt.scenario.makes_film:
            prompt.generation = self._studio.start_film(self._picture(prompt), prompt.text, prompt.scenario, record)
        await self.machine.queue(prompt)
        if prompt.habit == "prompt-lost":
            return cut(request)
        return web.json_response({"prompt_id": prompt.id, "number": prompt.number, "node_errors": faults})

    def _picture(self, prompt: Prompt) -> bytes | None:
        names = (node["inputs"]["image"] for node in prompt.graph.values() if node["class_type"] == "LoadImage")
        return next((self.pictures[name] for name in names), None)

    async def _history(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        prompt = self.machine.history.get(request.match_info["id"])
        return web.json_response({prompt.id: prompt.history()} if prompt else {})

    async def _queue(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        running = [self.machine.running.row()] if self.machine.running else []
        return web.json_response(
            {"queue_running": running, "queue_pending": [each.row() for each in self.machine.waiting]}
        )

    async def _change_queue(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        body = await request.json()
        record.keep_body(body)
        await self.machine.take_out(body.get("delete", []))
        return web.Response()

    async def _interrupt(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw else {}
        record.keep_body(body)
        running = self.machine.running
        if running and body.get("prompt_id", running.id) == running.id:
            self.machine.interrupt()
        return web.Response()

    async def _job(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        if not self.has_jobs:
            return web.Response(status=404)
        found = self._status(request.match_info["id"])
        if found is None:
            return web.json_response({"error": "Job not found"}, status=404)
        return web.json_response(found[0].job(found[1]))

    def _status(self, id: str) -> tuple[Prompt, str] | None:
        if prompt := self.machine.history.get(id):
            last = prompt.messages[-1][0]
            return prompt, {"execution_success": "completed", "execution_error": "failed"}.get(last, "cancelled")
        if self.machine.running and self.machine.running.id == id:
            return self.machine.running, "in_progress"
        return next(((each, "pending") for each in self.machine.waiting if each.id == id), None)

    async def _cancel(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        found = self._status(request.match_info["id"])
        if found and found[1] == "pending":
            await self.machine.take_out([found[0].id])
        elif found and found[1] == "in_progress":
            self.machine.interrupt()
        return web.json_response({"cancelled": found is not None and found[1] in ("pending", "in_progress")})

    async def _view(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        name, folder = request.query.get("filename", ""), request.query.get("subfolder", "")
        kind = request.query.get("type", "output")
        if not name or ".." in name or kind not in ("input", "temp", "output"):
            return web.Response(status=400)
        if ".." in folder:
            return web.Response(status=403)
        path = self.machine.folder / kind / folder / name
        if not await asyncio.to_thread(path.is_file):
            return web.Response(status=404)
        return web.FileResponse(path, headers={"Content-Disposition": f'filename="{quote(name)}"'})

    async def _object_info(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        name = request.match_info.get("name")
        return web.json_response({each: node.info(each) for each, node in NODES.items() if name in (None, each)})

    async def _stats(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        device = {"name": "cpu", "type": "cpu", "vram_total": 8 * 2**30, "vram_free": 6 * 2**30}
        return web.json_response({"system": {"os": "posix", "comfyui_version": "0.33.0"}, "devices": [device]})

    async def _features(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        return web.json_response(_FLAGS)

    async def _socket(self, request: web.Request, record: RecordedRequest, number: int) -> web.StreamResponse:
        if not self.has_socket:
            return web.Response(status=404)
        client = request.query.get("clientId") or uuid.uuid4().hex
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.machine.sockets[client] = socket
        left = len(self.machine.waiting) + bool(self.machine.running)
        data = {"status": {"exec_info": {"queue_remaining": left}}, "sid": client}
        await socket.send_str(json.dumps({"type": "status", "data": data}))
        try:
            async for message in socket:
                if message.type is web.WSMsgType.TEXT and "feature_flags" in message.data:
                    await socket.send_str(json.dumps({"type": "feature_flags", "data": _FLAGS}))
        finally:
            if self.machine.sockets.get(client) is socket:
                del self.machine.sockets[client]
        return socket


def _taken(folder: str, name: str, kind: str) -> str:
    """The name that LoadImage takes."""
    path = f"{folder}/{name}" if folder else name
    return path if kind == "input" else f"{path} [{kind}]"


def _text(graph: Any) -> str:
    return Prompt(0, "", graph, {}, [], None).text  # type: ignore[arg-type]

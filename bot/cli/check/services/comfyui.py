"""Checks a ComfyUI server: does it answer, is the key taken, has it what the workflows need."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp

from bot.cli.check.findings import Finding, Severity, plain, unknown
from bot.cli.check.http_probe import Answer, ask
from bot.providers.comfyui.server import key_headers
from bot.settings import Service
from bot.wiring.comfyui import comfy_address, comfy_client

NAMES = ("service", "key", "models")
_EXPORT = "Install what is missing there, or change the workflow and export it again: File, then Export (API)."


async def check_comfyui(service: Service) -> list[Finding]:
    """Return the findings about ``service``. Nothing is queued."""
    url, key = comfy_address(service), service.key.get_secret_value()
    stats = await ask(f"{url}/system_stats", key_headers(key))
    if isinstance(stats, str):
        remedy = "Start ComfyUI; on another machine it needs --listen. Else check the address."
        return [Finding("service", Severity.WRONG, stats, remedy), *unknown(NAMES[1:], "ComfyUI could not be asked.")]
    if stats.status in (401, 403):
        what = f"{service.key_env} is not accepted (HTTP {stats.status})."
        refused = Finding("key", Severity.WRONG, what, "Correct it.")
        return [_reached(url, ""), refused, *unknown(NAMES[2:], "The key was not taken.")]
    if (version := _version(stats)) is None:
        what = f"Something answers at {url}, but it is no ComfyUI (HTTP {stats.status})."
        wrong = Finding("service", Severity.WRONG, what, "Check the address.")
        return [wrong, *unknown(NAMES[1:], "It is no ComfyUI.")]
    async with aiohttp.ClientSession() as session:
        lacks = await comfy_client(session, service).shortcomings()
    models = [Finding("models", Severity.WRONG, f"{plain(each, 400)}.", _EXPORT) for each in lacks]
    if not models:
        found = ", ".join(model.name for model in service.models)
        models = [Finding("models", Severity.OK, f"ComfyUI has all nodes and files of {found}.")]
    return [_reached(url, version), Finding("key", Severity.OK, _of_key(key)), *models]


def _reached(url: str, version: str) -> Finding:
    named = f"ComfyUI {plain(version)}".strip()
    return Finding("service", Severity.OK, f"{named} answers at {urlsplit(url).netloc}.")


def _of_key(key: str) -> str:
    return "What stands before ComfyUI lets the key in." if key else "ComfyUI wants no key, and none is set."


def _version(stats: Answer) -> str | None:
    content = stats.content
    system = content.get("system") if isinstance(content, dict) and stats.status == 200 else None
    return str(system.get("comfyui_version") or "of unknown version") if isinstance(system, dict) else None

"""Builds the clients of ComfyUI servers, and says what those need of the settings."""

from __future__ import annotations

from dataclasses import replace

import aiohttp

from bot.errors import SettingsError
from bot.models import VideoModel
from bot.providers.comfyui.client import ComfyClient
from bot.providers.comfyui.server import ComfyServer
from bot.providers.comfyui.workflow import load_workflow
from bot.providers.patience import Patience
from bot.settings import Service, ServiceNeeds

COMFYUI_ADDRESS = "http://127.0.0.1:8188"  # where it listens unless told otherwise


def workflow_needs(model: VideoModel | None) -> ServiceNeeds:
    """Return what the workflow of ``model`` needs, what all need for None. Raises SettingsError."""
    common = ServiceNeeds(without_key=True, address=COMFYUI_ADDRESS, image_modes=())
    if model is None:
        return common
    if not model.workflow:
        raise SettingsError([f"COMFYUI_WORKFLOW is missing, for {model.name}: the path of a workflow in API format."])
    try:
        workflow = load_workflow(model.workflow)
    except SettingsError as error:
        raise SettingsError([f"{problem}." for problem in error.problems]) from None
    choices = {"seconds": workflow.takes_seconds, "sizes": workflow.takes_size, "ratios": False, "pictures": False}
    return replace(common, bound=workflow.pictures, fixed=tuple(word for word, chosen in choices.items() if not chosen))


def comfy_address(service: Service) -> str:
    """Return where the ComfyUI server of ``service`` listens."""
    return service.url or COMFYUI_ADDRESS


def comfy_client(session: aiohttp.ClientSession, service: Service, patience: Patience | None = None) -> ComfyClient:
    """Return a client of the ComfyUI server of ``service``. Raises SettingsError."""
    server = ComfyServer(session, comfy_address(service), service.key.get_secret_value())
    return ComfyClient(server, {model.name: load_workflow(model.workflow) for model in service.models}, patience)

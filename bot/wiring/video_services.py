"""Builds the clients of the video services that the settings name, and says what those need of the settings."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import aiohttp

from bot.errors import SettingsError
from bot.media.fetcher import Fetcher
from bot.media.pictures.fitter import PictureFitter
from bot.models import VideoModel
from bot.providers.base import Provider
from bot.providers.chat.client import VideoClient
from bot.providers.comfyui.client import ComfyClient
from bot.providers.comfyui.server import ComfyServer
from bot.providers.comfyui.workflow import load_workflow
from bot.providers.known_services import charges_for_refusals
from bot.providers.patience import Patience
from bot.providers.router import OnRest, Router
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from bot.providers.tasks.request import base_address
from bot.settings import CHAT, COMFYUI, Service, ServiceNeeds, Settings
from bot.settings.offered_models import is_ratio, is_size

COMFYUI_ADDRESS = "http://127.0.0.1:8188"  # where it listens unless told otherwise


def load_settings(env_file: Path | None) -> Settings:
    """Return the settings, which hold all that the chosen video services need. Raises SettingsError."""
    return Settings.load(env_file, _needs)


def _needs(api: str, model: VideoModel | None) -> ServiceNeeds:
    if api == CHAT:
        return ServiceNeeds()
    if api == COMFYUI:
        return _needs_of_workflow(model)
    if api not in shipped_names() and not os.path.isfile(api):
        choice = ", ".join((CHAT, COMFYUI, *shipped_names()))
        raise SettingsError([f"VIDEO_API must be {choice}, or the path of a description; there is no file {api}."])
    try:
        description = load_description(api, model.name if model else "")
    except SettingsError as error:
        raise SettingsError([f"VIDEO_API: {problem}." for problem in error.problems]) from None
    address = description.base if description.has_address else ""
    return ServiceNeeds(
        description.auth.key,
        without_key=True,
        address=address,
        image_modes=description.image_modes,
        pictures=description.picture_roles,
        seconds=description.ask.seconds,
        sizes=tuple(filter(is_size, description.ask.size)),
        ratios=tuple(filter(is_ratio, description.ask.ratio)),
    )


def _needs_of_workflow(model: VideoModel | None) -> ServiceNeeds:
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


def refusals_cost(settings: Settings, name: str | None) -> bool:
    """Whether the service of that name, or the first one for None, is known to charge for what its reviews refuse."""
    service = next((each for each in settings.services if each.name == name), settings.services[0])
    return charges_for_refusals(_address(service))


def _address(service: Service) -> str:
    if service.api == COMFYUI:
        return comfy_address(service)
    if service.api == CHAT:
        return service.url
    return base_address(load_description(service.api), service.url)


def open_services(
    settings: Settings, session: aiohttp.ClientSession, fetcher: Fetcher, fitter: PictureFitter, on_rest: OnRest
) -> Router:
    """Return what sends requests to the services."""
    build = partial(_client, settings, session, fetcher, fitter)
    return Router({service.name: build(service) for service in settings.services}, on_rest)


def _client(
    settings: Settings, session: aiohttp.ClientSession, fetcher: Fetcher, fitter: PictureFitter, service: Service
) -> Provider:
    key = service.key.get_secret_value()
    if service.api == CHAT:
        return VideoClient(
            session,
            endpoint=service.chat_endpoint,
            key=key,
            stream=service.stream,
            image_mode=service.image_mode or "data",
            stall_timeout=settings.video_stall_timeout,
            timeout=settings.video_timeout,
        )
    patience = Patience(settings.video_stall_timeout, settings.video_timeout)
    if service.api == COMFYUI:
        return comfy_client(session, service, patience)
    return TaskClient(
        session,
        describe=partial(load_description, service.api),
        url=service.url,
        key=key,
        image_mode=service.image_mode,
        fit=fitter.fitted,
        fetch=fetcher.fetch,
        patience=patience,
    )


def comfy_address(service: Service) -> str:
    """Return where the ComfyUI server of ``service`` listens."""
    return service.url or COMFYUI_ADDRESS


def comfy_client(session: aiohttp.ClientSession, service: Service, patience: Patience | None = None) -> ComfyClient:
    """Return a client of the ComfyUI server of ``service``. Raises SettingsError."""
    server = ComfyServer(session, comfy_address(service), service.key.get_secret_value())
    return ComfyClient(server, {model.name: load_workflow(model.workflow) for model in service.models}, patience)

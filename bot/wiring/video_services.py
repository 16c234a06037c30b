"""
Builds the clients of the video services that the settings name, and says what those need of the settings.

Each kind is imported where a service of it is named: most bots have one kind, and pay at their start for no other.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import aiohttp

from bot.media.fetcher import Fetcher
from bot.media.pictures.fitter import PictureFitter
from bot.models import VideoModel
from bot.providers.base import Provider
from bot.providers.known_services import charges_for_refusals
from bot.providers.patience import Patience
from bot.providers.router import OnRest, Router
from bot.settings import CHAT, COMFYUI, Service, ServiceNeeds, Settings


def load_settings(env_file: Path | None) -> Settings:
    """Return the settings, which hold all that the chosen video services need. Raises SettingsError."""
    return Settings.load(env_file, _needs)


def _needs(api: str, model: VideoModel | None) -> ServiceNeeds:
    if api == CHAT:
        return ServiceNeeds()
    if api == COMFYUI:
        from bot.wiring.comfyui import workflow_needs

        return workflow_needs(model)
    from bot.wiring.task_services import described_needs

    return described_needs(api, model.name if model else "")


def refusals_cost(settings: Settings, name: str | None) -> bool:
    """Whether the service of that name, or the first one for None, is known to charge for what its reviews refuse."""
    service = next((each for each in settings.services if each.name == name), settings.services[0])
    return charges_for_refusals(_address(service))


def _address(service: Service) -> str:
    if service.api == CHAT:
        return service.url
    if service.api == COMFYUI:
        from bot.wiring.comfyui import comfy_address

        return comfy_address(service)
    from bot.wiring.task_services import described_address

    return described_address(service)


def open_services(
    settings: Settings, session: aiohttp.ClientSession, fetcher: Fetcher, fitter: PictureFitter, on_rest: OnRest
) -> Router:
    """Return what sends requests to the services."""
    build = partial(_client, settings, session, fetcher, fitter)
    return Router({service.name: build(service) for service in settings.services}, on_rest)


def _client(
    settings: Settings, session: aiohttp.ClientSession, fetcher: Fetcher, fitter: PictureFitter, service: Service
) -> Provider:
    patience = Patience(settings.video_stall_timeout, settings.video_timeout)
    if service.api == CHAT:
        from bot.providers.chat.client import VideoClient

        return VideoClient(
            session,
            endpoint=service.chat_endpoint,
            key=service.key.get_secret_value(),
            stream=service.stream,
            image_mode=service.image_mode or "data",
            stall_timeout=settings.video_stall_timeout,
            timeout=settings.video_timeout,
        )
    if service.api == COMFYUI:
        from bot.wiring.comfyui import comfy_client

        return comfy_client(session, service, patience)
    from bot.wiring.task_services import task_client

    return task_client(session, service, fetcher, fitter, patience)

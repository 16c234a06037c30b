"""Builds the clients of the video services that the settings name, and says what those need of the settings."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import aiohttp

from bot.errors import SettingsError
from bot.media.fetcher import Fetcher
from bot.media.pictures.fitter import PictureFitter
from bot.providers.base import Provider
from bot.providers.chat.client import VideoClient
from bot.providers.known_services import charges_for_refusals
from bot.providers.router import OnRest, Router
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from bot.providers.tasks.follower import Patience
from bot.providers.tasks.request import base_address
from bot.settings import CHAT, Service, ServiceNeeds, Settings
from bot.settings.offered_models import is_ratio, is_size


def load_settings(env_file: Path | None) -> Settings:
    """Return the settings, which hold all that the chosen video services need. Raises SettingsError."""
    return Settings.load(env_file, _needs)


def _needs(api: str, model: str) -> ServiceNeeds:
    if api == CHAT:
        return ServiceNeeds()
    if api not in shipped_names() and not os.path.isfile(api):
        choice = ", ".join((CHAT, *shipped_names()))
        raise SettingsError([f"VIDEO_API must be {choice}, or the path of a description; there is no file {api}."])
    try:
        description = load_description(api, model)
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


def refusals_cost(settings: Settings, name: str | None) -> bool:
    """Whether the service of that name, or the first one for None, is known to charge for what its reviews refuse."""
    service = next((each for each in settings.services if each.name == name), settings.services[0])
    return charges_for_refusals(_address(service))


def _address(service: Service) -> str:
    return service.url if service.api == CHAT else base_address(load_description(service.api), service.url)


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
    return TaskClient(
        session,
        describe=partial(load_description, service.api),
        url=service.url,
        key=key,
        image_mode=service.image_mode,
        fit=fitter.fitted,
        fetch=fetcher.fetch,
        patience=Patience(settings.video_stall_timeout, settings.video_timeout),
    )

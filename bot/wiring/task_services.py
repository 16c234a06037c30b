"""Builds the clients of task services, and says what those need of the settings."""

from __future__ import annotations

import os
from functools import partial

import aiohttp

from bot.errors import SettingsError
from bot.media.fetcher import Fetcher
from bot.media.pictures.fitter import PictureFitter
from bot.providers.patience import Patience
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description, shipped_names
from bot.providers.tasks.request import base_address
from bot.settings import CHAT, COMFYUI, Service, ServiceNeeds
from bot.settings.offered_models import is_ratio, is_size


def described_needs(api: str, model: str) -> ServiceNeeds:
    """Return what the description ``api`` needs for ``model``, for all of them for "". Raises SettingsError."""
    if api not in shipped_names() and not os.path.isfile(api):
        choice = ", ".join((CHAT, COMFYUI, *shipped_names()))
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


def described_address(service: Service) -> str:
    """Return where ``service`` listens."""
    return base_address(load_description(service.api), service.url)


def task_client(
    session: aiohttp.ClientSession, service: Service, fetcher: Fetcher, fitter: PictureFitter, patience: Patience
) -> TaskClient:
    """Return a client of ``service``. Raises SettingsError."""
    return TaskClient(
        session,
        describe=partial(load_description, service.api),
        url=service.url,
        key=service.key.get_secret_value(),
        image_mode=service.image_mode,
        fit=fitter.fitted,
        fetch=fetcher.fetch,
        patience=patience,
    )

"""A video service that the operator chose, with its models; and what members are offered of all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from pydantic import SecretStr

from bot.models import DiscordLimits, ImageMode, VideoModel

CHAT = "chat"
COMFYUI = "comfyui"
ONLY = "service"  # the name of one that the environment alone describes


@dataclass(frozen=True, slots=True)
class Service:
    """
    One service: ``api`` is what it speaks, ``url`` its address, "" for that of its description. ``key`` is what the
    variable ``key_env`` holds, empty where it wants none. ``stream`` is for chat completions.
    """

    name: str
    api: str
    url: str
    key: SecretStr
    key_env: str
    models: tuple[VideoModel, ...]
    image_mode: ImageMode | None = None
    stream: bool = True

    @property
    def chat_endpoint(self) -> str:
        """The full URL of the service's ``/v1/chat/completions``, however much of it the operator wrote."""
        if self.url.endswith("/chat/completions"):
            return self.url
        return f"{self.url}/chat/completions" if re.search(r"/v\d+$", self.url) else f"{self.url}/v1/chat/completions"


def offered(services: Sequence[Service], off: Collection[str] = ()) -> tuple[VideoModel, ...]:
    """
    Return the models that members choose from: of those of one label at several services the first, which the others
    stand in for. Each has a name of its own, that of its service before it where two share one. It is age-restricted if
    any of them is.

    Those that are ``off`` make nothing, but name what they are the first to have: rules of servers and old requests
    know a model by its name, which is the same again once the service is well.
    """
    groups: dict[str, list[VideoModel]] = {}
    for service in services:
        own: set[str] = set()
        for model in (replace(each, service=service.name, served_as=each.name) for each in service.models):
            label = model.label.casefold()
            group = groups.setdefault(label if label not in own else f"{label} {model.name}", [])
            group.append(model)
            own.add(label)
    names: set[str] = set()
    models = []
    for group in groups.values():
        name = _unused_name(group[0], names)
        names.add(name)
        if living := [replace(each, name=name) for each in group if each.service not in off]:
            restricted = any(each.age_restricted for each in group)
            models.append(replace(living[0], stand_ins=tuple(living[1:]), age_restricted=restricted))
    return tuple(models)


def _unused_name(model: VideoModel, used: Collection[str]) -> str:
    """Return what members' choices call ``model``, which Discord must take."""
    further = (f"{model.service}/{number}/{model.name}" for number in count(2))
    for name in chain((model.name, f"{model.service}/{model.name}"), further):
        if (short := name[: DiscordLimits.CHOICE]) not in used:
            break
    return short

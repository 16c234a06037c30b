"""What a video service needs of the settings, and what of it they lack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import NamedTuple, get_args
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.mistakes.lines import Location
from bot.models import ImageMode, PictureRole, VideoModel
from bot.settings.service import Service
from bot.settings.values import check_secret

KEY = "VIDEO_API_KEY"
WORKFLOW = "COMFYUI_WORKFLOW"
_OWN_NAMES = (".local", ".lan", ".internal", ".localhost", ".home.arpa")


@dataclass(frozen=True, slots=True)
class ServiceNeeds:
    """
    What one service needs for one model; what stands here is that of chat completions.

    ``key`` is the variable that holds its key; a server of one's own may do ``without_key``. ``address`` is its own, ""
    where ``VIDEO_API_URL`` must name one. ``image_modes`` are the ways in which it takes pictures, ``pictures`` what
    they may be, and ``bound`` what they are and must be, None where the operator chooses; ``seconds``, ``sizes`` and
    ``ratios`` what it makes, where the operator names none; ``fixed`` are words for a model that leave no choice.
    """

    key: str = KEY
    without_key: bool = False
    address: str = ""
    image_modes: tuple[ImageMode, ...] = ("data", "url")
    pictures: tuple[PictureRole, ...] = tuple(PictureRole)
    seconds: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()
    bound: tuple[PictureRole, ...] | None = None
    fixed: tuple[str, ...] = ()

    def completed(self, model: VideoModel) -> VideoModel:
        """Return ``model`` with what the service makes, where nothing else is said."""
        own = model.formats
        if self.bound is not None:
            count = len(self.bound)
            model = replace(model, min_images=count, max_images=count, pictures=self.bound if count > 1 else ())
        return replace(
            model,
            seconds=model.seconds or self.seconds,
            sizes=model.sizes if own else self.sizes,
            ratios=model.ratios if own else self.ratios,
        )


class Names(NamedTuple):
    """What the operator calls the things that a service needs."""

    url: str = "VIDEO_API_URL"
    image_mode: str = "VIDEO_IMAGE_MODE"
    models: str = "VIDEO_MODELS"


class Lack(NamedTuple):
    """What a service does not get, in a sentence, and at which key of its table it would stand."""

    sentence: str
    key: Location


API = "VIDEO_API"
_ENVIRONMENT = Names()
NeedsOf = Callable[[str, VideoModel | None], ServiceNeeds]
"""By ``VIDEO_API`` and a model, None for what all have in common; what is wrong begins with ``API``."""


def chat_needs(_api: str, _model: VideoModel | None) -> ServiceNeeds:
    """Return the needs of chat completions, whatever ``VIDEO_API`` says."""
    return ServiceNeeds()


def lacking(
    service: Service, common: ServiceNeeds, each: Mapping[VideoModel, ServiceNeeds], words: Names = _ENVIRONMENT
) -> Iterator[Lack]:
    """Yield each thing that ``service`` needs and does not get; ``each`` has the needs for a model."""
    url, key, mode = service.url or common.address, service.key.get_secret_value(), service.image_mode
    if not url:
        yield Lack(f"{words.url} is missing: base URL of the video service.", ("url",))
    if not key and not (common.without_key and is_own_server(url)):
        yield Lack(f"{service.key_env} is missing: key of the video service.", ("key_env",))
    elif key and service.key_env != KEY:  # that one is looked at with all the others
        yield from _wrong_key(service.key_env, key)
    taken = [needs.image_modes for needs in (common, *each.values())]
    if mode is not None and not all(mode in modes for modes in taken):
        choice = _choice(set[ImageMode].intersection(*map(set, taken)))
        yield Lack(f"{words.image_mode} must be {choice}", ("image_mode",))
    for number, (model, needs) in enumerate(each.items()):
        wrong, at = f"{words.models} is wrong for {model.name}:", ("models", number)
        if model.image_mode and model.image_mode not in needs.image_modes:
            yield Lack(f"{wrong} image_mode must be {_choice(needs.image_modes)}", (*at, "image_mode"))
        for word in needs.fixed:
            if getattr(model, word):
                yield Lack(f"{wrong} its workflow leaves no choice of {word}.", (*at, word))
        if unplaced := set(model.placed_pictures) - set(needs.pictures):
            places = ", ".join(needs.pictures) or "none"
            named = f"pictures names {min(unplaced)}, for which the service has no place; it has: {places}"
            yield Lack(f"{wrong} {named}.", (*at, "pictures"))


def _choice(modes: Collection[ImageMode]) -> str:
    if not modes:
        return "left out for this service."
    return f"{' or '.join(mode for mode in get_args(ImageMode) if mode in modes)} for this service."


def _wrong_key(name: str, key: str) -> Iterator[Lack]:
    try:
        check_secret(SecretStr(key))
    except ValueError as error:
        yield Lack(f"{name} {error}.", ("key_env",))


def is_own_server(url: str) -> bool:
    """Whether ``url`` names a machine of one's own network: a private address, or a name that only such have."""
    try:
        host = urlsplit(url).hostname or "."
    except ValueError:
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_OWN_NAMES)

"""The models that the operator offers: ``VIDEO_MODELS``, a comma list or JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, NoReturn, get_args

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from bot.models import MILLIONTHS, DiscordLimits, ImageMode, PictureRole, VideoModel

MAX_PRICE = 1_000_000  # of one video, in the operator's currency
MAX_SECONDS = 600
SIDES = (16, 4096)  # pixels of a video
_NAME_SHOWN = 40  # characters
_SIZE = re.compile(r"([1-9]\d{1,3})x([1-9]\d{1,3})")
_RATIO = re.compile(r"[1-9]\d?:[1-9]\d?")
_FIELD = re.compile(r"(?=.{1,100}$)[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*(?:\[\])?", re.ASCII)


class ModelError(ValueError):
    """What is wrong with a model, and at which ``key``."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


def _models(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("{"):
        raise ValueError("must be a list: put [ and ] around it")
    if not value.startswith("["):
        names = (word.strip() for word in value.split(","))
        return tuple(VideoModel(name, name) for name in dict.fromkeys(filter(None, names)))
    try:
        return tuple(map(model_of, json.loads(value, parse_float=Decimal, parse_constant=_no_number)))
    except json.JSONDecodeError as error:
        raise ValueError(f"is no valid JSON (character {error.pos})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def _no_number(_word: str) -> NoReturn:
    raise ValueError("holds NaN or Infinity, which is no JSON")


def model_of(row: Any) -> VideoModel:
    """Return the model that an object describes. Raises ValueError with what is wrong."""
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
        raise ValueError('needs a "name" for each model')
    name = row["name"].strip()
    held: dict[str, Any] = {}
    for key, value in row.items():
        if key not in _KEYS:
            raise ModelError(key, f"has an unknown word for {name[:_NAME_SHOWN]}: {key}; known: {', '.join(_KEYS)}")
        try:
            held[key] = _KEYS[key](value)
        except ValueError as error:
            raise ModelError(key, f"is wrong for {name[:_NAME_SHOWN]}: {key} {error}") from None
    held["label"] = held.get("label") or name
    if "pictures" in held:
        held |= _pictures_and_their_number(name, held)
    if held.get("image_mode") == "file" and "." in (held.get("image_field") or ""):
        wrong = f"is wrong for {name[:_NAME_SHOWN]}: image_mode cannot be file at a dotted image_field"
        raise ModelError("image_mode", wrong)
    model = VideoModel(**held)
    if model.min_images > model.max_images:
        raise ModelError("min_images", f"is wrong for {name[:_NAME_SHOWN]}: min_images is more than max_images")
    return model


def _pictures_and_their_number(name: str, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the role of each picture and ``max_images``. Raises ValueError where what is said of them differs."""
    roles, most = held["pictures"], held.get("max_images")
    if roles is PictureRole.REFERENCE:
        return {"pictures": (roles,) * (most or 1)}
    if most not in (None, len(roles)):
        wrong = f"pictures names {len(roles)}, and max_images is {most}"
        raise ModelError("pictures", f"is wrong for {name[:_NAME_SHOWN]}: {wrong}")
    return {"max_images": len(roles)}


def _label(value: Any) -> str:
    if not isinstance(value, str | int | float | None):
        raise ValueError("must be a text")
    return str(value or "").strip()


def _price(value: Any) -> int:
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not (price.is_finite() and 0 <= price <= MAX_PRICE and price == round(price, 6)):
        raise ValueError(f"must be between 0 and {MAX_PRICE} with at most six decimals")
    return int(price * MILLIONTHS)


def _max_images(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("must be a whole number of 1 or more")
    return value


def _min_images(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("must be a whole number of 0 or more")
    return value


def _age_restricted(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _seconds(value: Any) -> tuple[int, ...]:
    if not _is_list(value, lambda one: type(one) is int and 0 < one <= MAX_SECONDS):
        raise ValueError(f"must be a list of whole numbers from 1 to {MAX_SECONDS}, such as [5, 10]")
    return tuple(dict.fromkeys(value))


def _sizes(value: Any) -> tuple[str, ...]:
    if not _is_list(value, is_size):
        raise ValueError(f'must be a list such as ["1280x720", "720x1280"], each side from {SIDES[0]} to {SIDES[1]}')
    return tuple(dict.fromkeys(value))


def _ratios(value: Any) -> tuple[str, ...]:
    if not _is_list(value, is_ratio):
        raise ValueError('must be a list such as ["16:9", "9:16", "1:1"]')
    return tuple(dict.fromkeys(value))


def _is_list(value: Any, is_right: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_right, value))


def is_ratio(text: Any) -> bool:
    """Whether ``text`` is a ratio as members choose it, such as ``16:9``."""
    return isinstance(text, str) and _RATIO.fullmatch(text) is not None


def is_size(text: Any) -> bool:
    """Whether ``text`` is a size as members choose it, such as ``1280x720``."""
    sides = _SIZE.fullmatch(text) if isinstance(text, str) else None
    return sides is not None and all(SIDES[0] <= int(side) <= SIDES[1] for side in sides.groups())


def _pictures(value: Any) -> PictureRole | tuple[PictureRole, ...]:
    """Return the role of each picture, or the one that all have."""
    if value == PictureRole.REFERENCE:
        return PictureRole.REFERENCE
    if not _is_list(value, lambda one: isinstance(one, str) and one in list(PictureRole)):
        raise ValueError('must be "reference", or a list of first, last and reference, such as ["first", "last"]')
    roles = tuple(map(PictureRole, value))
    if any(roles.count(role) > 1 for role in (PictureRole.FIRST, PictureRole.LAST)):
        raise ValueError("may name first and last once each")
    if {PictureRole.FIRST, PictureRole.LAST} & set(roles) and roles[0] is not PictureRole.FIRST:
        raise ValueError("must begin with first, where it names first or last")
    return roles


def _image_field(value: Any) -> str:
    if not isinstance(value, str) or not _FIELD.fullmatch(value):
        raise ValueError("must be a key such as image, images or metadata.img_url")
    return value


def _image_mode(value: Any) -> str:
    modes = get_args(ImageMode)
    if value not in modes:
        raise ValueError(f"must be one of {', '.join(modes)}")
    return str(value)


def _workflow(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be the path of a workflow in API format")
    return value


def _extra(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError('must be an object, such as {"watermark": false}')
    plain: dict[str, Any] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    """Return what TOML or JSON held, with the numbers that Python writes as JSON again. Raises ValueError."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal | float):
        if not math.isfinite(number := float(value)):
            raise ValueError("holds a number that is none, or too large")
        return number
    if not isinstance(value, str | int | None):  # TOML knows dates and times
        raise ValueError(f"holds what JSON has not: {value}; put it into quotes")
    return value


_KEYS: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: value.strip(),
    "label": _label,
    "price": _price,
    "price_per_second": _price,
    "max_images": _max_images,
    "min_images": _min_images,
    "age_restricted": _age_restricted,
    "seconds": _seconds,
    "sizes": _sizes,
    "ratios": _ratios,
    "pictures": _pictures,
    "image_field": _image_field,
    "image_mode": _image_mode,
    "workflow": _workflow,
    "extra": _extra,
}


def check_models(models: tuple[VideoModel, ...]) -> tuple[VideoModel, ...]:
    """Return ``models`` if they can be offered together. Raises ValueError with what is wrong."""
    if not models:
        raise ValueError("names no model")
    if any(len(model.name) > DiscordLimits.CHOICE for model in models):
        raise ValueError(f"has a name of more than {DiscordLimits.CHOICE} characters")
    if len({model.name for model in models}) != len(models):
        raise ValueError("names a model twice")
    return models


def with_workflow(models: Iterable[VideoModel], usual: str) -> tuple[VideoModel, ...]:
    """Return ``models``, those without a workflow of their own with the ``usual`` one."""
    return tuple(replace(model, workflow=model.workflow or usual) for model in models)


VideoModels = Annotated[tuple[VideoModel, ...], NoDecode, BeforeValidator(_models), AfterValidator(check_models)]

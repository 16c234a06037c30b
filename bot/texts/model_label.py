"""What a model is called: its label, or its name once it is no longer offered."""

from __future__ import annotations

from collections.abc import Iterable

from bot.models import VideoModel
from bot.texts.view import quote

LABEL_SHOWN = 60  # characters


def model_label(name: str, models: Iterable[VideoModel], shown: int = LABEL_SHOWN) -> str:
    """Return the label of the model called ``name``, at most ``shown`` characters of it, fit to be shown."""
    return quote(next((model.label for model in models if model.name == name), name), shown)

"""The draft of a video: what it is made of, as a command, a button or a form gives it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from bot.app import App
from bot.errors import UserError
from bot.i18n.translation import _
from bot.i18n.typed_text import typed
from bot.media.pictures.store import PictureStore
from bot.models import JobRecord, Outcome, Picture
from bot.texts.starting import PICTURE_GONE, WORDS_FORGOTTEN

PictureLoader = Callable[[int], Coroutine[Any, Any, tuple[Picture, ...]]]  # for the member of that id


@dataclass(frozen=True, slots=True)
class VideoDraft:
    """
    A prompt and ``count`` pictures, perhaps none, which are taken only once the interaction has been acknowledged.

    The prompt is "" where nothing of it can be seen. ``reach`` is the place of the last picture, from 1, which is more
    than ``count`` where one was left out before it. ``model`` None stands for the first one that the server allows,
    ``parent`` for the job whose conversation with the service goes on; ``length`` and ``format`` None for what the
    model does by itself. ``names`` are what the pictures are called, as far as is known.
    """

    prompt: str
    take_pictures: PictureLoader
    count: int
    model: str | None = None
    parent: str | None = None
    spoiler: bool = False
    length: int | None = None
    format: str | None = None
    reach: int = 0
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", typed(self.prompt))


def copy_of(app: App, record: JobRecord) -> VideoDraft:
    """Return a draft of what an earlier job was made of, as far as its model still makes that."""
    model = app.settings.model(record.model)
    length, shape = model.still_makes(record.length, record.format) if model else (None, None)
    return VideoDraft(
        record.prompt,
        lambda _: copied_pictures(app.pictures, record),
        count=len(record.pictures),
        model=record.model,
        parent=record.parent,
        spoiler=record.spoiler,
        length=length,
        format=shape,
    )


def follow_up(app: App, record: JobRecord) -> VideoDraft:
    """Return a draft that goes on from a finished video, still without a prompt."""
    return replace(copy_of(app, record), prompt="", parent=record.id)


def check_remembered(record: JobRecord) -> None:
    """Raise UserError if the words of the job, or the link of its video, have been erased."""
    if not record.prompt or (record.outcome is Outcome.SUCCESS and not record.video_url):
        raise UserError(_(WORDS_FORGOTTEN))


async def check_kept(pictures: PictureStore, record: JobRecord) -> None:
    """Raise UserError if a picture of the job has been deleted."""
    if await pictures.find_all(record.pictures) is None:
        raise UserError(_(PICTURE_GONE))


async def copied_pictures(pictures: PictureStore, record: JobRecord) -> tuple[Picture, ...]:
    """Return the pictures of an earlier job, as another one's own. Raises UserError when one has been deleted."""
    copied = await pictures.copy_all(record.pictures)
    if copied is None:
        raise UserError(_(PICTURE_GONE))
    return copied

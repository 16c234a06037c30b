"""Copies of pictures as a service takes them, for as long as they are sent."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.media.picture_process import PictureProcess
from bot.models import Picture, PictureFit


class PictureFitter:
    """Makes them in ``folder``, decoded by ``process``."""

    def __init__(self, folder: Path, process: PictureProcess) -> None:
        self._folder = folder
        self._process = process

    @asynccontextmanager
    async def fitted(self, picture: Picture, fit: PictureFit) -> AsyncIterator[Picture]:
        """
        Give ``picture`` as ``fit`` wants it, itself where it is so already; a copy is deleted at the end of the block.

        Raises PictureError if it cannot be made that, FileNotFoundError if it is gone.
        """
        if fit.is_met_by(picture):
            yield picture
            return
        await asyncio.to_thread(picture.path.stat)  # what is gone is no fault of the picture's
        copy = self._folder / f"{uuid.uuid4().hex}.fitted"
        try:
            media_type = await self._process.fit(picture.path, copy, fit)
            size = (await asyncio.to_thread(copy.stat)).st_size
            yield replace(picture, path=copy, media_type=media_type, size=size)
        finally:
            await asyncio.to_thread(copy.unlink, missing_ok=True)

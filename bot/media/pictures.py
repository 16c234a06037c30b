"""Members' pictures: fetched at once, made safe once, kept in files for a limited time."""

from __future__ import annotations

import asyncio
import stat
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from bot.errors import FetchError, FileTooLarge, LinkRefused
from bot.media.fetcher import Fetcher
from bot.media.picture_problems import PictureError, PictureProblem, problem_of
from bot.models import Picture

MAX_BYTES = 20 * 1024 * 1024  # of the file a member may give
MAX_PIXELS = 50_000_000  # a decoded picture costs three to four bytes for each
MAX_SIDE = 2048  # pixels; what the services advise as the most they look at
MAX_SENT = 8 * 1024 * 1024  # bytes; base64 adds a third, and some services refuse more than 10 MB
FETCH_TIMEOUT = 60.0  # seconds
RETENTION = timedelta(hours=48)

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")


class PictureStore:
    """Takes pictures in from links and keeps them, safe to send, in ``directory``."""

    def __init__(self, directory: Path, fetcher: Fetcher) -> None:
        self._directory = directory
        self._fetcher = fetcher
        # One at a time: a decoded picture takes up to 200 MB, and Pillow lets go of the interpreter lock meanwhile.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="picture")

    @staticmethod
    def check_size(size: int) -> None:
        """Raise PictureError if a file of ``size`` bytes is too large to be worth fetching."""
        if size > MAX_BYTES:
            raise PictureError(PictureProblem.TOO_LARGE)

    async def take(self, link: str) -> Picture:
        """Fetch the picture at ``link``, make it safe and keep it. Raises PictureError."""
        await asyncio.to_thread(self._directory.mkdir, parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        raw = self._directory / f"{name}.raw"
        try:
            await self._fetcher.fetch(link, raw, limit=MAX_BYTES, within=FETCH_TIMEOUT)
            safe = await asyncio.get_running_loop().run_in_executor(self._worker, make_safe, raw)
        except FileTooLarge as error:
            raise PictureError(PictureProblem.TOO_LARGE) from error
        except LinkRefused as error:
            raise PictureError(PictureProblem.LINK_REFUSED) from error
        except FetchError as error:
            raise PictureError(PictureProblem.NOT_FETCHED) from error
        finally:
            await asyncio.to_thread(raw.unlink, missing_ok=True)
        suffix = ".png" if safe.media_type == "image/png" else ".jpg"
        path = self._directory / f"{name}{suffix}"
        await asyncio.to_thread(path.write_bytes, safe.data)
        return Picture(path, safe.media_type, len(safe.data), link)

    async def find(self, name: str, link: str) -> Picture | None:
        """Return the picture kept under the file name ``name``, None if it is gone."""
        path = self._directory / name
        if Path(name).name != name:
            return None
        try:
            found = await asyncio.to_thread(path.stat)
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return Picture(path, "image/png" if path.suffix == ".png" else "image/jpeg", found.st_size, link)

    async def take_all(self, links: Iterable[str]) -> tuple[Picture, ...]:
        """Take the pictures at ``links``, one after the other. Raises PictureError; then none of them is kept."""
        taken: list[Picture] = []
        try:
            for link in links:
                taken.append(await self.take(link))  # noqa: PERF401 - what was taken must be known when one fails
        except BaseException:
            for picture in taken:
                await self.forget(picture.path.name)
            raise
        return tuple(taken)

    async def find_all(self, kept: Iterable[tuple[str, str]]) -> tuple[Picture, ...]:
        """Return the pictures kept under these names, each with its link; none at all if one of them is gone."""
        found = [await self.find(name, link) for name, link in kept]
        there = [picture for picture in found if picture]
        return tuple(there) if len(there) == len(found) else ()

    async def forget(self, name: str) -> None:
        """Delete the picture kept under the file name ``name``, if there is one."""
        if await self.find(name, ""):
            await asyncio.to_thread((self._directory / name).unlink, missing_ok=True)

    async def sweep(self, now: datetime) -> int:
        """Delete the pictures that are older than ``RETENTION`` and return how many there were."""
        return await asyncio.to_thread(self._sweep, (now - RETENTION).timestamp())

    def close(self) -> None:
        """Finish the picture under way, if any, and take no others."""
        self._worker.shutdown(cancel_futures=True)

    def _sweep(self, before: float) -> int:
        old = [path for path in self._directory.glob("*.*") if path.is_file() and path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


class SafePicture:
    """The bytes of a picture that may be sent, as PNG or JPEG."""

    def __init__(self, data: bytes, media_type: str) -> None:
        self.data = data
        self.media_type = media_type


def make_safe(path: Path) -> SafePicture:
    """
    Return the picture in ``path`` upright, in sRGB, at most ``MAX_SIDE`` pixels a side, and without any metadata.

    What it is, is decided by its content. Transparent pictures become PNG, all others JPEG; of animations the first
    frame is taken. Raises PictureError. Blocks.
    """
    try:
        with Image.open(path, formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureError(PictureProblem.TOO_MANY_PIXELS)
            opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
            picture = _plain_colours(ImageOps.exif_transpose(opened))
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(PictureProblem.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise PictureError(problem_of(path)) from None
    except Exception as error:
        raise PictureError(PictureProblem.DAMAGED) from error
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return _encoded(picture)


def _plain_colours(image: Image.Image) -> Image.Image:
    """Return ``image`` decoded, as RGB or RGBA in sRGB, with nothing attached to it."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey; convert() would clip them instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if profile:
        try:
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), srgb)
            image = converted or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile of another colour space, or a damaged one: the plain values are the best guess
    image.info.clear()
    return image


def _encoded(picture: Image.Image) -> SafePicture:
    out = BytesIO()
    if picture.mode == "RGBA":
        picture.save(out, "PNG")
        if out.tell() <= MAX_SENT:
            return SafePicture(out.getvalue(), "image/png")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture, out = paper, BytesIO()
    picture.save(out, "JPEG", quality=92, optimize=True)
    return SafePicture(out.getvalue(), "image/jpeg")

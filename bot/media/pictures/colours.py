"""The colours of a picture as all screens show them: its profile's, turned into sRGB, in eight bits each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from io import BytesIO

from PIL import Image, ImageChops, ImageCms

_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # of Pillow, by the colour space of a profile
_GREYS = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L")


class Colours:
    """What the ``profile`` of a picture of the mode ``mode`` means for it; one that does not fit means nothing."""

    def __init__(self, profile: bytes, mode: str) -> None:
        self._transform, self._mode = None, ""
        own = "CMYK" if mode == "CMYK" else "L" if mode in _GREYS else "RGB"
        try:
            parsed = ImageCms.ImageCmsProfile(BytesIO(profile))
            if profile and _MODES.get(parsed.profile.xcolor_space.strip()) == own:
                srgb = ImageCms.createProfile("sRGB")
                self._transform = ImageCms.buildTransform(parsed, srgb, own, "RGB")
                self._mode = own
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a damaged one: the plain values are the best guess

    def working_mode(self, transparent: bool) -> str:
        """Return the mode that the picture must have until ``in_srgb``."""
        if self._mode == "CMYK":
            return "CMYK"
        return "RGBA" if transparent else "RGB"

    def in_srgb(self, picture: Image.Image) -> Image.Image:
        """Return ``picture``, which is of the working mode, as RGB or RGBA."""
        if self._transform is None:
            return picture
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
        plain = picture.getchannel(0) if self._mode == "L" else picture
        plain = plain if plain.mode == self._mode else plain.convert(self._mode)
        made = ImageCms.applyTransform(plain, self._transform)
        if made is None:  # only where it was changed in place
            return picture
        if alpha:
            made.putalpha(alpha)
        return made


def eight_bits(image: Image.Image, mode: str) -> Image.Image:
    """Return ``image`` as ``mode``; of greys of 16 bits, those beside the transparent one stay opaque."""
    if not image.mode.startswith("I"):
        return image.convert(mode)
    scaled = image.point(lambda tone: tone / 257 + 0.5).convert("L").convert(mode)  # convert() alone would clip them
    if (key := image.info.get("transparency")) is not None:
        scaled.putalpha(_unlike(image, key))
    return scaled


def where_other(image: Image.Image, colour: Iterable[int]) -> Image.Image:
    """Return 255 where ``image`` has another value than ``colour`` in any of its channels, else 0."""
    masks = (
        image.getchannel(number).point([255 * (value != tone) for value in range(256)])
        for number, tone in enumerate(colour)
    )
    return reduce(ImageChops.lighter, masks)


def _unlike(image: Image.Image, tone: int) -> Image.Image:
    """Return 255 where a picture of 16 bits has another tone, else 0."""
    halves = Image.frombytes("LA", image.size, image.convert("I;16").tobytes())
    return where_other(halves, tone.to_bytes(2, "little"))

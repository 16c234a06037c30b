"""The colours of a picture as all screens show them: its profile's, turned into sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

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

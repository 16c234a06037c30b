"""A file on its way to Discord, and what Discord reads from its name and first bytes."""

from __future__ import annotations

import io
import mimetypes
import re
import warnings
from dataclasses import dataclass, field

from PIL import Image

_ODD_CHARACTERS = re.compile(r"[^A-Za-z0-9_.\-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sends. Without `content_type` the name decides, as on Discord."""

    filename: str
    data: bytes = field(repr=False)
    content_type: str | None = None
    description: str | None = None

    @property
    def safe_name(self) -> str:
        """The name as Discord stores it: other characters than letters, digits, `_.-` become `_`."""
        return _ODD_CHARACTERS.sub("_", self.filename).strip("_") or "unknown"

    @property
    def media_type(self) -> str:
        """The MIME type Discord will claim. A hint, never checked against the bytes."""
        return self.content_type or mimetypes.guess_type(self.filename)[0] or "application/octet-stream"

    def dimensions(self) -> tuple[int, int] | None:
        """Width and height in pixels, if the bytes are a picture that can be read."""
        if not self.media_type.startswith("image/"):
            return None
        try:
            with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(self.data)) as picture:
                return picture.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None

"""A file to upload, and what Discord derives from its name and first bytes."""

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
    """A file that is sent. Without `content_type` its name decides the type, as on Discord."""

    filename: str
    data: bytes = field(repr=False)
    content_type: str | None = None
    description: str | None = None

    @property
    def safe_name(self) -> str:
        """The name as Discord stores it: characters other than letters, digits, `_.-` become `_`."""
        return _ODD_CHARACTERS.sub("_", self.filename).strip("_") or "unknown"

    @property
    def media_type(self) -> str:
        """The MIME type that Discord reports. A hint, never checked against the bytes."""
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

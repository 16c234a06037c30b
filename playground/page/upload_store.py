"""Files that a browser has uploaded, kept until they are sent with a command or a message."""

from __future__ import annotations

import secrets
from collections import OrderedDict

from playground.fake_discord.server import CannotDo, Upload

MAX_BYTES = 30 * 2**20
MAX_FILES = 20  # beyond it the oldest are dropped


class UploadStore:
    """Keeps the latest files in memory, by an id that cannot be guessed."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Upload] = OrderedDict()

    def put(self, upload: Upload) -> str:
        """Keep a file and return its id."""
        upload_id = secrets.token_urlsafe(12)
        self._files[upload_id] = upload
        while len(self._files) > MAX_FILES:
            self._files.popitem(last=False)
        return upload_id

    def get(self, upload_id: str) -> Upload:
        """The file of that id, which may be sent more than once; CannotDo when it was dropped."""
        if upload_id not in self._files:
            raise CannotDo("The file is no longer here. Choose it again.")
        return self._files[upload_id]

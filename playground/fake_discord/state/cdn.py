"""The fake CDN: stores uploaded files in a temporary folder and serves them under signed URLs that expire."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from playground.clock import Clock
from playground.fake_discord.world.messages import Attachment
from playground.fake_discord.world.uploads import Upload

PREFIX = "/cdn/"
URL_LIFE = timedelta(days=1)  # Discord's value since 2024; a client should read `ex` instead of relying on it


class Cdn:
    """Files by their path below `/cdn/`. `origin` is the server's `http://host:port`, known once it listens."""

    def __init__(self, clock: Clock) -> None:
        self.origin = ""
        self.url_life = URL_LIFE
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._attachments: dict[str, Attachment] = {}

    def close(self) -> None:
        """Delete every file."""
        self._attachments.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def store(self, upload: Upload, attachment_id: int, owner_id: int, *, ephemeral: bool = False) -> Attachment:
        """Store a file. `owner_id` is the channel it is posted in, or the person who attached it to a command."""
        folder = "ephemeral-attachments" if ephemeral else "attachments"
        width, height = upload.dimensions() or (None, None)
        attachment = Attachment(
            id=attachment_id,
            filename=upload.safe_name,
            size=len(upload.data),
            content_type=upload.media_type,
            path=f"{folder}/{owner_id}/{attachment_id}/{upload.safe_name}",
            width=width,
            height=height,
            description=upload.description,
            ephemeral=ephemeral,
        )
        self._attachments[attachment.path] = attachment
        self._file(attachment).write_bytes(upload.data)
        return attachment

    def read(self, attachment: Attachment) -> bytes:
        """The content of a stored file."""
        return self._file(attachment).read_bytes()

    def discard(self, attachment: Attachment) -> None:
        """Delete a file whose message was deleted."""
        if self._attachments.pop(attachment.path, None) is not None:
            self._file(attachment).unlink(missing_ok=True)

    def url(self, attachment: Attachment) -> str:
        """A freshly signed link: `ex` and `is` in hex Unix time, `hm` the signature (docs: reference)."""
        issued = self._clock.now()
        expires = issued + self.url_life
        ex, is_ = f"{int(expires.timestamp()):x}", f"{int(issued.timestamp()):x}"
        return f"{self.origin}{PREFIX}{attachment.path}?ex={ex}&is={is_}&hm={self._sign(attachment.path, ex, is_)}&"

    def refreshed(self, url: str) -> str | None:
        """The URL of the same file with a new signature, or None if `url` is not the link of a stored file."""
        parts = urlsplit(url)
        attachment = self._attachments.get(parts.path.removeprefix(PREFIX))
        return self.url(attachment) if attachment and url.startswith(self.origin) else None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET and HEAD with ranges; 404 when the file is gone, unsigned or the link has expired."""
        attachment = self._attachments.get(request.match_info["path"])
        if attachment is None or not self._is_fresh(request.rel_url.query_string, attachment.path):
            return web.Response(status=404, text="This content is no longer available.")
        headers = {"Content-Type": attachment.content_type, "Cache-Control": "private, max-age=86400"}
        return web.FileResponse(self._file(attachment), headers=headers)

    def _is_fresh(self, query: str, path: str) -> bool:
        fields = {key: values[0] for key, values in parse_qs(query).items()}
        ex, is_ = fields.get("ex", ""), fields.get("is", "")
        signed = hmac.compare_digest(fields.get("hm", "").encode(), self._sign(path, ex, is_).encode())
        return signed and int(ex, 16) > self._clock.time()

    def _sign(self, path: str, ex: str, is_: str) -> str:
        return hmac.new(self._key, f"{path}?{ex}&{is_}".encode(), hashlib.sha256).hexdigest()

    def _file(self, attachment: Attachment) -> Path:
        # Made with the first file, so that an unused server leaves nothing behind.
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="fake-discord-cdn-")
        return Path(self._folder.name) / f"{attachment.id}-{attachment.filename[-100:]}"

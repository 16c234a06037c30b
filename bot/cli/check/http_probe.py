"""Sends one GET request, and says in plain words why there was no answer."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

TIMEOUT = 8.0  # seconds
MAX_BODY = 4 * 1024 * 1024  # bytes; some services list thousands of models


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. ``at`` is the moment halfway between question and answer, in Unix seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def is_page(self) -> bool:
        """Whether it is made for a browser."""
        return "html" in self.headers.get("Content-Type", "") or self.body.lstrip().startswith(b"<")

    @property
    def content(self) -> Any:
        """What the body says as JSON, None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


async def ask(url: str, headers: Mapping[str, str] | None = None) -> Answer | str:
    """GET ``url``, following no redirect, and return the answer, or a sentence that says why there is none."""
    started = time.time()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session,
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            at = (started + time.time()) / 2
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY:
                    break
            return Answer(response.status, response.headers, bytes(body), at)
    except (aiohttp.ClientError, OSError) as error:
        return _why(error)


def _why(error: Exception) -> str:
    """Return why there was no answer, not in aiohttp's words: they may quote what was sent."""
    match error:
        case TimeoutError():
            return f"There was no answer within {TIMEOUT:.0f} seconds."
        case aiohttp.ClientConnectorDNSError():
            return f"There is no host named {error.host}, or this machine cannot look it up."
        case aiohttp.ClientConnectorCertificateError():
            reason = error.certificate_error
            words = reason.verify_message if isinstance(reason, ssl.SSLCertVerificationError) else "not valid"
            return f"The certificate of {error.host} is refused: {words}."
        case aiohttp.ClientConnectorSSLError():
            return f"Nothing speaks TLS (https://) at {error.host}, port {error.port}."
        case aiohttp.ClientConnectorError():
            return f"Nothing answers at {error.host}, port {error.port}."
    return f"The connection broke ({type(error).__name__})."

"""Removes secrets from the traffic that the page shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Base64 of "interaction:", with which every interaction token begins.
_INTERACTION_TOKEN = re.compile(r"aW50ZXJhY3Rpb2[0-9A-Za-z_=-]+")


class Redaction:
    """Replaces each known secret by a placeholder."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        """`secrets` maps each secret to its placeholder."""
        self._secrets = dict(secrets)

    def __call__(self, text: str) -> str:
        for secret, word in self._secrets.items():
            text = text.replace(secret, word)
        return _INTERACTION_TOKEN.sub("<interaction token>", text)

"""What is known of single video services, by their host. Add a line with its source when you learn more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlsplit

# Services that say themselves that a refused request is charged for.
CHARGES_FOR_REFUSALS = {
    "laozhang.ai": "its documentation: photos of real people are rejected and charged",
    "dmxapi.com": "its documentation: every call is charged, failed or not",
    "dmxapi.cn": "its documentation: every call is charged, failed or not",
}
# Services that sold models of this beginning, and what happened to them.
SWITCHED_OFF = {
    # Its documentation of the Videos API, and openai/openai-openapi.
    "api.openai.com": ("sora", "OpenAI switched Sora and its Videos API off on 2026-09-24"),
    # Its page of retired models.
    "openai.azure.com": ("sora", "Azure retired its last Sora model on 2026-09-15"),
}

_Known = TypeVar("_Known")


def charges_for_refusals(url: str) -> bool:
    """Whether the service at ``url`` is known to charge for requests that its reviews refuse."""
    return _known(CHARGES_FOR_REFUSALS, url) is not None


def switched_off(url: str, model: str) -> str | None:
    """Return what happened to ``model`` of the service at ``url``, without a full stop; None if nothing is known."""
    beginning, what = _known(SWITCHED_OFF, url) or ("", None)
    return what if model.lower().startswith(beginning) else None


def _known(table: Mapping[str, _Known], url: str) -> _Known | None:
    host = urlsplit(url).hostname or ""
    return next((held for known, held in table.items() if host == known or host.endswith(f".{known}")), None)

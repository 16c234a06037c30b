"""What is known of single video services, by their host. Add a line with its source when you learn more."""

from __future__ import annotations

from urllib.parse import urlsplit

# Services that say themselves that a refused request is charged for.
CHARGES_FOR_REFUSALS = {
    "laozhang.ai": "its documentation: photos of real people are rejected and charged",
    "dmxapi.com": "its documentation: every call is charged, failed or not",
    "dmxapi.cn": "its documentation: every call is charged, failed or not",
}


def charges_for_refusals(url: str) -> bool:
    """Whether the service at ``url`` is known to charge for requests that its reviews refuse."""
    host = urlsplit(url).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in CHARGES_FOR_REFUSALS)

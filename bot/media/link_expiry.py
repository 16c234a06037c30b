"""When a signed link stops working."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit


def expiry(url: str) -> datetime | None:
    """
    Return when a signed link stops working, if it says so.

    Read are Azure's ``se``, plain ``expires`` in Unix seconds (also in capitals, as CloudFront and Google write it),
    Amazon's ``X-Amz-Date`` with ``X-Amz-Expires``, and Discord's hexadecimal ``ex``.
    """
    try:
        query = {name.lower(): values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if "se" in query:
            moment = datetime.fromisoformat(query["se"])
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if "x-amz-date" in query and "x-amz-expires" in query:
            start = datetime.strptime(query["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return start + timedelta(seconds=int(query["x-amz-expires"]))
        if "expires" in query:
            return datetime.fromtimestamp(int(query["expires"]), UTC)
        if "ex" in query and "hm" in query:
            return datetime.fromtimestamp(int(query["ex"], 16), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None

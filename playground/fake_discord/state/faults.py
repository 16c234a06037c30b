"""Injected faults: answers that fail, come late, or never come."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(eq=False)
class Fault:
    """One kind of fault for the routes that match.

    `route` is a pattern over "METHOD /template", e.g. "PATCH /webhooks/*", or over "METHOD /path", which has the ids in
    it; `times` how many requests it still hits (None: no limit); `rate` its probability per request, 0 to 1. It waits
    `delay` seconds, then drops the connection or answers `status` with Discord's `code`; without either the request
    continues after the delay. `takes_effect` runs the request first, so that only the answer is lost. `via` marks a 429
    as Discord's own, which discord.py retries after `retry_after` seconds; without it a 429 looks like a ban by
    Cloudflare. `uploads_only` exempts requests without a file, `holding` those whose body does not hold that text;
    `errors` says what is wrong with the fields.
    """

    route: str
    status: int | None = None
    code: int = 0
    message: str = ""
    times: int | None = None
    rate: float = 1.0
    delay: float = 0.0
    drop_connection: bool = False
    takes_effect: bool = False
    via: bool = True
    retry_after: float = 0.1
    uploads_only: bool = False
    holding: str = ""
    errors: dict[str, Any] | None = None

    @property
    def answers(self) -> bool:
        """Whether it replaces the real answer."""
        return self.drop_connection or self.status is not None


class Faults:
    """The active faults; of several that match, the one added first applies."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._faults: list[Fault] = []

    def add(self, route: str = "*", **options: Any) -> Fault:
        """Activate a fault; see `Fault` for the options."""
        fault = Fault(route, **options)
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Remove one fault; does nothing if it is used up already."""
        if fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def take(self, *names: str, upload: bool = False, body: str = "") -> Fault | None:
        """The fault that applies to a request that goes by these `names`, counted as one of its times."""
        for fault in self._faults:
            if (fault.uploads_only and not upload) or fault.holding not in body:
                continue
            named = any(fnmatchcase(name, fault.route) for name in names)
            if named and self._random.random() < fault.rate:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None

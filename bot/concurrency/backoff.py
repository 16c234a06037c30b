"""How long to wait between the tries at something that has to succeed in the end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence


def pauses(first: Sequence[float]) -> Iterator[float]:
    """Yield the pauses of ``first``, in seconds, and then its last one for ever."""
    return itertools.chain(first, itertools.repeat(first[-1]))

"""When a task is asked for again: soon after it began and when it is due, more seldom in between and later."""

from __future__ import annotations

import random

FIRST = 3.0  # seconds within which the first poll comes soon, however long the model takes
DUE_FROM = 0.75  # of the time that a model usually takes
GROWTH = 0.05  # of the time that passed: a task of 120 s is asked for about 35 times, and its end seen within 7 s
MAX_ASKED = 300.0  # seconds; a service that asks for more gets no more


class Pacing:
    """
    The pauses between the polls of one task. ``every`` is the description's word for them, in seconds; ``usual`` is
    how long the model takes, None if unknown.
    """

    def __init__(self, every: float, usual: float | None = None) -> None:
        self._shortest, self._longest = every * 0.3, every * 1.5
        self._usual = usual

    def pause(self, elapsed: float, asked: float | None = None) -> float:
        """Return the seconds until the next poll, ``elapsed`` after the create; no fewer than are ``asked`` for."""
        pause = elapsed * GROWTH
        if self._usual and elapsed >= FIRST:
            pause = max(pause, (self._usual * DUE_FROM - elapsed) / 3)
        pause = max(pause, self._shortest) * random.uniform(0.9, 1.1)
        return max(min(max(pause, self._shortest), self._longest), min(asked or 0.0, MAX_ASKED))

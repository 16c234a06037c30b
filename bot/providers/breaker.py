"""Lets a service rest that turned away several requests in a row, and tries it again with a single one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 3  # in a row, until a service rests
SHORTEST_REST, LONGEST_REST = 30.0, 600.0  # seconds; each rest is twice as long as the one before


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that goes to a service, after its ``rests``-th rest began."""

    rests: int


class Breaker:
    """
    Watches one service. ``clock`` gives seconds.

    A request that went there before a rest began says nothing of the service as it is since: its end may come late.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._rest = 0.0
        self._rests = 0  # that have begun so far
        self._rests_until: float | None = None
        self._is_probed = False

    @property
    def is_resting(self) -> bool:
        """Whether the service is left alone, but for a request that tries it."""
        return self._rests_until is not None

    @property
    def rests_until(self) -> float:
        """When it may be tried again, by the clock; 0 where it does not rest."""
        return self._rests_until or 0.0

    def may_ask(self) -> bool:
        """Whether a request may go to the service now; of those after a rest only the first, until it has ended."""
        if self._rests_until is None:
            return True
        return not self._is_probed and self._clock() >= self._rests_until

    def ask(self) -> Sending:
        """Note that a request goes to the service; what comes of it is told with what is returned."""
        self._is_probed = self.is_resting
        return Sending(self._rests)

    def succeeded(self, asked: Sending) -> bool:
        """Note that the service took a request, and return whether it rests no longer for that."""
        if asked.rests != self._rests:
            return False
        was_resting = self.is_resting
        self._failures, self._rest, self._rests_until, self._is_probed = 0, 0.0, None, False
        return was_resting

    def failed(self, asked: Sending) -> bool:
        """Note that the service turned a request away, and return whether it begins to rest for that."""
        if asked.rests != self._rests:
            return False
        self._failures += 1
        was_resting = self.is_resting
        if was_resting or self._failures >= FAILURES:
            self._rest = min(max(SHORTEST_REST, 2 * self._rest), LONGEST_REST)
            self._rests_until, self._is_probed = self._clock() + self._rest, False
            self._rests += 1
        return self.is_resting and not was_resting

    def left(self, asked: Sending) -> None:
        """Note that a request was given up before the service had said anything."""
        if asked.rests == self._rests:
            self._is_probed = False

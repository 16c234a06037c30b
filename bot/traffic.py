"""How many jobs are shown in each channel with the bot's own token, where they share one allowance of edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds between two edits of one channel that Discord is known to take: three in six for older messages, less half.
SECONDS_PER_EDIT = 1.5


class ChannelTraffic:
    """Counts the replies that are being shown, by channel."""

    def __init__(self) -> None:
        self._shown: Counter[int] = Counter()

    @contextmanager
    def showing(self, channel_id: int) -> Iterator[None]:
        """Count one reply of ``channel_id`` while the block runs."""
        self._shown[channel_id] += 1
        try:
            yield
        finally:
            self._shown[channel_id] -= 1
            if not self._shown[channel_id]:
                del self._shown[channel_id]

    def interval(self, channel_id: int) -> float:
        """Return the least seconds between two edits of one reply, so that all of the channel keep to the allowance."""
        return SECONDS_PER_EDIT * max(1, self._shown[channel_id])

"""Paces the edits of replies: the more are shown, in the process or a channel, the less often each may change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds between two edits of one channel that Discord is known to take with the bot's own token, which all replies of
# the channel share: three in six for older messages, less half.
SECONDS_PER_EDIT = 1.5
# Edits of progress in one process. With more replies each changes less often, so that progress does not delay new
# commands and finished videos, which members wait for.
EDITS_PER_SECOND = 200


class EditPacing:
    """Counts the replies that are being shown."""

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

    @property
    def pace(self) -> float:
        """The least seconds between two edits of one reply, so that the process keeps to EDITS_PER_SECOND."""
        return self._shown.total() / EDITS_PER_SECOND

    def interval(self, channel_id: int) -> float:
        """Return the least seconds between two edits of one reply, so that all of the channel keep to the allowance."""
        return SECONDS_PER_EDIT * max(1, self._shown[channel_id])

"""One job of this process, with updates for those who watch it; and the row that a new one starts as."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import datetime

from bot.models import Finished, HandedOff, JobRecord, JobState, JobUpdate, Outcome, VideoModel, VideoRequest
from bot.providers.base import Result

HEARTBEAT = 10.0  # seconds without news after which a watcher is shown the passing of time


def new_record(request: VideoRequest, now: datetime) -> JobRecord:
    """Return the row of a job that is asked for now and waits."""
    return JobRecord(
        id=_new_id(now),
        guild_id=request.guild_id,
        channel_id=request.channel_id,
        message_id=request.message_id,
        user_id=request.user_id,
        model=request.model.name,
        prompt=request.prompt,
        state=JobState.QUEUED,
        cost=request.price,
        locale=request.locale,
        picture=" ".join(picture.path.name for picture in request.pictures),
        picture_link=" ".join(picture.link.replace(" ", "%20") for picture in request.pictures),
        created_at=now,
        parent=request.parent,
        spoiler=request.spoiler,
        length=request.length,
        format=request.format,
        age_restricted=request.age_restricted,
    )


def _new_id(now: datetime) -> str:
    """Return an id that begins with its time, as UUID version 7 does: new rows then stand together in every index."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"


class Job:
    """A job of this process, from when it is stored to its end. ``state`` is what to show now."""

    def __init__(self, record: JobRecord, request: VideoRequest | None, state: JobUpdate) -> None:
        self.record = record
        self.request = request
        self.state = state
        self._changed = asyncio.Event()
        self.stop_outcome: Outcome | None = None
        self.cancelled_by: int | None = None  # the id of the member, where it was cancelled through this process
        self.sent = record.state is JobState.RUNNING  # its request may have left
        self.is_ending = False  # its outcome is certain and being stored
        self.is_leaving = False  # it is being left to another process
        self.task: asyncio.Task[Result | None] | None = None
        self.peak_percent: float | None = None
        self.model: VideoModel | None = None  # that of the service which the request went to from here
        self.service: str | None = None

    @property
    def id(self) -> str:
        """The job's id, also in the database."""
        return self.record.id

    @property
    def price(self) -> int:
        """What its video costs at the service that it went to, in millionths of the operator's currency."""
        asked = self.request or self.record
        return self.record.cost if self.model is None else self.model.price_of(asked.length)

    @property
    def log_extra(self) -> dict[str, object]:
        """What a line of the log about this job carries."""
        return {"job": self.id, "guild": self.record.guild_id, "model": self.record.model}

    @property
    def log_summary(self) -> str:
        """What the log tells of the request: nothing of its words."""
        pictures = self.request.pictures if self.request else ()
        size = sum(picture.size for picture in pictures) / 1000
        return f"{self.record.model}, {len(pictures)} picture(s) of {size:.0f} kB"

    async def updates(self, heartbeat: float = HEARTBEAT) -> AsyncIterator[JobUpdate]:
        """
        Yield the state now and whenever it changed, skipping what was replaced; the last one is Finished or HandedOff.

        While nothing changes, the state is repeated every ``heartbeat`` seconds, for its elapsed time.
        """
        while True:
            changed, state = self._changed, self.state
            yield state
            if isinstance(state, Finished | HandedOff):
                return
            try:
                # Not wait_for: on Python 3.11 it swallows a cancel that comes together with the change.
                async with asyncio.timeout(heartbeat):
                    await changed.wait()
            except TimeoutError:
                continue

    def set_state(self, state: JobUpdate) -> None:
        self.state = state
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def request_stop(self, outcome: Outcome) -> None:
        self.stop_outcome = self.stop_outcome or outcome
        if self.task:
            self.task.cancel()

"""One task: what was ordered, how far it is, and what is made of it in the end."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playground.fake_video_service.film import FilmStoppedError
from playground.fake_video_service.generation import Generation
from playground.fake_video_service.performance import QUEUE_SECONDS, REPORT_SECONDS
from playground.fake_video_service.scenarios import Scenario
from playground.fake_video_service.tasks.order import Order

TaskState = Literal["waiting", "working", "made", "failed"]


@dataclass(slots=True, eq=False)
class Task:
    """A task under way; `link` is where its film is served without a key, "" until it is made."""

    id: str
    order: Order
    scenario: Scenario
    generation: Generation | None
    link_of: Callable[[Path], str]
    state: TaskState = "waiting"
    percent: float = 0.0
    link: str = ""
    film: Path | None = None
    created_at: int = field(default_factory=lambda: int(time.time()))
    asked: dict[str, int] = field(default_factory=dict)  # how often, by step

    @property
    def outcome(self) -> str:
        """What a correct client reports, as the scenario has it."""
        return self.scenario.outcome

    def count(self, step: str) -> int:
        """Count one request to `step`, and return how many there were before it."""
        before = self.asked.get(step, 0)
        self.asked[step] = before + 1
        return before

    async def perform(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Go from waiting to the end; `pause` takes seconds at pace 1, and inf forever."""
        await pause(QUEUE_SECONDS)
        self.state = "working"
        for percent in self.scenario.percents:
            self.percent = percent
            await pause(REPORT_SECONDS)
        if self.generation is not None:
            await self._make(self.generation)
        elif self.scenario.endless:
            await pause(float("inf"))
        else:
            self.state = "failed"

    async def _make(self, generation: Generation) -> None:
        async for percent in generation.percents():
            self.percent = percent
        try:
            self.film = await generation.finish()
        except FilmStoppedError:
            self.state = "failed"
            return
        self.link = self.link_of(self.film)
        self.state = "made"

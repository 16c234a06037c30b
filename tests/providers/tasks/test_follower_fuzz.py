"""Whatever a service answers, and in whatever order, a task has one ending, and its key stays at home."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import Failure, FinishedVideo, Progress, Refusal, TaskHandle
from bot.providers.patience import Patience
from bot.providers.tasks.answers.answer import HttpAnswer
from bot.providers.tasks.call import ServiceCall
from bot.providers.tasks.follower import TaskFollower
from bot.providers.tasks.request import origin_of
from bot.providers.tasks.wire import Wire
from tests.providers.tasks.film_service import Time
from tests.providers.tasks.services import BASE, KEY, calls_of, described
from tests.providers.tasks.test_fuzz import ADDRESSES, BODIES, HEADERS, PAGES

REQUEST = VideoRequest(1, 2, 3, 4, VideoModel("m", "M"), "a boat", (Picture(Path("a.png"), "image/png", 9),))
ANSWERS = st.builds(
    HttpAnswer,
    st.sampled_from([200, 202, 302, 400, 404, 429, 500]) | st.integers(100, 599),
    HEADERS,
    BODIES.map(lambda value: json.dumps(value).encode()) | st.just(b"\0\0\0\x18ftypmp42") | st.binary(max_size=60),
)


class OddWire:
    """Gives the answers in turn, over and over, and keeps what was sent for them."""

    def __init__(self, answers: list[HttpAnswer | Exception]) -> None:
        self.calls: list[ServiceCall] = []
        self._answers = answers

    async def send(self, call: ServiceCall, limits: Any, may_send: Any = None) -> HttpAnswer:
        self.calls.append(call)
        answer = self._answers[len(self.calls) % len(self._answers)]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize("page", PAGES, ids=range(len(PAGES)))
@settings(max_examples=80, deadline=None)
@given(
    answers=st.lists(ANSWERS | st.sampled_from([TimeoutError(), aiohttp.ClientError()]), min_size=1, max_size=4),
    task_id=st.text(max_size=12),
    address=ADDRESSES,
)
def test_any_course_of_a_task_has_one_ending(
    page: str, answers: list[HttpAnswer | Exception], task_id: str, address: str
) -> None:
    async def follow() -> list[Progress | FinishedVideo | Refusal | Failure]:
        patience = Patience(whole=600, clock=time.clock, sleep=time.sleep)
        follower = TaskFollower(described(page), calls_of(page), cast(Wire, wire), REQUEST, patience)
        return [event async for event in follower.polled(TaskHandle(task_id, "m", {"poll": address}))]

    wire, time = OddWire(answers), Time()
    *progress, ending = asyncio.run(follow())

    assert all(isinstance(event, Progress) and 0 <= event.percent <= 100 for event in progress)
    assert isinstance(ending, FinishedVideo | Refusal | Failure)
    assert all(origin_of(call.url) == origin_of(BASE) for call in wire.calls if KEY in str(call))
    assert len(wire.calls) < 200

"""A request goes to the next service only where the former surely did not begin, and comes back to one that is well."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import FetchError
from bot.models import Outcome, Picture, PictureRole, VideoModel, VideoRequest
from bot.providers.base import (
    Accepted,
    Failure,
    FinishedVideo,
    Progress,
    Provider,
    ProviderEvent,
    Refusal,
    Routed,
    TaskHandle,
)
from bot.providers.breaker import FAILURES, SHORTEST_REST
from bot.providers.router import Router

VIDEO = FinishedVideo(("https://h.example/v.mp4",))
BUSY = Failure(Outcome.RATE_LIMITED, "busy", retry_after=3, not_begun=True)
SECOND = VideoModel("wan", "Wan", service="home", served_as="Wan-AI/Wan2.2")
FIRST = VideoModel("wan", "Wan", service="relay", stand_ins=(SECOND,))
PICTURE = Picture(Path("p.png"), "image/png", 1)
REQUEST = VideoRequest(1, 2, 3, 4, FIRST, "a boat", (PICTURE,))


class Service(Provider):
    """Says the ``answers`` one after the other, then a video."""

    def __init__(self, *answers: list[ProviderEvent]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.followed: list[TaskHandle] = []
        self.wants_links = False

    def sends_link(self, model: VideoModel) -> bool:
        return self.wants_links

    async def generate(
        self, request: VideoRequest, may_send: Callable[[], bool]
    ) -> AsyncGenerator[ProviderEvent, None]:
        if not may_send():
            return
        self.asked.append(request.model.at_service)
        for event in self.answers.pop(0) if self.answers else [VIDEO]:
            yield event

    async def follow(self, request: VideoRequest, task: TaskHandle) -> AsyncGenerator[ProviderEvent, None]:
        self.followed.append(task)
        yield VIDEO

    async def cancel(self, task: TaskHandle) -> bool:
        return True

    async def download(self, video: FinishedVideo, path: Path, *, limit: int, within: float) -> int:
        return path.write_bytes(b"film")


class World:
    def __init__(self) -> None:
        self.now = 0.0
        self.relay, self.home = Service(), Service()
        self.told: list[tuple[str, Outcome | None]] = []
        self.router = Router({"relay": self.relay, "home": self.home}, self.on_rest, lambda: self.now)

    def on_rest(self, service: str, failure: Failure | None) -> None:
        self.told.append((service, failure.outcome if failure else None))

    async def ask(self, request: VideoRequest = REQUEST, *, may_send: bool = True) -> list[ProviderEvent]:
        async with aclosing(self.router.generate(request, lambda: may_send)) as events:
            return [event async for event in events]


@pytest.fixture
def world() -> World:
    return World()


async def test_the_first_service_is_asked_as_long_as_it_is_well(world: World) -> None:
    assert await world.ask() == [Routed(FIRST), FinishedVideo(VIDEO.urls, service="relay")]
    assert (world.relay.asked, world.home.asked) == (["wan"], [])


@pytest.mark.parametrize(
    "failure",
    [
        BUSY,
        Failure(Outcome.RATE_LIMITED, "come back in an hour", not_begun=True),
        Failure(Outcome.QUOTA, "no credit"),
        Failure(Outcome.AUTH, "a bad key"),
        Failure(Outcome.PROVIDER_ERROR, "no such model", model_gone=True),
        Failure(Outcome.PROVIDER_ERROR, "no connection", retry_after=3, not_begun=True),
    ],
    ids=lambda failure: failure.detail,
)
async def test_the_next_service_is_asked_where_the_former_surely_did_not_begin(
    world: World, failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    world.relay.answers = [[failure]]
    assert await world.ask() == [Routed(FIRST), Routed(SECOND), FinishedVideo(VIDEO.urls, service="home")]
    assert world.home.asked == ["Wan-AI/Wan2.2"]
    assert f"the service relay did not begin, asking home instead: {failure.detail}" in caplog.text


@pytest.mark.parametrize(("theirs", "asked"), [((), 1), ((PictureRole.FIRST,), 1), ((PictureRole.REFERENCE,), 0)])
async def test_a_service_to_which_the_pictures_are_something_else_stands_in_for_nobody(
    world: World, theirs: tuple[PictureRole, ...], asked: int
) -> None:
    world.relay.answers = [[BUSY]]
    second = replace(SECOND, pictures=theirs)
    first = replace(FIRST, pictures=(PictureRole.FIRST, PictureRole.LAST), max_images=2, stand_ins=(second,))
    await world.ask(replace(REQUEST, model=first))
    assert len(world.home.asked) == asked


async def test_a_service_that_takes_other_numbers_of_pictures_stands_in_for_nobody(world: World) -> None:
    world.relay.answers = [[BUSY]]
    first = replace(FIRST, min_images=0)
    assert await world.ask(replace(REQUEST, model=first, pictures=())) == [Routed(first), BUSY]
    assert world.home.asked == []


@pytest.mark.parametrize(("link", "asked"), [("", 0), ("https://cdn.example/p.png", 1)])
async def test_a_service_that_wants_links_stands_in_only_where_there_are_some(
    world: World, link: str, asked: int
) -> None:
    world.relay.answers, world.home.wants_links = [[BUSY]], True
    await world.ask(replace(REQUEST, pictures=(replace(PICTURE, link=link),)))
    assert len(world.home.asked) == asked


async def test_a_service_with_lengths_of_its_own_stands_in_where_none_was_chosen(world: World) -> None:
    world.relay.answers = [[BUSY], [BUSY]]
    first = replace(FIRST, seconds=(4, 8), stand_ins=(replace(SECOND, seconds=(5,)),))
    await world.ask(replace(REQUEST, model=first, length=4))
    assert world.home.asked == []
    await world.ask(replace(REQUEST, model=first))
    assert world.home.asked == ["Wan-AI/Wan2.2"]


@pytest.mark.parametrize(
    "events",
    [
        [Failure(Outcome.TIMEOUT, "silence")],
        [Failure(Outcome.BAD_STREAM, "broke off")],
        [Failure(Outcome.INTERRUPTED, "no answer to the create")],
        [Failure(Outcome.PROVIDER_ERROR, "it failed")],
        [Failure(Outcome.RATE_LIMITED, "after minutes")],
        [Refusal(Outcome.MODERATION_PROMPT)],
        [Progress(3), Failure(Outcome.QUOTA, "no credit any more")],
        [Accepted(TaskHandle("1", "wan")), Failure(Outcome.PROVIDER_ERROR, "busy", not_begun=True)],
    ],
    ids=lambda events: str(events[-1]),
)
async def test_what_may_have_begun_is_told_and_asked_of_nobody_else(world: World, events: list[ProviderEvent]) -> None:
    world.relay.answers = [events]
    assert len(await world.ask()) == 1 + len(events)
    assert world.home.asked == []


async def test_where_nobody_begins_the_last_one_is_told_and_may_be_asked_again(world: World) -> None:
    world.relay.answers, world.home.answers = [[Failure(Outcome.QUOTA, "no credit")]], [[BUSY]]
    assert await world.ask() == [Routed(FIRST), Routed(SECOND), BUSY]
    no_key = Failure(Outcome.AUTH, "a bad key", not_begun=True)
    world.relay.answers, world.home.answers = [[BUSY]], [[no_key]]
    assert await world.ask() == [Routed(FIRST), Routed(SECOND), replace(no_key, retry_after=BUSY.retry_after)]


def test_a_request_holds_the_highest_price_of_those_that_may_make_it_and_of_no_others() -> None:
    long, dear = replace(SECOND, seconds=(4, 8), price=9), replace(SECOND, seconds=(5,), price=50)
    model = replace(FIRST, seconds=(4,), price=5, stand_ins=(long, dear))
    assert replace(REQUEST, model=model, length=4).price == 9
    assert replace(REQUEST, model=replace(model, seconds=(4, 5)), length=5).price == 50


async def test_a_service_that_failed_several_times_rests_and_is_tried_by_one_request(world: World) -> None:
    world.relay.answers = [[BUSY]] * FAILURES
    for _ in range(FAILURES):
        await world.ask()
    assert world.told == [("relay", Outcome.RATE_LIMITED)]
    await world.ask()
    assert len(world.relay.asked) == FAILURES
    world.now = SHORTEST_REST
    assert (await world.ask())[0] == Routed(FIRST)
    assert world.told[1:] == [("relay", None)]
    assert not world.router.is_resting("relay")


async def test_what_a_service_says_of_work_that_it_has_wakes_it_not(world: World) -> None:
    """A service that is full reports on what it makes, while it turns all else away."""
    world.relay.answers = [[Progress(percent) for percent in range(9)], *[[BUSY]] * FAILURES]
    async with aclosing(world.router.generate(REQUEST, lambda: True)) as making:
        for _ in range(FAILURES):
            await anext(making)
            await anext(making)
            await world.ask()
        await anext(making)
    assert world.told == [("relay", Outcome.RATE_LIMITED)]
    assert world.router.is_resting("relay")


async def test_where_all_rest_the_one_that_has_rested_longest_is_asked(world: World) -> None:
    world.relay.answers, world.home.answers = [[BUSY]] * FAILURES, [[BUSY]] * FAILURES
    for _ in range(FAILURES):
        await world.ask()
        world.now += 1
    assert await world.ask() == [Routed(FIRST), FinishedVideo(VIDEO.urls, service="relay")]


async def test_what_may_not_be_sent_is_sent_to_nobody(world: World) -> None:
    assert await world.ask(may_send=False) == [Routed(FIRST)]
    assert (world.relay.asked, world.home.asked) == ([], [])


async def test_a_task_belongs_to_the_service_that_accepted_it(world: World) -> None:
    world.relay.answers = [[BUSY]]
    world.home.answers = [[Accepted(TaskHandle("7", "Wan-AI/Wan2.2")), VIDEO]]
    accepted = (await world.ask())[2]
    assert isinstance(accepted, Accepted)
    task = TaskHandle.from_text(accepted.task.as_text())
    assert [event async for event in world.router.follow(REQUEST, task)] == [FinishedVideo(VIDEO.urls, service="home")]
    assert (world.home.followed, world.relay.followed) == ([task], [])
    assert await world.router.cancel(task)


async def test_the_task_of_a_service_that_is_gone_is_interrupted(world: World) -> None:
    (event,) = [event async for event in world.router.follow(REQUEST, TaskHandle("7", "m", service="sold"))]
    assert isinstance(event, Failure)
    assert event.outcome is Outcome.INTERRUPTED
    assert not await world.router.cancel(TaskHandle("7", "m", service="sold"))


async def test_a_locked_video_is_fetched_by_its_own_service(world: World, tmp_path: Path) -> None:
    video = FinishedVideo(("https://h.example/v1/videos/7/content",), locked=True, service="home")
    assert await world.router.download(video, tmp_path / "a.mp4", limit=10, within=1) == 4
    with pytest.raises(FetchError):
        await world.router.download(
            FinishedVideo(video.urls, locked=True, service="sold"), tmp_path / "b.mp4", limit=10, within=1
        )

"""The service of tasks: three shapes and their habits, to the client of the bot and to OpenAI's own package."""

from __future__ import annotations

import asyncio
import base64
import io
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest
from PIL import Image

from bot.media.fetcher import Fetcher
from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import Accepted, Failure, FinishedVideo, Progress, ProviderEvent, Refusal, TaskHandle
from bot.providers.patience import Patience
from bot.providers.tasks.client import TaskClient
from bot.providers.tasks.descriptions.file import load_description
from playground.fake_video_service.generation import FilmPlan
from playground.fake_video_service.server import VideoService
from playground.fake_video_service.tasks.dialects import OPENAI_SHAPED
from playground.fake_video_service.tasks.habits import HABITS
from playground.pictures.art import encode
from tests.playground.video_client import TINY

KEY = "sk-playground"
PICTURE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")
SPEAKERS = [*(("videos", f"#{word}") for word in OPENAI_SHAPED), ("openrouter", ""), ("xai", "")]
REFUSALS = ["refuse-image", "refuse-prompt", "refuse-result", "refuse-unknown"]


HURRY = 300  # of the client's seconds pass in one


async def hurried_sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / HURRY)


def hurried_clock() -> float:
    return time.monotonic() * HURRY


class World:
    """The playground's service, and clients of it that wait a three-hundredth of their time."""

    def __init__(self, service: VideoService, session: aiohttp.ClientSession, fetcher: Fetcher, folder: Path) -> None:
        self.service = service
        self.path = folder / "film.mp4"
        self._session = session
        self._fetcher = fetcher
        self._picture = folder / "cat.png"
        self._picture.write_bytes(PICTURE)

    def client(self, speaks: str = "videos") -> TaskClient:
        return TaskClient(
            self._session,
            describe=partial(load_description, speaks),
            url=self.service.url,
            key=KEY,
            fetch=self._fetcher.fetch,
            patience=Patience(stall=600, whole=900, clock=hurried_clock, sleep=hurried_sleep),
        )

    def request(self, prompt: str) -> VideoRequest:
        picture = Picture(self._picture, "image/png", len(PICTURE))
        return VideoRequest(1, 2, 3, 4, VideoModel("wan2.7-i2v", "Wan"), f"a lighthouse {prompt}", (picture,))

    async def generate(self, prompt: str, speaks: str = "videos") -> list[ProviderEvent]:
        async with asyncio.timeout(20), aclosing(self.client(speaks).generate(self.request(prompt))) as events:
            return [event async for event in events]

    async def film_of(self, ending: ProviderEvent, speaks: str = "videos") -> int:
        """Fetch the video of an ending as the bot does, and return how many frames it has."""
        assert isinstance(ending, FinishedVideo)
        client = self.client(speaks)
        if ending.locked:
            await client.download(ending, self.path, limit=10**7, within=20)
        else:
            await self._fetcher.fetch(ending.urls[0], self.path, limit=10**7, within=20)
        with av.open(io.BytesIO(self.path.read_bytes()), "r") as container:
            return len(list(container.decode(video=0)))

    def creates(self) -> int:
        return sum(record.method == "POST" for record in self.service.requests)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[VideoService]:
    service = VideoService(key=KEY, directory=tmp_path / "films", pace=0.0, plan=TINY)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def world(service: VideoService, tmp_path: Path) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as session, Fetcher([service.url.removeprefix("http://")]) as fetcher:
        yield World(service, session, fetcher, tmp_path)


def outcome_of(event: ProviderEvent) -> str:
    if isinstance(event, Refusal):
        return event.stage.value
    return event.outcome.value if isinstance(event, Failure) else "success"


@pytest.mark.parametrize(("speaks", "words"), SPEAKERS)
async def test_every_speaker_makes_a_film_of_one_create(world: World, speaks: str, words: str) -> None:
    events = await world.generate(words, speaks)

    assert isinstance(events[0], Accepted)
    assert await world.film_of(events[-1], speaks) == TINY.seconds * 24
    assert world.creates() == 1


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize(("speaks", "words"), SPEAKERS)
async def test_every_speaker_refuses_in_its_own_words(world: World, speaks: str, words: str, refusal: str) -> None:
    events = await world.generate(f"#{refusal} {words}", speaks)

    assert outcome_of(events[-1]) == refusal.replace("refuse-", "moderation_")


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.word)
async def test_every_habit_ends_as_it_should_after_one_create(world: World, habit: Any) -> None:
    ending = (await world.generate(f"#{habit.word}"))[-1]

    assert outcome_of(ending) == habit.outcome
    if isinstance(ending, FinishedVideo):
        assert await world.film_of(ending) == TINY.seconds * 24
    assert world.creates() == 1


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("overload", "rate_limited"),
        ("quota", "quota"),
        ("auth", "auth"),
        ("html-504", "provider_error"),
        ("empty", "bad_stream"),
        ("redirect", "provider_error"),
        ("fail", "provider_error"),
        ("leak", "provider_error"),
        ("cut", "interrupted"),
        ("stall", "timeout"),
    ],
)
async def test_failures_of_chats_are_failures_of_tasks(world: World, words: str, outcome: str) -> None:
    ending = (await world.generate(f"#{words}"))[-1]

    assert outcome_of(ending) == outcome
    assert KEY not in repr(ending)
    assert world.creates() == 1


async def test_percentages_rise_with_the_film(world: World, tmp_path: Path) -> None:
    plan = FilmPlan(seconds=0.5, size=(96, 64), work_seconds=4)
    world.service = VideoService(key=KEY, directory=tmp_path / "slow films", pace=0.25, plan=plan)
    await world.service.start()
    try:
        _, *progress, ending = await world.generate("")
    finally:
        await world.service.stop()

    percents = [event.percent for event in progress if isinstance(event, Progress)]
    assert len(percents) == len(progress) > 5
    assert percents == sorted(percents)
    assert isinstance(ending, FinishedVideo)


async def test_a_task_is_followed_by_another_client(world: World) -> None:
    first, *_ = await world.generate("#new-api")
    assert isinstance(first, Accepted)
    request = world.request("#new-api")
    async with aclosing(world.client().follow(request, TaskHandle.from_text(first.task.as_text()))) as events:
        ending = [event async for event in events][-1]

    assert await world.film_of(ending) == TINY.seconds * 24
    assert world.creates() == 1


@pytest.mark.parametrize(
    ("words", "stops", "then"),
    [("openai", False, 200), ("new-api", False, 200), ("vllm-omni", True, 404), ("sglang", True, 200)],
)
async def test_a_cancel_does_what_it_does_there(world: World, words: str, stops: bool, then: int) -> None:
    async with aclosing(world.client().generate(world.request(f"#stall #{words}"))) as events:
        first = await anext(events)
    assert isinstance(first, Accepted)

    assert await world.client().cancel(first.task) is stops
    url = f"{world.service.url}/v1/videos/{first.task.id}"
    async with aiohttp.ClientSession() as session, session.get(url, headers={"Authorization": f"Bearer {KEY}"}) as seen:
        assert seen.status == then


async def test_a_cost_that_is_named_is_kept(world: World) -> None:
    for speaks in ("openrouter", "xai"):
        ending = (await world.generate("", speaks))[-1]
        assert isinstance(ending, FinishedVideo)
        assert ending.cost == 0.5


async def test_records_hold_no_picture_and_no_key(world: World) -> None:
    await world.generate("")
    await world.generate("", "xai")
    form, json = (record for record in world.service.requests if record.method == "POST")

    assert form.body["input_reference"] | {"sha256": ""} == {
        "file": "picture.png", "type": "image/png", "bytes": len(PICTURE), "sha256": "",
    }  # fmt: skip
    assert json.body["image"]["url"]["bytes"] == len(PICTURE)
    assert all(record.headers["Authorization"] == "Bearer <key>" for record in world.service.requests)


async def create_by_hand(service: VideoService, **options: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{service.url}/v1/videos", headers=headers, **options) as response,
    ):
        return response.status, await response.json()


@pytest.mark.parametrize(
    "place",
    [
        {"input_reference": "here"},
        {"input_reference": {"image_url": "here"}},
        {"images": ["here"]},
        {"metadata": {"img_url": "here"}},
    ],
)
async def test_a_picture_in_json_is_found_where_relays_look(service: VideoService, place: Any) -> None:
    def with_picture(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: with_picture(held) for name, held in value.items()}
        return [url] if isinstance(value, list) else url

    url = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    body = {"model": "m", "prompt": "a", "size": "720x1280", **with_picture(place)}
    status, told = await create_by_hand(service, json=body)

    assert (status, told["error"]["message"]) == (400, "Inpaint image must match the requested width and height")


async def test_a_file_without_a_name_is_taken_for_text(service: VideoService) -> None:
    form = aiohttp.MultipartWriter("form-data")
    for name, value in (("model", "m"), ("prompt", "a"), ("input_reference", "picture")):
        form.append(value).set_content_disposition("form-data", name=name)
    status, told = await create_by_hand(service, data=form)

    assert status == 400
    assert "expected a file, but got a string" in told["error"]["message"]


async def test_vllm_omni_takes_a_form_alone(service: VideoService) -> None:
    status, _ = await create_by_hand(service, json={"model": "m", "prompt": "a #vllm-omni"})
    assert status == 422


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
async def test_openais_own_package_creates_polls_and_downloads(service: VideoService) -> None:
    openai = pytest.importorskip("openai")
    async with openai.AsyncOpenAI(api_key=KEY, base_url=f"{service.url}/v1", max_retries=0) as client:
        video = await client.videos.create_and_poll(
            model="sora-2", prompt="a lighthouse", input_reference=("a.png", PICTURE, "image/png"), poll_interval_ms=20
        )
        film = await client.videos.download_content(video.id)
        data = await film.aread()

    assert (video.status, video.progress, video.error) == ("completed", 100, None)
    with av.open(io.BytesIO(data), "r") as container:
        assert len(list(container.decode(video=0))) == TINY.seconds * 24

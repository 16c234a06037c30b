"""
Every reply of ``tests/data/provider_*.jsonl`` is read as its ``expected`` says, however its bytes arrive.

Fields: ``status``, ``headers``, ``raw`` (the body, or its lines, set apart by ``eol``), ``prompt``, ``base_url``, the
``expected`` outcome, links and highest percentage, and ``…_may_be`` for other right answers. ``wire`` says how the
bytes are spread over time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.models import Picture, VideoModel, VideoRequest
from bot.providers.base import Progress, ProviderEvent
from bot.providers.chat import client as provider
from bot.providers.chat.client import VideoClient
from tests.providers.wire import body_of, names, outcome, samples, urls
from tools.confusion import read_sample, shares, table

GRACE = 0.05  # seconds; short, so that a link that comes after it comes soon enough for a test
PATH = "/v1/chat/completions"


@pytest.mark.parametrize("step", [None, 1, 7], ids=["whole", "byte by byte", "seven bytes"])
def test_every_sample_is_read_as_expected(step: int | None) -> None:
    readings = [read_sample(sample, step) for sample in samples()]

    assert {reading.sample["name"]: reading.wrong for reading in readings if reading.wrong} == {}


def test_no_sample_is_a_false_refusal_or_a_lost_video() -> None:
    counts = shares([read_sample(sample) for sample in samples()])

    assert (counts["false refusals"], counts["lost videos"]) == (0, 0)


def test_the_table_of_confusion_has_a_row_for_each_outcome_expected() -> None:
    rows = table([read_sample(sample) for sample in samples()])

    assert all(sample["expected"]["outcome"] in rows for sample in samples())


def test_no_two_samples_have_one_name() -> None:
    assert len(set(names())) == len(names())


@pytest.fixture
async def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[aiohttp.ClientSession, str, Path]]:
    """A session, and the address of a service that answers under ``/NUMBER`` with the sample of that number."""
    monkeypatch.setattr(provider, "FINISH_GRACE", GRACE)
    runner = web.AppRunner(web.Application())
    runner.app.router.add_post(f"/{{number}}{PATH}", _answer)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"PNG")
    async with aiohttp.ClientSession() as session:
        yield session, f"http://127.0.0.1:{runner.addresses[0][1]}", picture
    await runner.cleanup()


async def _answer(request: web.Request) -> web.StreamResponse:
    sample = samples()[int(request.match_info["number"])]
    await request.read()
    response = web.StreamResponse(status=sample["status"], headers=sample.get("headers") or {})
    await response.prepare(request)
    first, gap, rest = body_of(sample).partition(b"\n\n")
    await response.write(first + gap)
    if "wire" in sample:  # the only one so far: the link comes long after the first event
        await asyncio.sleep(4 * GRACE)
    await response.write(rest)
    return response


async def _read(session: aiohttp.ClientSession, url: str, picture: Path, sample: dict[str, Any]) -> list[ProviderEvent]:
    request = VideoRequest(
        1, 2, 3, 4, VideoModel("m", "M"), sample.get("prompt") or "a cat", (Picture(picture, "image/png", 3),)
    )
    client = VideoClient(session, endpoint=url, key="k")
    return [event async for event in client.generate(request)]


def _bare(link: str) -> str:
    return link.removeprefix("https://relay.example").removeprefix("http:").removeprefix("https:")


async def test_every_sample_is_read_as_expected_by_the_client_over_sockets(
    world: tuple[aiohttp.ClientSession, str, Path],
) -> None:
    session, address, picture = world
    wrong = {}
    for number, sample in enumerate(samples()):
        *before, end = await _read(session, f"{address}/{number}{PATH}", picture, sample)
        assert all(isinstance(event, Progress) for event in before)
        assert not isinstance(end, Progress)
        # Links without a host, or a scheme, have those of the service.
        links = [_bare(link.replace(f"{address}/{number}", "").replace(address, "")) for link in urls(end)]
        expected = [
            [_bare(link) for link in links]
            for links in (sample["expected"]["video_urls"], *sample.get("video_urls_may_be", []))
        ]
        right = [sample["expected"]["outcome"], *sample.get("outcome_may_be", [])]
        if outcome(end) not in right or (links and links not in expected):
            wrong[sample["name"]] = (outcome(end), links)
    assert wrong == {}

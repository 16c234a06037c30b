"""Every scenario produces the response that its summary promises."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from playground.fake_video_service import scenarios
from playground.fake_video_service.families import FAMILIES
from playground.fake_video_service.scenarios import BEHAVIOURS, Case, choose
from playground.fake_video_service.server import VideoService
from playground.pictures.art import encode
from tests.playground.video_client import TINY, ask, download, link_in

PICTURE = encode(Image.new("RGB", (64, 48), "teal"), "PNG")
# The outcomes of a job, as the database has them.
OUTCOMES = {
    "success",
    "moderation_image",
    "moderation_prompt",
    "moderation_result",
    "moderation_unknown",
    "provider_error",
    "quota",
    "auth",
    "rate_limited",
    "bad_stream",
    "timeout",
}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[VideoService]:
    service = VideoService(key="sk-playground", directory=tmp_path / "films", pace=0.0, plan=TINY)
    await service.start()
    yield service
    await service.stop()


@pytest.mark.parametrize("case", scenarios.cases(), ids=lambda case: case.words or "happy")
async def test_case_answers_and_ends(service: VideoService, case: Case) -> None:
    assert case.outcomes <= OUTCOMES
    until = b"42.0%" if case.endless else None
    answer = await ask(service, f"a lighthouse {case.words}", PICTURE, until=until)
    await service.requests[0].over.wait()
    assert answer.status in (200, 307, 401, 403, 429, 503, 504)
    assert not case.endless or service.requests[0].disconnected


@pytest.mark.parametrize("family", FAMILIES)
async def test_every_family_ends_in_a_video_that_can_be_fetched(service: VideoService, family: str) -> None:
    answer = await ask(service, f"a lighthouse #{family}", PICTURE)
    assert (await download(link_in(answer.text))).headers["Content-Type"] == "video/mp4"
    assert answer.body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("family", FAMILIES)
async def test_every_family_without_a_stream_gives_a_video_or_says_why_not(service: VideoService, family: str) -> None:
    answer = await ask(service, f"a lighthouse #{family}", PICTURE, stream=False)
    if FAMILIES[family].without_stream is None:
        assert link_in(answer.json["choices"][0]["message"]["content"])
    else:
        assert "stream" in answer.body.decode()


async def test_result_is_refused_after_ninety_per_cent(service: VideoService) -> None:
    answer = await ask(service, "#refuse-result", PICTURE)
    assert answer.text.index("93.0%") < answer.text.index("❌")


async def test_refusals_of_picture_and_prompt_come_before_any_percentage(service: VideoService) -> None:
    for words in ("#refuse-image", "#refuse-prompt", "#refuse-unknown"):
        assert "%" not in (await ask(service, words, PICTURE)).text


async def test_refusal_without_a_stream_is_an_error_or_a_message(service: VideoService) -> None:
    blocked = await ask(service, "#refuse-unknown", PICTURE, stream=False)
    assert (blocked.status, blocked.json["error"]["code"]) == (400, "moderation_blocked")
    refused = await ask(service, "#refuse-image", PICTURE, stream=False)
    assert "photorealistic" in refused.json["choices"][0]["message"]["content"]


async def test_cut_has_no_end_of_body_and_cut_character_has(service: VideoService) -> None:
    cut = await ask(service, "#cut", PICTURE)
    inside = await ask(service, "#cut-character", PICTURE)
    assert (cut.whole, inside.whole) == (False, True)
    with pytest.raises(UnicodeDecodeError, match="unexpected end of data"):
        inside.body.decode()
    assert not service.requests[0].disconnected


async def test_overload_says_when_to_come_back(service: VideoService) -> None:
    answer = await ask(service, "#overload", PICTURE)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "0")


async def test_busy_once_serves_the_second_try_of_the_same_prompt(service: VideoService) -> None:
    first = await ask(service, "a cat #busy-once", PICTURE)
    other = await ask(service, "a dog #busy-once", PICTURE)
    second = await ask(service, "a cat #busy-once", PICTURE)
    assert (first.status, other.status, second.status) == (503, 503, 200)
    assert link_in(second.text)


async def test_redirect_leads_to_another_host(service: VideoService) -> None:
    answer = await ask(service, "#redirect", PICTURE)
    target = urlsplit(answer.headers["Location"])
    assert answer.status == 307
    assert (target.hostname, target.port) == ("localhost", urlsplit(service.url).port)


async def test_retry_inside_goes_back_and_ends_well(service: VideoService) -> None:
    text = (await ask(service, "#retry-inside", PICTURE)).text
    assert text.index(": 40%") < text.index("第 1 次重试") < text.index(": 8%") < text.index(link_in(text))


async def test_silent_pings_in_place_of_percentages(service: VideoService) -> None:
    answer = await ask(service, "#silent", PICTURE)
    assert b": PING\n\n" in answer.body
    assert "Progress" not in answer.text


async def test_json_comes_in_one_body_although_a_stream_was_asked_for(service: VideoService) -> None:
    answer = await ask(service, "#json", PICTURE)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert link_in(answer.json["choices"][0]["message"]["content"])


async def test_leak_holds_what_must_not_be_shown(service: VideoService) -> None:
    message = (await ask(service, "#leak", PICTURE)).events[-1]["error"]["message"]
    assert all(secret in message for secret in (service.key, "sora-pool-3.internal", "@everyone"))


async def test_endings_without_done_and_with_a_late_error_keep_the_link(service: VideoService) -> None:
    no_done = await ask(service, "#no-done", PICTURE)
    late = await ask(service, "#late-error", PICTURE)
    assert link_in(no_done.text)
    assert b"[DONE]" not in no_done.body
    assert link_in(late.text)
    assert "error" in late.events[-1]


async def test_links_are_of_the_promised_kind(service: VideoService) -> None:
    expiring = link_in((await ask(service, "#expiring", PICTURE)).text)
    end = datetime.fromisoformat(parse_qs(urlsplit(expiring).query)["se"][0])
    assert timedelta(days=2) < end - datetime.now(UTC) <= timedelta(days=3)
    assert (await download(expiring)).status == 200
    assert (await download(link_in((await ask(service, "#dead-link", PICTURE)).text))).status == 404
    assert "](/files/" in (await ask(service, "#relative", PICTURE)).text
    assert "](http://169.254.169.254/" in (await ask(service, "#private-link", PICTURE)).text


async def test_big_video_is_larger_than_discord_takes(service: VideoService) -> None:
    link = link_in((await ask(service, "#big", PICTURE)).text)
    assert len((await download(link)).body) > 10 * 2**20


async def test_prompt_is_echoed_as_it_stands(service: VideoService) -> None:
    prompt = 'say "❌ 100% [click here](https://evil.example/x.mp4)" <b>'
    answer = await ask(service, prompt, PICTURE)
    assert json.dumps(prompt, ensure_ascii=False) in answer.text


def test_words_choose_one_family_and_one_behaviour_and_hashtags_mean_nothing() -> None:
    chosen = choose("a #cat at #Family-C then #refuse-result #quota")
    assert (chosen.family, chosen.word) == ("family-c", "refuse-result")
    assert choose("a #cat", "family-b").family == "family-b"
    assert choose("#retry-inside").family == "family-c"
    assert choose("#family-b #retry-inside").family == "family-b"


def test_words_are_unique_and_no_behaviour_hides_a_family() -> None:
    words = [scenario.word for scenario in BEHAVIOURS]
    assert len(set(words)) == len(words)
    assert not set(words) & set(FAMILIES)


def test_description_names_every_word() -> None:
    text = scenarios.describe()
    assert all(f"#{word} " in text for word in (*(scenario.word for scenario in BEHAVIOURS), *FAMILIES))

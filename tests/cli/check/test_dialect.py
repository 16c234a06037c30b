"""Which dialect a service seems to speak, by what it answers for free, and what the settings should say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.cli.check.findings import Severity
from bot.cli.check.services.dialect import check_dialect
from bot.cli.check.services.free_look import FreeLook, VideoService
from tests.cli.check.listing_service import TASKS, findings, models

CHAT_IS_THERE = (405, {"detail": "Method Not Allowed"})
BOTH_TYPES = models(m=["openai", "openai-video"])
VIDEO_TYPE = models(m=["openai-video"])
CHAT_TYPE = models(m=["openai"])


@pytest.mark.parametrize(
    ("api", "answers", "state", "why", "remedy"),
    [
        ("chat", {"/models": VIDEO_TYPE}, "wrong", "it lists m as openai-video", "Set VIDEO_API=videos."),
        ("chat", {"/models": models(m=["kling-video"])}, "wrong", "it lists m as kling-video", "VIDEO_API=videos"),
        ("chat", {"/models": BOTH_TYPES}, "ok", "it lists m as openai", ""),
        ("chat", {"/models": models("m"), "/videos": TASKS}, "wrong", "has no chat endpoint", "Set VIDEO_API=videos."),
        ("chat", {"/videos": TASKS}, "wrong", "has no chat endpoint", "Set VIDEO_API=videos."),
        ("chat", {"/videos": TASKS, "/chat/completions": CHAT_IS_THERE}, "ok", "its chat endpoint is there", ""),
        ("chat", {"/models": models("m"), "/videos/models": models("m")}, "wrong", "/videos/models", "openrouter"),
        ("videos", {"/models": VIDEO_TYPE}, "ok", "it lists m as openai-video", ""),
        ("videos", {"/models": BOTH_TYPES}, "ok", "it lists m as openai-video", ""),
        ("videos", {"/models": models("m"), "/videos": TASKS}, "ok", "it lists tasks at /videos", ""),
        ("videos", {"/models": CHAT_TYPE}, "hint", "it lists m as openai", "If videos fail, set VIDEO_API=chat."),
        ("videos", {"/videos/models": models("m")}, "wrong", "/videos/models", "Set VIDEO_API=openrouter."),
        ("openrouter", {"/videos/models": models("m")}, "ok", "/videos/models", ""),
        ("openrouter", {"/models": models("m"), "/videos": TASKS}, "hint", "it lists tasks", "VIDEO_API=videos"),
        ("xai", {"/models": VIDEO_TYPE}, "wrong", "it lists m as openai-video", "Set VIDEO_API=videos."),
    ],
)
async def test_each_sign_names_the_dialect_and_what_to_set(
    api: str, answers: Mapping[str, tuple[int, Any]], state: str, why: str, remedy: str
) -> None:
    told = (await findings(api, answers))["dialect"]

    assert (told.state, why in told.finding, remedy in told.remedy) == (state, True, True), told
    assert bool(told.remedy) == (state != "ok")


@pytest.mark.parametrize("api", ["chat", "videos", "openrouter"])
async def test_where_nothing_tells_nothing_is_said_of_the_dialect(api: str) -> None:
    assert "dialect" not in await findings(api, {"/models": models("m")})


async def test_what_is_listed_for_other_models_tells_nothing() -> None:
    assert "dialect" not in await findings("chat", {"/models": models("m", veo=["openai-video"])})


async def test_the_page_of_ones_own_is_the_operators_word() -> None:
    assert "dialect" not in await findings("my.toml", {"/models": VIDEO_TYPE, "/videos/models": models("m")})


@pytest.mark.parametrize(
    ("api", "base", "state", "remedy"),
    [
        ("chat", "https://api.x.ai/v1", Severity.WRONG, "Set VIDEO_API=xai."),
        ("videos", "https://openrouter.ai/api/v1", Severity.WRONG, "Set VIDEO_API=openrouter."),
        ("xai", "https://api.x.ai/v1", Severity.OK, ""),
    ],
)
def test_the_host_of_a_service_that_kinora_describes_tells_its_dialect(
    api: str, base: str, state: Severity, remedy: str
) -> None:
    silent = "There was no answer."

    (told,) = check_dialect(VideoService(api, base, {}, {}, ("m",)), FreeLook(silent, silent, silent))

    assert (told.state, told.remedy) == (state, remedy)

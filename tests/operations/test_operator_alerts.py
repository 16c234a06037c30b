"""The operator is told of what only they can mend: once, and again only after it was mended in between."""

from __future__ import annotations

import logging

import pytest

from bot.models import Outcome
from bot.operations.operator_alerts import OperatorAlerts
from bot.providers.base import Failure, FinishedVideo, Refusal, Result
from tests.storage.records import a_job

AUTH = Failure(Outcome.AUTH, "HTTP 401: a key")
QUOTA = Failure(Outcome.QUOTA, "no credit")
GONE = Failure(Outcome.PROVIDER_ERROR, "no such model", model_gone=True)


async def told(*endings: Result, model: str = "m") -> list[str]:
    """Return what is sent to the operator when jobs end like this, one after the other."""
    alerts, sent = OperatorAlerts(), list[str]()

    async def send(sentence: str) -> None:
        sent.append(sentence)

    alerts.send = send
    for ending in endings:
        alerts.on_ending(a_job(model=model), ending)
    await alerts.close(5)
    return sent


@pytest.mark.parametrize(("ending", "words"), [(AUTH, "VIDEO_API_KEY"), (QUOTA, "topped up"), (GONE, "VIDEO_MODELS")])
async def test_each_trouble_is_told_once_however_many_jobs_meet_it(ending: Failure, words: str) -> None:
    (sentence,) = await told(*[ending] * 20)
    assert words in sentence


async def test_the_key_is_called_by_the_name_that_it_has_in_the_settings(caplog: pytest.LogCaptureFixture) -> None:
    OperatorAlerts("FILMERY_KEY").on_ending(a_job(), AUTH)
    assert "until FILMERY_KEY is right" in caplog.text


async def test_different_troubles_are_told_each(caplog: pytest.LogCaptureFixture) -> None:
    assert len(await told(AUTH, QUOTA, GONE, AUTH)) == 3
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 3


@pytest.mark.parametrize("mended", [FinishedVideo(("https://h/v.mp4",)), Refusal(Outcome.MODERATION_PROMPT)])
async def test_after_a_request_went_through_the_same_trouble_is_told_again(mended: Result) -> None:
    assert len(await told(AUTH, mended, AUTH)) == 2


async def test_other_failures_tell_the_operator_nothing_and_mend_nothing() -> None:
    busy, broken = Failure(Outcome.RATE_LIMITED, "busy"), Failure(Outcome.BAD_STREAM, "cut")
    assert len(await told(busy, AUTH, broken, AUTH)) == 1


async def test_an_inbox_that_fails_is_logged_and_harms_nothing(caplog: pytest.LogCaptureFixture) -> None:
    alerts = OperatorAlerts()

    async def send(sentence: str) -> None:
        raise OSError(sentence)

    alerts.send = send
    alerts.on_ending(a_job(), AUTH)
    await alerts.close(5)
    assert "alert about auth failed" in caplog.text

"""The operator is told of what only they can mend: once, and again only after it was mended in between."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from bot.models import Outcome, VideoModel
from bot.operations.operator_alerts import OperatorAlerts
from bot.providers.base import Failure, FinishedVideo, Refusal, Result
from bot.settings import Service
from bot.settings.service import ONLY, offered
from tests.storage.records import a_job

AUTH = Failure(Outcome.AUTH, "HTTP 401: a key")
QUOTA = Failure(Outcome.QUOTA, "no credit")
GONE = Failure(Outcome.PROVIDER_ERROR, "no such model", model_gone=True)


def service(name: str = ONLY, key: str = "VIDEO_API_KEY", model: str = "m") -> Service:
    return Service(name, "chat", "https://h.example", SecretStr("k"), key, (VideoModel(model, "M"),))


def alerts_for(*services: Service) -> OperatorAlerts:
    return OperatorAlerts(services, offered(services))


async def told(*endings: Result, model: str = "m") -> list[str]:
    """Return what is sent to the operator when jobs end like this, one after the other."""
    alerts, sent = alerts_for(service()), list[str]()

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
    alerts_for(service(key="FILMERY_KEY")).on_ending(a_job(), AUTH)
    assert "until FILMERY_KEY is right" in caplog.text


async def test_a_service_that_rests_is_told_once_until_it_is_well_again() -> None:
    alerts, sent = alerts_for(service("relay", "RELAY_KEY"), service("home", "HOME_KEY")), list[str]()

    async def send(sentence: str) -> None:
        sent.append(sentence)

    alerts.send = send
    for failure in (QUOTA, QUOTA, None, AUTH):
        alerts.on_rest("relay", failure)
    alerts.on_ending(a_job(service="home"), AUTH)
    await alerts.close(5)
    assert ["relay" in sentence for sentence in sent] == [True, True, False]
    assert "HOME_KEY" in sent[2]


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
    alerts = alerts_for(service())

    async def send(sentence: str) -> None:
        raise OSError(sentence)

    alerts.send = send
    alerts.on_ending(a_job(), AUTH)
    await alerts.close(5)
    assert "alert about auth" in caplog.text


def test_of_several_services_the_one_is_named_and_its_own_word_for_the_model(caplog: pytest.LogCaptureFixture) -> None:
    alerts = alerts_for(service("relay", "RELAY_KEY", "sora"), service("home", "HOME_KEY", "sora-at-home"))
    alerts.on_ending(a_job(model="sora", service="home"), GONE)
    alerts.on_ending(a_job(model="sora", service="relay"), QUOTA)
    assert "The video service home no longer has the model sora-at-home. Take it out of its models in" in caplog.text
    assert "The account with the video service relay has no credit left." in caplog.text


async def test_a_service_that_is_alone_and_busy_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    alerts, sent = alerts_for(service()), list[str]()

    async def send(sentence: str) -> None:
        sent.append(sentence)

    alerts.send = send
    alerts.on_rest(ONLY, Failure(Outcome.RATE_LIMITED, "busy"))
    await alerts.close(5)
    assert (sent, "rests: busy" in caplog.text) == ([], True)


def test_services_that_are_switched_off_are_told_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    alerts_for(service()).on_switched_off({"relay": ("services.toml, line 2: RELAY_KEY is missing.", "And so.")})
    assert "The video service relay is switched off" in caplog.text
    assert "services.toml, line 2: RELAY_KEY is missing. And so." in caplog.text

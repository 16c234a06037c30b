"""What is counted reaches a collector in its own format, under names and labels that stand in the documents."""

from __future__ import annotations

import asyncio
import json
import re
import timeit
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_text

from bot.jobs.job import new_record
from bot.models import Finished, JobRecord, Outcome, Picture, VideoModel, VideoRequest
from bot.operations.instrumentation import Meters
from bot.operations.prometheus import OTHER, PrometheusMeters
from bot.providers.base import Failure
from cogs.video.reply_message import EditResult

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "metrics.md").read_text("utf-8")
DASHBOARD = json.loads((Path(__file__).resolve().parents[2] / "deploy" / "grafana.json").read_text("utf-8"))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEMBER, GUILD, PROMPT = 777_000_777, 888_000_888, "a most private prompt"


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> PrometheusMeters:
    return PrometheusMeters(registry, ["sora_video2", "sora_pro"], ["relay"], "1.2.3")


def job(model: str = "sora_video2", waited: float | None = 4) -> JobRecord:
    picture = Picture(Path("p.png"), "image/png", 10)
    record = new_record(VideoRequest(GUILD, 2, 3, MEMBER, VideoModel(model, model), PROMPT, (picture,)), NOON)
    return record if waited is None else replace(record, started_at=NOON + timedelta(seconds=waited))


def test_ended_jobs_are_counted_by_outcome_and_model_with_their_cost_and_phases(
    metrics: PrometheusMeters, registry: CollectorRegistry
) -> None:
    metrics.ended(job(), Finished(Outcome.SUCCESS, 90.0, cost=150_000))
    metrics.ended(job("sora_pro"), Finished(Outcome.TIMEOUT, 10.0))
    metrics.ended(job(waited=None), Finished(Outcome.CANCELLED, 7.0))
    metrics.shown(1.5)

    value = registry.get_sample_value
    assert value("kinora_jobs_ended_total", {"outcome": "success", "model": "sora_video2"}) == 1
    assert value("kinora_jobs_ended_total", {"outcome": "timeout", "model": "sora_pro"}) == 1
    assert value("kinora_spend_total", {"model": "sora_video2"}) == pytest.approx(0.15)
    assert value("kinora_job_phase_seconds_sum", {"phase": "waiting"}) == 4 + 4 + 7
    assert value("kinora_job_phase_seconds_sum", {"phase": "making"}) == 86 + 6
    assert value("kinora_job_phase_seconds_count", {"phase": "making"}) == 2
    assert value("kinora_job_phase_seconds_sum", {"phase": "showing"}) == 1.5


def test_ended_jobs_are_counted_by_their_service_and_a_service_that_rests_is_seen(
    metrics: PrometheusMeters, registry: CollectorRegistry
) -> None:
    for service in ("relay", "sold", None):
        metrics.ended(replace(job(), service=service), Finished(Outcome.SUCCESS, 90.0))
    metrics.rests("relay", True)

    value = registry.get_sample_value
    assert value("kinora_service_jobs_ended_total", {"outcome": "success", "service": "relay"}) == 1
    assert value("kinora_service_jobs_ended_total", {"outcome": "success", "service": "sold"}) is None
    assert value("kinora_service_resting", {"service": "relay"}) == 1


def test_a_model_that_is_not_offered_counts_as_other(metrics: PrometheusMeters, registry: CollectorRegistry) -> None:
    metrics.ended(job("what anybody wrote"), Finished(Outcome.SUCCESS, 5.0))

    assert registry.get_sample_value("kinora_jobs_ended_total", {"outcome": "success", "model": OTHER}) == 1


def test_failures_of_the_service_are_counted_by_kind(metrics: PrometheusMeters, registry: CollectorRegistry) -> None:
    metrics.failed(Failure(Outcome.TIMEOUT, "slow"))
    metrics.failed(Failure(Outcome.PROVIDER_ERROR, "gone", model_gone=True))

    kinds = ("timeout", "model_gone", "provider_error")
    counts = [registry.get_sample_value("kinora_video_service_errors_total", {"kind": kind}) for kind in kinds]
    assert counts == [1, 1, 0]


def test_jobs_and_shards_are_asked_for_when_they_are_read(
    metrics: PrometheusMeters, registry: CollectorRegistry
) -> None:
    numbers = {"waiting": 3, "running": 2, "live": 1, "shards": 4}
    metrics.watch_jobs(lambda: numbers["waiting"], lambda: numbers["running"])
    metrics.watch_shards(lambda: numbers["live"], lambda: numbers["shards"], lambda: 0.25)
    numbers |= {"waiting": 9, "live": 4}

    names = ("jobs_waiting", "jobs_running", "shards_connected", "shards", "gateway_latency_seconds")
    assert [registry.get_sample_value(f"kinora_{name}") for name in names] == [9, 2, 4, 4, 0.25]


async def test_requests_of_a_session_are_counted_with_their_429s(
    metrics: PrometheusMeters, registry: CollectorRegistry
) -> None:
    headers = {"global": {"Via": "1.1 google", "X-RateLimit-Scope": "global"}, "odd": {"X-RateLimit-Scope": "<script>"}}

    async def answer(request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        return web.Response(status=429 if kind in headers else 204, headers=headers.get(kind))

    application = web.Application()
    application.router.add_patch("/{kind}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(trace_configs=[metrics.trace()]) as session:
        for kind in ("fine", "global", "odd"):
            async with session.patch(f"{url}/{kind}"):
                pass
        await runner.cleanup()
        with pytest.raises(aiohttp.ClientError):
            await session.get(url)

    value = registry.get_sample_value
    assert value("kinora_discord_requests_total", {"method": "PATCH", "status": "2xx"}) == 1
    assert value("kinora_discord_requests_total", {"method": "PATCH", "status": "4xx"}) == 2
    assert value("kinora_discord_requests_total", {"method": "GET", "status": "failed"}) == 1
    assert value("kinora_discord_rate_limited_total", {"scope": "global", "via": "yes"}) == 1
    assert value("kinora_discord_rate_limited_total", {"scope": "none", "via": "no"}) == 1


async def test_a_loop_that_wakes_late_is_noticed(metrics: PrometheusMeters, registry: CollectorRegistry) -> None:
    measuring = asyncio.create_task(metrics.run_forever())
    try:
        async with asyncio.timeout(20):
            while not registry.get_sample_value("kinora_event_loop_lag_seconds_count"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        measuring.cancel()

    assert (registry.get_sample_value("kinora_event_loop_lag_seconds_sum") or 0) >= 0


def everything_counted(metrics: PrometheusMeters) -> None:
    metrics.ended(job(), Finished(Outcome.SUCCESS, 90.0, cost=1))
    metrics.edited(EditResult.TOO_LARGE.name.lower())
    metrics._requests.labels("PATCH", "2xx").inc()
    metrics._limited.labels("user", "yes").inc()


@pytest.mark.parametrize(
    ("accept", "media_type", "parse"),
    [
        ("", "text/plain; version=0.0.4", plain_text),
        ("text/plain;version=abc", "text/plain; version=0.0.4", plain_text),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text; version=1.0.0", open_metrics),
    ],
)
def test_exposition_is_what_the_format_s_own_parser_takes(
    metrics: PrometheusMeters, accept: str, media_type: str, parse: Callable[..., object]
) -> None:
    everything_counted(metrics)
    body, said = metrics.exposition(accept)
    families = {family.name for family in parse(body.decode())}  # type: ignore[attr-defined]

    assert said.startswith(media_type)
    assert {"kinora_jobs_ended", "kinora_job_phase_seconds"} <= {name.removesuffix("_total") for name in families}


def test_no_label_holds_a_member_a_server_or_a_prompt(metrics: PrometheusMeters) -> None:
    everything_counted(metrics)
    body = metrics.exposition("")[0].decode()

    assert not [secret for secret in (str(MEMBER), str(GUILD), PROMPT) if secret in body]


def test_names_keep_to_the_conventions(metrics: PrometheusMeters, registry: CollectorRegistry) -> None:
    for family in registry.collect():
        assert re.fullmatch(r"kinora(_[a-z]+)+", family.name), family.name
        assert family.documentation.endswith("."), family.name
        assert not family.name.endswith(("_count", "_sum", "_bucket", "_total", "_ms", "_minutes")), family.name


def test_document_names_every_metric_with_its_type_and_labels_and_no_other(
    metrics: PrometheusMeters, registry: CollectorRegistry
) -> None:
    everything_counted(metrics)
    section = DOCUMENT.split("## The metrics", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `(kinora_\w+)` \| (\w+) \|([^|]*)\| .+ \|$", section, re.MULTILINE)
    documented = {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    body = metrics.exposition("")[0].decode()
    told = {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in plain_text(body)
    }

    assert documented == told


def test_document_s_alerts_name_metrics_that_exist(metrics: PrometheusMeters) -> None:
    everything_counted(metrics)
    named = set(re.findall(r"kinora_\w+", DOCUMENT.split("## Alerts", 1)[1].split("## The log", 1)[0]))
    exposed = set(re.findall(r"^(kinora_\w+)", metrics.exposition("")[0].decode(), re.MULTILINE))

    assert named <= exposed


def test_counting_takes_microseconds(metrics: PrometheusMeters) -> None:
    record, done = job(), Finished(Outcome.SUCCESS, 90.0, cost=1)
    seconds = min(timeit.repeat(lambda: metrics.ended(record, done), number=100, repeat=5)) / 100

    assert seconds < 0.001  # some 10 µs; far more would be another kind of work


def test_meters_that_count_nothing_take_the_same_calls() -> None:
    meters = Meters()
    for name, method in vars(PrometheusMeters).items():
        if not name.startswith("_"):
            assert hasattr(meters, name), method

    assert (meters.trace(), meters.exposition("")) == (None, None)


def test_dashboard_shows_every_metric_and_label_that_exists_and_no_other() -> None:
    documented = dict(re.findall(r"^\| `(kinora_\w+)` \| \w+ \|([^|]*)\|", DOCUMENT, re.MULTILINE))
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    shown = {name.removesuffix("_bucket") for expression in asked for name in re.findall(r"kinora_\w+", expression)}
    labels = {"instance", "le", *re.findall(r"`(\w+)`", "".join(documented.values()))}

    assert shown == set(documented)
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            grouped = re.findall(r"by \(([^)]*)\)", target["expr"])
            named = {word for words in grouped for word in words.split(", ")}
            assert named | set(re.findall(r"[{,](\w+)[=!]", target["expr"])) <= labels
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= named | {"instance", "version"}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])

"""Counts into Prometheus metrics. No label holds a member, a server or a text that was written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.exposition import choose_encoder

from bot.concurrency.forever import run_forever
from bot.models import MILLIONTHS, Finished, JobRecord, Outcome
from bot.operations.instrumentation import Meters
from bot.policy.admission import DenialReason
from bot.policy.limit_kinds import kinds
from bot.providers.base import Failure

OTHER = "other"  # stands for a model that VIDEO_MODELS does not name (any more)
MODEL_GONE = "model_gone"
LAG_INTERVAL = 1.0  # seconds between two looks at the event loop
_PHASES = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # seconds
_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds
_SCOPES = frozenset(("user", "global", "shared"))
_NO_FAULTS = frozenset((Outcome.SUCCESS, Outcome.CANCELLED, Outcome.INTERRUPTED))


class PrometheusMeters(Meters):
    """
    Counts into ``registry``. ``models`` and ``services`` are the names that a label may hold.

    Label values that are known beforehand start at 0, so that their first increase is seen as one.
    """

    def __init__(
        self, registry: CollectorRegistry, models: Iterable[str], services: Iterable[str], version: str
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # else each counter has a second series, with the time it was created
        self._registry = registry
        self._models = frozenset(models)
        self._services = tuple(services)
        self._count_jobs()
        self._count_traffic()
        self._loop_lag = self._histogram("kinora_event_loop_lag_seconds", "How late the event loop woke.", _LAGS)
        Info("kinora_build", "The version that runs.", registry=registry).info({"version": version})

    def _count_jobs(self) -> None:
        self._ended = self._counter("kinora_jobs_ended", "Jobs that ended.", "outcome", "model")
        self._spent = self._counter("kinora_spend", "Money spent, in the operator's currency.", "model")
        self._unconfirmed = self._counter(
            "kinora_spend_unconfirmed", "Money that may have been spent, on requests that broke off.", "model"
        )
        for model in (*self._models, OTHER):
            self._spent.labels(model)
            self._unconfirmed.labels(model)
            for outcome in Outcome:
                self._ended.labels(outcome.value, model)
        self._ended_at = self._counter(
            "kinora_service_jobs_ended", "Jobs that went to a service.", "outcome", "service"
        )
        self._resting = Gauge(
            "kinora_service_resting", "Whether a service is left alone.", ["service"], registry=self._registry
        )
        for service in self._services:
            self._resting.labels(service)
            for outcome in Outcome:
                self._ended_at.labels(outcome.value, service)
        self._denied = self._counter("kinora_requests_denied", "Requests that were not admitted.", "reason")
        for reason in (*DenialReason, *kinds()):
            self._denied.labels(str(reason))
        phases = self._histogram("kinora_job_phase_seconds", "How long a phase of a job took.", _PHASES, "phase")
        self._waiting, self._making, self._showing = map(phases.labels, ("waiting", "making", "showing"))
        self._jobs_waiting = self._gauge("kinora_jobs_waiting", "Jobs that wait for their turn.")
        self._jobs_running = self._gauge("kinora_jobs_running", "Jobs in the making.")

    def _count_traffic(self) -> None:
        self._failed = self._counter("kinora_video_service_errors", "Failures of the video service.", "kind")
        for kind in (*(o.value for o in Outcome if not (o.is_refusal or o in _NO_FAULTS)), MODEL_GONE):
            self._failed.labels(kind)
        self._edited = self._counter("kinora_reply_edits", "Edits of replies.", "result")
        self._requests = self._counter("kinora_discord_requests", "HTTP requests to Discord.", "method", "status")
        self._limited = self._counter(
            "kinora_discord_rate_limited", "Requests that Discord answered with 429.", "scope", "via"
        )
        self._shards = self._gauge("kinora_shards", "Shards of this process.")
        self._connected = self._gauge(
            "kinora_shards_connected", "Shards of this process in a session with the gateway."
        )
        self._latency = self._gauge(
            "kinora_gateway_latency_seconds", "The slowest shard's time from heartbeat to answer."
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self._registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(name, what, registry=self._registry)

    def _histogram(self, name: str, what: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(name, what, labels, buckets=buckets, registry=self._registry)

    def denied(self, reason: str) -> None:
        self._denied.labels(reason).inc()

    def failed(self, failure: Failure) -> None:
        self._failed.labels(MODEL_GONE if failure.model_gone else failure.outcome.value).inc()

    def ended(self, record: JobRecord, finished: Finished) -> None:
        model = record.model if record.model in self._models else OTHER
        self._ended.labels(finished.outcome.value, model).inc()
        if record.service in self._services:
            self._ended_at.labels(finished.outcome.value, record.service).inc()
        spend = self._unconfirmed if finished.unconfirmed else self._spent
        spend.labels(model).inc(finished.cost / MILLIONTHS)
        waited = (record.started_at - record.created_at).total_seconds() if record.started_at else finished.seconds
        self._waiting.observe(waited)
        if record.started_at:
            self._making.observe(finished.seconds - waited)

    def rests(self, service: str, resting: bool) -> None:
        self._resting.labels(service).set(resting)

    def shown(self, seconds: float) -> None:
        self._showing.observe(seconds)

    def edited(self, result: str) -> None:
        self._edited.labels(result).inc()

    def watch_jobs(self, waiting: Callable[[], int], running: Callable[[], int]) -> None:
        self._jobs_waiting.set_function(waiting)
        self._jobs_running.set_function(running)

    def watch_shards(
        self, connected: Callable[[], int], total: Callable[[], int], latency: Callable[[], float]
    ) -> None:
        self._connected.set_function(connected)
        self._shards.set_function(total)
        self._latency.set_function(latency)

    def trace(self) -> aiohttp.TraceConfig:
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._failed_request)
        return trace

    async def _answered(self, _session: object, _context: object, params: aiohttp.TraceRequestEndParams) -> None:
        status, headers = params.response.status, params.response.headers
        if status == 101:  # the gateway's socket
            return
        self._requests.labels(params.method, f"{status // 100}xx").inc()
        if status == 429:
            scope = headers.get("X-RateLimit-Scope")
            # Only Discord itself sets Via; discord.py gives up on a 429 without it.
            self._limited.labels(scope if scope in _SCOPES else "none", "yes" if "Via" in headers else "no").inc()

    async def _failed_request(
        self, _session: object, _context: object, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        self._requests.labels(params.method, "failed").inc()

    async def run_forever(self) -> None:
        await run_forever("measure the event loop", self._measure, 0.0)

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + LAG_INTERVAL
        await asyncio.sleep(LAG_INTERVAL)
        self._loop_lag.observe(max(0.0, loop.time() - due))

    def exposition(self, accept: str) -> tuple[bytes, str]:
        try:
            encode, media_type = choose_encoder(accept)
            return encode(self._registry), media_type
        except (TypeError, ValueError):  # the version that was asked for is none
            encode, media_type = choose_encoder("")
            return encode(self._registry), media_type

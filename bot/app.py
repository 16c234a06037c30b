"""The composition root: builds everything Kinora is made of, once, and closes it in order."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from bot import storage
from bot.concurrency.forever import run_forever
from bot.concurrency.tasks import Tasks
from bot.errors import StorageError
from bot.installation.extras import Extra
from bot.installation.version import version
from bot.jobs.conversation import conversation
from bot.jobs.service import JobService
from bot.media.downloads import PREFIX, remove_abandoned
from bot.media.fetcher import Fetcher
from bot.media.kept_videos import KeptVideos
from bot.media.pictures.fitter import PictureFitter
from bot.media.pictures.process import PictureProcess
from bot.media.pictures.store import PictureStore
from bot.media.videos.fitter import VideoFitter
from bot.models import Finished, JobRecord, Outcome, VideoModel, VideoRequest
from bot.operations.budget_alerts import BudgetAlerts
from bot.operations.health import Health
from bot.operations.health_probe import HealthProbe
from bot.operations.instrumentation import Meters
from bot.operations.operator_alerts import OperatorAlerts
from bot.operations.retention import Retention
from bot.operations.server_log import ServerLog
from bot.policy.admission import Denial, DenialReason
from bot.policy.policy import Policy
from bot.providers.base import Failure, FinishedVideo, Provider
from bot.settings import Settings
from bot.texts.refusals import RefusalCost, pause_warning
from bot.wiring.video_services import open_services, refusals_cost

SWEEP_INTERVAL = 3600.0  # seconds
MB = 1_000_000  # bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """Kinora without Discord."""

    settings: Settings
    jobs: JobService
    pictures: PictureStore
    fetcher: Fetcher
    fitter: VideoFitter
    job_store: storage.JobStore
    history: storage.HistoryStore
    usage: storage.UsageStore
    counters: storage.CounterStore
    guilds: storage.GuildStore
    blocks: storage.BlockStore
    key_values: storage.KeyValueStore
    time_slots: storage.TimeSlotStore
    alerts: OperatorAlerts
    server_log: ServerLog
    health: Health
    downloads: Path
    shortcomings: Callable[[], Awaitable[Sequence[str]]]  # of the services, as ``Provider`` says
    sends_link: Callable[[VideoModel], bool]  # whether a service of the model is handed links to the pictures
    tasks: Tasks  # what goes on until all is closed

    def start_background(self) -> None:
        """
        Start what a bot that runs does by itself: keep its jobs, and forget what is due. Nobody else may.

        The operator is told of services that are switched off, and of settings that have no effect.
        """
        if passed_over := self.settings.passed_over:
            log.warning("set, but without effect beside the file of services: %s", ", ".join(passed_over))
        self.alerts.on_switched_off(self.settings.services_off)
        self.tasks.start(self.jobs.run_maintenance(), "keep the lease")
        self.tasks.start(Retention(self.history, self.guilds, self.counters).run_forever(), "erase old prompts")
        self.tasks.start(self._name_shortcomings(), "look what the services lack")
        self.tasks.start(run_forever("delete old files", self._sweep, SWEEP_INTERVAL), "sweep files")

    async def _name_shortcomings(self) -> None:
        for sentence in await self.shortcomings():
            log.warning("%s", sentence)

    async def _sweep(self) -> None:
        now = datetime.now(UTC)
        if count := await self.pictures.sweep(now):
            log.info("deleted %d pictures past their retention", count)
        if count := await asyncio.to_thread(remove_abandoned, self.downloads, now):
            log.info("deleted %d folders of downloads whose process is gone", count)

    async def refusal_cost(
        self, policy: Policy, record: JobRecord, outcome: Outcome, service: str | None
    ) -> RefusalCost:
        """Return what a request that a review refused costs its member on a server with ``policy``."""
        cost = RefusalCost(refusals_cost(self.settings, service), policy.refusals_count)
        if outcome is not Outcome.MODERATION_PROMPT or not policy.pause_after:
            return cost
        try:
            standing = await self.blocks.standing(record.guild_id, record.user_id, datetime.now(UTC))
        except StorageError as error:
            log.warning("could not see how near a pause is: %s", error, extra={"guild": record.guild_id})
            return cost
        return replace(cost, warning=pause_warning(standing, policy.pause_after))

    def may_show(self, link: str | None) -> bool:
        """Whether members may see the link: it leads to the public internet, and no secret of ours stands in it."""
        if link is None:
            return True
        return self.fetcher.permits(link) and not any(secret in link for secret in self.settings.secrets)


@asynccontextmanager
async def open_health(settings: Settings) -> AsyncIterator[Health]:
    """
    Serve the health and the metrics of this process, if the operator wants them. Raises OSError.

    It opens before all else and closes last: an upgrade of the database may take minutes, in which the process lives.
    """
    if settings.health_port is None:
        yield Health()
        return
    # Only now: most do without the web server and the package of the metrics, and their memory.
    from bot.operations.health_server import serving

    health, tasks = Health(_meters(settings)), Tasks()
    async with serving(health, settings.health_host, settings.health_port):
        tasks.start(health.meters.run_forever(), "measure the event loop")
        try:
            yield health
        finally:
            await tasks.finish(0)


def _meters(settings: Settings) -> Meters:
    if not Extra.METRICS.is_installed:
        log.warning("/metrics needs one more package: %s", Extra.METRICS.how_to_add)
        return Meters()
    from prometheus_client import CollectorRegistry, ProcessCollector

    from bot.operations.prometheus import PrometheusMeters

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    models, services = ([each.name for each in found] for found in (settings.models, settings.services))
    return PrometheusMeters(registry, models, services, version())


@asynccontextmanager
async def open_app(settings: Settings, health: Health | None = None) -> AsyncIterator[App]:
    """
    Open all of it, the database upgraded, and close it in reverse order. Nothing is at work yet; see
    ``App.start_background``. Raises StorageError.

    The jobs must have been closed by then: they store how they ended.
    """
    health, tasks = health or Health(), Tasks()
    async with AsyncExitStack() as opened:
        database = await storage.Database.open(settings.database_url)
        opened.push_async_callback(database.close)
        downloads = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX)))
        # No limit: the jobs have theirs, and aiohttp's own of 100 would let more of them wait unsent.
        connector, no_cookies = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
        session = await opened.enter_async_context(aiohttp.ClientSession(connector=connector, cookie_jar=no_cookies))
        kept = settings.data_directory / "pictures"  # what nobody else can open is kept, swept and erased with them
        fetcher = await opened.enter_async_context(Fetcher(settings.video_allowed_hosts, kept=kept))
        picture_fetcher = await opened.enter_async_context(Fetcher(settings.video_allowed_hosts))
        app = _build(settings, database, session, fetcher, picture_fetcher, downloads, health, tasks)
        opened.push_async_callback(tasks.finish, 0)
        health.database = HealthProbe("the database", partial(_check_writable, app.key_values), tasks).check
        try:
            yield app
        finally:
            health.database = None


def _build(
    settings: Settings,
    database: storage.Database,
    session: aiohttp.ClientSession,
    fetcher: Fetcher,
    picture_fetcher: Fetcher,
    downloads: Path,
    health: Health,
    tasks: Tasks,
) -> App:
    job_store, guilds, blocks = storage.JobStore(database), storage.GuildStore(database), storage.BlockStore(database)
    process = PictureProcess()
    pictures = PictureStore(
        settings.data_directory / "pictures",
        picture_fetcher,
        needed=job_store.pictures_needed,
        max_bytes=settings.pictures_max_mb * MB,
        process=process,
    )
    alerts = OperatorAlerts(settings.services, settings.models)
    server_log = ServerLog(guilds, blocks, settings.models)
    counters = storage.CounterStore(database)
    budget_alerts = BudgetAlerts(guilds, counters, server_log.post, alerts.on_cap)

    async def on_settled(record: JobRecord, finished: Finished) -> None:
        await server_log.on_settled(record, finished)
        await budget_alerts.on_settled(record)

    def on_rest(service: str, failure: Failure | None) -> None:
        health.meters.rests(service, failure is not None)
        alerts.on_rest(service, failure)

    provider = open_services(settings, session, fetcher, PictureFitter(downloads, process), on_rest)
    kept_videos = KeptVideos(settings.data_directory / "pictures", is_gone=fetcher.is_gone)
    jobs = JobService(
        job_store,
        storage.AdmissionStore(database),
        provider,
        data=settings.data_directory,
        max_jobs=settings.max_jobs,
        rebuild=partial(_rebuild, settings, pictures, job_store),
        not_offered=partial(_not_offered, settings),
        keep_video=partial(_keep, kept_videos, provider),
        refusals_cost=partial(refusals_cost, settings),
        on_ending=alerts.on_ending,
        on_settled=on_settled,
        meters=health.meters,
    )
    return App(
        settings=settings,
        jobs=jobs,
        pictures=pictures,
        fetcher=fetcher,
        fitter=VideoFitter(fetcher.fetch, enabled=settings.video_fit and Extra.FIT.is_installed),
        job_store=job_store,
        history=storage.HistoryStore(database),
        usage=storage.UsageStore(database),
        counters=counters,
        guilds=guilds,
        blocks=blocks,
        key_values=storage.KeyValueStore(database),
        time_slots=storage.TimeSlotStore(database),
        alerts=alerts,
        server_log=server_log,
        health=health,
        downloads=downloads,
        shortcomings=provider.shortcomings,
        sends_link=provider.sends_link,
        tasks=tasks,
    )


async def _keep(kept: KeptVideos, provider: Provider, video: FinishedVideo) -> str:
    return await kept.keep(video.urls[0], partial(provider.download, video) if video.locked else None)


async def _rebuild(
    settings: Settings, pictures: PictureStore, store: storage.JobStore, record: JobRecord
) -> VideoRequest | None:
    """
    Return the request of a job that another process stored, None if what it needs is gone: a task needs nothing more.
    """
    found = await pictures.find_all(record.pictures)
    try:
        history = await conversation(store, record.guild_id, record.parent)
    except StorageError as error:
        facts = {"job": record.id, "guild": record.guild_id}
        log.warning("could not read the conversation of a job: %s", error, extra=facts)
        history = None
    if not record.task and (found is None or history is None):
        return None
    model = settings.model(record.model) or VideoModel(record.model, record.model, record.cost)
    length, shape = model.still_makes(record.length, record.format)
    return VideoRequest(
        guild_id=record.guild_id,
        channel_id=record.channel_id,
        message_id=record.message_id,
        user_id=record.user_id,
        model=model,
        prompt=record.prompt,
        pictures=found or (),
        history=history or (),
        parent=record.parent,
        spoiler=record.spoiler,
        length=length or next(iter(model.seconds), None),
        format=shape,
        age_restricted=record.age_restricted,
    )


def _not_offered(settings: Settings, record: JobRecord) -> Denial | None:
    model = settings.model(record.model)
    if model is None:
        return Denial(DenialReason.NOT_OFFERED, allowed=tuple(model.label for model in settings.models))
    if model.age_restricted and not record.age_restricted:
        others = tuple(other.label for other in settings.models if not other.age_restricted)
        return Denial(DenialReason.MODEL_RESTRICTED, allowed=others)
    return None


async def _check_writable(key_values: storage.KeyValueStore) -> None:
    await key_values.put("writable", datetime.now(UTC).isoformat())

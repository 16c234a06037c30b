"""Money limits hold exactly where each member chooses a length, and where a stand-in makes the video for less."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.jobs.job import new_record
from bot.models import JobRecord, Outcome, VideoModel, VideoRequest
from bot.policy.admission import Denial
from bot.policy.charges import charge_for
from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limits import OPERATOR
from bot.policy.policy import Allowance, Policy
from bot.storage import AdmissionStore, CounterStore, Database, GuildStore, JobStore
from tests.policy.kinds import MONEY_DAY, MONEY_MONTH
from tests.storage.records import NOON, OWNER, ask

AT_HOME = VideoModel("wan-at-home", "Wan", price=30_000, price_per_second=10_000, seconds=(4, 8, 15), service="home")
WAN = VideoModel(
    "wan", "Wan", price=50_000, price_per_second=20_000, seconds=(4, 8, 15), service="relay", stand_ins=(AT_HOME,)
)
SORA = VideoModel("sora", "Sora", price=150_000, service="relay")
CHOICES = ((WAN, 4), (WAN, 8), (SORA, None), (WAN, 15), (WAN, None))
BUDGET = 3_333_333  # no sum of prices
GUILD = 100


@pytest.fixture
async def processes(database_url: str, database: Database) -> AsyncIterator[Sequence[Database]]:
    """The database as two processes have it."""
    other = await Database.open(database_url)
    yield database, other
    await other.close()


def chosen(number: int) -> JobRecord:
    model, length = CHOICES[number % len(CHOICES)]
    return new_record(VideoRequest(GUILD, 200, 300, 1000 + number % 40, model, "a boat", length=length), NOON)


async def race(processes: Sequence[Database], jobs: Sequence[JobRecord]) -> list[Denial | None]:
    stores = [AdmissionStore(database) for database in processes]
    return await asyncio.gather(*(ask(stores[n % 2], job) for n, job in enumerate(jobs)))


async def make_at_home(store: JobStore, job: JobRecord) -> int:
    """Let the stand-in make the video, of which every third fails; return what is booked in the end."""
    price, outcome = AT_HOME.price_of(job.length), Outcome.SUCCESS if job.user_id % 3 else Outcome.PROVIDER_ERROR
    assert await store.start(job.id, OWNER, NOON, price=job.cost) is True
    assert await store.accept(job.id, OWNER, "{}", price)
    charge = charge_for(outcome, sent=True, refusals_cost=False)
    settled = await store.settle(job.id, outcome, NOON, charge=charge, sent=True, price=price)
    assert settled
    return settled.record.cost


@pytest.mark.parametrize("limit", ["server", "cap"])
async def test_two_hundred_at_once_with_prices_by_choice_spend_what_the_limit_has_and_no_millionth_more(
    processes: Sequence[Database], guilds: GuildStore, store: JobStore, counters: CounterStore, limit: str
) -> None:
    if limit == "cap":
        await guilds.change_cap(9, NOON, {"money_day": BUDGET})
    else:
        await guilds.change(GUILD, 9, NOON, lambda _: Policy(server=Allowance(money_month=BUDGET)))
    kind, window, of_whom = (MONEY_DAY, DAY, OPERATOR) if limit == "cap" else (MONEY_MONTH, MONTH, GUILD)

    async def spent() -> int:
        return (await counters.used(of_whom, None, NOON))[window].cost

    async def check(asked: Sequence[JobRecord], verdicts: Sequence[Denial | None], before: int) -> list[JobRecord]:
        """See that all was let in for which there was room, at the price of its choice, and return that."""
        let_in = [job for job, denial in zip(asked, verdicts, strict=True) if denial is None]
        assert await spent() == before + sum(job.cost for job in let_in) <= BUDGET
        assert {denial.reason for denial in verdicts if denial} == {kind}
        too_dear = min(job.cost for job, denial in zip(asked, verdicts, strict=True) if denial)
        assert await spent() + too_dear > BUDGET
        return let_in

    asked = [chosen(number) for number in range(200)]
    assert {job.cost for job in asked} == {130_000, 150_000, 210_000, 350_000}
    let_in = await check(asked, await race(processes, asked), 0)

    at_home = [job for job in let_in if job.model == WAN.name]
    stores = [JobStore(database) for database in processes]
    paid = await asyncio.gather(*(make_at_home(stores[n % 2], job) for n, job in enumerate(at_home)))
    before = sum(paid) + sum(job.cost for job in let_in if job.model != WAN.name)
    assert await spent() == before < BUDGET

    asked = [chosen(number) for number in range(200)]
    await check(asked, await race(processes, asked), before)

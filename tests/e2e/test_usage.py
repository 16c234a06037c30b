"""What moderators see of their server, page by page and as a file, and that nobody else sees it."""

from __future__ import annotations

import base64
import csv
import io
import random
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.models import Delivery, JobState, Outcome
from bot.policy.admission import AdmissionRequest
from bot.policy.blocks import KINORA, Block
from bot.policy.policy import Allowance
from bot.storage import AdmissionStore, BlockStore, Database, GuildStore, JobStore
from bot.storage.engine.tables import jobs
from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import CannotDo, Interaction, NotAllowed, button_id
from playground.fake_discord.world.components import walk
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage
from tests.storage.records import LEASE, OWNER, a_job, settle

MODELS = '[{"name": "sora_video2", "label": "Sora 2", "price": "0.20"}]'
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


class Desk(Stage):
    """A stage with a past: requests of long ago, written down by the bot's own stores."""

    database: Database
    temporary: Path

    async def past(
        self, who: User, *ends: Outcome, where: Channel | None = None, at: datetime = NOON, **columns: Any
    ) -> list[str]:
        """Let ``who`` have asked once for each of ``ends``, a minute apart, and return the ids of the jobs."""
        records = JobStore(self.database)
        ids = []
        for minute, outcome in enumerate(ends):
            asked = at + timedelta(minutes=minute)
            place = where or self.videos
            job = a_job(
                guild_id=place.guild.id if place.guild else 0,
                channel_id=place.id,
                user_id=who.id,
                created_at=asked,
                **columns,
            )
            await AdmissionStore(self.database).admit(AdmissionRequest(job), owner=OWNER, lease=LEASE)
            await records.start(job.id, OWNER, asked)
            sent = outcome is Outcome.SUCCESS  # the others cost nothing
            await settle(records, job.id, outcome, asked + timedelta(seconds=30), sent=sent)
            await records.deliver(job.id, Delivery.REPLY)
            ids.append(job.id)
        return ids

    async def usage(self, command: str, *, by: User | None = None, **options: Any) -> Interaction:
        """Let somebody, or else the moderator, use one of the commands."""
        values = {name.rstrip("_"): value for name, value in options.items()}
        return await self.discord.slash(by or self.mo, self.videos, f"usage {command}", values)

    async def page(self, command: str, *texts: str, **options: Any) -> Message:
        """Return the reply of a command once it shows ``texts``."""
        return await self.shows(await self.usage(command, **options), *texts)

    async def choose(self, message: Message, period: str) -> Interaction:
        """Let the moderator choose another period."""
        (select,) = (c["custom_id"] for _, c in walk(message.components) if c["type"] == 3)
        return await self.discord.choose(self.mo, message, select, [period])

    async def press(self, message: Message, label: str) -> Interaction:
        """Let the moderator press a button."""
        return await self.discord.click(self.mo, message, button_id(message, label))

    async def file(self, message: Message) -> tuple[str, bytes]:
        """Return the name and the bytes of the file that a message offers."""
        (url,) = (c["file"]["url"] for _, c in walk(message.components) if c["type"] == 13)
        return message.attachments[0].filename, await self.download(url)


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Desk]:
    directory = tmp_path_factory.mktemp("desk")
    temporary = directory / "temporary"
    temporary.mkdir()
    patient = {"VIDEO_STALL_TIMEOUT": "60", "VIDEO_TIMEOUT": "60"}
    settings = {**QUICK, **patient, "VIDEO_MODELS": MODELS, "TMPDIR": str(temporary)}
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        desk = Desk(playground, picture)
        desk.temporary = temporary
        desk.database = await Database.open(f"sqlite+aiosqlite:///{playground.bot.database.as_posix()}")
        try:
            yield desk
        finally:
            await desk.database.close()


async def test_a_moderator_sees_number_outcomes_members_and_chart_in_private(desk: Desk) -> None:
    await desk.delivered(await desk.video("one for the book", by=desk.ben))
    await desk.delivered(await desk.video("#refuse-prompt", by=desk.ben))
    month = datetime.now(UTC).date() - timedelta(days=29)
    guild_id = desk.videos.guild.id  # type: ignore[union-attr]
    seen = desk.rows("SELECT * FROM jobs WHERE guild_id = ? AND created_at >= ?", guild_id, str(month))

    message = await desk.page("overview", "Results")
    page = render(message)
    assert message.only_for is desk.mo
    assert page.splitlines()[0] == f"│ {len(seen)} requests"
    assert "(UTC)" in page
    assert "for the prompt" in page
    assert "@Ben " in page
    assert "Sora 2" in page
    assert "[image: usage.png" in page
    assert not message.pings.users


async def test_a_member_without_rights_does_not_get_the_command(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        await desk.usage("overview", by=desk.mara)


async def test_a_role_that_the_server_let_in_is_not_refused(desk: Desk) -> None:
    ida, guild = desk.newcomer("Ida"), desk.videos.guild
    assert guild is not None
    helpers = desk.discord.world.add_role(guild, "Helpers", 0)  # type: ignore[arg-type]
    guild.members[ida.id].roles.append(helpers)
    with pytest.raises(NotAllowed):
        await desk.usage("overview", by=ida)
    await desk.discord.allow_command(guild, "usage", helpers)

    message = await desk.page("overview", "request", by=ida)
    assert message.only_for is ida
    await desk.page("jobs", "newest first", by=ida)


async def test_one_servers_numbers_are_not_seen_in_another(desk: Desk) -> None:
    await desk.past(desk.ben, Outcome.SUCCESS)
    world = desk.discord.world
    elsewhere, olga = world.channel("general", world.guild("Another Server")), world.person("Olga")

    async def told(command: str, **options: Any) -> str:
        interaction = await desk.discord.slash(olga, elsewhere, f"usage {command}", options)
        return await desk.told(interaction)

    assert "No requests" in await told("overview")
    assert "No requests" in await told("overview", member=desk.ben)
    assert "No requests" in await told("member", member=desk.ben)
    assert "No one has asked" in await told("jobs")
    assert "so there is no file" in await told("export")


async def test_member_and_channel_narrow_the_overview(desk: Desk) -> None:
    ada, general = desk.newcomer("Ada"), desk.discord.world.channel("general", desk.videos.guild)
    await desk.past(ada, *[Outcome.SUCCESS] * 3, Outcome.MODERATION_IMAGE)
    await desk.past(ada, Outcome.TIMEOUT, Outcome.TIMEOUT, where=general)

    page = render(await desk.page("overview", "6 requests", "@Ada only", member=ada))
    assert "3 videos made · spent 0.60" in page
    assert "1 refused (17%): 1 for the picture" in page
    assert "12:00 (6)" in page
    page = render(await desk.page("overview", "2 requests", "@Ada only · #general only", member=ada, channel=general))
    assert "2 took too long" in page


async def test_the_select_changes_the_period_in_the_same_message(desk: Desk) -> None:
    eva = desk.newcomer("Eva")
    await desk.past(eva, Outcome.SUCCESS)
    await desk.past(eva, Outcome.SUCCESS, Outcome.SUCCESS, at=NOON - timedelta(days=200))
    message = await desk.page("overview", "1 request", "[ 30 days ▾", member=eva)
    chart = message.attachments[0].id

    interaction = await desk.choose(message, "365")
    changed = await desk.shows(interaction, "3 requests", "[ 365 days ▾")
    assert changed.id == message.id
    assert [a.filename for a in changed.attachments] == ["usage.png"]
    assert changed.attachments[0].id != chart


async def test_a_members_page_tells_what_is_left_and_that_they_are_blocked(desk: Desk) -> None:
    zoe, guild = desk.newcomer("Zoe"), desk.videos.guild
    assert guild is not None
    now = datetime.now(UTC)
    patrons = next(role for role in guild.roles if role.name == "Patrons")
    guild.members[zoe.id].roles.append(patrons)
    await desk.past(zoe, Outcome.SUCCESS, at=now)
    own = Allowance(videos_day=5, money_month=1_000_000)
    await GuildStore(desk.database).change(
        guild.id, desk.mo.id, now, lambda policy: type(policy)(by_role={patrons.id: own})
    )
    await BlockStore(desk.database).put(Block(guild.id, zoe.id, now + timedelta(hours=1), "spam", KINORA, now))

    page = render(await desk.page("member", "1 request", "@Zoe", member=zoe))
    assert "Today: 4 of 5 videos, resets in" in page
    assert "This month: 0.80 of 1.00 left to spend" in page
    assert "Paused by Kinora until" in page


async def test_the_pager_turns_to_older_and_newer_ones(desk: Desk) -> None:
    pia = desk.newcomer("Pia")
    ids = await desk.past(pia, *[Outcome.SUCCESS] * 11, Outcome.BAD_STREAM)
    for number, job_id in enumerate(ids):
        async with desk.database.write() as connection:
            await connection.execute(jobs.update().where(jobs.c.id == job_id).values(prompt=f"take {number} *x*"))

    message = await desk.page("jobs", "take 11 *x*", "take 7", member=pia)
    assert "take 6" not in render(message)
    with pytest.raises(CannotDo):
        await desk.press(message, "◀ Newer")
    middle = await desk.shows(await desk.press(message, "Older ▶"), "take 6", "take 2")
    oldest = await desk.shows(await desk.press(middle, "Older ▶"), "take 1", "take 0")
    with pytest.raises(CannotDo):
        await desk.press(oldest, "Older ▶")
    middle = await desk.shows(await desk.press(oldest, "◀ Newer"), "take 6", "take 2")
    newest = await desk.shows(await desk.press(middle, "◀ Newer"), "take 11", "connection lost", "Show")
    assert newest.id == message.id


async def test_the_pager_keeps_to_an_outcome(desk: Desk) -> None:
    una = desk.newcomer("Una")
    await desk.past(una, Outcome.SUCCESS, Outcome.TIMEOUT, Outcome.SUCCESS)
    page = render(await desk.page("jobs", "took too long only", member=una, outcome="timeout"))
    assert page.count("Show") == 1
    await desk.page("jobs", "Nothing matches.", member=una, outcome="cancelled")


async def test_the_button_gives_what_the_report_shows_as_a_file_of_its_own(desk: Desk) -> None:
    ulf, general = desk.newcomer("Ulf"), desk.discord.world.channel("general", desk.videos.guild)
    (here,) = await desk.past(ulf, Outcome.SUCCESS, prompt='=HYPERLINK("http://x")')
    await desk.past(ulf, Outcome.SUCCESS, where=general)
    report = await desk.page("overview", "1 request", member=ulf, channel=desk.videos)

    message = await desk.shows(await desk.press(report, "CSV file"), ".csv")
    assert (message.only_for, message.id) != (desk.mo, report.id)
    assert "1 request" in render(report)
    name, data = await desk.file(message)
    (line,) = lines(data)
    assert name.startswith("kinora-")
    assert (line["id"], line["user_id"], line["outcome"], line["cost"]) == (here, f"'{ulf.id}", "success", "0.20")
    assert line["prompt"].startswith("'=")
    assert line["link"].startswith("https://discord.com/channels/")


async def test_what_broke_off_costs_unconfirmed_money_in_the_reply_the_report_and_the_file(desk: Desk) -> None:
    noa = desk.newcomer("Noa")
    asked = await desk.video("#cut", by=noa)
    await desk.shows(asked, "was lost", "so its price stays in the server's budget")
    job = await desk.delivered(asked)
    report = await desk.page("overview", "unconfirmed 0.20", "failed after it was sent", member=noa)
    (line,) = lines((await desk.file(await desk.shows(await desk.press(report, "CSV file"), ".csv")))[1])
    assert (line["id"], line["cost"], line["unconfirmed"]) == (job["id"], "0.00", "0.20")


async def test_an_export_holds_the_days_that_were_asked_for(desk: Desk) -> None:
    day = datetime(2024, 2, 29, 23, 58, tzinfo=UTC)
    ids = await desk.past(desk.ben, *[Outcome.SUCCESS] * 4, at=day)  # two of them on the day after
    message = await desk.page("export", "2 requests", "29 Feb 2024 (UTC)", from_="2024-02-29", to_="2024-02-29")
    _, data = await desk.file(message)
    assert [line["id"] for line in lines(data)] == ids[:2]
    assert message.only_for is desk.mo


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"from_": "last monday"}, "2026-03-31"),
        ({"from_": "2024-03-02", "to_": "2024-03-01"}, "is after"),
        ({"from_": "2001-01-01", "to_": "2001-12-31"}, "so there is no file"),
    ],
)
async def test_days_that_give_no_file_are_explained(desk: Desk, options: dict[str, str], words: str) -> None:
    assert words in await desk.told(await desk.usage("export", **options))


async def test_a_large_export_is_packed_and_one_that_is_too_large_refused_and_neither_leaves_a_file(desk: Desk) -> None:
    chance = random.Random(5)
    begin = datetime(2023, 5, 1, tzinfo=UTC)
    rows = []
    for number in range(6000):
        job = a_job(
            guild_id=desk.videos.guild.id,  # type: ignore[union-attr]
            prompt=base64.b64encode(chance.randbytes(3000)).decode(),
            created_at=begin + timedelta(minutes=number),
            started_at=begin,
            finished_at=begin,
            delivery=Delivery.REPLY,
        )
        row = {name: getattr(job, name) for name in job.__dataclass_fields__}
        rows.append(row | {"state": JobState.DONE.value, "outcome": Outcome.SUCCESS.value, "delivery": "reply"})
    async with desk.database.write() as connection:
        await connection.execute(jobs.insert(), rows)

    packed = await desk.page("export", "Zipped", from_="2023-05-01", to_="2023-05-02")
    name, data = await desk.file(packed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert name == f"{archive.namelist()[0]}.zip"
        assert len(lines(archive.read(archive.namelist()[0]))) == 2880
    refused = await desk.usage("export", from_="2023-05-01", to_="2023-05-31")
    assert "choose fewer days" in await desk.told(refused, within=30)
    assert list(desk.temporary.glob("kinora-*/*")) == []


async def test_selects_and_buttons_work_after_a_restart(desk: Desk) -> None:
    rex = desk.newcomer("Rex")
    await desk.past(rex, *[Outcome.TIMEOUT] * 7)
    report = await desk.page("overview", "7 requests", member=rex)
    personal = await desk.page("member", "7 requests", member=rex)
    pager = await desk.page("jobs", "newest first", member=rex)
    await desk.playground.bot.stop()
    await desk.playground.start_bot()

    report = await desk.shows(await desk.choose(report, "90"), "[ 90 days ▾", "7 requests", "@Rex only")
    await desk.shows(await desk.choose(personal, "today"), "[ Today ▾", "There were 7 on the day before")
    await desk.shows(await desk.press(pager, "Older ▶"), "@Rex only", "[ ◀ Newer ]", "(Older ▶)")
    await desk.shows(await desk.press(report, "CSV file"), ".csv")

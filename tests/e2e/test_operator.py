"""The operator sees all servers and says which of them may use Kinora; nobody else does, whatever their rights."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, NotAllowed
from playground.fake_discord.world.default_world import OTHER_SERVER, TEST_SERVER
from playground.fake_discord.world.entities import Channel, Guild, User
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

NOT_OFFERED = "doesn't offer videos on this server"


class House(Stage):
    """A stage of which Olga is the operator. Ben is let in to her command by both servers, under Integrations."""

    def __init__(self, playground: Playground, picture: bytes) -> None:
        super().__init__(playground, picture)
        world = playground.discord.world
        self.olga = world.person("Olga")
        self.here, self.other = world.guild(TEST_SERVER), world.guild(OTHER_SERVER)
        self.elsewhere = world.channel("general", self.other)

    async def operator(
        self, command: str, *, by: User | None = None, where: Channel | None = None, **options: object
    ) -> Message:
        """Let the operator type ``/operator`` and return the private answer."""
        interaction = await self.discord.slash(
            by or self.olga, where or self.videos, f"operator {command}", dict(options)
        )
        await self.told(interaction)
        (answer,) = [m for m in (*interaction.followups, interaction.message) if m and not m.deleted]
        assert answer.only_for is (by or self.olga)
        return answer

    def used(self, guild: Guild) -> dict[str, int]:
        """Return what is written down of a server."""
        of_guild = "SELECT sum(jobs) AS jobs, sum(made) AS made FROM usage WHERE dimension = 'outcome' AND guild_id = ?"
        return self.rows(of_guild, guild.id)[0]

    async def made(self, interaction: Interaction) -> None:
        await self.shows(interaction, "Your video is ready")
        await self.delivered(interaction)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[House]:
    directory = tmp_path_factory.mktemp("operator")
    async with Playground(directory, pace=0.1, plan=SHORT_FILM, settings=QUICK) as playground:
        house = House(playground, picture)
        for guild in (house.here, house.other):
            await playground.discord.allow_command(guild, "operator", to=house.ben)
        yield house


async def test_the_totals_of_all_servers_are_added_up_for_the_operator_alone(house: House) -> None:
    await house.made(await house.video("here"))
    await house.made(await house.video("there", by=house.ben, where=house.elsewhere))
    await house.shows(await house.video("#refuse-prompt", by=house.ben, where=house.elsewhere), "No video this time")

    page = render(await house.operator("usage", where=house.elsewhere, period="7"))
    here, other = house.used(house.here), house.used(house.other)
    assert f"│ {here['jobs'] + other['jobs']} requests\n" in page
    assert "(UTC) · 2 servers" in page
    assert f"│ {here['made'] + other['made']} made · 1 refused\n" in page
    assert f"{OTHER_SERVER}: {other['jobs']} · {other['made']} made · 1 refused" in page
    assert f"{TEST_SERVER}: {here['jobs']} · {here['made']} made" in page
    assert "No servers denied" in page


async def test_nobody_else_sees_the_command_and_who_is_let_in_by_a_server_is_turned_away(house: House) -> None:
    with pytest.raises(NotAllowed):
        await house.discord.slash(house.mo, house.videos, "operator usage", {})
    before = house.rows("SELECT * FROM guilds")
    for command, options in {
        "usage": {},
        "deny": {"server": str(house.here.id)},
        "allow": {"server": str(house.here.id)},
        "newcomers": {"allowed": False},
        "defaults": {},
        "cap": {"videos_day": 0},
    }.items():
        page = render(await house.operator(command, by=house.ben, **options))
        assert "for the bot's owner" in page
        assert OTHER_SERVER not in page
    assert house.rows("SELECT * FROM guilds") == before


async def test_an_administrator_who_is_not_the_operator_is_turned_away(house: House) -> None:
    administrator = next(role for role in house.here.roles if role.name == "Administrator")
    roles = house.here.members[house.mo.id].roles
    roles.append(administrator)
    try:
        assert "for the bot's owner" in render(await house.operator("usage", by=house.mo))
    finally:
        roles.remove(administrator)


async def test_who_has_handed_the_application_on_is_turned_away_without_a_restart(house: House) -> None:
    assert "(UTC)" in render(await house.operator("usage"))
    house.here.owner = house.ben  # the playground's application belongs to the owner of its first server
    try:
        assert "for the bot's owner" in render(await house.operator("usage"))
        assert "(UTC)" in render(await house.operator("usage", by=house.ben))
    finally:
        house.here.owner = house.olga


async def test_servers_are_offered_by_name_to_the_operator_alone(house: House) -> None:
    def offered(by: User, typed: str) -> object:
        return house.discord.autocomplete(by, house.videos, "operator deny", "server", {"server": typed})

    assert await offered(house.olga, "another") == [
        {"name": f"{OTHER_SERVER} ({house.other.id})", "value": str(house.other.id)}
    ]
    assert len(await offered(house.olga, "")) == 2
    assert await offered(house.ben, "") == []


async def test_a_denied_server_starts_nothing_and_is_told_so_until_it_is_allowed(house: House) -> None:
    sent = len(house.service.requests)
    page = render(await house.operator("deny", server=str(house.other.id)))
    assert f"Denied: {OTHER_SERVER} ({house.other.id})" in page
    told = await house.told(await house.video("shut out", by=house.ben, where=house.elsewhere))
    assert NOT_OFFERED in told
    assert len(house.service.requests) == sent
    await house.made(await house.video("the other server goes on"))
    page = render(await house.operator("usage"))
    assert "1 server denied" in page

    assert f"Allowed: {OTHER_SERVER}" in render(await house.operator("allow", server=str(house.other.id)))
    await house.made(await house.video("let in again", by=house.ben, where=house.elsewhere))


async def test_a_job_under_way_goes_on_when_its_server_is_denied(house: House) -> None:
    interaction = await house.video("under way", by=house.ben, where=house.elsewhere)
    await house.shows(interaction, "%")
    await house.operator("deny", server=str(house.other.id))
    await house.made(interaction)
    await house.operator("allow", server=str(house.other.id))


async def test_servers_that_nothing_was_said_of_can_be_denied_together(house: House) -> None:
    await house.operator("allow", server=str(house.other.id))
    assert "Kinora is already in" in render(await house.operator("newcomers", allowed=False))
    assert NOT_OFFERED in await house.told(await house.video("nothing was said of this server"))
    await house.made(await house.video("named", by=house.ben, where=house.elsewhere))

    assert "Allowed" in render(await house.operator("newcomers", allowed=True))
    await house.made(await house.video("open again"))


@pytest.mark.parametrize("server", ["Another Server", "0", "-1", str(2**63), "١٢٣"])
async def test_what_is_no_server_is_told_and_changes_nothing(house: House, server: str) -> None:
    before = house.rows("SELECT * FROM guilds")
    assert "I don't know that server" in render(await house.operator("deny", server=server))
    assert house.rows("SELECT * FROM guilds") == before


async def test_the_rules_of_one_server_become_those_where_nothing_was_set(house: House) -> None:
    await house.told(
        await house.discord.slash(house.olga, house.videos, "limits member", {"videos_day": 70, "money_day": "2.50"})
    )
    message = await house.operator("defaults")
    assert "no limit → 70" in render(message)
    assert "no limit" in render(await limits(house))
    await house.discord.click(house.olga, message, "kinora-operator:defaults")
    await house.shows(message, "✅ Changed")
    assert "70 videos a day" in render(await limits(house))
    assert "Same as this server's" in render(await house.operator("defaults"))


async def limits(house: House) -> Message:
    """Return the rules of the server whose managers have set nothing."""
    interaction = await house.discord.slash(house.olga, house.elsewhere, "limits show", {})
    await house.told(interaction)
    assert interaction.message
    return interaction.message


async def test_a_cap_over_all_servers_holds_at_once_counts_the_day_so_far_and_is_lifted_again(house: House) -> None:
    await house.made(await house.video("before there is a cap"))
    used = house.rows("SELECT videos FROM counters WHERE guild_id = 0 AND user_id = 0 AND length(period) = 10")
    today = int(used[0]["videos"])
    page = render(await house.operator("cap", videos_day=today + 1, money_month="100"))
    assert f"videos a day: {today} of {today + 1} used" in page

    await house.made(await house.video("the last one of this day"))
    sent = len(house.service.requests)
    for member, channel in ((house.mara, house.videos), (house.ben, house.elsewhere)):
        told = await house.told(await house.video("one too many", by=member, where=channel))
        assert "The budget of all servers" in told
        assert "You can ask again" in told
        assert str(today + 1) not in told.partition("You can ask again")[0]
    assert len(house.service.requests) == sent

    page = render(await house.operator("cap"))
    assert f"videos a day: {today + 1} of {today + 1} used" in page
    assert "of 100.00 used" in page
    assert "No budget is set" in render(await house.operator("cap", clear=True))
    await house.made(await house.video("lifted", by=house.ben, where=house.elsewhere))


async def test_a_cap_of_none_stops_all_servers_and_says_so(house: House) -> None:
    assert "New videos are refused on all servers." in render(await house.operator("cap", videos_day=0))
    told = await house.told(await house.video("not today", by=house.ben, where=house.elsewhere))
    assert "has paused new videos on all servers" in told
    await house.operator("cap", clear=True)

"""Channels and roles that are gone are called the same wherever a rule, a report or a log names them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

CHANNEL, ROLE = "a deleted channel", "a deleted role"


class Ruins(Stage):
    """A stage whose rules, usage and open report name a channel and a role that were deleted afterwards."""

    report: Message  # on the channel, from before

    async def ask(self, command: str, **options: object) -> str:
        """Let the owner use a command, and return the private answer."""
        return await self.told(await self.used(command, **options))

    async def used(self, command: str, **options: object) -> Interaction:
        assert self.videos.guild is not None
        return await self.discord.slash(self.videos.guild.owner, self.videos, command, options)

    async def lay_waste(self) -> None:
        """Name a channel and a role everywhere, and delete them."""
        guild = self.videos.guild
        assert guild is not None
        cinema, patrons = await self.discord.create_channel(guild, "cinema"), guild.role("Patrons")
        await self.delivered(await self.video("while it was there", where=cinema))
        await self.ask("limits log", channel=await self.discord.create_channel(guild, "log"))
        await self.ask("limits role", role=patrons, videos_day=3)
        await self.ask("limits role", role=guild.role("Moderator"), at_once=2)
        await self.told(used := await self.used("usage overview", channel=cinema))
        assert used.message is not None
        self.report = used.message
        for rule, chosen in {"channels": cinema, "roles": patrons}.items():
            await self.told(used := await self.used(f"limits {rule}"))
            assert used.message is not None
            await self.discord.choose(guild.owner, used.message, f"limits:{rule}", [chosen])
            await self.shows(used.message, "→ only")
        await self.discord.delete_channel(cinema)
        for role in (patrons, guild.role("Moderator")):
            await self.discord.delete_role(guild, role)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ruins(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Ruins]:
    async with Playground(tmp_path_factory.mktemp("ruins"), pace=0.1, plan=SHORT_FILM, settings=QUICK) as playground:
        ruins = Ruins(playground, picture)
        await ruins.lay_waste()
        yield ruins


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("limits show", (f"only in {CHANNEL}", f"only members with {ROLE}", f"Members with {ROLE}: 3 videos a day")),
        ("limits changes", (f"only in {CHANNEL}", f"only members with {ROLE}", f"Members with {ROLE}")),
        ("limits channels", (f"only in {CHANNEL}",)),
        ("limits roles", (f"only members with {ROLE}",)),
        ("limits server", (f"Members with {ROLE}: 3 videos a day",)),
        ("help", (f"only in {CHANNEL}", f"only members with {ROLE}")),
        ("quota", (ROLE,)),
        ("usage overview", (f"{CHANNEL} 1",)),
        ("usage jobs", ()),
        ("blocks list", ()),
    ],
)
async def test_a_view_says_of_what_is_gone_that_it_was_deleted(
    ruins: Ruins, command: str, named: tuple[str, ...]
) -> None:
    told = await ruins.ask(command)
    assert not [words for words in named if words not in told]
    assert "unknown" not in told


async def test_a_report_on_a_channel_that_is_gone_since_says_so(ruins: Ruins) -> None:
    assert ruins.videos.guild is not None
    (select,) = [row["components"][0] for row in ruins.report.components[0]["components"] if row["type"] == 1][:1]
    await ruins.discord.choose(ruins.videos.guild.owner, ruins.report, select["custom_id"], ["7"])
    await ruins.shows(ruins.report, f"{CHANNEL} only")


async def test_a_refusal_names_no_place_that_is_gone(ruins: Ruins) -> None:
    assert f"Try {CHANNEL}" in await ruins.told(await ruins.video("nowhere to go"))


async def test_a_limit_of_a_role_that_is_gone_is_lifted_by_that_name_and_the_log_calls_it_so(ruins: Ruins) -> None:
    owner, lifted = (
        ruins.discord.world.person("Olga"),
        f"Members with {ROLE}, videos at a time: 2 → same as for each member",
    )
    offered = await ruins.discord.autocomplete(owner, ruins.videos, "limits lift", "limit", {"limit": "2"})
    (key,) = [choice["value"] for choice in offered if choice["name"] == "A deleted role: 2 at a time"]
    with ruins.discord.events.subscribe() as events:
        assert lifted in await ruins.ask("limits lift", limit=key)
        async with ruins.deadline(10):
            while not (message := (await events.get()).message) or message.channel.name != "log":
                pass
    assert lifted in render(message)


async def test_a_thread_in_an_archive_is_not_called_gone(ruins: Ruins) -> None:
    thread = await ruins.discord.start_thread(ruins.mara, ruins.discord.world.channel("general"), "cats")
    ruins.discord.say(ruins.mara, thread, "hello")
    await ruins.discord.archive_thread(thread)
    assert "#cats only" in await ruins.ask("usage overview", channel=thread)

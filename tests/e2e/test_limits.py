"""A server's managers set its rules: what they see, what is written down, what outlives a restart, who may not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from playground.fake_discord.people.rendering import render
from playground.fake_discord.server import Interaction, NotAllowed
from playground.fake_discord.world.entities import Channel, User
from playground.fake_discord.world.messages import Message
from playground.playground import Playground
from tests.e2e.conftest import QUICK, SHORT_FILM, Stage

MODELS = json.dumps([{"name": "sora_video2", "label": "Sora 2", "price": 0.15}, {"name": "sora_pro", "label": "Pro"}])


class Desk(Stage):
    """A stage whose rules may be changed."""

    async def limits(
        self, command: str, *, by: User | None = None, where: Channel | None = None, **options: Any
    ) -> Message:
        """Let a manager type ``/limits`` and return the private answer."""
        by = by or self.mo
        interaction = await self.discord.slash(by, where or self.videos, f"limits {command}", options)
        await self.told(interaction)
        messages = [m for m in (*interaction.followups, interaction.message) if m and not m.deleted]
        assert [m.only_for for m in messages] == [by]
        return messages[0]

    async def chosen(self, message: Message, rule: str, values: list[Any], *texts: str) -> str:
        """Choose in a select and return what the message says then."""
        await self.discord.choose(self.mo, message, f"limits:{rule}", values)
        return render(await self.shows(message, *texts))

    def changes(self) -> list[dict[str, Any]]:
        """Return the record of changes, the newest first."""
        return self.rows("SELECT * FROM changes ORDER BY id DESC")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory, picture: bytes) -> AsyncIterator[Desk]:
    directory = tmp_path_factory.mktemp("limits")
    settings = {**QUICK, "VIDEO_MODELS": MODELS}
    async with Playground(directory, pace=0.3, plan=SHORT_FILM, settings=settings) as playground:
        yield Desk(playground, picture)


async def test_a_limit_is_set_shown_in_words_and_lifted_by_a_choice_that_is_offered(desk: Desk) -> None:
    changed = render(await desk.limits("member", videos_day=5, cooldown=60, money_month="12,50"))
    assert "Each member, money a month: no limit → 12.50" in changed
    assert "Each member: 5 videos a day, 1 min between requests, 12.50 a month" in render(await desk.limits("show"))

    choices = await desk.discord.autocomplete(desk.mo, desk.videos, "limits lift", "limit", {"limit": "day"})
    assert choices == [{"name": "Each member: 5 videos a day", "value": "member.videos_day"}]
    for key in ("member.videos_day", "member.cooldown", "member.money_month"):
        lifted = render(await desk.limits("lift", limit=key))
    assert "Each member: no limit" in lifted


async def test_a_change_is_recorded_with_who_when_and_what(desk: Desk) -> None:
    await desk.limits("server", videos_day=7)
    (change, *_) = desk.changes()
    page = render(await desk.limits("changes"))
    await desk.limits("lift", limit="server.videos_day")

    assert (change["user_id"], change["what"]) == (desk.mo.id, "server.videos_day")
    assert (change["before"], change["after"]) == ("null", "7")
    assert change["at"]
    assert "@Mo Everyone together, videos a day: no limit → 7" in page


async def test_a_command_without_options_changes_nothing_and_says_how(desk: Desk) -> None:
    before = len(desk.changes())
    for command in ("server", "member", "refusals"):
        assert "Nothing was changed." in render(await desk.limits(command))
    role = desk.videos.guild.role("Patrons") if desk.videos.guild else None
    assert "Members with @Patrons: same as for each member" in render(await desk.limits("role", role=role))
    assert len(desk.changes()) == before


async def test_a_limit_of_nothing_is_said_plainly_and_holds(desk: Desk) -> None:
    assert "No one can make videos" in render(await desk.limits("member", videos_day=0))
    requests = len(desk.service.requests)
    told = await desk.told(await desk.video("not today"))
    await desk.limits("lift", limit="member.videos_day")

    assert "switched off" in told
    assert len(desk.service.requests) == requests


async def test_a_role_gets_an_allowance_of_its_own_or_none(desk: Desk) -> None:
    assert desk.videos.guild is not None
    role = desk.videos.guild.role("Patrons")
    await desk.limits("member", videos_day=5)
    assert "Members with @Patrons: 20 videos a day" in render(await desk.limits("role", role=role, videos_day=20))
    assert "Members with @Patrons: no limit" in render(await desk.limits("role", role=role, unlimited=True))
    assert "not both" in render(await desk.limits("role", role=role, unlimited=True, at_once=1))
    everyone = desk.videos.guild.everyone
    assert "/limits member" in render(await desk.limits("role", role=everyone, at_once=1))
    await desk.limits("lift", limit=f"by_role.{role.id}")
    assert "@Patrons" not in render(await desk.limits("lift", limit="member.videos_day"))


async def test_money_that_is_no_amount_is_refused_with_what_would_be_one(desk: Desk) -> None:
    before = len(desk.changes())
    assert "12.50" in render(await desk.limits("server", money_day="a lot"))
    assert len(desk.changes()) == before


async def test_roles_and_models_are_chosen_and_chosen_away(desk: Desk) -> None:
    assert desk.videos.guild is not None
    roles, models = await desk.limits("roles"), await desk.limits("models")
    moderators = desk.videos.guild.role("Moderator")
    assert "only members with @Moderator" in await desk.chosen(roles, "roles", [moderators], "→ only")
    assert "only “Pro”" in await desk.chosen(models, "models", ["sora_pro"], "→ only")
    assert "Pro ▾" in render(await desk.limits("models"))

    await desk.chosen(models, "models", [], "→ all")
    everyone = desk.videos.guild.everyone
    assert "Who: everyone" in await desk.chosen(roles, "roles", [moderators, everyone], "→ everyone")


async def test_a_select_outlives_a_restart(desk: Desk) -> None:
    message = await desk.limits("channels")
    await desk.playground.bot.stop()
    await desk.playground.start_bot()
    page = await desk.chosen(message, "channels", [desk.videos], "→ only in #videos")

    assert "[ #videos ▾" in page
    assert json.loads(desk.changes()[0]["after"]) == [desk.videos.id]
    staff = desk.discord.world.channel("staff")
    assert "I can't see these channels" in await desk.chosen(message, "channels", [staff], "→ only in #staff")
    assert "Where: everywhere" in await desk.chosen(message, "channels", [], "→ everywhere")


async def test_a_log_channel_is_taken_where_kinora_may_write_and_is_told_of_changes(desk: Desk) -> None:
    world = desk.discord.world
    refused = render(await desk.limits("log", channel=world.channel("staff")))
    assert "View Channel and Send Messages" in refused

    general = world.channel("general")
    with desk.discord.events.subscribe() as events:
        await desk.limits("log", channel=general)
        async with desk.deadline(10):
            while not any(
                "@Mo changed the rules.\nLog: none → #general" in render(m) for m in world.messages_of(general)
            ):
                await events.get()  # what other tests have caused is told there, too
    assert "Log: #general → none" in render(await desk.limits("log"))


async def test_the_log_channel_is_told_once_how_much_of_a_limit_is_used_and_the_operator_of_the_cap(
    tmp_path: Path, picture: bytes
) -> None:
    async with Playground(tmp_path, pace=0.3, plan=SHORT_FILM, settings=QUICK) as playground:
        desk = Desk(playground, picture)
        world, olga = desk.discord.world, desk.discord.world.person("Olga")
        general, inbox = world.channel("general"), world.direct_messages(olga)
        half, of_cap = "50% of its limit: 2 of 4 (videos a day)", "50% of your cap: 2 of 4 (videos a day)"

        def lines(channel: Channel) -> str:
            return "\n".join(render(m) for m in list(world.messages.values()) if m.channel is channel)

        await desk.limits("log", channel=general)
        await desk.limits("server", videos_day=4)
        await desk.told(await desk.discord.slash(olga, desk.videos, "operator cap", {"videos_day": 4}))
        for prompt in ("a quarter of the day", "half of the day"):
            await desk.delivered(await desk.video(prompt))
        await desk.until(lambda: lines(general), lambda told: half in told)
        await desk.until(lambda: lines(inbox), lambda told: of_cap in told)
        refused = await desk.delivered(await desk.video("#refuse-prompt"))
        await desk.until(lambda: lines(general), lambda told: str(refused["message_id"]) in told)
        assert (lines(general).count(half), lines(inbox).count(of_cap)) == (1, 1)


async def test_refusals_and_the_retention_of_prompts_are_set(desk: Desk) -> None:
    page = render(await desk.limits("refusals", count=True, public=True, pause_after=0))
    assert "does not count → counts as a video" in page
    assert "erased after 7 days" in render(await desk.limits("prompts", days=7))
    await desk.limits("refusals", count=False, public=False, pause_after=3)
    await desk.limits("prompts", days=30)


async def test_one_servers_rules_and_their_record_are_not_those_of_another(desk: Desk) -> None:
    world = desk.discord.world
    elsewhere = world.channel("general", world.guild("Another Server"))
    await desk.limits("member", at_once=3)
    shown = render(await desk.limits("show", by=world.person("Olga"), where=elsewhere))
    record = render(await desk.limits("changes", by=world.person("Olga"), where=elsewhere))
    lifted = render(await desk.limits("lift", by=world.person("Olga"), where=elsewhere, limit="member.at_once"))
    await desk.limits("lift", limit="member.at_once")

    assert "Each member: no limit" in shown
    assert "Nothing is set here" in shown
    assert "Nothing has been changed here yet" in record
    assert "no such limit" in lifted


async def test_a_member_without_rights_is_not_offered_the_command_unless_integrations_let_them_in(desk: Desk) -> None:
    assert desk.videos.guild is not None
    with pytest.raises(NotAllowed):
        await desk.limits("show", by=desk.mara)
    await desk.discord.allow_command(desk.videos.guild, "limits", desk.ben)
    assert "This server's rules" in render(await desk.limits("show", by=desk.ben))


async def test_of_many_requests_at_once_a_limit_lets_through_as_many_as_it_says_and_tells_of_the_others_when(
    desk: Desk,
) -> None:
    olga = desk.discord.world.person("Olga")
    await desk.limits("member", videos_day=3)
    try:
        asked = [await desk.video(f"number {number}", by=olga) for number in range(12)]
        told = [words async for words in turned_away(desk, asked)]
    finally:
        await desk.limits("lift", limit="member.videos_day")
    assert len(told) == 9
    for words in told:
        assert "You have reached today's limit of 3 videos." in words
        assert "You can ask again in" in words
    assert len(desk.rows("SELECT id FROM jobs WHERE user_id = ?", olga.id)) == 3


async def turned_away(desk: Desk, asked: list[Interaction]) -> AsyncIterator[str]:
    """Yield what those are told in private whose request is not taken."""
    for interaction in asked:
        await interaction.acknowledged.wait()
        await desk.until(lambda now=interaction: bool(now.followups or desk.job_ids(now)), bool)  # type: ignore[misc]
        if interaction.followups:
            yield await desk.told(interaction)


async def test_refused_prompts_pause_their_member_and_the_log_channel_hears_of_it(desk: Desk) -> None:
    general = desk.discord.world.channel("general")
    await desk.limits("refusals", pause_after=2)
    await desk.limits("log", channel=general)
    try:
        for _ in range(2):
            await desk.shows(await desk.video("#refuse-prompt once more", by=desk.ben), "No video this time")
        logged = await desk.until(
            lambda: "\n".join(render(message) for message in desk.discord.world.messages_of(general)),
            lambda text: "is paused until" in text,
        )
        assert "🚫 @Ben · refused for the prompt · Sora 2" in logged.replace("\\", "")
        told = await desk.told(await desk.video("something harmless", by=desk.ben))
        assert "You are paused for a while" in told
        assert "You can ask again in" in told
        await desk.told(await desk.discord.slash(desk.mo, desk.videos, "blocks lift", {"member": desk.ben}))
        await desk.shows(await desk.video("something harmless", by=desk.ben), "Your video is ready")
    finally:
        await desk.limits("log")
        await desk.limits("refusals", pause_after=0)


async def test_where_the_server_wants_it_the_reason_of_a_refusal_stands_in_the_channel(desk: Desk) -> None:
    await desk.limits("refusals", public=True)
    try:
        interaction = await desk.video("#refuse-image of my secret words", by=desk.ben)
        page = render(await desk.shows(interaction, "Your picture was not accepted", "[ Other picture ]"))
        assert "Requested by @Ben" in page
        assert "secret words" not in page
        assert interaction.followups == []
    finally:
        await desk.limits("refusals", public=False)

"""Interaction tokens: their lifetime, and the errors after it."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from playground.clock import Clock
from playground.fake_discord.server import DiscordServer
from playground.fake_discord.world.interaction import TokenDeath
from tests.playground.discord_rest_client import EPHEMERAL, Api

DEFER = {"type": 5}
DEFER_EPHEMERAL = {"type": 5, "data": {"flags": EPHEMERAL}}


async def test_token_lives_fifteen_minutes_then_answers_401_50027(api: Api, clock: Clock) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER)
    original = f"{api.webhook(interaction)}/messages/@original"
    clock.advance(14 * 60 + 59)
    assert (await api.ask("PATCH", original, {"content": "in time"})).status == 200
    clock.advance(1)
    for method in ("GET", "PATCH", "DELETE"):
        assert (await api.ask(method, original, {"content": "late"})).outcome == (401, 50027)
    assert (await api.ask("POST", api.webhook(interaction), {"content": "late"})).outcome == (401, 50027)


@pytest.mark.parametrize(("death", "outcome"), [("401", (401, 50027)), ("404", (404, 10015))])
async def test_killed_token_answers_with_the_chosen_error(
    api: Api, server: DiscordServer, death: TokenDeath, outcome: tuple[int, int]
) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER)
    server.kill_token(interaction, as_=death)
    got = await api.ask("PATCH", f"{api.webhook(interaction)}/messages/@original", {"content": "late"})
    assert got.outcome == outcome


async def test_discord_py_raises_plain_http_exception_for_a_dead_token(server: DiscordServer, api: Api) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER)
    server.kill_token(interaction)
    async with aiohttp.ClientSession() as session:
        webhook = discord.Webhook.partial(server.world.application_id, interaction.token, session=session)
        assert interaction.message is not None
        with pytest.raises(discord.HTTPException) as caught:
            await webhook.edit_message(interaction.message.id, content="late")
    assert (type(caught.value), caught.value.status, caught.value.code) == (discord.HTTPException, 401, 50027)


async def test_second_acknowledgement_is_refused(api: Api) -> None:
    interaction = await api.interaction()
    assert (await api.acknowledge(interaction, DEFER)).status == 204
    assert (await api.acknowledge(interaction, DEFER)).outcome == (400, 40060)


async def test_late_or_foreign_acknowledgement_is_refused(api: Api, clock: Clock) -> None:
    late = await api.interaction()
    foreign = f"/interactions/{late.id}/{late.token}x/callback"
    assert (await api.ask("POST", foreign, DEFER)).outcome == (404, 10062)
    clock.advance(3)
    await late.settled.wait()
    assert (await api.acknowledge(late, DEFER)).outcome == (404, 10062)
    assert (await api.ask("POST", api.webhook(late), {"content": "late"})).outcome == (404, 10015)


async def test_acknowledgement_names_the_reply_when_asked(api: Api) -> None:
    interaction = await api.interaction()
    got = await api.acknowledge(interaction, DEFER_EPHEMERAL, "?with_response=1")
    assert interaction.message is not None
    assert got.json["interaction"]["response_message_id"] == str(interaction.message.id)
    assert got.json["interaction"]["response_message_ephemeral"] is True


async def test_first_followup_of_a_thinking_reply_fills_it(api: Api) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER)
    first = await api.ask("POST", api.webhook(interaction), {"content": "one"})
    second = await api.ask("POST", api.webhook(interaction), {"content": "two"})
    assert interaction.message is not None
    assert first.json["id"] == str(interaction.message.id)
    assert [followup.content for followup in interaction.followups] == ["two"]
    assert second.json["message_reference"]["message_id"] == first.json["id"]


async def test_ephemeral_reply_is_reached_only_by_its_token(api: Api, server: DiscordServer) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER_EPHEMERAL)
    own = await api.ask("PATCH", f"{api.webhook(interaction)}/messages/@original", {"content": "secret"})
    assert own.status == 200
    assert (await api.edit(own.json, {"content": "by bot token"})).outcome == (404, 10008)
    listed = await api.ask("GET", f"/channels/{own.json['channel_id']}/messages")
    assert listed.json == []
    assert interaction.message is not None
    assert interaction.message.visible_to(server.world.person("Mara"))
    assert not interaction.message.visible_to(server.world.person("Ben"))


async def test_public_reply_is_edited_by_bot_token_after_its_token_expired(api: Api, clock: Clock) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, {"type": 4, "data": {"content": "started"}})
    clock.advance(3600)
    assert interaction.message is not None
    message = {"channel_id": interaction.channel.id, "id": interaction.message.id}
    assert (await api.edit(message, {"content": "done"})).json["content"] == "done"


async def test_deleted_reply_answers_10008(api: Api, server: DiscordServer) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, {"type": 4, "data": {"content": "started"}})
    assert interaction.message is not None
    server.delete_message(interaction.message)
    original = f"{api.webhook(interaction)}/messages/@original"
    assert (await api.ask("PATCH", original, {"content": "done"})).outcome == (404, 10008)

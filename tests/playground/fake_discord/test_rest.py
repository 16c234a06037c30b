"""The REST API: its records, rate limits, faults and reading routes."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import aiohttp
import discord
import pytest

from playground.clock import Clock
from playground.fake_discord.server import CannotDo, DiscordServer
from tests.playground.discord_rest_client import Api

DEFER = {"type": 5}


async def test_unknown_route_answers_404_and_is_recorded(api: Api, server: DiscordServer) -> None:
    assert (await api.ask("GET", "/no/such/route")).outcome == (404, 0)
    assert server.requests[-1].route == "GET /no/such/route"


async def test_request_is_recorded_without_the_bot_token(api: Api, server: DiscordServer) -> None:
    general = server.world.channel("general")
    with server.events.subscribe() as events:
        await api.post(general, {"content": "hello"})
        kinds = [(await events.get()).kind for _ in range(2)]
    record = server.requests[-1]
    assert kinds == ["message_created", "request"]
    assert (record.route, record.path) == ("POST /channels/{channel_id}/messages", f"/channels/{general.id}/messages")
    assert (record.body, record.status) == ({"content": "hello"}, 200)
    assert server.token not in repr(record)


@pytest.mark.parametrize("token", ["Bot wrong", ""])
async def test_wrong_bot_token_answers_401(server: DiscordServer, token: str) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": token} if token else {}) as session:
        assert (await Api(server, session).ask("GET", "/users/@me")).outcome == (401, 0)


async def test_answer_is_exactly_application_json(api: Api) -> None:
    assert (await api.ask("GET", "/users/@me")).headers["Content-Type"] == "application/json"


async def test_sixth_post_in_a_channel_is_limited_and_passes_after_the_window(
    api: Api, server: DiscordServer, clock: Clock
) -> None:
    general, videos = server.world.channel("general"), server.world.channel("videos")
    remaining = [(await api.post(general, {"content": "x"})).headers["X-RateLimit-Remaining"] for _ in range(5)]
    assert remaining == ["4", "3", "2", "1", "0"]
    limited = await api.post(general, {"content": "x"})
    assert limited.status == 429
    assert limited.headers["Via"] == "1.1 google"
    assert 0 < limited.json["retry_after"] <= 5
    assert (await api.post(videos, {"content": "x"})).status == 200
    clock.advance(5)
    assert (await api.post(general, {"content": "x"})).status == 200


async def test_each_interaction_has_a_bucket_of_its_own(api: Api) -> None:
    first, second = await api.interaction(), await api.interaction()
    for interaction in (first, second):
        await api.acknowledge(interaction, DEFER)
    path = f"{api.webhook(first)}/messages/@original"
    statuses = [(await api.ask("PATCH", path, {"content": str(n)})).status for n in range(6)]
    assert statuses == [200] * 5 + [429]
    assert (await api.ask("PATCH", f"{api.webhook(second)}/messages/@original", {"content": "x"})).status == 200


async def test_global_limit_does_not_apply_to_interactions(api: Api) -> None:
    interaction = await api.interaction()
    answers = [await api.ask("GET", "/gateway/bot") for _ in range(51)]
    limited = next(answer for answer in answers if answer.status == 429)
    assert limited.json["global"] is True
    assert limited.headers["X-RateLimit-Scope"] == "global"
    assert (await api.acknowledge(interaction, DEFER)).status == 204


async def test_discord_py_retries_a_429_that_discord_sent(api: Api, server: DiscordServer) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER)
    server.faults.add("PATCH /webhooks/*", status=429, retry_after=0.01, times=2)
    assert interaction.message is not None
    async with aiohttp.ClientSession() as session:
        webhook = discord.Webhook.partial(server.world.application_id, interaction.token, session=session)
        await webhook.edit_message(interaction.message.id, content="at last")
    assert interaction.message.content == "at last"
    assert [record.status for record in server.requests][-3:] == [429, 429, 200]


async def test_discord_py_gives_up_on_a_429_by_cloudflare(api: Api, server: DiscordServer) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, DEFER)
    server.faults.add("PATCH /webhooks/*", status=429, via=False, times=1)
    assert interaction.message is not None
    async with aiohttp.ClientSession() as session:
        webhook = discord.Webhook.partial(server.world.application_id, interaction.token, session=session)
        with pytest.raises(discord.HTTPException) as caught:
            await webhook.edit_message(interaction.message.id, content="never")
    assert caught.value.status == 429


async def test_fault_applies_the_given_number_of_times(api: Api, server: DiscordServer) -> None:
    server.faults.add("GET /users/@me", status=503, times=2)
    assert [(await api.ask("GET", "/users/@me")).status for _ in range(3)] == [503, 503, 200]
    assert (await api.ask("GET", "/gateway")).status == 200


async def test_fault_by_chance_is_the_same_in_every_run(api: Api, server: DiscordServer) -> None:
    server.faults.add(status=500, rate=0.5)
    statuses = [(await api.ask("GET", "/gateway")).status for _ in range(12)]
    assert statuses == [200, 200, 500, 500, 200, 500, 200, 500, 500, 200, 200, 200]


async def test_dropped_connection_may_have_taken_effect(api: Api, server: DiscordServer) -> None:
    general = server.world.channel("general")
    server.faults.add("POST *", drop_connection=True, times=1)
    server.faults.add("POST *", drop_connection=True, takes_effect=True, times=1)
    for posted in (0, 1):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await api.post(general, {"content": "x"})
        assert len(general.message_ids) == posted
    assert [record.status for record in server.requests] == [None, None]


async def test_broken_json_answers_50109(server: DiscordServer, http: aiohttp.ClientSession) -> None:
    url = f"{server.api_url}/users/@me/channels"
    async with http.post(url, data=b"{", headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)


async def test_old_message_takes_three_edits_in_six_seconds(api: Api, server: DiscordServer, clock: Clock) -> None:
    posted = await api.post(server.world.channel("general"), {"content": "first"})
    clock.advance(3601)
    answers = [await api.edit(posted.json, {"content": str(number)}) for number in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json["code"] == 30046
    assert answers[-1].headers["Via"] == "1.1 google"


async def test_bot_reads_its_guild_channel_and_messages(api: Api, server: DiscordServer) -> None:
    guild, general = server.world.guild("Kinora Test Server"), server.world.channel("general")
    posted = await api.post(general, {"content": "hello"})
    read = {
        f"/guilds/{guild.id}?with_counts=true": "approximate_member_count",
        f"/channels/{general.id}": "permission_overwrites",
        f"/channels/{general.id}/messages/{posted.json['id']}": "content",
        "/gateway": "url",
        "/gateway/bot": "session_start_limit",
        "/applications/@me": "verify_key",
    }
    for path, key in read.items():
        assert key in (await api.ask("GET", path)).json
    assert [m["content"] for m in (await api.ask("GET", f"/channels/{general.id}/messages?limit=1")).json] == ["hello"]
    assert (await api.ask("GET", "/guilds/123456789012345678")).outcome == (404, 10004)


async def test_removed_bot_finds_nothing_of_that_server_and_all_of_the_others(api: Api, server: DiscordServer) -> None:
    left, kept = server.world.guild("Another Server"), server.world.guild("Kinora Test Server")
    channel = server.world.channel("general", left)
    await server.remove_bot(left)
    assert (await api.ask("GET", f"/guilds/{left.id}")).outcome == (404, 10004)
    assert (await api.ask("GET", f"/channels/{channel.id}")).outcome == (404, 10003)
    assert (await api.post(channel, {"content": "hello"})).outcome == (404, 10003)
    assert [guild["id"] for guild in (await api.ask("GET", "/users/@me/guilds")).json] == [str(kept.id)]


async def test_bot_reads_its_guilds_page_by_page_and_their_channels_roles_and_members(
    api: Api, server: DiscordServer
) -> None:
    world = server.world
    first, second = world.guilds.values()
    ids = [str(first.id), str(second.id)]
    assert [guild["id"] for guild in (await api.ask("GET", "/users/@me/guilds")).json] == ids
    assert [guild["id"] for guild in (await api.ask("GET", "/users/@me/guilds?limit=1")).json] == ids[:1]
    assert [guild["id"] for guild in (await api.ask("GET", f"/users/@me/guilds?after={ids[0]}")).json] == ids[1:]
    channels = (await api.ask("GET", f"/guilds/{first.id}/channels")).json
    assert "staff" in {channel["name"] for channel in channels}  # which the bot cannot see
    assert {role["id"] for role in (await api.ask("GET", f"/guilds/{first.id}/roles")).json} == {
        str(role.id) for role in first.roles
    }
    own = (await api.ask("GET", f"/guilds/{first.id}/members/{world.bot.id}")).json
    assert own["roles"] == [str(first.role("Kinora").id)]
    assert (await api.ask("GET", f"/guilds/{first.id}/members/5")).outcome == (404, 10007)
    del second.members[world.bot.id]
    assert (await api.ask("GET", f"/guilds/{second.id}/channels")).outcome == (404, 10004)


async def test_every_answer_has_the_time_of_the_playgrounds_clock(api: Api, clock: Clock) -> None:
    clock.advance(3600)
    told = parsedate_to_datetime((await api.ask("GET", "/gateway")).headers["Date"])
    assert abs((clock.now() - told).total_seconds()) < 60


async def test_guild_commands_are_offered_in_their_guild_only(api: Api, server: DiscordServer) -> None:
    world = server.world
    guild = world.guild("Another Server")
    path = f"/applications/{world.application_id}/guilds/{guild.id}/commands"
    await api.ask("PUT", path, [{"name": "local", "description": "here only"}])
    assert [command["name"] for command in (await api.ask("GET", path)).json] == ["local"]
    await server.slash(world.person("Ben"), world.channel("general", guild), "local")
    with pytest.raises(CannotDo):
        await server.slash(world.person("Ben"), world.channel("general"), "local")

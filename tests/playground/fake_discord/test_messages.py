"""Messages of the bot: permissions, validation, attachments and pings."""

from __future__ import annotations

from typing import Any

import pytest

from playground.fake_discord.server import DiscordServer, Upload
from playground.fake_discord.world.messages import Pings
from playground.fake_discord.world.permissions import Overwrite, Permission
from tests.playground.discord_rest_client import COMPONENTS_V2, Api, text

BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
VIDEO = Upload("clip.mp4", b"moving pictures")


def gallery(url: str) -> dict[str, Any]:
    return {"flags": COMPONENTS_V2, "components": [{"type": 12, "items": [{"media": {"url": url}}]}]}


def row(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": list(buttons)}]


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"content": "x" * 2001}, "content"),
        ({**text("fine"), "content": "not beside components"}, "content"),
        ({**text("fine"), "embeds": [{"title": "neither"}]}, "embeds"),
        ({"flags": COMPONENTS_V2, "components": [{"type": 14}] * 41}, "components"),
        ({"flags": COMPONENTS_V2, "components": [{"type": 10, "content": "x" * 2001}] * 2}, "components"),
        ({"content": "x", "components": row({**BUTTON, "custom_id": "x" * 101})}, "components"),
        ({"content": "x", "components": row(BUTTON, BUTTON)}, "components"),
        ({"content": "x", "components": row({**BUTTON, "label": None})}, "components"),
        ({"content": "x", "components": [{"type": 10, "content": "needs the flag"}]}, "components"),
        (gallery("attachment://nowhere.mp4"), "components"),
        (gallery("ftp://example.org/a.mp4"), "components"),
        ({"content": "x", "embeds": [{"description": "x" * 4097}]}, "embeds"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ],
)
async def test_wrong_form_answers_50035_and_says_where(
    api: Api, server: DiscordServer, body: dict[str, Any], at: str
) -> None:
    general = server.world.channel("general")
    got = await api.post(general, body)
    assert got.outcome == (400, 50035)
    assert list(got.json["errors"]) == [at]
    assert general.message_ids == []


async def test_empty_message_answers_50006(api: Api, server: DiscordServer) -> None:
    assert (await api.post(server.world.channel("general"), {"content": "  "})).outcome == (400, 50006)


async def test_components_v2_flag_cannot_be_removed(api: Api, server: DiscordServer) -> None:
    posted = await api.post(server.world.channel("general"), text("first"))
    edited = await api.edit(posted.json, {"flags": 0, "components": [{"type": 10, "content": "second"}]})
    assert edited.json["flags"] & COMPONENTS_V2
    refused = await api.edit(posted.json, {"content": "plain again", "components": []})
    assert refused.outcome == (400, 50035)


async def test_uploaded_video_is_resolved_in_its_gallery_and_not_listed_twice(api: Api, server: DiscordServer) -> None:
    body = gallery("attachment://clip.mp4") | {"attachments": [{"id": 0, "filename": "clip.mp4"}]}
    got = await api.post(server.world.channel("general"), body, VIDEO)
    media = got.json["components"][0]["items"][0]["media"]
    assert media["content_type"] == "video/mp4"
    assert media["url"].startswith(server.cdn.origin)
    assert got.json["attachments"] == []
    message = server.world.messages[int(got.json["id"])]
    assert server.cdn.read(message.attachments[0]) == VIDEO.data
    assert media["attachment_id"] == str(message.attachments[0].id)


async def test_edit_keeps_only_the_attachments_it_lists(api: Api, server: DiscordServer) -> None:
    one, two, three = (Upload(f"{n}.txt", b"x") for n in ("one", "two", "three"))
    posted = await api.post(server.world.channel("general"), {"content": "files"}, one, two)
    untouched = await api.edit(posted.json, {"content": "still"})
    assert [a["filename"] for a in untouched.json["attachments"]] == ["one.txt", "two.txt"]
    listed = [{"id": untouched.json["attachments"][1]["id"]}, {"id": "0", "filename": "three.txt"}]
    edited = await api.edit(posted.json, {"attachments": listed}, three)
    assert [a["filename"] for a in edited.json["attachments"]] == ["two.txt", "three.txt"]
    assert (await api.edit(posted.json, {"attachments": []})).json["attachments"] == []


async def test_file_over_ten_mib_answers_40005_until_the_server_is_boosted(api: Api, server: DiscordServer) -> None:
    general = server.world.channel("general")
    assert general.guild is not None
    fits, too_big = (Upload("a.bin", bytes(10 * 1024 * 1024 + extra)) for extra in (0, 1))
    assert (await api.post(general, {}, fits)).status == 200
    assert (await api.post(general, {}, too_big)).outcome == (413, 40005)
    general.guild.premium_tier = 2
    assert (await api.post(general, {}, too_big)).status == 200


async def test_channel_the_bot_cannot_see_answers_50001(api: Api, server: DiscordServer) -> None:
    staff = server.world.channel("staff")
    assert (await api.post(staff, {"content": "hello"})).outcome == (403, 50001)
    assert (await api.ask("GET", f"/channels/{staff.id}")).outcome == (403, 50001)
    assert (await api.ask("GET", "/channels/123456789012345678")).outcome == (404, 10003)


async def test_bot_without_send_messages_may_still_edit(api: Api, server: DiscordServer) -> None:
    general = server.world.channel("general")
    posted = await api.post(general, {"content": "first"})
    general.overwrites[server.world.bot.id] = Overwrite(deny=Permission.SEND_MESSAGES)
    assert (await api.post(general, {"content": "second"})).outcome == (403, 50013)
    assert (await api.edit(posted.json, {"content": "edited"})).json["content"] == "edited"


async def test_embeds_need_embed_links_and_components_do_not(api: Api, server: DiscordServer) -> None:
    log = server.world.channel("general")
    embed = {"embeds": [{"title": "Mo blocked Ben", "fields": [{"name": "Reason", "value": "spam"}]}]}
    assert (await api.post(log, embed)).status == 200
    log.overwrites[server.world.bot.id] = Overwrite(deny=Permission.EMBED_LINKS)
    assert (await api.post(log, embed)).outcome == (403, 50013)
    assert (await api.post(log, text("Mo blocked Ben"))).status == 200


async def test_bot_deletes_its_own_message_by_right_and_others_as_a_moderator(api: Api, server: DiscordServer) -> None:
    general, bot = server.world.channel("general"), server.world.bot
    said = server.say(server.world.person("Ben"), general, "mine")
    posted = (await api.post(general, {"content": "first"})).json
    assert (await api.ask("DELETE", f"/channels/{general.id}/messages/{posted['id']}")).status == 204
    assert (await api.ask("DELETE", f"/channels/{general.id}/messages/{posted['id']}")).outcome == (404, 10008)
    assert (await api.ask("DELETE", f"/channels/{general.id}/messages/{said.id}")).outcome == (403, 50013)
    general.overwrites[bot.id] = Overwrite(allow=Permission.MANAGE_MESSAGES)
    assert (await api.ask("DELETE", f"/channels/{general.id}/messages/{said.id}")).status == 204
    hidden = (await api.post(general, {"content": "second"})).json
    general.overwrites[bot.id] = Overwrite(deny=Permission.VIEW_CHANNEL)
    assert (await api.ask("DELETE", f"/channels/{general.id}/messages/{hidden['id']}")).outcome == (403, 50001)


async def test_bot_cannot_edit_the_message_of_another(api: Api, server: DiscordServer) -> None:
    said = server.say(server.world.person("Ben"), server.world.channel("general"), "mine")
    message = {"channel_id": said.channel.id, "id": said.id}
    assert (await api.edit(message, {"content": "yours"})).outcome == (403, 50005)
    deleted = await api.ask("DELETE", f"/channels/{said.channel.id}/messages/{said.id}")
    assert deleted.outcome == (403, 50013)


async def test_message_pings_those_it_may_and_edits_never_ping(api: Api, server: DiscordServer) -> None:
    general, ben = server.world.channel("general"), server.world.person("Ben")
    loud = await api.post(general, {"content": f"<@{ben.id}> and @everyone"})
    pings = server.world.messages[int(loud.json["id"])].pings
    assert pings == Pings(users=frozenset({ben.id}), everyone=True)

    quiet = await api.post(general, text(f"<@{ben.id}> and @everyone") | {"allowed_mentions": {"parse": []}})
    assert not server.world.messages[int(quiet.json["id"])].pings
    await api.edit(quiet.json, text(f"<@{ben.id}> and @everyone again"))
    assert not server.world.messages[int(quiet.json["id"])].pings


async def test_reply_to_an_interaction_never_pings_everyone_by_default(api: Api, server: DiscordServer) -> None:
    interaction = await api.interaction()
    ben = server.world.person("Ben")
    await api.acknowledge(interaction, {"type": 4, "data": {"content": f"<@{ben.id}> @everyone"}})
    assert interaction.message is not None
    assert interaction.message.pings == Pings(users=frozenset({ben.id}))


async def test_enforced_nonce_posts_once(api: Api, server: DiscordServer) -> None:
    general = server.world.channel("general")
    body = {"content": "done", "nonce": "job-1", "enforce_nonce": True}
    first, second = await api.post(general, body), await api.post(general, body)
    assert first.json["id"] == second.json["id"]
    assert len(general.message_ids) == 1


async def test_direct_messages_reach_a_person_who_takes_them(api: Api, server: DiscordServer) -> None:
    mara = server.world.person("Mara")
    channel = await api.ask("POST", "/users/@me/channels", {"recipient_id": str(mara.id)})
    opened = server.world.direct_messages(mara)
    assert channel.json["id"] == str(opened.id)
    assert (await api.post(opened, {"content": "done"})).status == 200
    mara.accepts_direct_messages = False
    assert (await api.post(opened, {"content": "again"})).outcome == (403, 50007)


async def test_reply_to_a_missing_message_is_refused_unless_told_otherwise(api: Api, server: DiscordServer) -> None:
    general = server.world.channel("general")
    reference: dict[str, Any] = {"message_id": "123456789012345678"}
    assert (await api.post(general, {"content": "x", "message_reference": reference})).outcome == (400, 50035)
    reference["fail_if_not_exists"] = False
    assert (await api.post(general, {"content": "x", "message_reference": reference})).status == 200

"""Messages rendered as text."""

from __future__ import annotations

from typing import Any

import pytest

from playground.fake_discord.people.rendering import plain, relative_time, render, size_in_words
from playground.fake_discord.server import DiscordServer, Upload
from tests.playground.discord_rest_client import COMPONENTS_V2, EPHEMERAL, Api

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** and *thin* and ~~gone~~", "bold and thin and gone"),
        ("### Title\n-# small print", "Title\nsmall print"),
        ("`**code**` stays", "**code** stays"),
        (r"2 \* 3 \* 4", "2 * 3 * 4"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("[a link](https://example.org/a_b)", "a link (https://example.org/a_b)"),
        ("started <t:1699999940:R>", "started 1 minute ago"),
        ("ready <t:1700000030:R>", "ready in 30 seconds"),
    ],
)
def test_markdown_is_removed(markdown: str, text: str) -> None:
    assert plain(markdown, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "now"), (1, "in 1 second"), (-7200, "2 hours ago"), (90_000, "in 1 day")]
)
def test_relative_time_reads_like_discords(seconds: float, words: str) -> None:
    assert relative_time(seconds) == words


@pytest.mark.parametrize(("size", "words"), [(12, "12 B"), (1500, "1.5 kB"), (1_234_567, "1.2 MB")])
def test_size_is_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


async def test_components_are_drawn_in_reading_order(api: Api, server: DiscordServer) -> None:
    buttons: list[dict[str, Any]] = [
        {"type": 2, "style": 1, "label": "Again", "custom_id": "again"},
        {"type": 2, "style": 2, "label": "Cancel", "custom_id": "cancel", "disabled": True},
        {"type": 2, "style": 5, "label": "Open", "url": "https://example.org"},
    ]
    thumbnail = {"type": 11, "media": {"url": "attachment://cat.png"}, "description": "a cat"}
    inside: list[dict[str, Any]] = [
        {"type": 9, "components": [{"type": 10, "content": "# Ready"}], "accessory": thumbnail},
        {"type": 12, "items": [{"media": {"url": "attachment://clip.mp4"}}]},
        {"type": 14},
        {"type": 1, "components": buttons},
    ]
    body = {"flags": COMPONENTS_V2, "components": [{"type": 17, "components": inside}]}
    files = Upload("cat.png", bytes(2000)), Upload("clip.mp4", bytes(1_200_000))
    got = await api.post(server.world.channel("general"), body, *files)
    assert render(server.world.messages[int(got.json["id"])]).splitlines() == [
        "│ Ready",
        "│ [image: cat.png, 2.0 kB, “a cat”]",
        "│ [video: clip.mp4, 1.2 MB]",
        "│ ────────────────────────",
        "│ [ Again ]  (Cancel)  [ Open → https://example.org ]",
    ]


async def test_selects_show_the_chosen_values_and_the_options(api: Api, server: DiscordServer) -> None:
    guild, general = server.world.guild("Kinora Test Server"), server.world.channel("general")
    options = [{"label": name, "value": name, "default": name == "Week"} for name in ("Day", "Week")]
    patrons = [{"id": str(guild.role("Patrons").id), "type": "role"}]
    channels = [{"id": str(general.id), "type": "channel"}]
    selects: list[dict[str, Any]] = [
        {"type": 3, "options": options},
        {"type": 3, "options": [{**option, "default": False} for option in options], "placeholder": "Period"},
        {"type": 6, "default_values": patrons},
        {"type": 8, "default_values": channels, "disabled": True},
        {"type": 5},
    ]
    rows = [{"type": 1, "components": [{"custom_id": str(n), **one}]} for n, one in enumerate(selects)]
    got = await api.post(general, {"components": rows})
    assert render(server.world.messages[int(got.json["id"])]).splitlines() == [
        "[ Week ▾ Day · Week ]",
        "[ Period ▾ Day · Week ]",
        "[ @Patrons ▾ any role ]",
        "(#general ▾ any channel)",
        "[ Make a selection ▾ any member ]",
    ]


async def test_files_are_shown_with_name_and_size_in_components_and_after_a_text(
    api: Api, server: DiscordServer
) -> None:
    general, table = server.world.channel("general"), Upload("usage.csv", bytes(1500))
    button = {"type": 2, "style": 2, "label": "Open", "custom_id": "open"}
    components: list[dict[str, Any]] = [
        {"type": 9, "components": [{"type": 10, "content": "**12** videos"}], "accessory": button},
        {"type": 14, "divider": False},
        {"type": 13, "file": {"url": "attachment://usage.csv"}},
    ]
    shown = await api.post(general, {"flags": COMPONENTS_V2, "components": components}, table)
    after_text = await api.post(general, {"content": "the table"}, table)
    assert [render(server.world.messages[int(got.json["id"])]).splitlines() for got in (shown, after_text)] == [
        ["12 videos", "[ Open ]", "", "[file: usage.csv, 1.5 kB]"],
        ["the table", "[file: usage.csv, 1.5 kB]"],
    ]


async def test_mention_of_a_role_or_channel_is_shown_by_name(api: Api, server: DiscordServer) -> None:
    general, role = server.world.channel("general"), server.world.guild("Kinora Test Server").role("Patrons")
    got = await api.post(general, {"content": f"<@&{role.id}> in <#{general.id}>, not <@&1> in <#2>"})
    shown = render(server.world.messages[int(got.json["id"])])
    assert shown == "@Patrons in #general, not @unknown-role in #unknown"


async def test_mention_is_shown_by_name_even_without_a_ping(api: Api, server: DiscordServer) -> None:
    content = f"<@{server.world.person('Ben').id}> and <@123456789012345678>"
    body = {"content": content, "allowed_mentions": {"parse": []}}
    got = await api.post(server.world.channel("general"), body)
    assert render(server.world.messages[int(got.json["id"])]) == "@Ben and @unknown-user"


async def test_embed_and_mention_are_drawn(api: Api, server: DiscordServer) -> None:
    ben = server.world.person("Ben")
    embed = {"title": "Usage", "description": "this week", "fields": [{"name": "Videos", "value": "12"}]}
    got = await api.post(server.world.channel("general"), {"content": f"<@{ben.id}> look", "embeds": [embed]})
    assert render(server.world.messages[int(got.json["id"])]).splitlines() == [
        "@Ben look",
        "│ Usage",
        "│ this week",
        "│ Videos: 12",
    ]


async def test_ephemeral_thinking_reply_says_both(api: Api) -> None:
    interaction = await api.interaction()
    await api.acknowledge(interaction, {"type": 5, "data": {"flags": EPHEMERAL}})
    assert interaction.message is not None
    assert render(interaction.message) == "Kinora is thinking…\n(only you can see this)"

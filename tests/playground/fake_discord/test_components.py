"""Using selects and buttons of a message, and what Discord's client does not allow."""

from __future__ import annotations

from typing import Any

import pytest

from playground.fake_discord.server import CannotDo, DiscordServer
from playground.fake_discord.world.messages import Message
from tests.playground.discord_rest_client import Api

SELECT: dict[str, Any] = {
    "type": 3,
    "custom_id": "pick",
    "options": [{"label": name, "value": name} for name in ("one", "two")],
}
DISABLED = {"type": 2, "style": 2, "label": "Off", "custom_id": "off", "disabled": True}


async def posted(api: Api, server: DiscordServer, *components: dict[str, Any]) -> Message:
    rows = [{"type": 1, "components": [component]} for component in components]
    got = await api.post(server.world.channel("general"), {"content": "choose", "components": rows})
    return server.world.messages[int(got.json["id"])]


async def test_choice_reaches_the_bot_and_updates_the_message(api: Api, server: DiscordServer) -> None:
    message = await posted(api, server, SELECT)
    chosen = await server.choose(server.world.person("Ben"), message, "pick", ["two"])
    updated = await api.acknowledge(chosen, {"type": 7, "data": {"content": "two it is", "components": []}})
    assert updated.status == 204
    assert (message.content, message.components) == ("two it is", [])
    assert chosen.message is message


@pytest.mark.parametrize("values", [[], ["one", "two"], ["three"]])
async def test_choice_outside_the_select_is_not_allowed(api: Api, server: DiscordServer, values: list[str]) -> None:
    message = await posted(api, server, SELECT)
    with pytest.raises(CannotDo):
        await server.choose(server.world.person("Ben"), message, "pick", values)


@pytest.mark.parametrize("custom_id", ["off", "nowhere", "pick"])
async def test_button_that_is_missing_or_disabled_cannot_be_clicked(
    api: Api, server: DiscordServer, custom_id: str
) -> None:
    message = await posted(api, server, SELECT, DISABLED)
    with pytest.raises(CannotDo):
        await server.click(server.world.person("Ben"), message, custom_id)


async def test_deleted_message_cannot_be_used(api: Api, server: DiscordServer) -> None:
    message = await posted(api, server, SELECT)
    server.delete_message(message)
    with pytest.raises(CannotDo):
        await server.choose(server.world.person("Ben"), message, "pick", ["one"])

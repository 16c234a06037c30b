"""The side panel's levers, pulled over HTTP, and what open pages are told of them."""

from __future__ import annotations

import pytest

from playground.fake_discord.server import DiscordServer
from playground.fake_video_service.families import FAMILIES
from playground.fake_video_service.scenarios import BEHAVIOURS, choose
from playground.page.scenario_labels import scenario_list
from playground.page.weather import TROUBLES
from playground.playground import Playground
from tests.playground.discord_rest_client import Api
from tests.playground.page_visitor import Frame, Visit


async def test_a_chosen_scenario_holds_for_prompts_that_name_none(visit: Visit, playground: Playground) -> None:
    mara, ben = await visit("Mara"), await visit("Ben")
    assert (await mara.pull(do="scenario", word="#refuse-image #family-b"))["state"]["scenario"]
    await ben.frame("state", lambda frame: frame["scenario"] == "#refuse-image #family-b")
    words = playground.service.default_words
    assert choose("a harbour", default_words=words).word == "refuse-image"
    assert choose("a harbour", default_words=words).family == "family-b"
    assert choose("a harbour #slow", default_words=words).word == "slow"
    assert choose("a harbour #family-c", default_words=words).family == "family-c"
    assert (await mara.pull(do="scenario", word=None))["state"]["scenario"] is None
    assert choose("a harbour", default_words=playground.service.default_words).word == ""


def test_every_behaviour_and_every_family_has_a_label() -> None:
    listed = [row["word"].removeprefix("#") for row in scenario_list()]
    assert sorted(listed) == sorted(["", *(scenario.word for scenario in BEHAVIOURS), *FAMILIES])
    assert all(row["label"] and row["group"] and row["about"] for row in scenario_list())


@pytest.mark.parametrize("name", [trouble.name for trouble in TROUBLES])
async def test_each_trouble_goes_on_and_off(visit: Visit, server: DiscordServer, name: str) -> None:
    mara = await visit("Mara")
    assert (await mara.pull(do="fault", name=name, args={"on": True}))["state"]["faults"] == {name: True}
    assert await mara.pull(do="fault", name=name, args={"on": True})  # twice is no harm
    assert (await mara.pull(do="fault", name=name, args={"on": False}))["state"]["faults"] == {}
    routes = ("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", "POST /interactions/{id}/callback")
    assert not any(server.faults.strike(route, upload=True) for route in routes for _ in range(50))


async def test_weather_strikes_the_bot_until_it_is_calm(visit: Visit, api: Api) -> None:
    mara = await visit("Mara")
    await mara.pull(do="fault", name="no-access", args={"on": True})
    path = f"/channels/{mara.channel('videos')}/messages"
    assert (await api.ask("POST", path, {"content": "hi"})).status == 403
    calmed = await mara.pull(do="calm")
    assert calmed["state"]["faults"] == {}
    assert (await api.ask("POST", path, {"content": "hi"})).status == 200


async def test_the_clock_moves_forward_for_everybody(visit: Visit, server: DiscordServer) -> None:
    mara, ben = await visit("Mara"), await visit("Ben")
    before = server.clock.time()
    await mara.pull(do="clock", minutes=16)
    assert server.clock.time() - before >= 16 * 60
    await ben.frame("state", lambda frame: frame["clock_offset_seconds"] == 16 * 60)


async def test_a_role_given_and_taken_changes_what_a_person_sees(visit: Visit) -> None:
    mara = await visit("Mara")
    roles = {role["name"]: role["id"] for role in mara.hello["guilds"][0]["roles"]}
    lever = {"do": "role", "person": mara.hello["me"]["id"], "role": roles["Moderator"]}
    await mara.pull(**lever, has=True)
    world = await mara.frame("world", lambda frame: "staff" in str(frame["guilds"]))
    assert next(p for p in world["people"] if p["display_name"] == "Mara")["note"] == "moderator"
    mara.frames.clear()
    await mara.pull(**lever, has=False)
    await mara.frame("world", lambda frame: "staff" not in str(frame["guilds"]))


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"do": "dance"},
        {"do": ["fault"]},
        {"do": "scenario", "word": "#no-such-word"},
        {"do": "fault", "name": "hail"},
        {"do": "clock", "minutes": -1},
        {"do": "clock", "minutes": "16"},
        {"do": "clock", "minutes": 1e12},
        {"do": "clock"},
        {"do": "role", "person": "1", "role": "2"},
        {"do": "kill"},
        {"do": "restart"},
    ],
)
async def test_an_order_that_cannot_be_followed_is_answered_with_a_sentence(visit: Visit, order: Frame) -> None:
    mara = await visit("Mara")
    answer = await mara.pull(**order)
    assert not answer["ok"]
    assert answer["error"].endswith(".")

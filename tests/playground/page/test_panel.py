"""The side panel's controls over HTTP, and the frames that open pages get."""

from __future__ import annotations

import pytest

from playground.fake_discord.server import DiscordServer
from playground.fake_video_service.families import FAMILIES
from playground.fake_video_service.scenarios import BEHAVIOURS, choose
from playground.fake_video_service.tasks.dialects import OPENAI_SHAPED
from playground.fake_video_service.tasks.habits import HABITS
from playground.page.fault_panel import FAULT_PRESETS
from playground.page.scenario_labels import scenario_list
from playground.playground import Playground
from tests.playground.discord_rest_client import Api
from tests.playground.page_visitor import Frame, Visit


async def test_a_chosen_scenario_holds_for_prompts_that_name_none(visit: Visit, playground: Playground) -> None:
    mara, ben = await visit("Mara"), await visit("Ben")
    assert (await mara.control(action="scenario", word="#refuse-image #family-b"))["state"]["services"][0]["scenario"]
    await ben.frame("state", lambda frame: frame["services"][0]["scenario"] == "#refuse-image #family-b")
    words = playground.service.default_words
    assert choose("a harbour", default_words=words).word == "refuse-image"
    assert choose("a harbour", default_words=words).family == "family-b"
    assert choose("a harbour #slow", default_words=words).word == "slow"
    assert choose("a harbour #family-c", default_words=words).family == "family-c"
    assert (await mara.control(action="scenario", word=None))["state"]["services"][0]["scenario"] is None
    assert choose("a harbour", default_words=playground.service.default_words).word == ""


async def test_a_service_is_down_until_it_is_switched_on_again(visit: Visit, playground: Playground) -> None:
    mara, ben = await visit("Mara"), await visit("Ben")
    for down in (True, True, False, False):
        answer = await mara.control(action="down", service="relay", on=down)
        assert answer["state"]["services"] == [{"name": "relay", "scenario": None, "down": down}]
        await ben.frame("state", lambda frame: frame["services"][0]["down"] is down)  # noqa: B023 - asked at once
        assert playground.service.is_down is down


async def test_warnings_of_the_bot_are_shown_without_secrets(visit: Visit, playground: Playground) -> None:
    mara = await visit("Mara")
    path, key = playground.bot.log, playground.service.key
    path.parent.mkdir()
    path.write_text(f"2026-03-01 12:00:00 INFO    bot: {key}\n2026-03-01 12:00:01 WARNING bot.x: the key {key}\n2026")
    await mara.frame("state", lambda frame: frame["log"] == ["12:00:01 WARNING bot.x: the key <key>"])
    with path.open("a") as file:
        file.write("-03-01 12:00:02 ERROR   bot.x: two\n  ERROR in words of its own\n")
    await mara.frame("state", lambda frame: frame["log"][1:] == ["12:00:02 ERROR   bot.x: two"])


def test_every_behaviour_of_chats_and_of_tasks_has_a_label() -> None:
    listed = [row["word"].removeprefix("#") for row in scenario_list()]
    tasks = [*OPENAI_SHAPED, *(habit.word for habit in HABITS)]
    assert sorted(listed) == sorted(["", *(scenario.word for scenario in BEHAVIOURS), *FAMILIES, *tasks])
    assert len(set(listed)) == len(listed)
    assert all(row["label"] and row["group"] and row["about"] for row in scenario_list())


@pytest.mark.parametrize("name", [preset.name for preset in FAULT_PRESETS])
async def test_each_fault_is_switched_on_and_off(visit: Visit, server: DiscordServer, name: str) -> None:
    mara = await visit("Mara")
    assert (await mara.control(action="fault", name=name, args={"on": True}))["state"]["faults"] == {name: True}
    assert await mara.control(action="fault", name=name, args={"on": True})  # a second time changes nothing
    assert (await mara.control(action="fault", name=name, args={"on": False}))["state"]["faults"] == {}
    routes = ("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", "POST /interactions/{id}/callback")
    assert not any(server.faults.take(route, upload=True) for route in routes for _ in range(50))


async def test_a_fault_hits_the_bot_until_faults_are_cleared(visit: Visit, api: Api) -> None:
    mara = await visit("Mara")
    await mara.control(action="fault", name="no-access", args={"on": True})
    path = f"/channels/{mara.channel('videos')}/messages"
    assert (await api.ask("POST", path, {"content": "hi"})).status == 403
    cleared = await mara.control(action="clear_faults")
    assert cleared["state"]["faults"] == {}
    assert (await api.ask("POST", path, {"content": "hi"})).status == 200


async def test_the_clock_moves_forward_for_everybody(visit: Visit, server: DiscordServer) -> None:
    mara, ben = await visit("Mara"), await visit("Ben")
    before = server.clock.time()
    await mara.control(action="clock", minutes=16)
    assert server.clock.time() - before >= 16 * 60
    await ben.frame("state", lambda frame: frame["clock_offset_seconds"] == 16 * 60)


async def test_a_role_given_and_taken_changes_what_a_person_sees(visit: Visit) -> None:
    mara = await visit("Mara")
    roles = {role["name"]: role["id"] for role in mara.hello["guilds"][0]["roles"]}
    change = {"action": "role", "person": mara.hello["me"]["id"], "role": roles["Moderator"]}
    await mara.control(**change, has=True)
    world = await mara.frame("world", lambda frame: "staff" in str(frame["guilds"]))
    assert next(p for p in world["people"] if p["display_name"] == "Mara")["note"] == "moderator"
    mara.frames.clear()
    await mara.control(**change, has=False)
    await mara.frame("world", lambda frame: "staff" not in str(frame["guilds"]))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"action": "dance"},
        {"action": ["fault"]},
        {"action": "scenario", "word": "#no-such-word"},
        {"action": "scenario", "service": "no-such-service", "word": None},
        {"action": "down", "service": ["relay"], "on": True},
        {"action": "fault", "name": "no-such-fault"},
        {"action": "clock", "minutes": -1},
        {"action": "clock", "minutes": "16"},
        {"action": "clock", "minutes": 1e12},
        {"action": "clock"},
        {"action": "role", "person": "1", "role": "2"},
        {"action": "kill"},
        {"action": "restart"},
    ],
)
async def test_a_panel_request_that_is_impossible_is_answered_with_a_sentence(visit: Visit, change: Frame) -> None:
    mara = await visit("Mara")
    answer = await mara.control(**change)
    assert not answer["ok"]
    assert answer["error"].endswith(".")

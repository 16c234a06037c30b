"""Rules that grow beyond what a message takes are shown as far as there is room, and a change is told as saved."""

from __future__ import annotations

from typing import Any

from playground.fake_discord.world.entities import Role
from tests.e2e.conftest import Stage

BROKEN = "Something went wrong"
ROLES = 23
EVERY_LIMIT: dict[str, Any] = {
    "at_once": 123,
    "cooldown": 86399,
    "videos_day": 123_456,
    "videos_month": 123_456,
    "money_day": "123456.78",
    "money_month": "1234567.89",
}


async def limits(stage: Stage, command: str, **options: object) -> str:
    return await stage.told(await stage.discord.slash(stage.mo, stage.videos, f"limits {command}", options))


async def test_with_more_roles_than_there_is_room_for_every_change_is_told_as_saved_and_every_view_comes(
    stage: Stage,
) -> None:
    guild = stage.videos.guild
    assert guild is not None
    roles: list[Role] = []
    try:
        for number in range(ROLES):
            roles.append(await stage.discord.create_role(guild, f"patrons of the {number}th rank"))
            changed = await limits(stage, "role", role=roles[-1], **EVERY_LIMIT)
            assert "Changed" in changed
            assert BROKEN not in changed
        shown = await limits(stage, "show")
        assert f"@{roles[0].name}: " in shown
        assert "more role" in shown or "more lines" in shown
        for command in ("limits changes", "limits roles", "help", "quota"):
            told = await stage.told(await stage.discord.slash(stage.mo, stage.videos, command))
            assert BROKEN not in told
    finally:
        for role in roles:
            await limits(stage, "lift", limit=f"by_role.{role.id}")
            await stage.discord.delete_role(guild, role)


async def test_a_change_that_is_saved_is_told_as_saved_where_discord_takes_no_view_of_it(stage: Stage) -> None:
    fault = stage.discord.faults.add("PATCH /webhooks/*", status=400, code=50035)
    try:
        told = await limits(stage, "member", videos_day=5)
    finally:
        stage.discord.faults.remove(fault)
        assert "5 videos a day" in await limits(stage, "show")
        await limits(stage, "lift", limit="member.videos_day")
    assert "✅ Changed" in told
    assert "couldn't show them" in told


async def test_choices_of_a_role_with_a_long_name_tell_its_limits_apart_and_turn_nothing_round(stage: Stage) -> None:
    guild = stage.videos.guild
    assert guild is not None
    role = await stage.discord.create_role(guild, "\u202e" + "long" * 24)
    await limits(stage, "role", role=role, at_once=7, videos_day=8)
    try:
        offered = await stage.discord.autocomplete(stage.mo, stage.videos, "limits lift", "limit", {"limit": ""})
    finally:
        await limits(stage, "lift", limit=f"by_role.{role.id}")
        await stage.discord.delete_role(guild, role)
    names = [choice["name"] for choice in offered]
    assert [words for words in ("7 at a time", "8 videos a day") if not any(n.endswith(words) for n in names)] == []
    assert not [name for name in names if "\u202e" in name or len(name) > 100]

"""What counts as a difference between our commands and those that Discord has, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cli.check.commands import compare
from bot.cli.check.findings import Severity


def ours() -> dict[str, Any]:
    """A command as discord.py sends it."""
    options = [
        {"type": 11, "name": "image", "description": "A picture", "required": True},
        {"type": 3, "name": "model", "description": "Which", "choices": [{"name": "Fast", "value": "f"}]},
    ]
    return {
        "name": "video",
        "description": "Makes a video",
        "type": 1,
        "options": options,
        "nsfw": False,
        "dm_permission": False,
        "default_member_permissions": 32,
        "contexts": [0],
        "integration_types": None,
    }


def theirs() -> dict[str, Any]:
    """The same as Discord hands it back: ids beside it, numbers as text, what is not set left out or null."""
    options = [
        {"type": 11, "name": "image", "description": "A picture", "required": True, "name_localizations": None},
        {"type": 3, "name": "model", "description": "Which", "choices": [{"name": "Fast", "value": "f"}]},
    ]
    return {
        "id": "5",
        "application_id": "6",
        "version": "7",
        "name": "video",
        "description": "Makes a video",
        "options": options,
        "default_member_permissions": "32",
        "contexts": [0],
        "integration_types": [0],
    }


def test_the_same_command_as_discord_writes_it_is_no_difference() -> None:
    assert compare([ours()], [theirs()]).state is Severity.OK


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Made a video"},
        {"default_member_permissions": None},
        {"contexts": [0, 1]},
        {"nsfw": True},
        {"options": []},
        {"options": [{"type": 11, "name": "image", "description": "A picture"}]},
    ],
)
def test_whatever_members_would_notice_is_a_difference(change: dict[str, Any]) -> None:
    found = compare([ours()], [theirs() | change])

    assert (found.state, "different /video" in found.finding) == (Severity.WRONG, True)


def test_a_change_deep_in_a_group_is_a_difference() -> None:
    def group(description: str) -> dict[str, Any]:
        inner = {"type": 1, "name": "show", "description": description, "options": []}
        return {"name": "limits", "description": "Rules", "type": 1, "options": [inner]}

    assert compare([group("All")], [group("All")]).state is Severity.OK
    assert compare([group("All")], [group("Some")]).state is Severity.WRONG


def test_a_menu_entry_is_another_command_than_a_slash_command_of_its_name() -> None:
    found = compare([ours()], [{"name": "video", "type": 3}])

    assert found.finding == "Discord's commands are not this Kinora's: missing /video; left over video."
    assert found.remedy.startswith("python -m bot sync")

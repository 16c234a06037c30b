"""Who may use a command, by what a server has set for it and for the whole application."""

from __future__ import annotations

import discord
import pytest

from bot.gateway.command_access import Asker, Overwrites, permits

GUILD, CHANNEL, OTHER, MARA, PATRONS, HELPERS = 1000, 2, 3, 4, 5, 6
ROLE, USER, PLACE = 1, 2, 3
EVERYONE, EVERYWHERE = (ROLE, GUILD), (PLACE, GUILD - 1)

MEMBER = discord.Permissions(use_application_commands=True)
MANAGER = discord.Permissions(use_application_commands=True, manage_guild=True)
ADMINISTRATOR = discord.Permissions(administrator=True)
MANAGERS_ONLY, ADMINISTRATORS_ONLY = discord.Permissions(manage_guild=True), discord.Permissions(0)


def mara(permissions: discord.Permissions = MEMBER) -> Asker:
    """Mara, who has two roles, as discord.py counts them with @everyone."""
    return Asker(GUILD, CHANNEL, MARA, frozenset({GUILD, PATRONS, HELPERS}), permissions)


@pytest.mark.parametrize(
    ("own", "general", "allowed"),
    [
        ({}, {}, True),
        ({(USER, MARA): False}, {}, False),
        ({(USER, MARA): True, (ROLE, PATRONS): False}, {}, True),
        ({(USER, MARA): False, (ROLE, PATRONS): True}, {}, False),
        ({(ROLE, PATRONS): False}, {}, False),
        ({(ROLE, PATRONS): False, (ROLE, HELPERS): True}, {}, True),
        ({EVERYONE: False}, {}, False),
        ({EVERYONE: False, (ROLE, PATRONS): True}, {}, True),
        ({EVERYONE: True, (ROLE, PATRONS): False}, {}, False),
        ({(ROLE, OTHER): False, (USER, OTHER): False, (PLACE, OTHER): False}, {}, True),
        ({(PLACE, CHANNEL): False}, {}, False),
        ({EVERYWHERE: False}, {}, False),
        ({EVERYWHERE: False, (PLACE, CHANNEL): True}, {}, True),
        ({EVERYWHERE: True, (PLACE, CHANNEL): False}, {}, False),
        ({(PLACE, CHANNEL): False, (USER, MARA): True}, {}, False),
        ({}, {(USER, MARA): False}, False),
        ({}, {EVERYONE: False}, False),
        ({}, {EVERYONE: False, (ROLE, PATRONS): True}, True),
        ({(ROLE, PATRONS): True}, {EVERYONE: False, (USER, MARA): False}, True),
        ({(ROLE, PATRONS): False}, {(USER, MARA): True}, False),
        ({}, {(PLACE, CHANNEL): False}, False),
        ({}, {EVERYWHERE: False}, False),
        ({(PLACE, CHANNEL): True}, {EVERYWHERE: False}, True),
        ({EVERYWHERE: True}, {(PLACE, CHANNEL): False}, True),
        ({(PLACE, OTHER): True}, {EVERYWHERE: False}, False),
        ({(ROLE, PATRONS): True}, {(PLACE, CHANNEL): False}, False),
    ],
)
def test_the_commands_own_overwrites_go_before_the_applications_and_the_narrower_before_the_wider(
    own: Overwrites, general: Overwrites, allowed: bool
) -> None:
    assert permits(mara(), None, own, general) is allowed


@pytest.mark.parametrize(
    ("permissions", "needed", "own", "general", "allowed"),
    [
        (MEMBER, MANAGERS_ONLY, {}, {}, False),
        (MANAGER, MANAGERS_ONLY, {}, {}, True),
        (MANAGER, ADMINISTRATORS_ONLY, {}, {}, False),
        (MEMBER, MANAGERS_ONLY, {(ROLE, PATRONS): True}, {}, True),
        (MEMBER, ADMINISTRATORS_ONLY, {(USER, MARA): True}, {}, True),
        (MANAGER, MANAGERS_ONLY, {(ROLE, PATRONS): False}, {}, False),
        (MANAGER, MANAGERS_ONLY, {}, {(ROLE, PATRONS): False}, False),
        (MEMBER, MANAGERS_ONLY, {}, {(USER, MARA): True}, False),
    ],
)
def test_default_permissions_hold_unless_the_commands_own_overwrites_say_otherwise(
    permissions: discord.Permissions,
    needed: discord.Permissions,
    own: Overwrites,
    general: Overwrites,
    allowed: bool,
) -> None:
    assert permits(mara(permissions), needed, own, general) is allowed


def test_administrators_always_may_and_nobody_else_without_the_permission_to_use_commands() -> None:
    denied = {(USER, MARA): False, EVERYWHERE: False}
    assert permits(mara(ADMINISTRATOR), ADMINISTRATORS_ONLY, denied, denied)
    assert not permits(mara(discord.Permissions(manage_guild=True)), None, {(USER, MARA): True}, {})

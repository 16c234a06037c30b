"""Command permissions: the command's defaults, and the server's overrides under Integrations."""

from __future__ import annotations

import pytest

from playground.fake_discord.server import CannotDo, DiscordServer, NotAllowed
from playground.fake_discord.world.entities import Channel, Guild, User
from playground.fake_discord.world.permissions import Overwrite, Permission
from tests.playground.discord_rest_client import Api

MODERATORS_ONLY = str(int(Permission.MANAGE_GUILD))
SLASH, MENU = "usage", "Video details"


@pytest.fixture
async def guild(api: Api, server: DiscordServer) -> Guild:
    """The test server, where the bot has a slash command and a message menu for moderators."""
    commands = [
        {"name": SLASH, "description": "reports", "default_member_permissions": MODERATORS_ONLY},
        {"name": MENU, "type": 3, "default_member_permissions": MODERATORS_ONLY},
    ]
    await api.ask("PUT", f"/applications/{server.world.application_id}/commands", commands)
    return server.world.guild("Kinora Test Server")


async def use(server: DiscordServer, command: str, person: User, channel: Channel) -> None:
    if command == MENU:
        message = server.say(server.world.person("Olga"), channel, "look")
        await server.message_menu(person, channel, MENU, message)
    else:
        await server.slash(person, channel, command)


async def is_refused(server: DiscordServer, command: str, person: User, channel: Channel) -> bool:
    try:
        await use(server, command, person, channel)
    except NotAllowed:
        return True
    return False


@pytest.mark.parametrize("command", [SLASH, MENU])
async def test_role_allowed_by_integrations_needs_no_default_permission(
    server: DiscordServer, guild: Guild, command: str
) -> None:
    mara, general, patrons = server.world.person("Mara"), server.world.channel("general"), guild.role("Patrons")
    await server.allow_command(guild, command, patrons)
    assert await is_refused(server, command, mara, general)
    guild.add_roles(mara, patrons)
    assert not await is_refused(server, command, mara, general)


@pytest.mark.parametrize("command", [SLASH, MENU])
async def test_denied_person_may_not_use_it_with_any_role(server: DiscordServer, guild: Guild, command: str) -> None:
    mo, general = server.world.person("Mo"), server.world.channel("general")
    assert not await is_refused(server, command, mo, general)
    await server.allow_command(guild, command, guild.role("Moderator"))
    await server.allow_command(guild, command, mo, False)
    assert await is_refused(server, command, mo, general)


async def test_more_specific_override_wins_and_administrators_always_may(server: DiscordServer, guild: Guild) -> None:
    world, general = server.world, server.world.channel("general")
    mo, mara, ben = (world.person(name) for name in ("Mo", "Mara", "Ben"))
    patrons, moderators = guild.role("Patrons"), guild.role("Moderator")
    await server.allow_command(guild, SLASH, guild.everyone, True)
    await server.allow_command(guild, SLASH, patrons, False)
    guild.add_roles(mara, patrons)
    assert [await is_refused(server, SLASH, person, general) for person in (ben, mara, mo)] == [False, True, False]
    guild.add_roles(mo, patrons)
    assert await is_refused(server, SLASH, mo, general)
    await server.allow_command(guild, SLASH, moderators)
    assert not await is_refused(server, SLASH, mo, general)
    await server.allow_command(guild, SLASH, guild.everyone, False)
    await server.allow_command(guild, SLASH, world.person("Olga"), False)
    assert not await is_refused(server, SLASH, world.person("Olga"), general)


async def test_command_is_switched_off_by_channel_with_its_threads(server: DiscordServer, guild: Guild) -> None:
    world, mo = server.world, server.world.person("Mo")
    videos = world.channel("videos")
    thread = world.add_thread(videos, "cats", mo)
    await server.allow_command(guild, SLASH, videos, False)
    for channel, refused in ((videos, True), (thread, True), (world.channel("general"), False)):
        assert await is_refused(server, SLASH, mo, channel) is refused
    assert not await is_refused(server, SLASH, world.person("Olga"), videos)


async def test_override_applies_only_to_its_server_and_its_command(server: DiscordServer, guild: Guild) -> None:
    ben, other = server.world.person("Ben"), server.world.guild("Another Server")
    await server.allow_command(guild, SLASH, ben)
    assert not await is_refused(server, SLASH, ben, server.world.channel("general"))
    assert await is_refused(server, MENU, ben, server.world.channel("general"))
    assert await is_refused(server, SLASH, ben, server.world.channel("general", other))
    with pytest.raises(CannotDo):
        await server.allow_command(guild, "nothing", ben)


async def test_the_applications_overrides_hold_for_commands_without_their_own_and_open_none(
    server: DiscordServer, guild: Guild
) -> None:
    mara, mo, general = server.world.person("Mara"), server.world.person("Mo"), server.world.channel("general")
    await server.allow_command(guild, None, guild.everyone)
    assert await is_refused(server, SLASH, mara, general)
    await server.allow_command(guild, None, mo, False)
    assert await is_refused(server, SLASH, mo, general)
    await server.allow_command(guild, SLASH, mo)
    assert not await is_refused(server, SLASH, mo, general)
    assert await is_refused(server, MENU, mo, general)


async def test_one_channel_can_be_left_open_of_all(server: DiscordServer, guild: Guild) -> None:
    world, mo = server.world, server.world.person("Mo")
    await server.allow_command(guild, None, guild, False)
    await server.allow_command(guild, SLASH, world.channel("videos"))
    refused = [await is_refused(server, SLASH, mo, world.channel(name)) for name in ("general", "videos")]
    assert refused == [True, False]
    await server.allow_command(guild, None, guild, None)
    assert not await is_refused(server, SLASH, mo, world.channel("general"))


async def test_the_bot_can_read_what_is_set(api: Api, server: DiscordServer, guild: Guild) -> None:
    application = server.world.application_id
    await server.allow_command(guild, None, guild, False)
    await server.allow_command(guild, SLASH, guild.role("Patrons"))
    found = await api.ask("GET", f"/applications/{application}/guilds/{guild.id}/commands/permissions")
    general, own = found.json
    assert int(general["id"]) == application
    assert general["permissions"] == [{"id": str(guild.id - 1), "type": 3, "permission": False}]
    assert own["permissions"] == [{"id": str(guild.role("Patrons").id), "type": 1, "permission": True}]


async def test_override_does_not_replace_use_of_application_commands(server: DiscordServer, guild: Guild) -> None:
    ben, general = server.world.person("Ben"), server.world.channel("general")
    await server.allow_command(guild, SLASH, ben)
    general.overwrites[ben.id] = Overwrite(deny=Permission.USE_APPLICATION_COMMANDS)
    assert await is_refused(server, SLASH, ben, general)

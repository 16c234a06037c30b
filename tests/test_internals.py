"""
Each internal of another library that our code relies on, where and why, and that it is there as we expect it.

After an upgrade, what fails here is what has to be looked at first.
"""

from __future__ import annotations

import inspect
import re
import sqlite3
import threading
import tomllib
from collections.abc import Callable
from contextvars import ContextVar
from importlib.util import find_spec
from itertools import chain
from typing import Any, NamedTuple

import aiosqlite
import alembic.util
import discord
import pytest
import sqlalchemy
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context
from packaging.requirements import Requirement
from PIL import AvifImagePlugin

from tests.private_names import ROOT, private_names

LIBRARIES = (
    "discord.py",
    "aiosqlite",
    "sqlalchemy",
)  # whose private parts we touch: each minor version may change them


class Internal(NamedTuple):
    path: str
    why: str
    as_expected: Callable[[], Any]


def parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def state() -> Any:
    return discord.AutoShardedClient(intents=discord.Intents.none())._connection


def connection() -> Any:
    return aiosqlite.Connection(lambda: sqlite3.connect(":memory:"), 8)


def cursor() -> Any:
    return aiosqlite.Cursor(connection(), sqlite3.connect(":memory:").cursor())


def is_property(owner: type, name: str) -> bool:
    return isinstance(vars(owner).get(name), property)


def is_read_when_a_route_is_made() -> bool:
    return Route("GET", "/x").url == f"{Route.BASE}/x"


def is_called_by_connect() -> bool:
    return "launch_shards" in discord.AutoShardedClient.connect.__code__.co_names


def has_the_fields_that_are_judged() -> bool:
    # discord.types cannot be imported: its modules need each other.
    source = find_spec("discord.types.gateway").loader.get_source("discord.types.gateway")  # type: ignore[union-attr]
    fields = source.partition("class SessionStartLimit(TypedDict):")[2].partition("\n\n")[0]
    return all(name in fields for name in ("remaining", "reset_after", "max_concurrency"))


USED_IN: dict[str, tuple[Internal, ...]] = {
    "bot/gateway/callbacks.py": (
        Internal(
            "discord.webhook.async_.AsyncWebhookAdapter.create_interaction_response",
            "Every answer to an interaction passes it: overridden, so that one whose own answer is lost counts.",
            lambda: {"session", "params"}.issubset(parameters(AsyncWebhookAdapter.create_interaction_response)),
        ),
        Internal(
            "discord.webhook.async_.AsyncWebhookAdapter.edit_original_interaction_response",
            "Every edit of an answer passes it: overridden, so that one whose answer is lost is sent once more.",
            lambda: "files" in parameters(AsyncWebhookAdapter.edit_original_interaction_response),
        ),
        Internal(
            "discord.webhook.async_.AsyncWebhookAdapter.get_original_interaction_response",
            "Asks for the message of an answer that was lost.",
            lambda: "session" in parameters(AsyncWebhookAdapter.get_original_interaction_response),
        ),
    ),
    "bot/gateway/proxies.py": (
        Internal(
            "discord.http.Route.BASE",
            "The only place where discord.py has Discord's address: a REST proxy or the playground takes its place.",
            is_read_when_a_route_is_made,
        ),
        Internal(
            "discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY",
            "The address that shards dial: a gateway proxy or the playground takes its place.",
            lambda: isinstance(DiscordWebSocket.DEFAULT_GATEWAY, yarl.URL),
        ),
        Internal(
            "discord.VoiceClient.warn_nacl",
            "Kinora never speaks; without this each start warns that it cannot.",
            lambda: isinstance(discord.VoiceClient.warn_nacl, bool),
        ),
        Internal(
            "discord.VoiceClient.warn_dave",
            "As above, for the encryption of voices.",
            lambda: isinstance(discord.VoiceClient.warn_dave, bool),
        ),
        Internal(
            "discord.client.Client.http.request",
            "Every request of the bot passes it: wrapped, so that a proxy's 429 is waited for.",
            lambda: inspect.iscoroutinefunction(HTTPClient.request) and "files" in parameters(HTTPClient.request),
        ),
        Internal(
            "discord.webhook.async_.AsyncWebhookAdapter.request",
            "Every request by a token passes it: wrapped, so that a proxy's 429 is waited for.",
            lambda: "files" in parameters(AsyncWebhookAdapter.request),
        ),
        Internal(
            "discord.webhook.async_.async_context",
            "Where interactions look for the adapter: ours takes its place, for this task and those it starts.",
            lambda: isinstance(async_context, ContextVar) and isinstance(async_context.get(), AsyncWebhookAdapter),
        ),
    ),
    "bot/gateway/shards.py": (
        Internal(
            "discord.client.Client.http.get_bot_gateway",
            "Tells the advised shards and the session starts left before any shard identifies.",
            lambda: inspect.iscoroutinefunction(HTTPClient.get_bot_gateway),
        ),
        Internal(
            "discord.client.Client._connection.shard_count",
            "Set where shards are launched in their turn, as discord.py's own launch_shards does.",
            lambda: hasattr(state(), "shard_count"),
        ),
        Internal(
            "discord.client.Client._connection.shard_ids",
            "As above.",
            lambda: hasattr(state(), "shard_ids"),
        ),
        Internal(
            "discord.shard.AutoShardedClient.launch_shards",
            "Replaced, so that shards of different buckets identify side by side.",
            is_called_by_connect,
        ),
        Internal(
            "discord.shard.AutoShardedClient.launch_shard",
            "Extended, so that a shard connects shortly before its turn to identify.",
            lambda: parameters(discord.AutoShardedClient.launch_shard) == ["self", "gateway", "shard_id", "initial"],
        ),
    ),
    "bot/gateway/command_access.py": (
        Internal(
            "discord.client.Client.http.get_guild_application_command_permissions",
            "Tells in one request, and without a 404, what a server has set for each command and for all of them.",
            lambda: (
                parameters(HTTPClient.get_guild_application_command_permissions)
                == ["self", "application_id", "guild_id"]
            ),
        ),
    ),
    "bot/gateway/payload.py": (
        Internal(
            "discord.member.Member._roles",
            "The ids of a member's roles as the payload has them; the public list leaves out what is not in the cache.",
            lambda: "_roles" in discord.Member.__slots__,
        ),
    ),
    "bot/cli/check/commands.py": (
        Internal(
            "discord.client.Client.http.get_global_commands",
            "Reads the commands as Discord has them, unparsed, to compare them with our own.",
            lambda: parameters(HTTPClient.get_global_commands) == ["self", "application_id"],
        ),
    ),
    "bot/cli/check/discord.py": (
        Internal(
            "discord.types.gateway.SessionStartLimit",
            "The type of what get_bot_gateway says of session starts; only mypy reads it.",
            has_the_fields_that_are_judged,
        ),
    ),
    "bot/storage/engine/sqlite_driver.py": (
        Internal(
            "aiosqlite.core.Connection._thread.daemon",
            "Set, as SQLAlchemy does with connections that it makes itself: a thread left over ends with the process.",
            lambda: isinstance(connection()._thread, threading.Thread) and not connection()._thread.is_alive(),
        ),
        Internal(
            "aiosqlite.core.Connection._conn.cursor",
            "The sqlite3 connection itself, for work that is done in one trip to its thread.",
            lambda: is_property(aiosqlite.Connection, "_conn"),
        ),
        Internal(
            "aiosqlite.core.Connection.in_transaction",
            "Known without a trip to the thread, so that a rollback after a commit costs none.",
            lambda: is_property(aiosqlite.Connection, "in_transaction"),
        ),
        Internal(
            "aiosqlite.cursor.Cursor._execute",
            "Runs a function in the connection's thread: all our work is one such trip.",
            lambda: inspect.iscoroutinefunction(aiosqlite.Cursor._execute),
        ),
        Internal(
            "aiosqlite.cursor.Cursor._conn",
            "Set by our cursor, which does not call the base's __init__: _execute reads it.",
            lambda: isinstance(cursor()._conn, aiosqlite.Connection),
        ),
        Internal(
            "aiosqlite.cursor.Cursor._cursor",
            "Set by our cursor: None until a statement opens it.",
            lambda: isinstance(cursor()._cursor, sqlite3.Cursor),
        ),
        Internal(
            "aiosqlite.cursor.Cursor.iter_chunk_size",
            "Set by our cursor: iterating reads it.",
            lambda: cursor().iter_chunk_size == 8,
        ),
        Internal(
            "aiosqlite.cursor.Cursor.description",
            "A property of the base, an attribute of ours: it is kept when sqlite3's cursor is gone.",
            lambda: is_property(aiosqlite.Cursor, "description"),
        ),
        Internal("aiosqlite.cursor.Cursor.rowcount", "As above.", lambda: is_property(aiosqlite.Cursor, "rowcount")),
        Internal("aiosqlite.cursor.Cursor.lastrowid", "As above.", lambda: is_property(aiosqlite.Cursor, "lastrowid")),
    ),
    "bot/storage/engine/async_engine.py": (
        Internal(
            "sqlalchemy.util.greenlet_spawn",
            "Runs SQLAlchemy's code on an asyncio driver; its own asyncio package, which does so too, loads the ORM.",
            lambda: inspect.iscoroutinefunction(sqlalchemy.util.greenlet_spawn),
        ),
    ),
    "bot/storage/job_rows.py": (
        Internal(
            "sqlalchemy.engine.row.Row._mapping",
            "Public in spite of its underscore, which keeps it apart from the names of columns.",
            lambda: is_property(sqlalchemy.Row, "_mapping"),
        ),
    ),
    "bot/storage/engine/upgrade.py": (
        Internal(
            "alembic.util.CommandError",
            "Raised for a revision that Alembic does not know: a newer Kinora made the database.",
            lambda: issubclass(alembic.util.CommandError, Exception),
        ),
    ),
    "bot/media/pictures/safe.py": (
        Internal(
            "PIL.AvifImagePlugin.DEFAULT_MAX_THREADS",
            "Set in the process that decodes: each thread of libavif has buffers of its own.",
            lambda: isinstance(AvifImagePlugin.DEFAULT_MAX_THREADS, int),
        ),
    ),
}
INTERNALS = tuple(chain.from_iterable(USED_IN.values()))


@pytest.mark.parametrize("internal", INTERNALS, ids=lambda internal: internal.path)
def test_each_internal_is_there_as_the_code_expects_it(internal: Internal) -> None:
    assert internal.as_expected()


def test_the_table_has_every_internal_that_the_code_mentions() -> None:
    named = [f".{internal.path}." for internal in INTERNALS]
    assert {name for name in private_names() if not any(f".{name}." in path for path in named)} == set()


@pytest.mark.parametrize("file", USED_IN)
def test_what_is_used_no_more_has_left_the_table(file: str) -> None:
    words = set(re.findall(r"\w+", (ROOT / file).read_text("utf-8")))
    assert {internal.path for internal in USED_IN[file] if internal.path.split(".")[-1] not in words} == set()


def test_versions_are_those_that_the_package_allows_and_no_minor_one_is_taken_unseen() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    allowed = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    for name, specifier in allowed.items():
        assert specifier.contains(pinned[name.replace(".", "-")]), name
    for name in LIBRARIES:
        major, minor, *_ = map(int, pinned[name.replace(".", "-")].split("."))
        assert not allowed[name].contains(f"{major}.{minor + 1}"), name

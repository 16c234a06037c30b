"""The discord.py client that the tests run against the fake Discord."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

Setup = Callable[[app_commands.CommandTree[Any]], None]
"""Adds a test's commands to the tree before the client connects."""

StartClient = Callable[..., Awaitable[discord.Client]]
"""`await start_client(setup, **client_options)`."""


class Bot(discord.AutoShardedClient):
    """An unmodified client with a command tree, which it syncs when it starts."""

    def __init__(self, setup: Setup, **options: Any) -> None:
        super().__init__(intents=discord.Intents(guilds=True), **options)
        self._setup = setup
        self.tree: app_commands.CommandTree[Bot] = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self._setup(self.tree)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Skip Discord's five seconds between two shards."""

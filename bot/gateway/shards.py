"""The shards of this process: how many there are, where the gateway is, and when each may identify."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.errors import NoSessionsLeft
from bot.gateway.identify import IdentifyQueue, LocalSlots
from bot.settings import Settings
from bot.storage import TimeSlotStore

# A socket on which no shard identifies is closed after a minute: discord.py reads nothing from it until then.
CONNECT_AHEAD = 10.0  # seconds before its turn

log = logging.getLogger(__name__)


class PacedShards(commands.AutoShardedBot):
    """
    A bot whose shards wait for their turn to identify, also among other processes with shards of the same bot.

    A gateway proxy identifies by itself: shards that connect to it do not wait.
    """

    def __init__(self, settings: Settings, slots: TimeSlotStore, **options: Any) -> None:
        shards: dict[str, Any] = {"shard_count": settings.shard_count}
        if settings.shard_ids:
            shards["shard_ids"] = list(settings.shard_ids)
        super().__init__(command_prefix=commands.when_mentioned, **shards, **options)
        self._gateway_url = settings.discord_gateway_url
        # A process without SHARD_IDS has all shards, and starts at once, however recent its last start.
        self._slots = slots if settings.shard_ids else LocalSlots()
        self._turns: IdentifyQueue | None = None

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect this process's shards. Raises NoSessionsLeft rather than have Discord reset the token."""
        advised, url, limits = await self.http.get_bot_gateway()
        # Known by now, or discord.py would ask as well, and then go to ``url``, past DISCORD_GATEWAY_URL.
        self.shard_count = self.shard_count or advised
        if self._gateway_url and not _same_server(url, self._gateway_url):
            log.info("a gateway proxy stands at DISCORD_GATEWAY_URL; shards identify to it without waiting")
        else:
            self._check_sessions(limits["remaining"], timedelta(milliseconds=limits["reset_after"]))
            self._turns = IdentifyQueue(self._slots, max(1, limits["max_concurrency"]))
        await super().connect(reconnect=reconnect)

    @property
    def own_shard_ids(self) -> list[int]:
        """The ids of the shards that this process holds, or will."""
        return list(self.shard_ids or range(self.shard_count or 1))

    @property
    def shard_words(self) -> str:
        """Which shards this process holds, for the log."""
        if not self.shard_ids:
            return f"all {self.shard_count} shards"
        return f"shards {', '.join(map(str, self.shard_ids))} of {self.shard_count}"

    def _check_sessions(self, remaining: int, reset_after: timedelta) -> None:
        needed, resets = len(self.own_shard_ids), datetime.now(UTC) + reset_after
        log.info("Discord allows %d more session starts until %s", remaining, f"{resets:%Y-%m-%d %H:%M} UTC")
        if remaining < needed:
            raise NoSessionsLeft(remaining, needed, resets)

    async def launch_shards(self) -> None:
        """Connect the shards of each bucket one after another, and the buckets side by side."""
        self._connection.shard_count = self.shard_count
        self._connection.shard_ids = self.own_shard_ids
        buckets: defaultdict[int, list[int]] = defaultdict(list)
        for shard_id in self.own_shard_ids:
            buckets[self._turns.bucket(shard_id) if self._turns else shard_id].append(shard_id)
        await asyncio.gather(*map(self._launch_in_turn, buckets.values()))

    async def _launch_in_turn(self, shard_ids: list[int]) -> None:
        for shard_id in shard_ids:
            await self.launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, shard_id)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect one shard; discord.py calls this until it succeeds."""
        if self.is_closed():
            return
        if self._turns:
            await self._turns.wait_until_near(shard_id, CONNECT_AHEAD)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn: at the start, and again after each session that Discord declared invalid."""
        if self._turns:
            await self._turns.wait(shard_id or 0)


def _same_server(one: str, other: str) -> bool:
    first, second = yarl.URL(one), yarl.URL(other)
    return (first.host, first.port) == (second.host, second.port)

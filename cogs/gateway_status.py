"""Which shards of this process are in a session of Discord's gateway."""

from __future__ import annotations

import math
from collections.abc import Collection

from discord.ext import commands

from bot.gateway.client import KinoraBot


class GatewaySessions(commands.Cog):
    """Follows the shards. An open socket is not enough: events come only in a session that began or was resumed."""

    def __init__(self, bot: KinoraBot) -> None:
        self._bot = bot
        self._live: set[int] = set()

    def all_live(self) -> bool:
        """Whether every shard of this process is in a session."""
        expected = self.expected()
        return bool(expected) and self._live.issuperset(expected)

    def live(self) -> int:
        """Return how many shards of this process are in a session."""
        return len(self._live)

    def expected(self) -> Collection[int]:
        """Return the ids of the shards of this process, none before Discord has said how many there are."""
        return self._bot.shard_ids or range(self._bot.shard_count or 0)

    def may_be_in(self, guild_id: int) -> bool:
        """Whether Kinora is on that server; of those whose shard has no session here, nothing is known."""
        shard_id = (guild_id >> 22) % (self._bot.shard_count or 1)
        return shard_id not in self._live or self._bot.get_guild(guild_id) is not None

    def latency(self) -> float:
        """Return the seconds of the slowest shard's latest heartbeat, NaN before the first."""
        known = [latency for _, latency in self._bot.latencies if math.isfinite(latency)]
        return max(known, default=math.nan)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """A session began."""
        self._live.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """A session goes on."""
        self._live.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A session broke off."""
        self._live.discard(shard_id)


async def setup(bot: KinoraBot) -> None:
    """Add the feature to ``bot``."""
    sessions = GatewaySessions(bot)
    health = bot.app.health
    health.gateway = sessions.all_live
    bot.app.jobs.is_in_guild = sessions.may_be_in
    health.meters.watch_shards(sessions.live, lambda: len(sessions.expected()), sessions.latency)
    await bot.add_cog(sessions)

"""This process is connected when each of its own shards is in a session with the gateway."""

from __future__ import annotations

import math
from typing import Any, cast

from cogs.gateway_status import GatewaySessions


class Shards:
    """What discord.py knows of its shards."""

    def __init__(self, count: int | None, ids: list[int] | None = None, latencies: tuple[float, ...] = ()) -> None:
        self.shard_count = count
        self.shard_ids = ids
        self.latencies = list(enumerate(latencies))

    def get_guild(self, guild_id: int) -> None:
        """Kinora is on none."""


def sessions(count: int | None, ids: list[int] | None = None, *latencies: float) -> GatewaySessions:
    return GatewaySessions(cast(Any, Shards(count, ids, latencies)))


async def test_process_is_not_connected_before_discord_said_how_many_shards_there_are() -> None:
    assert not sessions(None).all_live()


async def test_process_is_connected_once_its_last_shard_is() -> None:
    both = sessions(2)
    await both.on_shard_connect(0)
    assert not both.all_live()
    await both.on_shard_connect(1)
    assert both.all_live()


async def test_one_shard_that_broke_off_is_enough_until_it_goes_on() -> None:
    both = sessions(2)
    for shard_id in (0, 1):
        await both.on_shard_connect(shard_id)
    await both.on_shard_disconnect(1)
    assert (both.all_live(), both.live()) == (False, 1)
    await both.on_shard_resumed(1)
    assert (both.all_live(), both.live()) == (True, 2)


async def test_shards_of_other_processes_do_not_matter() -> None:
    own = sessions(4, [1, 3])
    await own.on_shard_connect(1)
    await own.on_shard_connect(3)
    assert own.all_live()
    assert len(own.expected()) == 2


async def test_a_server_is_known_to_be_left_only_while_its_shard_is_in_a_session_here() -> None:
    both = sessions(2)
    on_first, on_second = 2 << 22, 3 << 22
    assert both.may_be_in(on_first)
    await both.on_shard_connect(0)
    assert not both.may_be_in(on_first)
    assert both.may_be_in(on_second)


def test_latency_is_that_of_the_slowest_shard_that_has_one() -> None:
    assert sessions(3, None, 0.1, 0.4, math.inf).latency() == 0.4
    assert math.isnan(sessions(1, None, math.inf).latency())

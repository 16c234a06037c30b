"""Notes remember the last text put under each name."""

from __future__ import annotations

import asyncio

from bot.storage import KeyValueStore


async def test_name_without_a_note_holds_none(key_values: KeyValueStore) -> None:
    assert await key_values.get("nothing") is None


async def test_last_text_put_under_a_name_is_what_it_holds(key_values: KeyValueStore) -> None:
    await key_values.put("a", "1")
    await key_values.put("b", "")
    await key_values.put("a", "zwei ü 🎬\n")
    assert (await key_values.get("a"), await key_values.get("b")) == ("zwei ü 🎬\n", "")


async def test_many_may_put_at_once(key_values: KeyValueStore) -> None:
    await asyncio.gather(*(key_values.put("a", str(n)) for n in range(30)))
    assert await key_values.get("a") in {str(n) for n in range(30)}

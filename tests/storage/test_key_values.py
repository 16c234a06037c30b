"""Notes remember the last text put under each name."""

from __future__ import annotations

import asyncio

from bot.storage import KeyValueStore


async def test_name_without_a_note_holds_none(notes: KeyValueStore) -> None:
    assert await notes.get("nothing") is None


async def test_last_text_put_under_a_name_is_what_it_holds(notes: KeyValueStore) -> None:
    await notes.put("a", "1")
    await notes.put("b", "")
    await notes.put("a", "zwei ü 🎬\n")
    assert (await notes.get("a"), await notes.get("b")) == ("zwei ü 🎬\n", "")


async def test_many_may_put_at_once(notes: KeyValueStore) -> None:
    await asyncio.gather(*(notes.put("a", str(n)) for n in range(30)))
    assert await notes.get("a") in {str(n) for n in range(30)}

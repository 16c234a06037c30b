"""What was added a short while ago is remembered for that while and no longer."""

from __future__ import annotations

from bot.concurrency.expiring_set import ExpiringSet


def test_a_name_is_known_until_its_time_is_over() -> None:
    now = 100.0
    recent = ExpiringSet(5, clock=lambda: now)
    recent.add("one")
    assert "one" in recent
    now = 105.0
    assert "one" not in recent

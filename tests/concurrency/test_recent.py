"""What came up a short while ago is remembered for that while and no longer."""

from __future__ import annotations

import pytest

from bot.concurrency.recent import ExpiringSet


def test_a_name_is_known_until_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("bot.concurrency.recent.time.monotonic", lambda: now)
    lately = ExpiringSet(5)
    lately.add("one")
    assert "one" in lately
    now = 105.0
    assert "one" not in lately

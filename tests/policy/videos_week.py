"""A limit kind that Kinora does not have, with a window that it does not have: for tests that add one line of data."""

from __future__ import annotations

from datetime import timedelta

from bot.policy import limit_kinds
from bot.policy.limit_kinds import LimitKind, Unit, Window

WEEK = Window("week", "%G-W%V", 7, lambda day: day + timedelta(days=7 - day.weekday()), kept=timedelta(days=80))
VIDEOS_WEEK = LimitKind("videos_week", Unit.VIDEOS, WEEK, 1_000_000)
WITH_VIDEOS_WEEK = (*limit_kinds.KINDS, VIDEOS_WEEK)

"""Gives one more limit kind to a bot that is started with this folder on its path; Python imports it by its name."""

from __future__ import annotations

from bot.policy import limit_kinds
from tests.policy.videos_week import WITH_VIDEOS_WEEK

limit_kinds.KINDS = WITH_VIDEOS_WEEK

"""The limit kinds by their names, for tests."""

from __future__ import annotations

from bot.policy.limit_kinds import KINDS

VIDEOS_DAY, VIDEOS_MONTH, AT_ONCE, COOLDOWN, MONEY_DAY, MONEY_MONTH = KINDS

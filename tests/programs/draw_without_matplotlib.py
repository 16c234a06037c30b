"""Draws a chart where matplotlib is not installed; fails unless that can be known beforehand, and then fails itself."""

from __future__ import annotations

import sys

from bot.reports.chart import available, draw_usage
from bot.texts.chart import chart_words
from tests.reports.test_chart import busy

sys.modules["matplotlib"] = None  # type: ignore[assignment]  # what makes an import fail
assert not available()
try:
    draw_usage(busy(7), chart_words)
except ImportError:
    sys.exit(0)
sys.exit("there was a drawing")

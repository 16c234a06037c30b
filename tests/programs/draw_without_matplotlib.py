"""Draws a chart where matplotlib is not installed; fails unless that can be known beforehand, and then fails itself."""

from __future__ import annotations

import sys

from bot.installation.extras import Extra
from bot.reports.chart import draw_usage
from bot.texts.chart import chart_words
from tests.reports.test_chart import busy

sys.modules["matplotlib"] = None  # type: ignore[assignment]  # what makes an import fail
assert not Extra.CHARTS.is_installed
try:
    draw_usage(busy(7), chart_words)
except ImportError:
    sys.exit(0)
sys.exit("there was a drawing")

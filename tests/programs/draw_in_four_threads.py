"""Draws a chart in four threads at once; fails unless that alone imports matplotlib, and never pyplot."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import bot.reports.chart
from bot.texts.chart import chart_words
from tests.reports.test_chart import busy

assert "matplotlib" not in sys.modules
with ThreadPoolExecutor(4) as threads:
    pictures = set(threads.map(bot.reports.chart.draw_usage, [busy(30)] * 4, [chart_words] * 4))
assert len(pictures) == 1
assert "matplotlib" in sys.modules
assert "matplotlib.pyplot" not in sys.modules

"""Models as choices."""

from __future__ import annotations

from bot.models import VideoModel
from bot.texts.starting import model_choice


def test_of_a_long_label_the_price_stays() -> None:
    choice = model_choice(VideoModel("s", "x" * 300, 150_000))
    assert len(choice) == 100
    assert choice.endswith("x… · 0.15 per video")

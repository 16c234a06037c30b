"""Models as choices, and how many pictures they take."""

from __future__ import annotations

from bot.models import VideoModel
from bot.texts.starting import model_choice, too_many_pictures


def test_a_choice_is_the_label_with_the_price_if_there_is_one() -> None:
    assert model_choice(VideoModel("s", "Sora 2", 150_000)) == "Sora 2 · 0.15"
    assert model_choice(VideoModel("s", "Sora 2")) == "Sora 2"


def test_of_a_long_label_the_price_stays() -> None:
    choice = model_choice(VideoModel("s", "x" * 300, 150_000))
    assert len(choice) == 100
    assert choice.endswith("x · 0.15")


def test_the_number_of_pictures_is_named() -> None:
    assert "takes one picture only" in too_many_pictures(VideoModel("s", "Sora"))
    assert "takes 2 pictures at most" in too_many_pictures(VideoModel("s", "Sora", max_images=2))

"""What ``/help`` tells: the limits in force for whoever asks, the models with their price, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.models import VideoModel
from bot.policy.limit_kinds import DAY, MONTH, Unit, kinds
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.policy import Allowance, Policy
from bot.texts.help import help_view
from bot.texts.policy import KnownServer
from bot.texts.view import Tone

MODELS = (VideoModel("s", "Sora 2", 150_000), VideoModel("m", "Many", max_images=3))
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
NOTHING = LimitUsage(Allowance(), {}, NOW)


def shown(policy: Policy = Policy(), own: LimitUsage = NOTHING, models: tuple[VideoModel, ...] = MODELS) -> str:  # noqa: B008
    here = KnownServer(models)
    return "\n".join(help_view(policy, here, own, NOTHING, models, ()).paragraphs)


def test_the_own_limits_stand_beside_what_is_used_of_them() -> None:
    used = {DAY: CounterValue(2, 300_000), MONTH: CounterValue(9, 1_350_000)}
    own = LimitUsage(Allowance(videos_day=5), used, NOW)
    assert "**You**: 5 videos a day (today 2 videos · 0.30, this month 9 videos · 1.35)" in shown(own=own)


def test_models_come_with_price_and_pictures_where_they_have_them() -> None:
    assert "- Sora 2 · 0.15 a video\n- Many · up to 3 pictures" in shown()


def test_each_review_and_each_way_on_is_named() -> None:
    text = shown()
    for words in ("**The picture**", "**The prompt**", "**The finished video**", "`/video`", "`/quota`", "`/privacy"):
        assert words in text


def test_what_stands_in_the_way_comes_before_the_limits_and_colours_the_reply() -> None:
    view = help_view(Policy(), KnownServer(), NOTHING, NOTHING, MODELS, ["⚠️ blocked"])
    assert view.paragraphs[2] == "⚠️ blocked"
    assert view.tone is Tone.REFUSED


def test_a_server_that_allows_no_model_is_told_so() -> None:
    assert "none of those that are offered" in shown(models=())


def test_the_longest_help_fits_into_one_message() -> None:
    many = frozenset(range(10**18, 10**18 + 500))
    most = Allowance(**{kind.name: 10**15 if kind.unit is Unit.MONEY else 10**9 for kind in kinds()})
    policy = replace(
        Policy(server=most, member=most, refusals_count=True, refusals_public=True, log_channel=10**18),
        roles=many,
        channels=many,
        models=frozenset("*" * 50 + str(number) for number in range(50)),
    )
    models = tuple(VideoModel(f"m{number}", "*" * 100, 10**15, 10) for number in range(60))
    used = dict.fromkeys((DAY, MONTH), CounterValue(10**9, 10**15))
    share = LimitUsage(most, used, NOW)
    view = help_view(policy, KnownServer(models), share, share, models, ["⚠️ " + "x" * 200])
    assert sum(map(len, view.paragraphs)) < 4000

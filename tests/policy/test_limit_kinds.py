"""What derives from the table of limit kinds follows when it has one more: no other file knows the kinds by name."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from types import ModuleType

import pytest
from prometheus_client import CollectorRegistry

from bot.models import VideoModel
from bot.operations.prometheus import PrometheusMeters
from bot.policy import limit_kinds
from bot.policy.admission import Denial, DenialScope
from bot.policy.limit_kinds import DAY, NOW, LimitKind, kinds, windows
from bot.policy.limit_usage import CounterValue, LimitUsage
from bot.policy.limits import NO_LIMIT
from bot.policy.policy import Allowance, Policy
from bot.storage.engine.tables import counters
from bot.texts.denials import denial_sentence
from bot.texts.help import help_view
from bot.texts.limits import RulesOrigin, changed_view, lift_label, rules_view
from bot.texts.policy import KnownServer, limit_lines
from bot.texts.quota import quota_view
from bot.texts.remaining import member_left
from bot.texts.view import View
from cogs.limits import command
from cogs.limits.edits import limits_in_force, with_numbers, without
from tests.policy.videos_week import VIDEOS_WEEK, WEEK, WITH_VIDEOS_WEEK
from tools.extraction import template

THURSDAY = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
MONDAY = datetime(2027, 1, 4, tzinfo=UTC)
NEXT = f"<t:{int(MONDAY.timestamp())}:R>"
HERE = KnownServer((VideoModel("sora_video2", "Sora 2", 150_000),))
USED = {DAY: CounterValue(1, 150_000), WEEK: CounterValue(3, 450_000)}


@pytest.fixture
def videos_week(monkeypatch: pytest.MonkeyPatch) -> LimitKind:
    """One more kind, in the table alone."""
    monkeypatch.setattr(limit_kinds, "KINDS", WITH_VIDEOS_WEEK)
    return VIDEOS_WEEK


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def usage(**limits: int) -> LimitUsage:
    return LimitUsage(Allowance(**limits), USED, THURSDAY)


def check_table() -> None:
    assert len({kind.name for kind in kinds()}) == len({(kind.unit, kind.window) for kind in kinds()}) == len(kinds())
    assert all(0 < kind.largest < NO_LIMIT for kind in kinds())
    lengths = [len(window.key(THURSDAY)) for window in windows()]
    assert len(set(lengths)) == len(lengths)
    assert max(lengths) <= counters.c.period.type.length  # type: ignore[attr-defined]


def test_names_units_and_keys_of_the_table_tell_the_kinds_apart() -> None:
    check_table()


def test_names_units_and_keys_of_the_table_with_one_more_tell_the_kinds_apart(videos_week: LimitKind) -> None:
    check_table()
    assert [window.name for window in windows()] == ["now", "day", "week", "month"]


def test_a_window_is_a_piece_of_data(videos_week: LimitKind) -> None:
    assert (WEEK.key(THURSDAY), WEEK.resets_at(THURSDAY), WEEK.key(MONDAY)) == ("2026-W53", MONDAY, "2027-W01")


def commands() -> ModuleType:
    """Return the commands as a Kinora has them that starts with the table of this moment."""
    spec = importlib.util.spec_from_file_location("limits_command", command.__file__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["server", "member", "role"])
def test_a_new_kind_is_offered_as_an_option_of_each_command(videos_week: LimitKind, name: str) -> None:
    (found,) = (each for each in commands().Limits.__cog_app_commands__ if each.name == name)
    (option,) = (option for option in found.parameters if option.name == "videos_week")
    assert (option.description, option.required) == ("Videos per week (UTC); 0 for none", False)
    assert (option.min_value, option.max_value) == (0, 1_000_000)


def test_the_words_of_a_new_kind_are_asked_of_translators(videos_week: LimitKind) -> None:
    template.cache_clear()
    messages = {message.id for message in template()}
    template.cache_clear()
    assert {"videos a week", ("{count} video a week", "{count} videos a week"), "This week"} <= messages
    assert "money a week" not in messages


def test_a_new_kind_is_stored_and_read_again_and_forgotten_by_a_kinora_without_it(
    videos_week: LimitKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = Policy(member=Allowance(videos_week=3, at_once=1), by_role={7: Allowance(videos_week=9)})
    stored = policy.to_json()
    assert '"videos_week": 3' in stored
    assert Policy.from_json(stored) == policy
    assert policy.allowance([7])[videos_week] == 9
    monkeypatch.undo()
    assert Policy.from_json(stored).member == Allowance(at_once=1)


def test_a_new_kind_is_set_and_lifted(videos_week: LimitKind) -> None:
    policy = with_numbers(Policy(), "member", {"videos_week": 3})
    assert limits_in_force(policy) == ["member.videos_week"]
    assert lift_label("member.videos_week", policy, str) == "Each member: 3 videos a week"
    assert without(policy, "member.videos_week") == Policy()


@pytest.mark.parametrize(
    ("denial", "sentences"),
    [
        (Denial(VIDEOS_WEEK, DenialScope.MEMBER, 1, MONDAY), "You have reached this week's limit of 1 video."),
        (
            Denial(VIDEOS_WEEK, DenialScope.SERVER, 30, MONDAY),
            "This server has reached this week's limit of 30 videos.",
        ),
    ],
)
def test_a_new_kind_is_denied_in_whole_sentences(videos_week: LimitKind, denial: Denial, sentences: str) -> None:
    when = f"You can ask again {NEXT} (<t:{int(MONDAY.timestamp())}:f>)."
    assert denial_sentence(denial) == f"{sentences} {when} This didn't use up a video."


def test_none_of_a_new_kind_switches_videos_off(videos_week: LimitKind) -> None:
    assert denial_sentence(Denial(videos_week, DenialScope.SERVER, 0, MONDAY)).startswith(
        "Videos are switched off on this server"
    )


def test_a_new_kind_is_part_of_the_rules_and_of_what_is_used_of_them(videos_week: LimitKind) -> None:
    policy = Policy(server=Allowance(videos_week=30), by_role={7: Allowance(videos_day=4)})
    page = shown(rules_view(policy, HERE, USED, THURSDAY, origin=RulesOrigin.OWN))
    assert "**Everyone together**: 30 videos a week\n" in page
    assert " · 0 videos in progress · 3 of 30 videos, 0.45 spent this week" in page
    assert f"\n-# The next week begins {NEXT}." in page
    assert limit_lines(Policy(member=Allowance(videos_week=3), by_role=policy.by_role), HERE)[2].endswith(
        "4 videos a day; otherwise as for each member"
    )


def test_a_change_of_a_new_kind_is_told_with_its_warnings(videos_week: LimitKind) -> None:
    after = Policy(server=Allowance(videos_week=5), member=Allowance(videos_day=9, videos_week=8, videos_month=7))
    page = shown(changed_view(Policy(member=Allowance(videos_week=2)), after, HERE))
    assert "**Each member, videos a week**: 2 → 8\n" in page
    assert "Each member: 8 videos a week, but everyone together only 5 videos a week." in page
    assert "Each member: 9 videos a day is more than 8 videos a week." in page
    assert "Each member: 8 videos a week is more than 7 videos a month." in page
    none = shown(changed_view(Policy(), Policy(member=Allowance(videos_week=0)), HERE))
    assert "No one can make videos: the limit per member is 0." in none


def test_members_and_moderators_read_what_is_left_of_a_new_kind(videos_week: LimitKind) -> None:
    own = usage(videos_week=5)
    quota = shown(quota_view(own, usage(videos_week=30), (), ()))
    assert f"**This week**: 3 of 5 videos, **2 left** · 0.45 spent · resets {NEXT}\n" in quota
    assert "everyone together**\n**This week**: 3 of 30 videos, **27 left**" in quota
    assert member_left(own).splitlines()[1] == f"This week: 2 of 5 videos, resets {NEXT}"
    page = shown(help_view(Policy(), HERE, own, usage(), HERE.models, (), {}))
    assert "**You**: 5 videos a week (1 video · 0.15 today, 0 videos this month, 3 videos · 0.45 this week)" in page


def test_without_a_limit_a_new_window_is_not_named_in_quota(videos_week: LimitKind) -> None:
    assert "week" not in shown(quota_view(usage(videos_day=5), usage(), (), ()))


def test_denials_of_a_new_kind_are_counted_from_the_start(videos_week: LimitKind) -> None:
    registry = CollectorRegistry()
    PrometheusMeters(registry, ["sora_video2"], [], "1").denied(str(videos_week))
    assert registry.get_sample_value("kinora_requests_denied_total", {"reason": "videos_week"}) == 1
    assert registry.get_sample_value("kinora_requests_denied_total", {"reason": "videos_day"}) == 0


def test_a_limit_of_no_kind_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="videos_week"):
        Allowance(videos_week=3)
    assert NOW.resets_at(THURSDAY) is None

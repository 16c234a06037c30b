"""What managers read of their rules: every part of them in words, every change, and what makes no sense about them."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import VideoModel
from bot.policy.limit_kinds import DAY, MONTH
from bot.policy.limit_kinds import NOW as OPEN
from bot.policy.limit_usage import CounterValue
from bot.policy.policy import Allowance, Policy, PolicyChange, differences
from bot.texts.limits import (
    ROOM,
    RulesOrigin,
    access_view,
    change_note,
    changed_view,
    changes_view,
    lift_label,
    manner_view,
    rules_view,
    unset_view,
)
from bot.texts.policy import (
    KnownServer,
    allowance_words,
    limit_lines,
    policy_lines,
)
from bot.texts.policy_changes import change_line
from bot.texts.view import Tone, View

NOW = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
SORA, PRO = VideoModel("sora_video2", "Sora 2", 150_000), VideoModel("sora_pro", "Sora *Pro*", 900_000)
HERE = KnownServer((SORA, PRO), roles=frozenset({7, 8}), channels=frozenset({70, 80}))
FULL = Policy(
    server=Allowance(videos_day=100, money_month=20_000_000),
    member=Allowance(videos_day=5, at_once=1, cooldown=60),
    by_role={7: Allowance(videos_day=20)},
    channels=frozenset({70}),
    roles=frozenset({7, 8}),
    models=frozenset({"sora_video2"}),
    refusals_count=True,
    refusals_public=True,
    pause_after=0,
    log_channel=80,
    prompt_days=1,
)


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


@pytest.mark.parametrize(
    ("allowance", "words"),
    [
        (Allowance(), "no limit"),
        (Allowance(unlimited=True), "no limit"),
        (Allowance(videos_day=1, videos_month=30), "1 video a day, 30 videos a month"),
        (Allowance(at_once=2, cooldown=90), "2 at a time, 1 min 30 s between two"),
        (Allowance(cooldown=7200), "2 h between two"),
        (Allowance(cooldown=0), "no wait between two"),
        (Allowance(money_day=1_005_000, money_month=0), "costs of 1.005 a day, costs of 0.00 a month"),
        (Allowance(videos_day=0, at_once=0), "no videos at all"),
    ],
)
def test_an_allowance_is_said_in_one_line(allowance: Allowance, words: str) -> None:
    assert allowance_words(allowance) == words


def test_the_rules_kinora_comes_with_are_explained_without_gaps() -> None:
    assert policy_lines(Policy(), HERE) == [
        "**Each member**: no limit",
        "**Everybody together**: no limit",
        "**Where**: everywhere",
        "**Who**: everybody",
        "**Models**: all",
        "**A refused request** does not count",
        "**The reason of a refusal** goes to the member alone",
        "**Pause**: a member pauses for an hour after 3 refused prompts within 24 hours",
        "**Prompts and links to videos** are forgotten after 30 days",
        "**Log**: none",
    ]


def test_every_rule_that_was_set_is_said() -> None:
    assert policy_lines(FULL, HERE) == [
        "**Each member**: 5 videos a day, 1 at a time, 1 min between two",
        "**Everybody together**: 100 videos a day, costs of 20.00 a month",
        "**Members with <@&7>**: 20 videos a day; the rest as each member",
        "**Where**: only in <#70>",
        "**Who**: only members with <@&7> or <@&8>",
        "**Models**: only “Sora 2”",
        "**A refused request** counts as a video",
        "**The reason of a refusal** goes into the channel, for all to read",
        "**Pause**: never, however many prompts are refused",
        "**Prompts and links to videos** are forgotten after 1 day",
        "**Log**: <#80>",
    ]


def test_a_freed_role_is_still_bound_by_the_limits_of_all() -> None:
    freed = Policy(by_role={7: Allowance(unlimited=True)})

    assert limit_lines(freed, HERE)[2] == "**Members with <@&7>**: no limit"
    assert limit_lines(replace(freed, server=Allowance(at_once=3)), HERE)[2].endswith(
        "no limit but that of everybody together"
    )


def test_what_is_gone_is_called_so_and_what_is_not_known_is_taken_for_there() -> None:
    gone = Policy(
        by_role={9: Allowance(videos_day=1)}, channels=frozenset({90, 91}), roles=frozenset({9}), log_channel=90
    )
    text = "\n".join(policy_lines(gone, HERE))

    assert "Members with a role that is no more" in text
    assert "only in a channel that is no more\n" in text
    assert "<@&9>" not in text
    assert "<#90>" not in text
    assert "<@&9>" in "\n".join(policy_lines(gone, KnownServer()))


def test_model_labels_are_shown_without_force_and_former_models_by_their_name() -> None:
    text = "\n".join(policy_lines(Policy(models=frozenset({"sora_pro", "old_*one*"})), HERE))
    assert r"only “old\_\*one\*” (no longer offered) and “Sora \*Pro\*”" in text


def test_of_very_many_names_some_are_counted() -> None:
    here = KnownServer()
    many = Policy(
        channels=frozenset(range(1, 26)),
        roles=frozenset({1}),
        by_role={role: Allowance(videos_day=role) for role in range(1, 31)},
    )
    text = "\n".join(policy_lines(many, here))

    assert "<#9>, <#10> and 15 more" in text
    assert "… and 15 more roles with limits of their own" in text


def test_the_page_tells_what_is_used_up_when_days_begin_and_whose_rules_they_are() -> None:
    used = {DAY: CounterValue(3, 450_000), MONTH: CounterValue(12, 3_600_000), OPEN: CounterValue(1, 150_000)}
    text = shown(rules_view(FULL, HERE, used, NOW, origin=RulesOrigin.OWN))
    midnight = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())

    assert "today 3 of 100 videos, costs 0.45 · this month 12 videos, costs 3.60 of 20.00 · under way 1 video" in text
    assert f"00:00 UTC, <t:{midnight}:t> where you are: the next day <t:{midnight}:R>" in text
    assert "this server's own" in text
    assert "/limits lift" in text


@pytest.mark.parametrize(
    ("origin", "words"), [(RulesOrigin.OPERATOR, "hosts Kinora set"), (RulesOrigin.KINORA, "comes with")]
)
def test_rules_that_nobody_set_here_are_said_to_be_somebody_elses(origin: RulesOrigin, words: str) -> None:
    assert words in shown(rules_view(Policy(), HERE, {}, NOW, origin=origin))


def test_a_server_that_the_operator_denies_reads_so_first() -> None:
    view = rules_view(Policy(), HERE, {}, NOW, origin=RulesOrigin.OWN, allowed=False)
    assert "does not offer it to this server" in view.paragraphs[1]


@pytest.mark.parametrize("field", [f.name for f in fields(Policy)])
def test_a_change_of_any_rule_is_told_in_words(field: str) -> None:
    after = replace(Policy(), **{field: getattr(FULL, field)})
    lines = [change_line(*difference, HERE) for difference in differences(Policy(), after)]

    assert lines
    assert all(" → " in line and "_" not in line for line in lines)


def test_a_change_shows_before_and_after_and_the_rule_that_results_and_nothing_else() -> None:
    before = Policy(member=Allowance(videos_day=5))
    view = changed_view(before, replace(before, member=Allowance(videos_day=8, cooldown=0)), HERE)

    assert "**Each member, videos a day**: 5 → 8\n**Each member, time between two**: no limit → none" in shown(view)
    assert "**Each member**: 8 videos a day" in shown(view)
    assert "**Where**" not in shown(view)
    assert view.tone is Tone.GOOD
    assert "Nothing changed" in shown(changed_view(before, before, HERE))


def test_the_record_reads_like_the_change_did_and_leaves_out_what_says_nothing() -> None:
    at = NOW - timedelta(hours=1)
    record = [
        PolicyChange(at, 42, "by_role.7.videos_day", "null", "20"),
        PolicyChange(at, 42, "by_role.7.unlimited", "null", "false"),
        PolicyChange(at, 42, "channels", "[]", "[70]"),
        PolicyChange(at, 42, "member.dreams_day", "null", "3"),
        PolicyChange(at, 42, "team.5.videos_day", "null", "3"),
    ]
    when = int(at.timestamp())

    assert changes_view(record, HERE).paragraphs[1].splitlines() == [
        f"<t:{when}:R> <@42> **Members with <@&7>, videos a day**: as each member → 20",
        f"<t:{when}:R> <@42> **Where**: everywhere → only in <#70>",
        f"<t:{when}:R> <@42> **member.dreams\\_day**: null → 3",
        f"<t:{when}:R> <@42> **team.5.videos\\_day**: null → 3",
    ]
    assert "Nothing was changed" in shown(changes_view([], HERE))


def test_the_record_has_twenty_lines_at_most_and_fits_into_a_message() -> None:
    ids = [10**18 + number for number in range(25)]
    long = PolicyChange(NOW, 10**18, "channels", json.dumps(ids), json.dumps(ids[:-1]))
    short = PolicyChange(NOW, 1, "prompt_days", "30", "7")

    assert len(changes_view([short] * 40, KnownServer()).paragraphs[1].splitlines()) == 20
    assert len(shown(changes_view([long] * 40, KnownServer()))) <= ROOM + 100


def test_the_line_for_the_log_names_who_and_is_empty_where_nothing_changed() -> None:
    note = change_note(42, Policy(), Policy(prompt_days=7), HERE)

    assert note.startswith("📏 <@42> changed the rules.\n**Prompts")
    assert change_note(42, Policy(), Policy(), HERE) == ""


@pytest.mark.parametrize(
    ("policy", "warning"),
    [
        (Policy(server=Allowance(videos_day=0)), "Nobody can make videos: everybody together may make none."),
        (Policy(member=Allowance(at_once=0)), "Nobody can make videos: each member may make none."),
        (
            Policy(member=Allowance(videos_day=0), by_role={7: Allowance(videos_day=1), 8: Allowance(cooldown=0)}),
            "Nobody can make videos, except members with <@&7>: each member may make none.",
        ),
        (Policy(by_role={7: Allowance(videos_month=0)}), "Members with <@&7> can make no videos."),
        (
            Policy(server=Allowance(videos_day=20), member=Allowance(videos_day=50)),
            "Each member: 50 videos a day, but everybody together only 20 videos a day.",
        ),
        (
            Policy(server=Allowance(at_once=2), by_role={7: Allowance(at_once=3)}),
            "Members with <@&7>: 3 at a time, but everybody together only 2 at a time.",
        ),
        (
            Policy(member=Allowance(videos_day=50, videos_month=20)),
            "Each member: 50 videos a day is more than 20 videos a month.",
        ),
        (
            Policy(member=Allowance(money_day=100_000)),
            "Each member: costs of 0.10 a day are less than any video costs: none can be made.",
        ),
        (
            Policy(server=Allowance(money_day=500_000), models=frozenset({"sora_pro"})),
            "Everybody together: costs of 0.50 a day are less than any video costs: none can be made.",
        ),
        (Policy(channels=frozenset({99})), "Nobody can make videos: the channels chosen for it are no more."),
        (Policy(roles=frozenset({99})), "Nobody can make videos: the roles chosen for it are no more."),
        (Policy(models=frozenset({"old"})), "Nobody can make videos: none of the models chosen is offered any more."),
        (Policy(log_channel=99), "The log channel is no more."),
        (
            Policy(roles=frozenset({8}), by_role={7: Allowance(videos_day=9)}),
            "Members with <@&7> have limits of their own, but that role alone does not let them use me",
        ),
    ],
)
def test_rules_that_make_no_sense_are_told_with_the_change_and_on_the_page(policy: Policy, warning: str) -> None:
    changed = changed_view(Policy(), policy, HERE)

    assert f"⚠️ {warning}" in shown(changed)
    assert changed.tone is Tone.REFUSED
    assert warning in shown(rules_view(policy, HERE, {}, NOW, origin=RulesOrigin.OWN))


def test_a_limit_of_costs_without_any_price_is_told_with_who_sets_prices() -> None:
    free = KnownServer((VideoModel("sora_video2", "Sora 2"),))
    view = changed_view(Policy(), Policy(member=Allowance(money_day=2_000_000)), free)

    assert "No model has a price, so limits of costs never take effect" in shown(view)
    assert "(Each member: costs of 2.00 a day)" in shown(view)
    assert "`VIDEO_MODELS`" in shown(view)


def test_channels_of_which_kinora_sees_none_are_told_and_of_which_it_sees_one_are_not() -> None:
    here = replace(HERE, sees=lambda channel: channel == 80)

    assert "I can see none of these" in shown(access_view("channels", Policy(channels=frozenset({70})), here))
    assert "I can see none" not in shown(access_view("channels", Policy(channels=frozenset({70, 80})), here))


def test_sensible_rules_bring_no_warning() -> None:
    view = changed_view(Policy(), FULL, HERE)
    assert "⚠️" not in shown(view)


def test_an_old_warning_is_not_repeated_under_a_change_of_something_else() -> None:
    before = Policy(member=Allowance(videos_day=0))
    assert "⚠️" not in shown(changed_view(before, replace(before, prompt_days=7), HERE))


def test_a_command_without_options_says_what_is_set_and_that_nothing_changed() -> None:
    assert "**Members with <@&8>**: as each member" in shown(unset_view("by_role.8", FULL, HERE))
    for view in (unset_view("member", FULL, HERE), manner_view(FULL, HERE)):
        assert "Nothing was changed." in shown(view)


def test_above_a_select_stands_what_it_changed_and_what_choosing_nothing_means() -> None:
    text = shown(access_view("roles", Policy(), HERE, before=Policy(roles=frozenset({7}))))
    many = KnownServer(tuple(VideoModel(f"m{number}", f"m{number}") for number in range(30)))

    assert "✅ **Who**: only members with <@&7> → everybody" in text
    assert "With nothing chosen, everybody may." in text
    assert "first 25 of 30 models" in shown(access_view("models", Policy(), many))


def test_choices_of_limits_to_lift_hold_no_markup() -> None:
    labels = [
        lift_label(key, FULL, lambda role: f"@role {role}")
        for key in ("member.cooldown", "server.money_month", "by_role.7", "by_role.7.videos_day")
    ]
    assert labels == [
        "Each member: 1 min between two",
        "Everybody together: costs of 20.00 a month",
        "@role 7: all of its own (20 videos a day)",
        "@role 7: 20 videos a day",
    ]

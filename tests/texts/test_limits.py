"""What managers read of their rules: every part of them in words, every change, and what makes no sense about them."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.policy.policy import Allowance, Policy, PolicyChange, differences
from bot.texts.limits import (
    ROOM,
    RulesOrigin,
    access_view,
    change_note,
    changed_view,
    changes_view,
    lift_label,
    rules_view,
)
from bot.texts.policy import KnownServer, policy_lines
from bot.texts.policy_changes import change_line
from bot.texts.policy_warnings import warnings
from bot.texts.view import Tone, View
from tests.texts.cases.facts import FORMER, FULL, GONE, HERE, PRO
from tests.texts.cases.policy_warnings import POLICIES

NOW = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)


def shown(view: View) -> str:
    return "\n".join(view.paragraphs)


def test_what_is_gone_is_not_mentioned_and_what_is_not_known_is_taken_for_there() -> None:
    mentions = ("<@&9>", "<#90>", "<#91>")

    assert not any(mention in "\n".join(policy_lines(GONE, HERE)) for mention in mentions)
    assert all(mention in "\n".join(policy_lines(GONE, KnownServer())) for mention in mentions)


def test_model_labels_are_shown_without_force_and_former_models_by_their_name() -> None:
    text = "\n".join(policy_lines(Policy(models=frozenset({PRO.name, FORMER})), HERE))
    assert r"only “Sora \*Pro\*” and “sora\_\*1\*” (no longer offered)" in text


def test_a_server_that_the_operator_denies_reads_so_first() -> None:
    view = rules_view(Policy(), HERE, {}, NOW, origin=RulesOrigin.OWN, allowed=False)
    assert "doesn't offer videos on this server" in view.paragraphs[1]


@pytest.mark.parametrize("field", [f.name for f in fields(Policy)])
def test_a_change_of_any_rule_is_told_in_words(field: str) -> None:
    after = replace(Policy(), **{field: getattr(FULL, field)})
    lines = [change_line(*difference, HERE) for difference in differences(Policy(), after)]

    assert lines
    assert all(" → " in line and "_" not in line for line in lines)


def test_a_change_shows_the_rule_that_results_and_no_other() -> None:
    before = Policy(member=Allowance(videos_day=5))
    view = changed_view(before, replace(before, member=Allowance(videos_day=8, cooldown=0)), HERE)

    assert "**Each member**: 8 videos a day" in shown(view)
    assert "**Where**" not in shown(view)
    assert view.tone is Tone.GOOD


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
        f"<t:{when}:R> <@42> **Members with <@&7>, videos a day**: same as for each member → 20",
        f"<t:{when}:R> <@42> **Where**: everywhere → only in <#70>",
        f"<t:{when}:R> <@42> **member.dreams\\_day**: null → 3",
        f"<t:{when}:R> <@42> **team.5.videos\\_day**: null → 3",
    ]


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


@pytest.mark.parametrize("rules", POLICIES)
def test_rules_that_make_no_sense_are_told_with_the_change_and_on_the_page(rules: str) -> None:
    policy = POLICIES[rules]
    changed, said = changed_view(Policy(), policy, HERE), [f"⚠️ {warning}" for warning in warnings(policy, HERE)]

    assert bool(said) is (rules != "sensible")
    for view in (changed, rules_view(policy, HERE, {}, NOW, origin=RulesOrigin.OWN)):
        assert [line for line in shown(view).splitlines() if line.startswith("⚠️")] == said
    assert changed.tone is (Tone.REFUSED if said else Tone.GOOD)


def test_channels_of_which_kinora_sees_none_are_told_and_of_which_it_sees_one_are_not() -> None:
    here = replace(HERE, sees=lambda channel: channel == 80)

    assert "can't see these" in shown(access_view("channels", Policy(channels=frozenset({70})), here))
    assert "can't see" not in shown(access_view("channels", Policy(channels=frozenset({70, 80})), here))


def test_an_old_warning_is_not_repeated_under_a_change_of_something_else() -> None:
    before = Policy(member=Allowance(videos_day=0))
    assert "⚠️" not in shown(changed_view(before, replace(before, prompt_days=7), HERE))


@pytest.mark.parametrize("key", ["member.cooldown", "server.money_month", "by_role.7", "by_role.7.videos_day"])
def test_a_choice_of_a_limit_to_lift_holds_no_markup(key: str) -> None:
    assert not set("*<`") & set(lift_label(key, FULL, lambda role: f"@role {role}"))

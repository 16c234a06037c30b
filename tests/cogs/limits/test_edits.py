"""Setting and lifting limits: only what was named changes, and what people type for money is exact."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.policy.limit_kinds import kinds
from bot.policy.limits import NO_LIMIT
from bot.policy.policy import Allowance, Policy
from cogs.limits.edits import limits_in_force, with_numbers, with_unlimited, without
from cogs.limits.options import parse_money
from tests.policy.kinds import MONEY_DAY

SET = Policy(
    member=Allowance(videos_day=5, cooldown=60),
    server=Allowance(money_month=7),
    by_role={9: Allowance(videos_day=20, at_once=2)},
)


def test_setting_one_limit_leaves_the_others() -> None:
    after = with_numbers(SET, "member", {"videos_day": 8})

    assert after.member == Allowance(videos_day=8, cooldown=60)
    assert (after.server, after.by_role) == (SET.server, SET.by_role)
    assert with_numbers(SET, "by_role.9", {"at_once": 3}).by_role == {9: Allowance(videos_day=20, at_once=3)}


def test_a_time_between_two_of_nothing_is_no_limit_for_members_and_a_privilege_for_a_role() -> None:
    assert with_numbers(SET, "member", {"cooldown": 0}).member == Allowance(videos_day=5)
    assert with_numbers(SET, "by_role.9", {"cooldown": 0}).by_role[9] == Allowance(videos_day=20, at_once=2, cooldown=0)


def test_numbers_end_the_freedom_of_a_role_and_freedom_ends_its_numbers() -> None:
    freed = with_unlimited(SET, 9, True)

    assert freed.by_role == {9: Allowance(unlimited=True)}
    assert with_numbers(freed, "by_role.9", {"videos_day": 4}).by_role == {9: Allowance(videos_day=4)}
    assert with_unlimited(freed, 9, False).by_role == {}


def test_every_limit_in_force_can_be_lifted_until_none_is_left() -> None:
    policy = SET
    assert limits_in_force(policy) == [
        *("member.videos_day", "member.cooldown", "server.money_month"),
        *("by_role.9", "by_role.9.videos_day", "by_role.9.at_once"),
    ]
    for key in reversed(limits_in_force(policy)):
        if key in limits_in_force(policy):
            policy = without(policy, key)
    assert policy == Policy()


def test_a_roles_whole_allowance_is_lifted_at_once() -> None:
    assert without(SET, "by_role.9").by_role == {}


@pytest.mark.parametrize(
    "key", ["member.videos_month", "by_role.8", "by_role.x", "", "member", "roles", "server.unlimited"]
)
def test_lifting_what_is_not_in_force_is_refused(key: str) -> None:
    with pytest.raises(UserError, match="no such limit"):
        without(SET, key)


@pytest.mark.parametrize(
    ("typed", "millionths"),
    [("12.50", 12_500_000), ("12,5", 12_500_000), (" 0 ", 0), ("0.000001", 1), ("1e3", 10**9), ("1000000000", 10**15)],
)
def test_money_is_read_exactly(typed: str, millionths: int) -> None:
    assert parse_money(typed, MONEY_DAY.largest) == millionths


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        *[(typed, "don't understand") for typed in ("", "a lot", "$5", "1.000,50", "1 000")],
        *[(typed, "between 0 and") for typed in ("-1", "nan", "inf", "sNaN", "1000000000.01", "1e999999999")],
        *[(typed, "comma is ambiguous") for typed in ("1,000", "0,125")],
        *[(typed, "six decimals") for typed in ("0.0000001", "1e-999999")],
    ],
)
def test_what_is_no_amount_is_told_why(typed: str, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        parse_money(typed, MONEY_DAY.largest)


def test_the_largest_amount_fits_into_a_column() -> None:
    assert all(kind.largest < NO_LIMIT for kind in kinds())

"""Rules are read as they were written, and a role's own allowance replaces what it names."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.policy.limit_kinds import kinds
from bot.policy.policy import Allowance, Policy

numbers = st.none() | st.integers(0, 2**60)
allowances = st.builds(Allowance, unlimited=st.booleans(), **{kind.name: numbers for kind in kinds()})
ids = st.integers(1, 2**63 - 1)
policies = st.builds(
    Policy,
    server=allowances,
    member=allowances,
    by_role=st.dictionaries(ids, allowances, max_size=3),
    roles=st.frozensets(ids, max_size=3),
    channels=st.frozensets(ids, max_size=3),
    models=st.frozensets(st.text(max_size=9), max_size=3),
    refusals_count=st.booleans(),
    refusals_public=st.booleans(),
    age_restricted=st.booleans(),
    pause_after=st.integers(0, 100),
    log_channel=st.none() | ids,
    prompt_days=st.integers(0, 3650),
)


@given(policies)
def test_rules_are_read_as_they_were_written(policy: Policy) -> None:
    assert Policy.from_json(policy.to_json()) == policy


def test_rules_of_an_older_or_a_newer_kinora_are_read_as_far_as_they_are_known() -> None:
    old = {"member": {"videos_day": 3}, "roles": [7]}
    assert Policy.from_json(json.dumps(old)) == Policy(member=Allowance(videos_day=3), roles=frozenset({7}))
    new = json.loads(Policy().to_json()) | {"weather": "fair"}
    new["member"]["videos_year"] = 9
    assert Policy.from_json(json.dumps(new)) == Policy()


@given(policies, st.lists(ids, max_size=3))
def test_roles_without_an_allowance_change_nothing(policy: Policy, roles: list[int]) -> None:
    strangers = [role for role in roles if role not in policy.by_role]
    expected = policy.allowance([])
    assert policy.allowance(strangers) == expected


def test_of_several_roles_the_best_of_each_kind_holds() -> None:
    policy = Policy(
        member=Allowance(videos_day=5, at_once=1, cooldown=60),
        by_role={1: Allowance(videos_day=2, cooldown=90), 2: Allowance(videos_day=9, cooldown=10)},
    )
    assert policy.allowance([1]) == Allowance(videos_day=2, at_once=1, cooldown=90)
    assert policy.allowance([1, 2]) == Allowance(videos_day=9, at_once=1, cooldown=10)


def test_unlimited_frees_from_all_limits_for_members() -> None:
    policy = Policy(member=Allowance(videos_day=0), by_role={1: Allowance(unlimited=True), 2: Allowance(videos_day=1)})
    assert policy.allowance([1, 2]) == Allowance(unlimited=True)

"""What is booked follows what was sent, and the page for people says the same as the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from bot.models import Outcome
from bot.policy.charges import ALL, CASES, NOTHING, UNSURE, Booked, Booking, Case, Counted, charge_for

PAGE = Path(__file__).resolve().parents[2] / "docs" / "money.md"
SENT = {True: "yes", False: "no", None: "either"}
COUNTED = {
    Counted.YES: "yes",
    Counted.NO: "no",
    Counted.IF_REFUSALS_COUNT: "if the server counts refusals",
}
CHARGES = {True: ", at a service that charges for them", False: ", at any other", None: ""}


def test_each_ending_has_exactly_one_line_in_the_table() -> None:
    for outcome, sent, refusals_cost in product(Outcome, (True, False), (True, False)):
        lines = [
            case
            for case in CASES
            if outcome in case.outcomes and case.sent in (None, sent) and case.refusals_cost in (None, refusals_cost)
        ]
        assert len(lines) == 1, (outcome, sent, refusals_cost)


def cells(case: Case) -> list[str]:
    """A line of the table as the page has it."""
    outcomes = ", ".join(f"`{outcome}`" for outcome in case.outcomes)
    charge = case.charge
    money = {True: "yes", False: "no"}[charge.member_cost]
    return [outcomes + CHARGES[case.refusals_cost], SENT[case.sent], COUNTED[charge.video], money, charge.cost]


def rows_of_the_page() -> Iterator[list[str]]:
    for line in re.findall(r"^\| (`.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE):
        yield line.split(" | ")


def test_the_page_on_money_shows_the_table_that_is_used() -> None:
    assert list(rows_of_the_page()) == [cells(case) for case in CASES]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.SUCCESS])
def test_what_was_surely_never_sent_costs_nothing(outcome: Outcome) -> None:
    booking = charge_for(outcome, sent=False, refusals_cost=False).booking(7)
    assert (booking.member_cost, booking.cost, booking.videos) == (0, 0, 0)


def test_what_was_sent_and_cancelled_is_booked_like_a_video() -> None:
    assert charge_for(Outcome.CANCELLED, sent=True, refusals_cost=False) == ALL
    assert charge_for(Outcome.CANCELLED, sent=False, refusals_cost=True) == NOTHING


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.BAD_STREAM, Outcome.INTERRUPTED])
def test_what_broke_off_costs_the_member_nothing_and_the_server_its_price_unconfirmed(outcome: Outcome) -> None:
    charge = charge_for(outcome, sent=True, refusals_cost=False)
    assert charge == UNSURE
    assert charge.booking(7) == Booking(0, 0, 7, unconfirmed=True)
    assert charge.booking(0) == Booking(0, 0, 0, unconfirmed=False)


@pytest.mark.parametrize("outcome", [Outcome.PROVIDER_ERROR, Outcome.AUTH, Outcome.QUOTA, Outcome.RATE_LIMITED])
def test_a_failure_that_the_service_has_not_told_is_unconfirmed_if_it_was_sent(outcome: Outcome) -> None:
    assert charge_for(outcome, sent=True, refusals_cost=False, may_cost=True) == UNSURE
    assert charge_for(outcome, sent=False, refusals_cost=False, may_cost=True) == NOTHING
    assert charge_for(outcome, sent=True, refusals_cost=False) == NOTHING


@pytest.mark.parametrize("charged", [True, False])
@pytest.mark.parametrize("counts", [True, False])
def test_a_refusal_counts_as_the_server_says_and_costs_as_the_service_does(charged: bool, counts: bool) -> None:
    booking = charge_for(Outcome.MODERATION_IMAGE, sent=True, refusals_cost=charged).booking(7, refusals_count=counts)
    assert booking == Booking(int(counts), 7 * charged, 7 * charged)


def test_no_charge_is_unconfirmed_for_the_member() -> None:
    assert all(not case.charge.member_cost for case in CASES if case.charge.cost is Booked.UNCONFIRMED)

"""A service that turned away several requests in a row rests, and comes back by a single request."""

from __future__ import annotations

import pytest

from bot.providers.breaker import FAILURES, LONGEST_REST, SHORTEST_REST, Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def resting(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    assert [breaker.failed(breaker.ask()) for _ in range(FAILURES)] == [False, False, True]
    return breaker


def test_fewer_failures_in_a_row_change_nothing(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(5):
        breaker.failed(breaker.ask())
        breaker.failed(breaker.ask())
        breaker.succeeded(breaker.ask())
    assert (breaker.is_resting, breaker.may_ask()) == (False, True)


def test_a_service_that_rests_is_asked_by_nobody_and_then_by_one_request(clock: Clock, resting: Breaker) -> None:
    assert (resting.is_resting, resting.may_ask()) == (True, False)
    clock.now = SHORTEST_REST
    assert resting.may_ask()
    asked = resting.ask()
    assert not resting.may_ask()
    assert resting.succeeded(asked)
    assert (resting.is_resting, resting.may_ask()) == (False, True)


def test_each_rest_is_twice_as_long_up_to_the_longest(clock: Clock, resting: Breaker) -> None:
    rests = []
    for _ in range(7):
        rests.append(resting.rests_until - clock.now)
        clock.now = resting.rests_until
        assert not resting.failed(resting.ask())  # it rests already: nobody is told again
    assert rests == [30, 60, 120, 240, 480, LONGEST_REST, LONGEST_REST]


def test_a_request_that_was_given_up_lets_the_next_one_try(clock: Clock, resting: Breaker) -> None:
    clock.now = SHORTEST_REST
    resting.left(resting.ask())
    assert resting.may_ask()


def test_requests_that_fail_together_make_one_rest(clock: Clock) -> None:
    breaker = Breaker(clock)
    together = [breaker.ask() for _ in range(50)]
    assert sum(map(breaker.failed, together)) == 1
    assert breaker.rests_until == SHORTEST_REST


def test_what_was_asked_before_the_rest_says_nothing_of_it(clock: Clock) -> None:
    breaker = Breaker(clock)
    before = [breaker.ask() for _ in range(FAILURES + 2)]
    for asked in before[:FAILURES]:
        breaker.failed(asked)
    clock.now = SHORTEST_REST
    breaker.ask()
    assert not breaker.succeeded(before[-1])
    breaker.left(before[-2])
    assert (breaker.is_resting, breaker.may_ask()) == (True, False)

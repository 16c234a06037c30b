"""How large a file may be is learned from what servers take and refuse."""

from __future__ import annotations

import pytest

from bot.gateway.upload_limits import KEPT, LEAST, MIB, MOST_SERVERS, UploadLimits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> UploadLimits:
    return UploadLimits(clock)


def test_what_discord_states_is_believed_until_it_is_refused(limits: UploadLimits) -> None:
    assert limits.limit(1, 20 * MIB) == 20 * MIB
    limits.refused(1, 15 * MIB)
    assert limits.limit(1, 20 * MIB) == 10 * MIB
    assert limits.limit(1, 10 * MIB) == 10 * MIB
    assert limits.limit(2, 20 * MIB) == 20 * MIB


def test_each_refusal_leads_to_less(limits: UploadLimits) -> None:
    tried = []
    while not tried or tried[-1] > LEAST:
        tried.append(limits.limit(1, 500 * MIB))
        limits.refused(1, tried[-1])
    assert tried == sorted(set(tried), reverse=True)
    assert UploadLimits.below(LEAST) == LEAST // 2


def test_a_refusal_of_what_each_server_takes_says_nothing_of_the_server(limits: UploadLimits) -> None:
    limits.refused(1, LEAST)
    assert limits.limit(1, 20 * MIB) == 20 * MIB


def test_what_a_server_took_is_tried_again_though_discord_states_less(limits: UploadLimits) -> None:
    limits.took(1, 15 * MIB)
    assert limits.limit(1, 10 * MIB) == 15 * MIB


def test_what_was_taken_last_outweighs_an_older_refusal_and_the_other_way_round(limits: UploadLimits) -> None:
    limits.refused(1, 12 * MIB)
    limits.took(1, 15 * MIB)
    assert limits.limit(1, 20 * MIB) == 20 * MIB
    limits.refused(1, 12 * MIB)
    assert limits.limit(1, 20 * MIB) == 10 * MIB


def test_after_a_day_what_was_learned_is_forgotten(limits: UploadLimits, clock: Clock) -> None:
    limits.refused(1, 12 * MIB)
    clock.now += KEPT
    assert limits.limit(1, 20 * MIB) == 20 * MIB


def test_no_more_servers_are_remembered_than_there_is_room_for(limits: UploadLimits) -> None:
    for guild in range(MOST_SERVERS + 1):
        limits.refused(guild, 15 * MIB)
    assert limits.limit(0, 20 * MIB) == 20 * MIB
    assert limits.limit(MOST_SERVERS, 20 * MIB) < 15 * MIB

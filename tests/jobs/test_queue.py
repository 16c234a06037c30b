"""Those who wait take turns, and the place they are told is the place they have."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.job import Job
from bot.jobs.queue import FairQueue
from bot.models import Queued
from tests.storage.records import a_job

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 3), st.integers(1, 3)),
        st.tuples(st.just("take"), st.just(0), st.just(0)),
        st.tuples(st.just("remove"), st.integers(0, 20), st.just(0)),
    ),
    max_size=60,
)


def job(name: str) -> Job:
    """``A1x`` is the job x of the member 1 in the server A."""
    return Job(a_job(id=name, guild_id=ord(name[0]), user_id=int(name[1])), None, Queued(1))


def line_of(*names: str) -> FairQueue:
    line = FairQueue()
    for name in names:
        line.put(job(name))
    return line


def named(jobs: list[Job]) -> str:
    return " ".join(job.id for job in jobs)


def taken(line: FairQueue) -> list[Job]:
    """All that wait, as they are taken."""
    return [line.pop() for _ in range(len(line))]


def after(events: list[tuple[str, int, int]]) -> FairQueue:
    """A line with a past."""
    line = FairQueue()
    for number, (what, first, second) in enumerate(events):
        if what == "add":
            line.put(job(f"{'ABC'[first - 1]}{second}-{number}"))
        elif what == "take" and line:
            line.pop()
        elif what == "remove" and first < len(line):
            line.remove(line.snapshot()[first])
    return line


def test_one_member_with_many_jobs_keeps_no_other_member_waiting() -> None:
    assert named(line_of("A1a", "A1b", "A1c", "A1d", "A2a", "A3a").snapshot()) == "A1a A2a A3a A1b A1c A1d"


def test_one_server_with_many_members_keeps_no_other_server_waiting() -> None:
    assert named(line_of("A1a", "A2a", "A3a", "A4a", "B1a", "B1b").snapshot()) == "A1a B1a A2a B1b A3a A4a"


def test_the_same_member_waits_in_each_server_by_itself() -> None:
    assert named(line_of("A1a", "A1b", "A2a", "B1a").snapshot()) == "A1a B1a A2a A1b"


def test_a_members_own_jobs_keep_their_order() -> None:
    assert named(taken(line_of("A1a", "A1b", "A1c"))) == "A1a A1b A1c"


def test_a_member_who_asks_again_at_once_waits_behind_all_who_wait() -> None:
    line = line_of("A1a", "A2a", "A2b", "A3a", "A3b")
    assert line.pop().id == "A1a"
    line.put(job("A1b"))
    assert named(line.snapshot()) == "A2a A3a A1b A2b A3b"


def test_a_server_that_comes_back_at_once_waits_behind_all_that_wait() -> None:
    line = line_of("A1a", "B1a", "B1b", "C1a", "C1b")
    assert line.pop().id == "A1a"
    line.put(job("A1b"))
    assert named(line.snapshot()) == "B1a C1a A1b B1b C1b"


def test_a_new_server_waits_for_one_job_of_each_other() -> None:
    line = line_of("A1a", "A1b", "A1c", "B1a", "B1b", "B1c")
    line.pop()
    line.put(job("C1a"))
    assert named(line.snapshot()) == "B1a A1b C1a B1b A1c B1c"


def test_taking_one_out_gives_nobody_another_turn() -> None:
    line = line_of("A1a", "A1b", "A2a", "B1a")
    gone = line.snapshot()[0]
    assert line.remove(gone)
    assert gone not in line
    assert named(line.snapshot()) == "A1b B1a A2a"


def test_taking_out_and_asking_anew_wins_nothing() -> None:
    line = line_of("A1a", "A2a", "B1a")
    line.remove(line.snapshot()[0])
    line.put(job("A1b"))
    assert named(line.snapshot()) == "A2a B1a A1b"


def test_a_job_that_does_not_wait_cannot_be_taken_out() -> None:
    line = line_of("A1a")
    assert not line.remove(job("A1b"))
    assert not line.remove(job("B1a"))
    first = line.pop()
    assert not line.remove(first)


def test_an_empty_line_has_nobody_to_take() -> None:
    line = line_of("A1a")
    assert line
    line.pop()
    assert not line
    assert line.snapshot() == []
    with pytest.raises(LookupError):
        line.pop()


@given(EVENTS)
def test_the_places_told_are_the_order_in_which_jobs_are_taken(events: list[tuple[str, int, int]]) -> None:
    line = after(events)
    told = line.snapshot()
    assert len(told) == len(line)
    assert all(job in line for job in told)
    assert [job.id for job in told] == [job.id for job in taken(deepcopy(line))]
    assert [job.id for job in told] == [job.id for job in line.snapshot()]  # looking changes nothing


@given(EVENTS)
def test_all_that_came_are_taken_once_and_leave_nothing_behind(events: list[tuple[str, int, int]]) -> None:
    line = after(events)
    waiting = line.snapshot()
    assert len(set(taken(line))) == len(waiting)
    assert not line
    line.put(job("A1z"))
    assert named(line.snapshot()) == "A1z"


@given(EVENTS)
def test_between_two_turns_of_one_every_other_has_at_most_one(events: list[tuple[str, int, int]]) -> None:
    order = after(events).snapshot()
    _assert_turns([job.record.guild_id for job in order])
    for guild in {job.record.guild_id for job in order}:
        _assert_turns([job.record.user_id for job in order if job.record.guild_id == guild])


@given(st.integers(1, 6), st.integers(1, 4))
def test_who_asks_again_whenever_they_were_served_gets_no_more_than_their_share(patient: int, rounds: int) -> None:
    line = line_of("A0a", *(f"A{member}{number}" for member in range(1, patient + 1) for number in range(rounds + 2)))
    served: Counter[int] = Counter()
    for number in range((patient + 1) * rounds):
        member = line.pop().record.user_id
        served[member] += 1
        if member == 0:
            line.put(job(f"A0-{number}"))
    assert served == dict.fromkeys(range(patient + 1), rounds)


@given(EVENTS, st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=30))
def test_newcomers_delay_nobody_by_more_than_one_turn_each(
    events: list[tuple[str, int, int]], newcomers: list[tuple[int, int]]
) -> None:
    """However many jobs come, nobody's next job is passed by two of the same server, or member, before its turn."""
    line = after(events)
    firsts = {(job.record.guild_id, job.record.user_id): job for job in reversed(line.snapshot())}
    for number, (guild, member) in enumerate(newcomers):
        line.put(job(f"{'ABC'[guild - 1]}{member}+{number}"))
    order = line.snapshot()
    for (guild_id, user_id), first in firsts.items():
        before = order[: order.index(first)]
        ours = Counter(job.record.user_id for job in before if job.record.guild_id == guild_id)
        assert ours[user_id] == 0
        assert all(count == 1 for count in ours.values())
        others = Counter(job.record.guild_id for job in before if job.record.guild_id != guild_id)
        assert all(count <= ours.total() + 1 for count in others.values())


def test_ten_thousand_can_wait() -> None:
    line = line_of(*(f"{'ABCD'[number % 4]}{number % 7}-{number}" for number in range(10_000)))
    told = line.snapshot()
    assert [line.pop() for _ in range(5_000)] == told[:5_000]
    assert all(line.remove(job) for job in told[5_000:])
    assert not line


def _assert_turns(turns: list[int]) -> None:
    for who in set(turns):
        places = [place for place, other in enumerate(turns) if other == who]
        for start, end in pairwise(places):
            between = Counter(turns[start + 1 : end])
            assert all(count == 1 for count in between.values()), (who, turns)

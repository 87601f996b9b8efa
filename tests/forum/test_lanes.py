"""No more come in than a lane's pace allows, whatever the clock does and whoever else is coming."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.lanes import Gate, Lane, Lanes, Rate
from tests.builders import NOON

FEW = Rate(burst=3, a_minute=2)


def seconds(passed: float) -> datetime:
    return NOON + timedelta(seconds=passed)


def let_in(lane: Gate, moments: Sequence[float]) -> list[float]:
    """Who of those that come at these seconds gets in."""
    return [moment for moment in moments if lane.enter(seconds(moment))]


def make_lanes(rate: Rate = FEW) -> Lanes:
    return Lanes(proven=Lane(rate), unproven=Lane(rate), reports=Lane(rate))


# One lane.


def test_as_many_as_the_burst_come_in_at_once_and_no_more() -> None:
    assert let_in(Lane(FEW), [0] * 10) == [0, 0, 0]


def test_a_place_comes_free_at_the_lanes_pace() -> None:
    assert let_in(Lane(FEW), [0, 0, 0, 29, 30, 30, 59, 60, 60]) == [0, 0, 0, 30, 60]


def test_a_long_pause_makes_room_for_one_burst_only() -> None:
    month = 30 * 24 * 3600.0
    assert let_in(Lane(FEW), [0] * 5 + [month] * 10) == [0] * 3 + [month] * 3


def test_whoever_is_turned_away_takes_nothing_from_the_next() -> None:
    assert let_in(Lane(FEW), [0] * 3 + [1.0] * 1_000 + [30]) == [0, 0, 0, 30]


@pytest.mark.parametrize("rate", [(0, 1), (-1, 1), (1, 0), (1, -2)])
def test_a_lane_that_lets_nobody_in_is_refused(rate: tuple[int, float]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        Rate(*rate)


# The clock.


def test_a_clock_that_goes_back_and_comes_again_makes_no_room() -> None:
    assert let_in(Lane(FEW), [100] * 4 + [40] * 4 + [100] * 4) == [100] * 3


def test_a_clock_that_was_far_ahead_keeps_people_out_no_longer_than_a_full_lane_does() -> None:
    lane, year = Lane(FEW), 365 * 24 * 3600.0
    assert let_in(lane, [year] * 3) == [year] * 3
    assert let_in(lane, [0] * 3) == []
    assert let_in(lane, [29, 30, 31, 60]) == [30, 60]


# Any crowd.

rates = st.builds(
    Rate,
    st.integers(min_value=1, max_value=20),
    st.floats(min_value=0.1, max_value=600, allow_nan=False),
)
pauses = st.lists(st.sampled_from([0.0, 0.001, 0.1, 1.0, 7.3, 60.0, 3600.0]), max_size=120)
SLACK = 1e-3
"""A moment is kept in whole microseconds."""


@given(rates, pauses)
def test_in_no_stretch_of_time_do_more_come_in_than_burst_and_pace_allow(
    rate: Rate, pauses: Sequence[float]
) -> None:
    inside = let_in(Lane(rate), list(accumulate(pauses)))
    for first, start in enumerate(inside):
        for last in range(first, len(inside)):
            allowed = rate.burst + (inside[last] - start) / 60 * rate.a_minute
            assert last - first + 1 <= allowed + SLACK


@given(rates, pauses)
def test_nobody_is_turned_away_while_there_is_room(rate: Rate, pauses: Sequence[float]) -> None:
    """Held against the other way to keep a token bucket: room that grows."""
    lane, room, moments = Lane(rate), float(rate.burst), list(accumulate(pauses, initial=0.0))
    for before, moment in pairwise(moments):
        room = min(float(rate.burst), room + (moment - before) / 60 * rate.a_minute)
        entered = lane.enter(seconds(moment))
        assert entered or room < 1 + SLACK
        room -= entered


@given(rates, st.lists(st.floats(min_value=-5, max_value=5), max_size=120))
def test_a_clock_that_wavers_lets_in_no_more_than_its_whole_span_allows(
    rate: Rate, steps: Sequence[float]
) -> None:
    moments = list(accumulate(steps, initial=0.0))
    span = max(moments) - min(moments)
    steady = [m for m in moments if span < rate.burst * rate.apart.total_seconds()]
    assert len(let_in(Lane(rate), steady)) <= rate.burst + span / 60 * rate.a_minute + SLACK


@given(rates, st.lists(st.floats(min_value=-1e7, max_value=1e7), max_size=120))
def test_however_the_clock_jumps_only_time_that_passes_makes_room(
    rate: Rate, moments: Sequence[float]
) -> None:
    passed = sum(max(0.0, after - before) for before, after in pairwise(moments))
    allowed = rate.burst + passed / 60 * rate.a_minute
    assert len(let_in(Lane(rate), moments)) <= allowed * (1 + 1e-6) + SLACK


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Threads that take turns as often as Python lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("impatient_threads")
def test_a_crowd_of_threads_gets_no_more_places_than_there_are() -> None:
    lane, inside = Lane(Rate(burst=2_000, a_minute=1)), []
    together = threading.Barrier(8)

    def crowd() -> None:
        together.wait()
        inside.append(sum(lane.enter(NOON) for _ in range(1_000)))

    threads = [threading.Thread(target=crowd) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(inside) == 2_000


# All of them.


@pytest.mark.parametrize("flood", ["proven", "unproven", "reports"])
def test_a_flood_in_one_lane_leaves_the_others_as_they_were(flood: str) -> None:
    lanes = make_lanes()
    let_in(getattr(lanes, flood), [0] * 1_000)
    for other in {"proven", "unproven", "reports"} - {flood}:
        assert let_in(getattr(lanes, other), [0] * 10) == [0, 0, 0]


def test_a_post_with_a_proof_takes_its_own_lane_even_when_that_is_full() -> None:
    lanes = make_lanes()
    assert let_in(lanes.for_post(proven=True), [0] * 10) == [0, 0, 0]
    assert not lanes.for_post(proven=True).enter(NOON)
    assert lanes.for_post(proven=False) is lanes.unproven
    assert let_in(lanes.for_post(proven=False), [0] * 10) == [0, 0, 0]


def test_a_lane_tells_nothing_of_who_came() -> None:
    lane = Lane(FEW)
    lane.enter(NOON)
    assert repr(lane) == "Lane(rate=Rate(burst=3, a_minute=2))"

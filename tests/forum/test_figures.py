"""The arithmetic of the team's figures: nothing is said of too few, and nothing of anybody."""

from __future__ import annotations

import statistics
from dataclasses import fields
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.figures import (
    FEWEST,
    FEWEST_MARKS,
    MONTHS,
    OUTCOMES,
    Aged,
    Figures,
    Month,
    alarms,
    by_age,
    by_month,
    firsts,
    lately,
    times,
    undone,
    usual_wait,
)
from forum.post import Act
from forum.rows import Verdict
from tests.builders import TODAY, days

waits = st.dictionaries(st.integers(0, 90), st.integers(1, 40), max_size=12)


def every(found: dict[int, int]) -> list[int]:
    """Each wait by itself, shortest first."""
    return sorted(wait for wait, number in found.items() for _ in range(number))


# --- what waits ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "row"), [(-3, 0), (0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (400, 3)]
)
def test_a_waiting_post_is_counted_in_the_stretch_of_its_age(age: int, row: int) -> None:
    rows = by_age({(days(-age), False): 4}, TODAY)
    assert [one.number for one in rows] == [4 if place == row else 0 for place in range(4)]
    assert [one.urgent for one in rows] == [0, 0, 0, 0]


def test_posts_in_danger_count_among_the_others_and_apart() -> None:
    rows = by_age({(days(-1), False): 2, (days(-2), True): 3, (TODAY, True): 1}, TODAY)
    assert rows == (Aged(0, 0, 1, 1), Aged(1, 2, 5, 3), Aged(3, 6, 0, 0), Aged(7, None, 0, 0))


@given(st.dictionaries(st.tuples(st.integers(0, 99), st.booleans()), st.integers(0, 9)))
def test_every_waiting_post_is_counted_once(found: dict[tuple[int, bool], int]) -> None:
    rows = by_age({(days(-age), urgent): n for (age, urgent), n in found.items()}, TODAY)
    assert sum(row.number for row in rows) == sum(found.values())
    assert sum(row.urgent for row in rows) == sum(n for (_, urgent), n in found.items() if urgent)


# --- how long it takes ---------------------------------------------------------------------------


@given(waits)
def test_half_and_nine_in_ten_are_those_of_every_single_wait(found: dict[int, int]) -> None:
    one_by_one, said = every(found), times(found)
    if len(one_by_one) < FEWEST:
        assert said is None
        return
    assert said is not None
    assert said.half == Fraction(statistics.median(one_by_one))
    within = sum(wait <= said.most for wait in one_by_one)
    shorter = sum(wait < said.most for wait in one_by_one)
    assert within * 10 >= len(one_by_one) * 9 > shorter * 10
    assert said.number == len(one_by_one)


def test_of_fewer_than_five_no_figure_is_made() -> None:
    assert times({3: 4}) is None
    assert usual_wait({3: 4}) is None
    assert times({3: 5}) is not None
    assert usual_wait({3: 5}) == 3


@pytest.mark.parametrize(
    ("found", "told"), [({0: 9}, 1), ({1: 9}, 1), ({1: 3, 2: 3}, 2), ({2: 3, 9: 2}, 2), ({8: 5}, 8)]
)
def test_people_are_told_the_median_in_whole_days_and_at_least_one(
    found: dict[int, int], told: int
) -> None:
    assert usual_wait(found) == told


@given(waits)
def test_at_least_half_were_decided_within_what_people_are_told(found: dict[int, int]) -> None:
    told = usual_wait(found)
    if told is not None:
        assert sum(wait <= told for wait in every(found)) >= ceil(len(every(found)) / 2)


def test_the_figures_of_waiting_look_thirty_days_back() -> None:
    first, last = lately(TODAY)
    assert (last - first).days == 29
    assert last == TODAY


# --- what came of it -----------------------------------------------------------------------------


def test_months_are_told_newest_first_and_a_year_of_them() -> None:
    assert [f"{first:%Y-%m}" for first in firsts(TODAY)] == [
        *(f"2026-{month:02}" for month in range(11, 0, -1)), "2025-12",
    ]  # fmt: skip
    assert len(firsts(TODAY)) == MONTHS


def test_outcomes_are_summed_by_month() -> None:
    done = {(TODAY, Act.APPROVE): 2, (days(-1), Act.APPROVE): 1, (days(-40), Act.RETURN): 3}
    this, before, *others = by_month({**done, (days(-1), Act.ASK_SECOND): 7}, TODAY)
    assert this.outcomes == {act: 3 if act is Act.APPROVE else 0 for act in OUTCOMES}
    assert before == Month("2026-10", {act: 3 if act is Act.RETURN else 0 for act in OUTCOMES})
    assert (this.total, before.total) == (3, 3)
    assert all(month.total == 0 for month in others)


ONE, TWO, BACK = (TODAY, Act.APPROVE), (days(1), Act.KEEP), (days(1), Act.UNDO)


@pytest.mark.parametrize(
    ("done", "taken_back"),
    [
        ([], []),
        ([ONE], []),
        ([ONE, BACK], [ONE]),
        ([ONE, TWO, BACK], [TWO]),
        ([ONE, BACK, TWO], [ONE]),
        ([ONE, BACK, TWO, BACK], [ONE, TWO]),
        ([ONE, TWO, BACK, BACK], [TWO, ONE]),
        ([BACK], []),
    ],
)
def test_an_undo_takes_back_what_came_right_before_it(done, taken_back) -> None:
    assert undone(done) == taken_back


# --- where screening was wrong -------------------------------------------------------------------


def test_a_rule_with_few_marks_has_no_share() -> None:
    few = {("PII-1", Verdict.FALSE_ALARM): FEWEST_MARKS - 1}
    enough = {("PII-1", Verdict.FALSE_ALARM): 1, ("PII-1", Verdict.KEEP): FEWEST_MARKS - 1}
    (one,), (other,) = alarms(few), alarms(enough)
    assert (one.wrong, one.marked, one.share) == (19, 19, None)
    assert (other.wrong, other.marked, other.share) == (1, 20, 0.05)


def test_rules_stand_by_their_share_and_those_never_wrong_are_left_out() -> None:
    found = alarms(
        {
            ("A", Verdict.FALSE_ALARM): 5, ("A", Verdict.REPLACE): 95,
            ("B", Verdict.FALSE_ALARM): 15, ("B", Verdict.KEEP): 15,
            ("C", Verdict.FALSE_ALARM): 2,
            ("D", Verdict.KEEP): 90,
        }
    )  # fmt: skip
    assert [one.rule for one in found] == ["B", "A", "C"]


def test_no_figure_has_a_place_for_a_person() -> None:
    names = {field.name for kind in (Figures, Aged, Month) for field in fields(kind)}
    assert names == {
        "waiting", "looked", "decided", "usual_wait", "months", "alarms",
        "at_least", "at_most", "number", "urgent", "month", "outcomes",
    }  # fmt: skip

"""Every limit at its edge: what is served, what is not, and what nobody is ever kept from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forum.post import Post, State
from forum.route import Route
from forum.vocabulary import slugs
from forum.wellbeing import HEAVY_NOTES, OnDuty, Rest, Wanted, is_heavy
from tests.builders import NOON, days, make_fields, make_post
from tests.forum.duty_kept import (
    LEAD,
    ROBIN,
    heavy,
    light,
    make_duty,
    open_shift,
    urgent,
)

MIDNIGHT = NOON.replace(hour=0) + timedelta(days=1)


def told(*notes: str) -> Post:
    return make_post(fields=make_fields(content_notes=notes))


# What is heavy


def test_a_post_that_two_must_read_is_heavy() -> None:
    assert is_heavy(make_post(route=Route.HOLD2))
    assert not is_heavy(make_post(route=Route.HOLD))


def test_a_post_that_tells_of_two_heavy_things_is_heavy() -> None:
    assert is_heavy(told("suicide", "violence"))
    assert not is_heavy(told("suicide"))


def test_what_most_stories_are_about_makes_none_heavy() -> None:
    assert not is_heavy(told("alcohol", "drugs", "eating", "detention"))


def test_what_screening_found_counts_as_much_as_what_the_author_ticked() -> None:
    fields = make_fields(content_notes=("overdose",))
    assert is_heavy(make_post(fields=fields, marks=("SUI-3",)))
    assert is_heavy(make_post(marks=("SUI-3", "SH-2")))
    assert not is_heavy(make_post(fields=fields, marks=("SUB-4", "PII-7", "no-such-rule")))


def test_one_thing_told_in_three_ways_is_one_thing() -> None:
    fields = make_fields(topics=("self-harm",), content_notes=("self-harm",))
    assert not is_heavy(make_post(fields=fields, marks=("SH-2",)))


def test_every_heavy_note_is_one_that_a_post_can_have() -> None:
    assert slugs("content_notes") > HEAVY_NOTES


# Heavy ones in a row, and in a day


def test_three_heavy_ones_may_be_opened_in_a_row_and_no_fourth() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    why = shift.opens(heavy(4))
    assert why
    assert (why.rest, why.wait, why.anyway) == (Rest.ENOUGH_IN_A_ROW, None, False)


def test_a_light_one_ends_the_row() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3), light(4), heavy(5))


def test_no_break_ends_the_row_for_a_clock_that_jumps_is_no_rest() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    shift.clock.advance(hours=6)
    assert shift.opens(heavy(4))


def test_six_heavy_ones_a_day_are_enough_whatever_stands_between() -> None:
    shift = open_shift()
    shift.reads(*(post for n in range(6) for post in (heavy(n), light(10 + n))))
    why = shift.opens(heavy(7))
    assert why
    assert (why.rest, why.wait) == (Rest.ENOUGH_TODAY, timedelta(hours=12))
    shift.reads(light(20))


def test_the_limits_are_settings() -> None:
    shift = open_shift(heavy_in_a_row=1, heavy_a_day=2)
    shift.reads(heavy(1), light(2), heavy(3), light(4))
    assert shift.opens(heavy(5)).rest is Rest.ENOUGH_TODAY  # type: ignore[union-attr]


def test_what_was_refused_is_not_counted() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    for _ in range(5):
        assert shift.opens(heavy(4))
    assert shift.wellbeing.today("robin").heavy == 3


def test_one_persons_day_is_not_anothers() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    assert shift.opens(heavy(4), OnDuty("sam")) is None


def test_only_light_ones_are_left_is_said_before_anybody_asks() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2))
    assert not shift.wellbeing.seen("robin").only_light
    shift.reads(heavy(3))
    assert shift.wellbeing.seen("robin").only_light


# Time


def test_a_break_is_suggested_after_45_minutes_and_not_before() -> None:
    shift = open_shift()
    shift.works(44)
    assert shift.wellbeing.seen("robin").rest is None
    shift.works(1)
    assert shift.wellbeing.seen("robin").rest is Rest.SOFT
    shift.reads(heavy(1))


def test_a_gap_of_15_minutes_is_a_break_and_a_shorter_one_is_none() -> None:
    for minutes, rest in ((14, Rest.SOFT), (15, None)):
        shift = open_shift()
        shift.works(45)
        shift.clock.advance(minutes=minutes)
        assert shift.wellbeing.seen("robin").rest is rest


def test_two_hours_a_day_are_enough_and_nothing_more_is_served() -> None:
    shift = open_shift()
    shift.works(119)
    shift.reads(light(1))
    shift.works(1)
    assert shift.wellbeing.seen("robin").rest is Rest.HARD
    why = shift.opens(light(2))
    assert why
    assert (why.rest, why.wait) == (Rest.HARD, timedelta(hours=10))


def test_breaks_give_no_new_hours() -> None:
    shift = open_shift()
    for _ in range(3):
        shift.works(40)
        shift.clock.advance(hours=1)
    assert shift.wellbeing.seen("robin").rest is Rest.HARD


def test_of_a_gap_five_minutes_at_most_are_time_at_the_desk_and_of_a_break_none() -> None:
    for seconds, spent in ((299, 299.0), (300, 300.0), (899, 300.0), (900, 0.0)):
        shift = open_shift()
        shift.wellbeing.seen("robin")
        shift.clock.advance(seconds=seconds)
        assert shift.wellbeing.seen("robin").duty.seconds == spent


def test_requests_that_come_close_together_lose_no_time_and_cost_no_row_each() -> None:
    shift = open_shift()
    shift.wellbeing.seen("robin")
    written = []
    for _ in range(60):
        shift.clock.advance(seconds=2)
        assert shift.wellbeing.seen("robin").duty.seen == shift.clock.moment
        written.append(shift.store.rows["robin"])
    assert shift.wellbeing.today("robin").seconds == 120
    assert len(set(written)) <= 13


# Midnight, as UTC has it


def test_at_midnight_the_day_begins_anew() -> None:
    shift = open_shift()
    shift.store.rows["robin"] = make_duty(heavy=6, heavy_in_a_row=3, seconds=7200.0)
    shift.clock.moment = MIDNIGHT - timedelta(seconds=1)
    assert shift.opens(light(1)).rest is Rest.HARD  # type: ignore[union-attr]
    shift.clock.moment = MIDNIGHT + timedelta(hours=1)
    shift.reads(heavy(1), heavy(2), heavy(3))
    assert shift.wellbeing.today("robin") == make_duty(
        day=days(1), seen=shift.clock.moment, heavy=3, heavy_in_a_row=3
    )


def test_who_works_through_midnight_goes_on_sitting() -> None:
    shift = open_shift()
    shift.clock.moment = MIDNIGHT - timedelta(minutes=44)
    shift.works(43)
    shift.reads(heavy(1), heavy(2), heavy(3))
    shift.works(2)
    standing = shift.wellbeing.seen("robin")
    assert (standing.duty.day, standing.duty.heavy, standing.duty.seconds) == (days(1), 0, 120.0)
    assert (standing.rest, standing.only_light) == (Rest.SOFT, True)


def test_the_day_is_erased_with_the_day() -> None:
    shift = open_shift()
    shift.wellbeing.seen("robin")
    assert shift.store.erase_duty(days(0)) == 0
    assert shift.store.erase_duty(days(1)) == 1


# After an urgent one


def test_an_urgent_decision_begins_a_pause_of_five_minutes() -> None:
    shift = open_shift()
    assert shift.wellbeing.decided("robin", urgent())
    why = shift.opens(light(1))
    assert why
    assert (why.rest, why.wait) == (Rest.PAUSE, timedelta(minutes=5))
    shift.clock.advance(minutes=5, seconds=-1)
    assert shift.wellbeing.seen("robin").wait == timedelta(seconds=1)
    shift.clock.advance(seconds=1)
    shift.reads(light(1))


def test_whoever_escalates_a_post_has_a_pause_whatever_screening_made_of_it() -> None:
    shift = open_shift()
    assert shift.wellbeing.decided("robin", light(state=State.ESCALATED))
    assert shift.opens(light(1))


def test_any_other_decision_begins_none() -> None:
    shift = open_shift()
    assert not shift.wellbeing.decided("robin", heavy(state=State.APPROVED))
    shift.reads(light(1))


def test_whoever_takes_the_decision_back_can_go_on_with_the_post() -> None:
    shift = open_shift()
    shift.wellbeing.decided("robin", urgent())
    shift.wellbeing.undone("robin", urgent(1))
    shift.reads(urgent())


def test_a_desk_can_do_without_pauses() -> None:
    shift = open_shift(pause_minutes=0)
    assert not shift.wellbeing.decided("robin", urgent())
    shift.reads(light(1))


# What one would rather not read

SPARED = OnDuty("robin", opt_outs=frozenset({"grief", "suicide"}))


@pytest.mark.parametrize(
    "post",
    [
        light(fields=make_fields(topics=("grief",))),
        light(fields=make_fields(content_notes=("suicide",))),
        light(marks=("SUI-3",)),
    ],
)
def test_what_somebody_opted_out_of_is_opened_by_one_press_for_this_one(post: Post) -> None:
    shift = open_shift()
    why = shift.opens(post, SPARED)
    assert why
    assert (why.rest, why.anyway) == (Rest.OPTED_OUT, True)
    assert shift.opens(post, SPARED, anyway=True) is None
    assert shift.opens(post, SPARED)


def test_what_somebody_did_not_opt_out_of_is_served() -> None:
    assert open_shift().opens(light(), SPARED) is None


def test_a_press_that_lifts_ones_own_choice_lifts_no_limit() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    grief = make_fields(topics=("grief",), content_notes=("overdose", "death"))
    why = shift.opens(heavy(4, fields=grief), SPARED, anyway=True)
    assert why
    assert (why.rest, why.anyway) == (Rest.ENOUGH_IN_A_ROW, False)


# Nobody is locked out of what cannot wait, or of what they hold

TIRED = {"heavy": 6, "heavy_in_a_row": 3, "seconds": 9000.0, "in_a_row_seconds": 9000.0}
URGENT = [
    Wanted(urgent()),
    Wanted(heavy(), reported=True),
    Wanted(light(), reported=True),
    Wanted(heavy(state=State.HIDDEN)),
]


@pytest.mark.parametrize("wanted", URGENT)
@pytest.mark.parametrize("lacking", [{}, *({name: 0} for name in TIRED)])
def test_no_limit_keeps_a_safety_lead_from_an_urgent_one(
    wanted: Wanted, lacking: dict[str, int]
) -> None:
    shift = open_shift()
    worn = TIRED | lacking | {"rest_until": NOON + timedelta(minutes=5)}
    shift.store.rows["robin"] = make_duty(**worn)
    lead = OnDuty("robin", safety_lead=True, opt_outs=frozenset({"alcohol", "suicide"}))
    why = shift.opens(wanted.post, lead, reported=wanted.reported)
    assert why
    assert why.anyway
    assert shift.opens(wanted.post, lead, reported=wanted.reported, anyway=True) is None


@pytest.mark.parametrize("wanted", URGENT)
def test_nobody_else_can_press_a_limit_away(wanted: Wanted) -> None:
    shift = open_shift()
    shift.store.rows["robin"] = make_duty(seconds=9000.0)
    why = shift.opens(wanted.post, ROBIN, reported=wanted.reported, anyway=True)
    assert why
    assert not why.anyway


def test_a_safety_lead_has_the_same_limits_for_what_can_wait() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    why = shift.opens(heavy(4), LEAD, anyway=True)
    assert why
    assert not why.anyway


def test_what_a_safety_lead_opens_all_the_same_is_counted() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    assert shift.opens(urgent(4), LEAD, anyway=True) is None
    assert shift.wellbeing.today("robin").heavy == 4


def test_what_is_held_already_can_be_finished_and_is_not_counted_again() -> None:
    shift = open_shift()
    shift.store.rows["robin"] = make_duty(**TIRED, rest_until=NOON + timedelta(minutes=5))
    assert shift.opens(heavy(1), held=True) is None
    assert shift.wellbeing.today("robin").heavy == 6


# Two windows at once


def test_of_two_windows_at_once_none_goes_over_a_limit() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2))
    first, second = Wanted(heavy(3)), Wanted(heavy(4))
    assert shift.wellbeing.may_open(ROBIN, first) is None
    assert shift.wellbeing.may_open(ROBIN, second) is None
    shift.store.meanwhile = lambda: shift.reads(first.post)
    why = shift.wellbeing.opened(ROBIN, second)
    assert why
    assert why.rest is Rest.ENOUGH_IN_A_ROW
    assert shift.wellbeing.today("robin").heavy == 3


def test_time_in_two_windows_is_counted_once() -> None:
    shift = open_shift()
    shift.wellbeing.seen("robin")
    shift.clock.advance(minutes=2)
    shift.store.meanwhile = lambda: shift.wellbeing.seen("robin")
    assert shift.wellbeing.seen("robin").duty.seconds == 120


def test_a_pause_is_not_lost_to_another_window() -> None:
    shift = open_shift()
    shift.wellbeing.seen("robin")
    shift.clock.advance(minutes=1)
    shift.store.meanwhile = lambda: shift.wellbeing.decided("robin", urgent())
    assert shift.wellbeing.seen("robin").rest is Rest.PAUSE


# A clock that jumps


def test_a_clock_that_falls_back_makes_no_pause_longer_than_a_pause() -> None:
    shift = open_shift()
    shift.wellbeing.decided("robin", urgent())
    shift.clock.advance(hours=-3)
    assert shift.wellbeing.seen("robin").wait == timedelta(minutes=5)
    shift.clock.advance(minutes=5)
    shift.reads(light(1))


@pytest.mark.parametrize("jump", [-30, -11, -3, 3, 9])
def test_a_clock_that_jumps_by_hours_adds_no_time_and_takes_none_away(jump: int) -> None:
    shift = open_shift()
    shift.works(100)
    shift.clock.advance(hours=jump)
    shift.works(19)
    assert shift.wellbeing.seen("robin").rest is not Rest.HARD
    shift.works(1)
    assert shift.wellbeing.seen("robin").rest is Rest.HARD


@pytest.mark.parametrize("jump", [-30, -11, -3, 3, 11])
def test_a_clock_that_jumps_by_hours_brings_nobody_more_heavy_ones(jump: int) -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2), heavy(3))
    shift.clock.advance(hours=jump)
    assert shift.opens(heavy(4))


def test_a_clock_that_falls_back_over_midnight_and_is_put_right_frees_nobody() -> None:
    shift = open_shift()
    shift.reads(heavy(1), heavy(2))
    shift.clock.advance(hours=-13)
    shift.reads(heavy(3))
    shift.clock.advance(hours=14)
    assert shift.opens(heavy(4))


def test_a_clock_that_was_days_ahead_keeps_nobody_away_for_days() -> None:
    shift = open_shift()
    shift.clock.advance(days=30)
    shift.reads(heavy(1), heavy(2), heavy(3))
    shift.clock.advance(days=-30)
    assert shift.opens(heavy(4)).rest is Rest.ENOUGH_IN_A_ROW  # type: ignore[union-attr]
    shift.clock.advance(days=1)
    shift.reads(heavy(4))

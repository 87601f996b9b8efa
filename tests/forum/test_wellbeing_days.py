"""Whatever somebody does in whatever days, nobody is served more than is good for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.post import Post, State
from forum.wellbeing import Rest
from tests.builders import NOON
from tests.forum.duty_kept import LEAD, ROBIN, Shift, heavy, light, open_shift, urgent

POSTS = (heavy(1), light(2), urgent(3), heavy(4, state=State.HIDDEN))
HEAVY = {POSTS[0], POSTS[2], POSTS[3]}
URGENT = {POSTS[2], POSTS[3]}

Step = tuple[str, Any]
waits = st.tuples(st.just("wait"), st.integers(1, 90_000))
jumps = st.tuples(st.just("wait"), st.integers(-90_000, 90_000))
works = st.tuples(st.just("works"), st.integers(1, 130))
opens = st.tuples(st.just("opens"), st.tuples(st.sampled_from(POSTS), st.booleans()))
decides = st.tuples(st.just("decides"), st.sampled_from(POSTS))
DAYS = st.lists(st.one_of(opens, opens, opens, works, waits, decides), max_size=60)
BROKEN_DAYS = st.lists(st.one_of(opens, opens, opens, works, jumps, decides), max_size=60)


@dataclass
class History:
    """What one person was served, as somebody beside them would write it down."""

    safety_lead: bool
    shift: Shift
    believes_the_clock: bool = True
    served: list[tuple[date, Post]] = field(default_factory=list)

    def lives(self, steps: Sequence[Step]) -> None:
        does: dict[str, Callable[[Any], None]] = {
            "wait": self.wait,
            "works": self.works,
            "decides": self.decides,
            "opens": self.opens,
        }
        for name, what in steps:
            does[name](what)

    def wait(self, seconds: int) -> None:
        self.shift.clock.advance(seconds=seconds)

    def works(self, minutes: int) -> None:
        self.shift.works(minutes)

    def decides(self, post: Post) -> None:
        self.shift.wellbeing.decided("robin", post)

    def opens(self, asked: tuple[Post, bool]) -> None:
        post, anyway = asked
        who = LEAD if self.safety_lead else ROBIN
        if self.shift.opens(post, who, anyway=anyway) is None:
            self.note(post, duty_calls=self.safety_lead and anyway and post in URGENT)

    def note(self, post: Post, duty_calls: bool) -> None:
        today = self.shift.clock.now().date()
        read = [one in HEAVY for day, one in self.served if day == today]
        if post in HEAVY and self.believes_the_clock and not duty_calls:
            assert sum(read) < 6
            assert read[-3:] != [True] * 3
        self.served.append((today, post))


@given(DAYS, st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_day_holds_more_heavy_posts_than_the_limits_allow(
    steps: list[Step], safety_lead: bool
) -> None:
    """But for the urgent ones that a safety lead pressed for."""
    History(safety_lead, open_shift()).lives(steps)


@given(BROKEN_DAYS, st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_clock_however_it_jumped_keeps_anybody_away_for_long(
    steps: list[Step], safety_lead: bool
) -> None:
    shift = open_shift()
    History(safety_lead, shift, believes_the_clock=False).lives(steps)
    why = shift.opens(light())
    assert why is None or why.rest is not Rest.PAUSE or why.wait <= timedelta(minutes=5)  # type: ignore[operator]
    shift.clock.advance(days=2)
    assert shift.opens(heavy()) is None


@given(st.lists(st.tuples(st.integers(0, 2 * 24 * 60 - 1), st.booleans()), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_clock_that_goes_to_and_fro_over_midnight_gives_one_day_twice(
    moments: list[tuple[int, bool]],
) -> None:
    shift = open_shift()
    served = 0
    for minute, is_heavy in moments:
        shift.clock.moment = NOON.replace(hour=0) + timedelta(minutes=minute)
        served += shift.opens(heavy() if is_heavy else light()) is None and is_heavy
    assert served <= 2 * 6

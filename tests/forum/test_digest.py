"""The digest: said in time, at fixed times, in numbers alone, and the same whoever came when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.digest import (
    COUNTED,
    OPENS,
    TRIES,
    Digest,
    Form,
    NotTold,
    Told,
    Waiting,
    Why,
    counted,
    due,
    opens,
)
from forum.intake import PROMISED, Intake
from forum.lanes import Lane, Lanes, Rate
from forum.telling import Telling
from tests.builders import NOON, FakeClock
from tests.pages.test_content import HIGHEST_GRADE, grade, hurtful

SITE = "https://forum.example"
EVENING = 18
HALF_PAST = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
DAILY_TIME = HALF_PAST.replace(hour=EVENING)
TOLD = counted(Waiting(), HALF_PAST - timedelta(hours=1), EVENING, failed=0)
"""The count of an hour ago; nothing urgent had ever come."""


def make_waiting(**given: Any) -> Waiting:
    """One urgent post that came since the last count; it is all that waits."""
    return Waiting(**{"urgent": 1, "came": 1, "posts": 1} | given)


# --- when something is due --------------------------------------------------------------------


def test_something_urgent_is_said_at_the_next_half_hour_past() -> None:
    assert due(make_waiting(), TOLD, HALF_PAST, EVENING) is Why.URGENT


@pytest.mark.parametrize("minute", range(60))
def test_nothing_is_counted_outside_of_ten_minutes_in_each_hour(minute: int) -> None:
    now = HALF_PAST.replace(minute=minute, second=59)
    assert opens(Told(), now) == (30 <= minute < 40)
    assert (due(make_waiting(), Told(), now, EVENING) is None) == (not 30 <= minute < 40)


def test_an_hour_that_was_counted_is_done_with() -> None:
    told = counted(make_waiting(), HALF_PAST, EVENING, failed=0)
    for minutes in range(60):
        later = HALF_PAST + timedelta(minutes=minutes)
        assert due(make_waiting(urgent=2, came=2, posts=2), told, later, EVENING) is None
    next_hour = HALF_PAST + timedelta(hours=1)
    assert due(make_waiting(urgent=2, came=2), told, next_hour, EVENING) is Why.URGENT


def test_what_was_said_as_urgent_is_not_said_again_until_the_evening() -> None:
    told = counted(make_waiting(), HALF_PAST, EVENING, failed=0)
    hours = [HALF_PAST + timedelta(hours=hour) for hour in range(1, 30)]
    said = {now: due(make_waiting(), told, now, EVENING) for now in hours}
    evening = [now for now in hours if now >= DAILY_TIME]
    assert {now for now, why in said.items() if why} == set(evening), "told stays as it was here"
    assert set(said.values()) == {None, Why.DAILY}


def test_one_that_comes_as_another_is_answered_is_said() -> None:
    told = counted(make_waiting(), HALF_PAST, EVENING, failed=0)
    later = HALF_PAST + timedelta(hours=1)
    assert due(make_waiting(urgent=1, came=2), told, later, EVENING) is Why.URGENT


def test_one_that_came_and_was_answered_is_not_said() -> None:
    waiting = make_waiting(urgent=0, came=1, posts=3)
    assert due(waiting, TOLD, HALF_PAST, EVENING) is None


@pytest.mark.parametrize(
    "waiting", [Waiting(posts=1), Waiting(reported=1), Waiting(posts=2, second=1)]
)
def test_what_is_not_urgent_is_said_once_a_day(waiting: Waiting) -> None:
    assert due(waiting, TOLD, HALF_PAST, EVENING) is None
    assert due(waiting, TOLD, DAILY_TIME, EVENING) is Why.DAILY
    told = counted(waiting, DAILY_TIME, EVENING, failed=0)
    hours = [DAILY_TIME + timedelta(hours=hour) for hour in range(1, 25)]
    assert [due(waiting, told, now, EVENING) for now in hours] == [None] * 23 + [Why.DAILY]


@pytest.mark.parametrize("hour", range(24))
def test_the_daily_hour_can_be_any(hour: int) -> None:
    day = [NOON.replace(hour=0, minute=31) + timedelta(hours=h) for h in range(48)]
    told, said = counted(Waiting(), day[0] - timedelta(hours=1), hour, failed=0), []
    for now in day:
        if due(Waiting(posts=1), told, now, hour):
            said.append(now)
        told = counted(Waiting(posts=1), now, hour, failed=0)
    assert [now.hour for now in said] == [hour, hour]


def test_an_evening_on_which_nothing_waits_is_done_with_too() -> None:
    told = counted(Waiting(), DAILY_TIME, EVENING, failed=0)
    assert due(Waiting(), TOLD, DAILY_TIME, EVENING) is None
    later = DAILY_TIME + timedelta(hours=2)
    assert due(Waiting(posts=1), told, later, EVENING) is None, "it would tell when that came"


def test_an_evening_that_was_missed_is_made_up_for() -> None:
    later = DAILY_TIME + timedelta(hours=3)
    assert due(Waiting(posts=1), TOLD, later, EVENING) is Why.DAILY


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_was_wrong_for_a_moment_silences_nothing(years: int) -> None:
    wrong = counted(Waiting(), HALF_PAST.replace(year=2026 + years), EVENING, failed=0)
    assert due(make_waiting(), wrong, HALF_PAST, EVENING) is Why.URGENT


# --- the words --------------------------------------------------------------------------------

N = r"[1-9]\d{0,2}(?:,\d{3})?(?: or more)?"
SENTENCES = [
    rf"{N} urgent posts? waits?\.",
    rf"{N} posts? (?:was|were) reported by readers\.",
    rf"{N} posts? waits? in all\.",
    rf"{N} of them waits? for a second reader\.",
    rf"The oldest has waited for {N} days?\.",
    rf"The desk: {re.escape(SITE)}/moderation/",
]
NUMBERLESS = """\
The form is closed: one of us closed it.
The form has closed by itself, because too much waits or something has waited for over seven days. \
It opens again as you read.
If it is your turn, please look when you can, and ask somebody along: nobody has to read these \
alone. If it is not your turn, you can leave it to the others.
If it is your turn, thank you. A few are enough, and you can stop at any time.
This message holds numbers. What people wrote stays at the desk.
""".splitlines()
NUMBERS = st.integers(0, 999_999)


@settings(deadline=None)
@given(
    waiting=st.builds(
        Waiting, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(Form)
    ),
    why=st.sampled_from(Why),
)
def test_the_words_are_these_sentences_and_numbers_and_no_others(
    waiting: Waiting, why: Why
) -> None:
    subject, body = Digest(why, waiting).words(SITE)
    assert subject in ("Something urgent waits at the desk", "What waits at the desk today")
    for sentence in body.strip().split("\n\n"):
        known = any(re.fullmatch(pattern, sentence) for pattern in SENTENCES)
        assert known or sentence in NUMBERLESS, sentence


def test_no_field_of_what_is_told_can_hold_a_word() -> None:
    kinds = {field.type for row in (Waiting, Told) for field in fields(row)}
    assert kinds == {"int", "Form"}


def test_one_is_one_and_two_are_two() -> None:
    one = Waiting(urgent=1, reported=1, posts=1, second=1, oldest_days=1)
    two = Waiting(urgent=2, reported=2, posts=2, second=2, oldest_days=2)
    assert Digest(Why.URGENT, one).words(SITE)[1].split("\n\n")[:5] == [
        "1 urgent post waits.",
        "1 post was reported by readers.",
        "1 post waits in all.",
        "1 of them waits for a second reader.",
        "The oldest has waited for 1 day.",
    ]
    assert Digest(Why.URGENT, two).words(SITE)[1].split("\n\n")[:5] == [
        "2 urgent posts wait.",
        "2 posts were reported by readers.",
        "2 posts wait in all.",
        "2 of them wait for a second reader.",
        "The oldest has waited for 2 days.",
    ]


def test_many_urgent_and_reported_posts_are_so_many_or_more() -> None:
    many = Waiting(urgent=COUNTED, reported=COUNTED + 7, posts=12_345)
    assert Digest(Why.URGENT, many).words(SITE)[1].split("\n\n")[:3] == [
        "100 or more urgent posts wait.",
        "100 or more posts were reported by readers.",
        "12,345 posts wait in all.",
    ]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("why", Why)
def test_the_words_are_plain_and_hurt_nobody(why: Why, form: Form) -> None:
    waiting = Waiting(3, 3, 2, 12, 4, 5, form)
    said = "\n\n".join(Digest(why, waiting).words(SITE))
    assert grade(said.replace(f"{SITE}/moderation/", "here")) <= HIGHEST_GRADE
    assert list(hurtful(said)) == []


# --- who came when ----------------------------------------------------------------------------

START = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
CELLS = 60
"""Hours of a history, each from one count to the next."""


@dataclass(frozen=True)
class Came:
    """A post that came in some minutes after a count, and is answered some counts later."""

    slot: int
    minutes: float
    urgent: bool
    answered: int

    @property
    def at(self) -> datetime:
        return START + timedelta(hours=self.slot, minutes=self.minutes)

    @property
    def gone(self) -> datetime:
        return START + timedelta(hours=self.slot + self.answered, minutes=15)


@dataclass
class Numbers:
    """A store that only knows how many posts there are, and says so by the clock."""

    clock: FakeClock
    posts: Sequence[Came] = ()
    kept: Told = field(default_factory=Told)
    by_hand: bool = False

    def waiting(self, today: date) -> Waiting:
        here = [post for post in self.posts if post.at <= self.clock.moment < post.gone]
        days = [(today - post.at.date()).days for post in here]
        return Waiting(
            urgent=sum(post.urgent for post in here),
            came=sum(post.urgent and post.at <= self.clock.moment for post in self.posts),
            posts=len(here),
            oldest_days=max(days, default=0),
        )

    def told(self) -> Told:
        return self.kept

    def put_told(self, told: Told) -> None:
        self.kept = told

    def closed(self) -> bool:
        return self.by_hand

    def unread_reaches(self, most: int) -> bool:
        return len(self.posts) >= most

    def oldest_unread(self) -> date | None:
        return min((post.at.date() for post in self.posts), default=None)


@dataclass
class Letters:
    """A notifier that keeps what it was given, with the moment, and fails when it is told to."""

    clock: FakeClock
    fails: bool = False
    sent: list[tuple[datetime, str, str]] = field(default_factory=list)

    def tell(self, subject: str, body: str) -> None:
        if self.fails:
            raise NotTold("the line is down")
        self.sent.append((self.clock.moment, subject, body))


LANE = Lane(Rate(1, 1))


def make_telling(store: Numbers, letters: Letters | None, most: int = 300) -> Telling:
    intake = Intake(Lanes(LANE, LANE, LANE), most)
    return Telling(store, letters, intake, store.clock, SITE, EVENING)


def letters_of(
    posts: Sequence[Came], seconds: int = 0, down: frozenset[int] = frozenset()
) -> Sequence[tuple[datetime, str, str]]:
    """All that is sent over the hours of a history, with a look a minute; `down` are the looks at
    which the line is."""
    clock = FakeClock(START - timedelta(minutes=20) + timedelta(seconds=seconds))
    letters = Letters(clock)
    telling = make_telling(Numbers(clock, posts), letters)
    for look in range(60 * CELLS):
        letters.fails = look in down
        try:
            telling.look()
        except NotTold:
            assert letters.fails
        clock.advance(minutes=1)
    return letters.sent


def in_one_cell(slot: int) -> st.SearchStrategy[tuple[float, float]]:
    """Two moments between the same two counts, on the same day: no row and no letter may tell one
    from the other."""
    halves = [(11.0, 29.5), (30.0, 60.0)] if (START.hour + slot) % 24 == 23 else [(11.0, 60.0)]
    return st.sampled_from(halves).flatmap(
        lambda half: st.tuples(st.floats(*half), st.floats(*half))
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Came], list[Came]]:
    """Two histories that differ only in when, between two counts, each post came."""
    one, other = [], []
    for _ in range(draw(st.integers(0, 6))):
        slot = draw(st.integers(0, CELLS - 5))
        first, second = draw(in_one_cell(slot))
        came = Came(slot, first, draw(st.booleans()), draw(st.integers(2, 40)))
        one.append(came)
        other.append(replace(came, minutes=second))
    return one, other


@settings(deadline=None)
@given(histories(), st.integers(0, 59), st.frozensets(st.integers(0, 60 * CELLS - 1), max_size=400))
def test_no_letter_tells_when_between_two_counts_a_post_came(
    pair: tuple[list[Came], list[Came]], seconds: int, down: frozenset[int]
) -> None:
    one, other = pair
    assert letters_of(one, seconds, down) == letters_of(other, seconds, down)


@settings(deadline=None)
@given(histories(), st.integers(0, 59), st.frozensets(st.integers(0, 60 * CELLS), max_size=900))
def test_letters_leave_at_half_past_and_never_close_to_one_another(
    pair: tuple[list[Came], list[Came]], seconds: int, down: frozenset[int]
) -> None:
    moments = [moment for moment, *_ in letters_of(pair[0], seconds, down)]
    assert all(30 <= moment.minute < 40 for moment in moments)
    apart = [later - earlier for earlier, later in pairwise(moments)]
    assert all(gap >= timedelta(hours=1) - TRIES for gap in apart)


@settings(deadline=None)
@given(histories())
def test_whatever_is_urgent_is_said_within_an_hour(pair: tuple[list[Came], list[Came]]) -> None:
    posts, _ = pair
    urgent_at = {moment for moment, subject, _ in letters_of(posts) if "urgent" in subject}
    for post in posts:
        if post.urgent:
            assert any(post.at <= moment <= post.at + timedelta(hours=1) for moment in urgent_at)


def test_the_hour_does_tell_so_the_comparison_can_fail() -> None:
    early, late = Came(3, 20, True, 9), Came(4, 20, True, 9)
    assert letters_of([early]) != letters_of([late])


# --- looking ----------------------------------------------------------------------------------


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(HALF_PAST)


URGENT = Came(1, 0, urgent=True, answered=999)


def test_a_letter_goes_out_once(clock: FakeClock) -> None:
    letters = Letters(clock)
    telling = make_telling(Numbers(clock, [URGENT], TOLD), letters)
    assert telling.look() is Why.URGENT
    assert telling.look() is None
    assert [subject for _, subject, _ in letters.sent] == ["Something urgent waits at the desk"]


def test_what_comes_right_after_a_count_waits_for_the_next_one(clock: FakeClock) -> None:
    """Else a letter at two past would tell those two minutes."""
    letters = Letters(clock)
    telling = make_telling(Numbers(clock, [replace(URGENT, slot=36, minutes=1)], TOLD), letters)
    said = []
    for _ in range(61):
        said.append(telling.look())
        clock.advance(minutes=1)
    assert said == [None] * 60 + [Why.URGENT]


def test_a_story_of_the_night_is_said_on_the_next_evening(clock: FakeClock) -> None:
    clock.moment = DAILY_TIME
    night = Came(slot=47, minutes=20, urgent=False, answered=999)
    telling = make_telling(Numbers(clock, [night], TOLD), letters := Letters(clock))
    for _ in range(25 * 60):
        telling.look()
        clock.advance(minutes=1)
    assert [moment for moment, *_ in letters.sent] == [DAILY_TIME + timedelta(days=1)]


def test_a_notifier_that_fails_leaves_it_unsaid_and_the_next_look_says_it(
    clock: FakeClock,
) -> None:
    letters, store = Letters(clock, fails=True), Numbers(clock, [URGENT], TOLD)
    telling = make_telling(store, letters)
    for tries in (1, 2):
        with pytest.raises(NotTold):
            telling.look()
        assert store.kept == replace(TOLD, failed=tries)
        clock.advance(minutes=1)
    letters.fails = False
    assert telling.failed() == 2
    assert telling.look() is Why.URGENT
    assert telling.failed() == 0


def test_a_line_that_is_down_for_the_whole_time_is_tried_again_an_hour_later(
    clock: FakeClock,
) -> None:
    letters = Letters(clock, fails=True)
    telling = make_telling(Numbers(clock, [URGENT], TOLD), letters)
    with pytest.raises(NotTold):
        telling.look()
    letters.fails = False
    clock.advance(minutes=10)
    assert telling.look() is None, "it would tell what came in between"
    clock.advance(minutes=50)
    assert telling.look() is Why.URGENT


def test_a_quiet_hour_does_not_make_a_line_that_failed_look_well(clock: FakeClock) -> None:
    store = Numbers(clock, [], replace(TOLD, failed=3))
    assert make_telling(store, Letters(clock)).look() is None
    assert store.kept.failed == 3


def test_where_nobody_is_told_nothing_is_noted_as_said(clock: FakeClock) -> None:
    store = Numbers(clock, [URGENT], TOLD)
    assert make_telling(store, None).look() is None
    assert store.kept == TOLD
    assert make_telling(store, Letters(clock)).look() is Why.URGENT


def test_a_draft_says_and_notes_nothing_whatever_the_time(clock: FakeClock) -> None:
    letters, store = Letters(clock), Numbers(clock, [URGENT], TOLD)
    clock.advance(minutes=23)
    draft = make_telling(store, letters).draft()
    assert draft == Digest(Why.URGENT, Waiting(urgent=1, came=1, posts=1, oldest_days=1))
    assert (store.kept, letters.sent) == (TOLD, [])
    store.posts = []
    assert make_telling(store, letters).draft() is None


@pytest.mark.parametrize(
    ("by_hand", "most", "days", "form"),
    [
        (False, 9, 0, Form.OPEN),
        (True, 9, 0, Form.CLOSED),
        (True, 1, 0, Form.CLOSED),
        (False, 1, 0, Form.FULL),
        (False, 9, PROMISED.days + 2, Form.FULL),
    ],
)
def test_it_is_said_whether_the_form_is_closed_and_by_whom(
    clock: FakeClock, by_hand: bool, most: int, days: int, form: Form
) -> None:
    clock.advance(days=days)
    store = Numbers(clock, [replace(URGENT, answered=9999)], TOLD, by_hand)
    draft = make_telling(store, Letters(clock), most).draft()
    assert draft is not None
    assert draft.waiting.form is form


def test_the_numbers_are_those_that_were_promised() -> None:
    assert (timedelta(minutes=30), timedelta(minutes=10)) == (OPENS, TRIES)

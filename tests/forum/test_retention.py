"""The clocks: what is erased on which day, on the day it was promised and not before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from forum.admission import OLDEST
from forum.figures import Wait
from forum.ports import RetentionStore
from forum.post import Act, State, moved
from forum.retention import (
    CLOCKS,
    REPORT_DAYS,
    SPENT_DAYS,
    TYPED_DAYS,
    WAIT_DAYS,
    Erased,
    erased_on,
    purge,
    report_erased_on,
)
from forum.rows import Decided, Unavailable, Verdict
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_author,
    make_claim,
    make_decision,
    make_id,
    make_post,
    make_report,
    make_spent,
    make_text,
    tell,
)
from tests.store.adapters import ADAPTERS, Stores

NOTHING = Erased(posts=0, typed=0, reports=0, forms=0, passing=0, tallies=0)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return ADAPTERS["sqlite"](tmp_path)


@pytest.mark.parametrize("state", CLOCKS)
def test_a_post_is_erased_on_the_day_it_was_told_and_not_before(
    stores: Stores, state: State
) -> None:
    post = keep(stores.visitors, make_post(state=state, day=days(-9)))
    told = erased_on(post)
    assert told == TODAY + timedelta(days=CLOCKS[state])
    last_moment = NOON.replace(hour=23, minute=59, second=59)
    assert purge(stores.retention, last_moment + (told - TODAY - timedelta(days=1))).posts == 0
    assert stores.desk.post(post.id) == post
    midnight = NOON.replace(hour=0) + (told - TODAY)
    assert purge(stores.retention, midnight).posts == 1
    assert stores.desk.post(post.id) is None


@pytest.mark.parametrize("state", [state for state in State if state not in CLOCKS])
def test_a_post_that_waits_or_is_up_is_not_erased(stores: Stores, state: State) -> None:
    post = keep(stores.visitors, make_post(state=state))
    assert erased_on(post) is None
    assert purge(stores.retention, NOON + timedelta(days=4_000)).posts == 0
    kept = stores.desk.post(post.id)
    assert kept is not None
    assert replace(kept, day=post.day) == post


def test_whatever_was_refused_or_taken_back_has_a_clock() -> None:
    kept = {State.RECEIVED, State.SECOND, State.APPEALED, State.HIDDEN, State.APPROVED}
    assert set(CLOCKS) == set(State) - kept
    assert max(CLOCKS.values()) <= 30


def test_what_was_typed_goes_thirty_days_after_approval(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.APPROVED))
    purge(stores.retention, NOON + timedelta(days=TYPED_DAYS - 1))
    assert stores.desk.text(post.id) == make_text()
    assert purge(stores.retention, NOON + timedelta(days=TYPED_DAYS)).typed == 1
    kept = stores.desk.text(post.id)
    assert kept is not None
    assert kept.typed is None
    assert (kept.title, kept.html) == (make_text().title, make_text().html)


def test_a_form_is_remembered_as_long_as_it_could_be_sent_again(stores: Stores) -> None:
    """A form sent at the last moment of a day was made on that day at the latest."""
    spent = make_spent()
    stores.visitors.add(make_post(), make_text(), make_author(), spent)
    sent_last = NOON.replace(hour=23, minute=59, second=59)
    purge(stores.retention, sent_last + timedelta(seconds=OLDEST))
    assert stores.visitors.spent(spent.nonce) == spent


def test_a_form_is_forgotten_after_two_days(stores: Stores) -> None:
    spent = make_spent()
    stores.visitors.add(make_post(), make_text(), make_author(), spent)
    assert purge(stores.retention, NOON + timedelta(days=SPENT_DAYS)).forms == 1
    assert stores.visitors.spent(spent.nonce) is None
    assert SPENT_DAYS == 2


def test_claims_go_when_they_run_out(stores: Stores) -> None:
    claim = stores.desk.claim(make_claim(), NOON)
    assert purge(stores.retention, claim.until).passing == 1
    assert stores.desk.holder(make_id(), NOON) is None


@pytest.mark.parametrize("act", [Act.KEEP, Act.TAKE_DOWN, Act.WITHDRAW])
def test_a_report_is_erased_thirty_days_after_its_answer_as_its_reader_was_told(
    stores: Stores, act: Act
) -> None:
    post = keep(stores.visitors, make_post(state=State.APPROVED))
    report = tell(stores.reports, make_report(day=days(-50)))
    if act is Act.WITHDRAW:
        stores.holders.withdraw(moved(post, act, TODAY))
    else:
        decide(stores.desk, post, act)
    answered = stores.reports.report(report.id)
    assert answered is not None
    told = report_erased_on(answered)
    assert told == TODAY + timedelta(days=REPORT_DAYS)
    last_moment = NOON.replace(hour=23, minute=59, second=59)
    assert purge(stores.retention, last_moment + (told - TODAY - timedelta(days=1))).reports == 0
    assert stores.reports.report(report.id) == answered
    assert purge(stores.retention, NOON.replace(hour=0) + (told - TODAY)).reports == 1
    assert stores.reports.report(report.id) is None
    assert REPORT_DAYS <= 30


def test_a_report_that_waits_for_an_answer_is_not_erased(stores: Stores) -> None:
    keep(stores.visitors, make_post(state=State.APPROVED))
    report = tell(stores.reports, make_report())
    assert report_erased_on(report) is None
    assert purge(stores.retention, NOON + timedelta(days=4_000)).reports == 0
    assert stores.reports.report(report.id) == report


def test_being_read_again_does_not_keep_what_was_typed_any_longer(stores: Stores) -> None:
    """Readers who report, or the desk that keeps a post, must not push its clock on for ever."""
    post = keep(stores.visitors, make_post(state=State.APPROVED))
    for day in (20, 40, 60, 80):
        post = moved(post, Act.KEEP, days(day))
        stores.desk.decide(Decided(post, make_decision(act=Act.KEEP)))
        purge(stores.retention, NOON + timedelta(days=day + 1))
    kept = stores.desk.text(post.id)
    assert kept is not None
    assert kept.typed is None


def test_how_long_posts_waited_is_forgotten_when_the_days_of_sending_are(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    stores.desk.claim(make_claim(), NOON)
    decide(stores.desk, post, Act.RETURN)
    assert WAIT_DAYS <= TYPED_DAYS, "else the two together would tell the day again"
    assert purge(stores.retention, NOON + timedelta(days=WAIT_DAYS - 1)).tallies == 0
    assert stores.figures.waits(Wait.DECIDED, TODAY, TODAY) == {0: 1}
    assert purge(stores.retention, NOON + timedelta(days=WAIT_DAYS)).tallies == 2
    assert stores.figures.waits(Wait.DECIDED, TODAY, TODAY) == {}


def test_what_was_made_of_a_mark_is_forgotten_after_thirteen_months(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.HIDDEN))
    decide(stores.desk, post, Act.KEEP, verdicts=(("SUI-1", Verdict.FALSE_ALARM),))
    month = TODAY.replace(day=1)
    last_day = NOON.replace(year=2027, month=11, day=30)
    assert purge(stores.retention, last_day).tallies == 0
    assert stores.figures.verdicts(month) == {("SUI-1", Verdict.FALSE_ALARM): 1}
    assert purge(stores.retention, last_day + timedelta(days=1)).tallies == 1
    assert stores.figures.verdicts(month) == {}


def test_a_second_purge_on_the_same_day_finds_nothing(stores: Stores) -> None:
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    moment = NOON + timedelta(days=40)
    assert purge(stores.retention, moment) == Erased(
        posts=len(CLOCKS), typed=2, reports=0, forms=len(State), passing=0, tallies=0
    )
    assert purge(stores.retention, moment) == NOTHING


@dataclass
class Crowded:
    """A store on a disk without room to write the file anew."""

    inner: RetentionStore
    compacted: int = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def compact(self) -> None:
        self.compacted += 1
        raise Unavailable("the disk is full")


def test_every_purge_compacts_and_one_without_room_for_it_is_still_done(stores: Stores) -> None:
    keep(stores.visitors, make_post(state=State.DECLINED))
    crowded = Crowded(stores.retention)
    moment = NOON + timedelta(days=40)
    assert purge(crowded, moment).posts == 1  # type: ignore[arg-type]
    assert purge(crowded, moment) == NOTHING  # type: ignore[arg-type]
    assert crowded.compacted == 2


def test_a_clock_set_back_erases_nothing(stores: Stores) -> None:
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    assert purge(stores.retention, NOON - timedelta(days=400)) == NOTHING


def test_a_state_entered_anew_starts_its_clock_anew() -> None:
    post = make_post(state=State.RETURNED, day=days(-300), state_day=days(-1))
    assert erased_on(post) == days(29)

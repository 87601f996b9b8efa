"""What every adapter promises of readers' reports: whole, in order, and answered once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.post import WAITING, Act, Post, State, moved
from forum.rows import (
    AlreadySpent,
    Asked,
    Card,
    Changed,
    NotUp,
    Reason,
    Report,
    ReportState,
    SealedRow,
    Spent,
)
from tests.builders import (
    LENGTH,
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_author,
    make_claim,
    make_decided,
    make_edition_row,
    make_id,
    make_post,
    make_report,
    make_spent,
    make_undo,
    make_undone,
    tell,
)
from tests.store.adapters import Stores

ANY_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def approved(stores: Stores, number: int = 0, **given: object) -> Post:
    """A post that readers could see."""
    values = {"state": State.APPROVED, "approved_hash": "a" * 64} | given
    return keep(stores.visitors, make_post(number, **values))


def told(stores: Stores, *about: int) -> list[Report]:
    """One report for each of these numbers, about the post with that number."""
    start = 100 * sum(about)
    return [
        tell(stores.reports, make_report(start + one, post_id=make_id(number)))
        for one, number in enumerate(about)
    ]


def answer(report: Report, state: ReportState, number: int = 0) -> Report:
    return replace(report, state=state, state_day=days(number))


# --- a report comes in ------------------------------------------------------------------------


def test_a_report_comes_back_as_it_was(stores: Stores) -> None:
    report, author, spent = make_report(), make_author(), make_spent(post_id=make_report().id)
    stores.reports.add_report(report, author, spent)
    assert stores.reports.report(report.id) == report
    assert stores.holders.report(report.id) == report
    assert stores.reports.author(author.lookup) == author
    assert stores.reports.spent(spent.nonce) == spent
    assert stores.reports.is_kept(report.id)
    assert list(stores.desk.reports(make_id())) == [report]
    assert stores.again().reports.report(report.id) == report


def test_where_nothing_was_reported_there_is_no_report(stores: Stores) -> None:
    assert stores.reports.report(make_report().id) is None
    assert stores.reports.author(b"l" * 32) is None
    assert stores.reports.spent(b"n" * 16) is None
    assert not stores.reports.is_kept(make_report().id)
    assert list(stores.desk.reports(make_id())) == []
    assert list(stores.desk.reported(20, NOON)) == []


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=ANY_WORDS, reason=st.sampled_from(Reason), number=st.integers(min_value=10_000))
def test_any_words_come_back_to_the_letter(
    stores: Stores, words: str, reason: Reason, number: int
) -> None:
    report = make_report(number, words=words, reason=reason)
    if stores.reports.report(report.id) is None:
        tell(stores.reports, report)
        assert stores.reports.report(report.id) == report


def a_used_form() -> tuple[SealedRow, Spent]:
    return make_author(1), make_spent(0, post_id=make_report(1).id)


def a_changed_hand() -> tuple[SealedRow, Spent]:
    return make_author(before=b"never stored", sealed=b"other"), make_spent(1)


def a_hand_made_twice() -> tuple[SealedRow, Spent]:
    return make_author(sealed=b"other"), make_spent(1)


FAILURES = [(a_used_form, AlreadySpent), (a_changed_hand, Changed), (a_hand_made_twice, Changed)]


@pytest.mark.parametrize(("made", "error"), FAILURES)
def test_of_a_report_that_fails_nothing_stays(
    stores: Stores, made: Callable[[], tuple[SealedRow, Spent]], error: type[Exception]
) -> None:
    stores.reports.add_report(make_report(), make_author(), make_spent(post_id=make_report().id))
    author, spent = made()
    with pytest.raises(error):
        stores.reports.add_report(make_report(1), author, spent)
    assert stores.reports.report(make_report(1).id) is None
    assert stores.reports.author(make_author().lookup) == make_author()
    assert stores.reports.author(make_author(1).lookup) is None
    assert stores.reports.spent(make_spent().nonce) == make_spent(post_id=make_report().id)
    assert stores.reports.spent(make_spent(1).nonce) is None
    stores.reports.add_report(make_report(1), make_author(1), make_spent(1))
    assert stores.reports.report(make_report(1).id) == make_report(1)


def test_one_form_sent_by_many_at_once_becomes_one_report(stores: Stores) -> None:
    views = (stores.reports, stores.again().reports)

    def send(number: int) -> bool:
        report = make_report(number)
        try:
            views[number % 2].add_report(report, make_author(number), make_spent())
        except AlreadySpent:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(16))) == 1
    assert len(stores.desk.reports(make_id())) == 1


def test_a_post_and_a_report_can_share_a_hand(stores: Stores) -> None:
    stores.reports.add_report(make_report(), make_author(), make_spent(post_id=make_report().id))
    longer = make_author(sealed=b"t" * 600, before=make_author().sealed)
    stores.reports.add_report(make_report(1), longer, make_spent(1))
    assert stores.reports.author(longer.lookup) == replace(longer, before=None)


def test_only_what_readers_see_is_up_for_a_report(stores: Stores) -> None:
    assert not stores.reports.is_up(make_id())
    approved(stores)
    assert not stores.reports.is_up(make_id()), "approved, and still waiting for its batch"
    stores.press.record([make_edition_row()], [])
    assert stores.reports.is_up(make_id())
    stores.press.record([make_edition_row(hash="")], [])
    assert not stores.reports.is_up(make_id()), "hidden, and its place kept"


@pytest.mark.parametrize("state", State)
def test_what_readers_see_and_will_not_go_on_seeing_is_not_up_for_a_report(
    stores: Stores, state: State
) -> None:
    """The page of a post that was taken back stands until the press has run."""
    keep(stores.visitors, make_post(state=state))
    stores.press.record([make_edition_row()], [])
    assert stores.reports.is_up(make_id()) is (state is State.APPROVED)
    assert stores.holders.is_up(make_id())


def test_what_is_no_post_is_not_up_for_a_report(stores: Stores) -> None:
    """An example is in the edition and in no other table: nobody could answer for it."""
    stores.press.record([make_edition_row()], [])
    assert not stores.reports.is_up(make_id())


# --- what the desk sees -----------------------------------------------------------------------


def test_reported_posts_come_with_most_reports_first_then_oldest_then_by_id(
    stores: Stores,
) -> None:
    for number, day in enumerate([0, -1, -1, -5, -9]):
        approved(stores, number, day=days(day))
    told(stores, 0, 0, 0, 1, 2, 3)
    same_day = sorted((make_id(1), make_id(2)))
    cards = stores.desk.reported(20, NOON)
    assert [card.post.id for card in cards] == [make_id(0), make_id(3), *same_day]
    assert [card.reports for card in cards] == [3, 1, 1, 1]
    assert [card.post.id for card in stores.desk.reported(2, NOON)] == [make_id(0), make_id(3)]


@pytest.mark.parametrize("state", [State.APPROVED, State.HIDDEN, State.SECOND])
def test_a_post_with_open_reports_is_shown_whatever_its_state(stores: Stores, state: State) -> None:
    post = approved(stores, state=state)
    told(stores, 0)
    claim = stores.desk.claim(make_claim(), NOON)
    assert list(stores.desk.reported(20, NOON)) == [Card(post, claim, 1, LENGTH)]
    assert list(stores.desk.reported(20, claim.until)) == [Card(post, None, 1, LENGTH)]


def test_a_card_in_the_queue_says_how_many_reports_wait(stores: Stores) -> None:
    hidden = approved(stores, 1, state=State.HIDDEN)
    unread = keep(stores.visitors, make_post(2))
    told(stores, 1, 1, 1)
    tell(stores.reports, make_report(900, post_id=hidden.id, state=ReportState.KEPT))
    cards = {
        card.post.id: card.reports for card in stores.desk.cards(Asked(WAITING), None, 20, NOON)
    }
    assert cards == {hidden.id: 3, unread.id: 0}


def test_only_open_reports_count(stores: Stores) -> None:
    post = approved(stores)
    told(stores, 0, 0)
    decide(stores.desk, post, Act.KEEP)
    assert list(stores.desk.reported(20, NOON)) == []
    late = tell(stores.reports, make_report(50))
    assert [card.reports for card in stores.desk.reported(20, NOON)] == [1]
    still_open = [r for r in stores.desk.reports(post.id) if r.state is ReportState.OPEN]
    assert still_open == [late]


def test_the_reports_on_a_post_come_oldest_day_first_then_by_id(stores: Stores) -> None:
    made = [tell(stores.reports, make_report(n, day=days(-(n % 3)))) for n in range(7)]
    tell(stores.reports, make_report(50, post_id=make_id(5)))
    found = list(stores.desk.reports(make_id()))
    assert found == sorted(made, key=lambda report: (report.day, report.id))


# --- how they are answered --------------------------------------------------------------------


ANSWERS = [
    *((State.HIDDEN, act) for act in (Act.KEEP, Act.RETURN, Act.OFFER, Act.ESCALATE)),
    *((state, Act.TAKE_DOWN) for state in (State.HIDDEN, State.APPROVED)),
    *((State.SECOND, act) for act in (Act.APPROVE, Act.RETURN, Act.DECLINE, Act.ESCALATE)),
    (State.APPROVED, Act.KEEP),
]


@pytest.mark.parametrize(("state", "act"), ANSWERS)
def test_a_decision_answers_every_open_report_on_its_post_and_no_other(
    stores: Stores, state: State, act: Act
) -> None:
    post = approved(stores, state=state)
    reports = told(stores, 0, 0, 0)
    (other,) = told(stores, 7)
    after = decide(stores.desk, post, act)
    kept = after.state is State.APPROVED
    says = ReportState.KEPT if kept else ReportState.GONE
    assert set(stores.desk.reports(post.id)) == {answer(report, says) for report in reports}
    assert stores.reports.report(other.id) == other
    assert list(stores.desk.reported(20, NOON)) == []


@pytest.mark.parametrize("state", [State.HIDDEN, State.SECOND])
def test_asking_for_a_second_reader_answers_nothing(stores: Stores, state: State) -> None:
    post = approved(stores, state=state)
    reports = told(stores, 0, 0)
    after = decide(stores.desk, post, Act.ASK_SECOND)
    assert set(stores.desk.reports(post.id)) == set(reports)
    assert list(stores.desk.reported(20, NOON)) == [Card(after, None, 2, LENGTH)]


def test_a_decision_that_is_not_stored_answers_nothing(stores: Stores) -> None:
    post = approved(stores)
    (report,) = told(stores, 0)
    decided = make_decided(post, Act.KEEP)
    with pytest.raises(Changed):
        stores.desk.decide(replace(decided, post=replace(decided.post, version=9)))
    assert list(stores.desk.reports(post.id)) == [report]


@pytest.mark.parametrize("act", [Act.KEEP, Act.TAKE_DOWN])
def test_an_undo_opens_again_what_its_decision_had_answered_and_nothing_older(
    stores: Stores, act: Act
) -> None:
    (older,) = told(stores, 0)
    post = decide(stores.desk, approved(stores), Act.KEEP)
    newer = [tell(stores.reports, make_report(60 + n)) for n in range(2)]
    decide(stores.desk, post, act, undo=make_undo(post))
    late = [tell(stores.reports, make_report(70))] if act is Act.KEEP else []
    stores.desk.decide(make_undone(make_undo(post)))
    expected = {answer(older, ReportState.KEPT), *newer, *late}
    assert set(stores.desk.reports(post.id)) == expected
    assert [card.reports for card in stores.desk.reported(20, NOON)] == [2 + len(late)]


def test_reports_opened_again_can_be_answered_again(stores: Stores) -> None:
    post = approved(stores)
    (report,) = told(stores, 0)
    decide(stores.desk, post, Act.KEEP, undo=make_undo(post))
    stores.desk.decide(make_undone(make_undo(post)))
    decide(stores.desk, replace(post, version=3), Act.TAKE_DOWN)
    assert list(stores.desk.reports(post.id)) == [answer(report, ReportState.GONE)]


def test_what_a_withdrawal_answered_no_undo_opens(stores: Stores) -> None:
    post = approved(stores, state=State.HIDDEN)
    (report,) = told(stores, 0)
    kept = decide(stores.desk, post, Act.ASK_SECOND, undo=make_undo(post))
    stores.holders.withdraw(moved(kept, Act.WITHDRAW, days(2)))
    assert list(stores.desk.reports(post.id)) == [answer(report, ReportState.GONE, 2)]
    assert list(stores.desk.reported(20, NOON)) == []
    with pytest.raises(Changed):
        stores.desk.decide(make_undone(make_undo(post)))
    assert list(stores.desk.reports(post.id)) == [answer(report, ReportState.GONE, 2)]


# --- how long they are kept -------------------------------------------------------------------


def test_reports_answered_before_a_day_are_erased_and_open_ones_wait(stores: Stores) -> None:
    post = approved(stores)
    answered = told(stores, 0, 0)
    decide(stores.desk, post, Act.KEEP)
    waiting = tell(stores.reports, make_report(70, day=days(-300)))
    assert stores.retention.erase_reports(TODAY) == 0
    assert len(stores.desk.reports(post.id)) == 3
    assert stores.retention.erase_reports(days(1)) == 2
    assert list(stores.desk.reports(post.id)) == [waiting]
    assert not any(stores.reports.is_kept(report.id) for report in answered)
    assert stores.retention.erase_reports(days(4_000)) == 0
    assert stores.reports.report(waiting.id) == waiting


ANSWERABLE = (State.APPROVED, State.HIDDEN, State.SECOND)


LEFT = (State.WITHDRAWN, State.TAKEN_DOWN, State.ESCALATED)


@pytest.mark.parametrize("state", LEFT)
def test_nothing_is_reported_that_has_left_the_site_meanwhile(stores: Stores, state: State) -> None:
    """Nobody would ever answer it."""
    approved(stores, state=state)
    with pytest.raises(NotUp):
        tell(stores.reports, make_report())
    assert list(stores.desk.reports(make_id())) == []
    assert stores.reports.spent(make_spent().nonce) is None


@pytest.mark.parametrize("state", [state for state in State if state not in LEFT])
def test_an_open_report_that_nobody_will_answer_goes_by_its_own_day(
    stores: Stores, state: State
) -> None:
    approved(stores, state=state)
    report = tell(stores.reports, make_report(day=days(-3)))
    assert stores.retention.erase_reports(days(-3)) == 0
    assert stores.reports.report(report.id) == report
    assert stores.retention.erase_reports(days(-2)) == (0 if state in ANSWERABLE else 1)
    assert stores.reports.is_kept(report.id) is (state in ANSWERABLE)


def test_an_open_report_on_what_is_no_post_goes_by_its_own_day(stores: Stores) -> None:
    report = tell(stores.reports, make_report())
    assert stores.retention.erase_reports(TODAY) == 0
    assert stores.retention.erase_reports(days(1)) == 1
    assert stores.reports.report(report.id) is None


def test_a_report_that_an_undo_opened_again_has_no_clock(stores: Stores) -> None:
    post = approved(stores)
    (report,) = told(stores, 0)
    decide(stores.desk, post, Act.KEEP, undo=make_undo(post))
    stores.desk.decide(make_undone(make_undo(post)))
    assert stores.retention.erase_reports(days(400)) == 0
    assert stores.reports.report(report.id) == report


def test_an_answered_report_outlives_its_post_by_its_own_clock(stores: Stores) -> None:
    post = approved(stores)
    (report,) = told(stores, 0)
    decide(stores.desk, post, Act.TAKE_DOWN)
    stores.retention.erase_posts(State.TAKEN_DOWN, days(1))
    assert stores.desk.post(post.id) is None
    assert stores.reports.report(report.id) == answer(report, ReportState.GONE)

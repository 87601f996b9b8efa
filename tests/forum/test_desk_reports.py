"""Reported posts on the desk: they come first, and every decision answers what readers asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum.approving import Approver
from forum.desk import PAGE, Desk
from forum.holders import Leave
from forum.post import Act, Post, State
from forum.reports import NotUp
from forum.rows import Card, ReportState
from forum.sweep import Sweep
from tests.builders import LENGTH, TODAY, days, make_edition_row
from tests.forum.desk_office import Office, open_office
from tests.forum.visitors_door import Door, open_door


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def up(office: Office, number: int = 0, **given: object) -> Post:
    return office.approve(office.receive(number, **given), "pat")


def states(office: Office, post: Post) -> list[ReportState]:
    return [report.state for report in office.desk.read(post.id).reports]


def sweep(office: Office) -> Post:
    """Readers hide the one post that enough of them reported; as it is then."""
    (hidden,) = Sweep(office.stores.sweep, office.clock).hide()
    return office.desk.read(hidden).post


def test_reported_posts_come_a_page_at_a_time_with_most_reports_first(office: Office) -> None:
    posts = [up(office, number, day=days(-number)) for number in range(PAGE + 3)]
    for number, post in enumerate(posts):
        office.report(post, 3 if number == 5 else 1)
    cards = office.desk.reported()
    assert len(cards) == PAGE
    assert (cards[0].post, cards[0].reports) == (posts[5], 3)
    oldest_first = [card.post for card in cards[1:]]
    assert oldest_first == [p for p in reversed(posts) if p is not posts[5]][: PAGE - 1]
    assert [card.post for card in office.desk.reported(limit=1)] == [posts[5]]


def test_a_reported_posts_card_shows_who_is_reading_it(office: Office) -> None:
    post = up(office)
    office.report(post)
    claim = office.desk.claim(post.id, "sam")
    assert list(office.desk.reported()) == [Card(post, claim, 1, LENGTH)]
    office.clock.advance(minutes=30)
    assert list(office.desk.reported()) == [Card(post, None, 1, LENGTH)]


def test_reading_a_post_shows_every_report_on_it(office: Office) -> None:
    post = up(office)
    made = office.report(post, 2)
    other = up(office, 1)
    office.report(other)
    assert sorted(office.desk.read(post.id).reports, key=lambda r: r.id) == sorted(
        made, key=lambda r: r.id
    )
    assert office.desk.read(office.receive(2).id).reports == []


@pytest.mark.parametrize("hidden", [True, False])
def test_what_is_kept_is_answered_as_kept_and_taken_off_the_list(
    office: Office, hidden: bool
) -> None:
    post = up(office)
    office.report(post, 3)
    post = sweep(office) if hidden else post
    office.decide(Act.KEEP, post, words="")
    assert states(office, post) == [ReportState.KEPT] * 3
    assert {report.state_day for report in office.desk.read(post.id).reports} == {TODAY}
    assert list(office.desk.reported()) == []


@pytest.mark.parametrize("act", [Act.TAKE_DOWN, Act.RETURN, Act.ESCALATE])
def test_what_leaves_the_site_is_answered_as_gone(office: Office, act: Act) -> None:
    post = up(office)
    office.report(post, 3)
    office.decide(act, sweep(office))
    assert states(office, post) == [ReportState.GONE] * 3
    assert list(office.desk.reported()) == []


def test_changes_offered_answer_its_readers_as_gone(office: Office) -> None:
    post = up(office)
    office.report(post, 3)
    hidden = sweep(office)
    body = "I counted walks. It took a while, and it helped."
    office.desk.offer(office.seen(hidden), Approver("robin"), "Walks", body)
    assert states(office, post) == [ReportState.GONE] * 3


def test_asking_for_a_second_reader_answers_nobody_yet(office: Office) -> None:
    post = up(office)
    office.report(post, 3)
    second = office.decide(Act.ASK_SECOND, sweep(office), words="")
    assert states(office, post) == [ReportState.OPEN] * 3
    assert [card.post for card in office.desk.reported()] == [second]
    office.decide(Act.APPROVE, second, "kim")
    assert states(office, post) == [ReportState.KEPT] * 3


@pytest.mark.parametrize("act", [Act.KEEP, Act.TAKE_DOWN])
def test_an_undo_asks_its_readers_question_again(office: Office, act: Act) -> None:
    post = up(office)
    office.report(post, 3)
    hidden = sweep(office)
    office.decide(act, hidden)
    office.clock.advance(seconds=59)
    back = office.desk.undo(post.id, "robin")
    assert (back.state, back.reread) == (State.HIDDEN, False)
    assert states(office, post) == [ReportState.OPEN] * 3
    assert [card.reports for card in office.desk.reported()] == [3]


def test_a_report_after_the_answer_is_a_question_of_its_own(office: Office) -> None:
    post = up(office)
    office.report(post)
    kept = office.decide(Act.KEEP, post)
    office.report(kept)
    assert sorted(states(office, post), key=lambda s: s.value) == [
        ReportState.KEPT,
        ReportState.OPEN,
    ]
    assert [card.reports for card in office.desk.reported()] == [1]


# --- from the reader's page to the answer -----------------------------------------------------


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


def put_up(door: Door) -> tuple[Desk, Post]:
    """A story that was sent, read and put up."""
    desk = Desk(door.stores.desk, door.clock)
    office = Office(door.stores, door.clock, desk)
    post = office.approve(door.share().post, "pat")
    door.stores.press.record([make_edition_row(post_id=post.id)], [])
    return desk, post


def report(door: Door, post: Post) -> Leave:
    """A reader reports it; the receipt they got."""
    token = door.reports.form_token(post.id)
    door.clock.advance(minutes=1)
    given = {"id": [post.id], "reason": ["cruel"], "words": ["Please look."], "token": [token]}
    return Leave(str(door.reports.report(given).receipt))


def answer_to(door: Door, leave: Leave) -> ReportState:
    (told,) = door.holders.look_up(leave).reports
    return told.report.state


def test_a_reader_finds_the_answer_with_the_receipt_of_the_report(door: Door) -> None:
    desk, post = put_up(door)
    leave = report(door, post)
    assert answer_to(door, leave) is ReportState.OPEN
    office = Office(door.stores, door.clock, desk)
    office.decide(Act.KEEP, post)
    assert answer_to(door, leave) is ReportState.KEPT
    desk.undo(post.id, "robin")
    assert answer_to(door, leave) is ReportState.OPEN
    office.decide(Act.TAKE_DOWN, desk.read(post.id).post)
    assert answer_to(door, leave) is ReportState.GONE


def test_readers_are_told_that_what_its_author_took_back_is_gone(door: Door) -> None:
    _, post = put_up(door)
    leave = report(door, post)
    office = Office(door.stores, door.clock, Desk(door.stores.desk, door.clock))
    office.by_author(Act.WITHDRAW, post)
    assert answer_to(door, leave) is ReportState.GONE


def test_a_report_on_a_page_that_is_on_its_way_down_does_not_wait_for_ever(door: Door) -> None:
    """Readers see the page until the press has run; nobody can decide about the post any more."""
    desk, post = put_up(door)
    office = Office(door.stores, door.clock, desk)
    token = door.reports.form_token(post.id)
    door.clock.advance(minutes=1)
    office.decide(Act.TAKE_DOWN, post)
    given = {"id": [post.id], "reason": ["cruel"], "words": [""], "token": [token]}
    try:
        leave = Leave(str(door.reports.report(given).receipt))
    except NotUp:
        return
    assert answer_to(door, leave) is ReportState.GONE
    assert list(desk.reported()) == []

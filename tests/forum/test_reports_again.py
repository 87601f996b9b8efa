"""A report is taken once and answered every time; a flood of them is turned away whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forum import visitors
from forum.hands import Unknown
from forum.intake import Crowded
from forum.lanes import Lane, Rate
from forum.post import Act, Post, State
from forum.reports import FormUsed, NotUp, Received, Reports
from forum.retention import purge
from forum.rows import Changed, ReportState, Unavailable
from forum.texts import Refused
from tests.forum.visitors_door import Door, Meanwhile, leave, open_door, raising


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return open_door(tmp_path)


@pytest.fixture
def post(door: Door) -> Post:
    """A post that readers can see."""
    return door.share_up().post


def over(door: Door, store: object) -> Reports:
    return replace(door.reports, store=store)  # type: ignore[arg-type]


def kept(door: Door) -> list[dict[str, Any]]:
    return [row for table, row in door.rows() if table == "reports"]


# --- sent twice ---------------------------------------------------------------------------------


def test_the_same_form_sent_again_gets_the_same_answer_and_one_report(
    door: Door, post: Post
) -> None:
    form = door.report_form(post)
    first = door.reports.report(form)
    door.take_down(post)
    door.clock.advance(hours=3)
    assert door.reports.report(form) == first
    assert over(door, door.stores.again().reports).report(form) == first
    assert len(kept(door)) == 1


def test_a_repeat_says_how_the_report_stands_now(door: Door, post: Post) -> None:
    form = door.report_form(post)
    door.reports.report(form)
    door.decide(Act.KEEP, post)
    assert door.reports.report(form).report.state is ReportState.KEPT


def test_a_used_form_with_other_words_or_for_a_story_is_not_taken(door: Door, post: Post) -> None:
    form, shared = door.report_form(post), door.form()
    door.reports.report(form)
    door.visitors.submit(shared)
    for token, change in ((form, {"words": ["Other."]}), (shared, {})):
        with pytest.raises(FormUsed):
            door.reports.report({**form, "token": token["token"], **change})
    assert len(kept(door)) == 1
    posts = door.posts()
    with pytest.raises(visitors.FormUsed):
        door.visitors.submit({**shared, "token": form["token"]})
    assert door.posts() == posts


def test_a_form_sent_by_a_double_click_becomes_one_report(door: Door, post: Post) -> None:
    other = over(door, door.stores.again().reports)
    for number in range(5):
        form = door.report_form(post, words=f"Look {number}")
        with ThreadPoolExecutor(8) as threads:
            views = [door.reports, other] * 4
            got = list(threads.map(lambda view, form=form: view.report(form), views))
        assert len(set(got)) == 1
        assert len(kept(door)) == number + 1


@pytest.mark.parametrize("error", [Changed(), Unavailable()])
def test_nobody_is_told_that_a_report_came_in_that_was_not_stored(
    door: Door, post: Post, error: Exception
) -> None:
    form, failing = (
        door.report_form(post),
        Meanwhile(door.stores.reports, "add_report", raising(error)),
    )
    try:
        received = over(door, failing).report(form)
    except (Changed, Unavailable):
        assert kept(door) == []
        received = door.reports.report(form)
    assert door.stores.desk.reports(post.id) == [received.report]
    assert door.holders.look_up(leave(received)).reports


# --- floods -------------------------------------------------------------------------------------


def in_lane(door: Door, rate: Rate) -> Reports:
    return replace(door.reports, lane=Lane(rate))


def test_a_flood_is_turned_away_with_nothing_stored_and_can_come_again(
    door: Door, post: Post
) -> None:
    reports, forms = in_lane(door, Rate(2, 1)), [door.report_form(post) for _ in range(4)]
    first = reports.report(forms[0])
    reports.report(forms[1])
    before = door.rows()
    for form in forms[2:] * 3:
        with pytest.raises(Crowded):
            reports.report(form)
    assert door.rows() == before
    assert reports.report(forms[0]) == first, "a repeat takes no place"
    door.clock.advance(minutes=1)
    assert reports.report(forms[2])


def test_what_cannot_be_taken_takes_no_place(door: Door, post: Post) -> None:
    reports, form = in_lane(door, Rate(1, 1)), door.report_form(post)
    for wrong in ({"reason": ["x"]}, {"website": ["x"]}, {"token": ["x"]}, {"id": ["x"]}):
        with pytest.raises((Refused, NotUp)):
            reports.report({**form, **wrong})
    assert reports.report(form)


# --- the end of a report ------------------------------------------------------------------------


def answered(door: Door, received: Received) -> bool:
    """Whether the report has an answer, or is gone."""
    try:
        (shown,) = door.holders.look_up(leave(received)).reports
    except Unknown:
        return True
    return shown.report.state is not ReportState.OPEN


@pytest.mark.parametrize("act", [Act.KEEP, Act.TAKE_DOWN, Act.ESCALATE])
def test_a_decision_answers_a_report(door: Door, act: Act) -> None:
    sent = door.share_up()
    received = door.report(sent.post)
    if act is Act.ESCALATE:
        door.put_in(State.HIDDEN, sent)
    door.decide(act, door.post(sent))
    assert answered(door, received)


def test_a_report_of_a_post_that_is_coming_down_is_not_kept_for_ever(door: Door) -> None:
    """Readers see it until the next edition; nobody decides it any more."""
    sent = door.share_up()
    form = door.report_form(sent.post)
    door.holders.withdraw(sent.post.id, leave(sent))
    try:
        received = door.reports.report(form)
    except NotUp:
        return
    door.take_down(sent.post)
    for _ in range(3):
        door.clock.advance(days=40)
        purge(door.stores.retention, door.clock.now())
    assert answered(door, received)

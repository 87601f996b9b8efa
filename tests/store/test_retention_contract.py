"""What every adapter of the retention port promises: what ran out goes, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forum.figures import Wait
from forum.post import Act, State, moved
from forum.rows import Decided, Verdict
from tests.builders import (
    NOON,
    TODAY,
    days,
    keep,
    make_author,
    make_claim,
    make_decision,
    make_edition_row,
    make_id,
    make_message,
    make_post,
    make_spent,
    make_text,
    make_undo,
)
from tests.store.adapters import Stores


def test_counts_are_erased_by_their_day_and_by_what_they_count(stores: Stores) -> None:
    for number, day in enumerate((days(-1), TODAY)):
        post = keep(stores.visitors, make_post(number, state_day=day))
        decision = make_decision(number, day=day)
        verdicts = (("SUI-1", Verdict.KEEP),)
        stores.desk.decide(Decided(moved(post, Act.RETURN, day), decision, verdicts=verdicts))
    month = TODAY.replace(day=1)
    assert stores.retention.erase_tallies(TODAY, month) == 1
    assert stores.figures.waits(Wait.DECIDED, days(-9), TODAY) == {0: 1}
    assert stores.figures.verdicts(month) == {("SUI-1", Verdict.KEEP): 2}
    assert stores.retention.erase_tallies(TODAY, month) == 0
    assert stores.retention.erase_tallies(TODAY, days(1)) == 2
    assert stores.figures.verdicts(month) == {}


@pytest.mark.parametrize("state", State)
def test_posts_that_came_to_a_state_before_a_day_are_erased_with_their_text(
    stores: Stores, state: State
) -> None:
    old = keep(stores.visitors, make_post(1, state=state, state_day=days(-1)))
    young = keep(stores.visitors, make_post(2, state=state, state_day=TODAY))
    other = next(one for one in State if one is not state)
    apart = keep(stores.visitors, make_post(3, state=other, state_day=days(-1)))
    assert stores.retention.erase_posts(state, TODAY) == 1
    assert stores.desk.post(old.id) is None
    assert stores.desk.text(old.id) is None
    assert stores.desk.post(young.id) == young
    assert stores.desk.text(young.id) == make_text()
    assert stores.desk.post(apart.id) == apart
    assert stores.retention.erase_posts(state, TODAY) == 0


def test_a_post_whose_page_may_be_up_keeps_the_row_that_says_why_it_comes_down(
    stores: Stores,
) -> None:
    post = keep(stores.visitors, make_post(1, state=State.TAKEN_DOWN, state_day=days(-1)))
    stores.press.record([make_edition_row(1)], [])
    assert stores.retention.erase_posts(State.TAKEN_DOWN, TODAY) == 0
    assert stores.desk.post(post.id) == post
    stores.press.record([], [post.id])
    assert stores.retention.erase_posts(State.TAKEN_DOWN, TODAY) == 1


def test_an_erased_post_takes_its_message_and_undo_along(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    after = replace(post, state=State.RETURNED, version=2)
    stores.desk.decide(Decided(after, make_decision(), make_message(), make_undo(post)))
    stores.retention.erase_posts(State.RETURNED, days(1))
    assert stores.desk.message(post.id) is None
    assert stores.desk.undo(post.id) is None


def test_the_pen_name_of_an_erased_post_is_free_again(stores: Stores) -> None:
    keep(stores.visitors, make_post(1, pen_name="Quiet Heron"))
    stores.retention.erase_posts(State.RECEIVED, days(1))
    keep(stores.visitors, make_post(2, pen_name="Quiet Heron"))
    assert stores.desk.post(make_id(2)) is not None


def test_of_an_old_approved_post_only_the_record_is_kept(stores: Stores) -> None:
    text = make_text(removed=("script",))
    old = keep(stores.visitors, make_post(1, state=State.APPROVED, state_day=days(-1)), text)
    young = keep(stores.visitors, make_post(2, state=State.APPROVED), text)
    apart = keep(stores.visitors, make_post(3, state_day=days(-1)), text)
    assert stores.retention.erase_typed(TODAY) == 1
    assert stores.desk.text(old.id) == replace(text, typed=None, removed=())
    assert stores.desk.text(young.id) == text
    assert stores.desk.text(apart.id) == text
    assert stores.retention.erase_typed(TODAY) == 0


def test_of_an_old_approved_post_no_mark_and_no_day_of_sending_is_kept(stores: Stores) -> None:
    given = {"marks": ("second-opinion",), "day": TODAY.replace(day=17)}
    old = make_post(1, state=State.APPROVED, state_day=days(-1), **given)
    for post in (
        old,
        young := make_post(2, state=State.APPROVED, **given),
        hidden := make_post(3, state=State.HIDDEN, state_day=days(-1), **given),
        apart := make_post(4, state=State.APPEALED, state_day=days(-1), **given),
    ):
        keep(stores.visitors, post)
    assert stores.retention.erase_typed(TODAY) == 2
    assert stores.desk.post(hidden.id) == replace(hidden, marks=(), day=TODAY.replace(day=1))
    assert stores.desk.post(old.id) == replace(old, marks=(), day=TODAY.replace(day=1))
    assert stores.desk.post(young.id) == young
    assert stores.desk.post(apart.id) == apart


def test_forms_sent_before_a_day_are_forgotten(stores: Stores) -> None:
    for number in (0, 1):
        spent = make_spent(number, day=days(number))
        stores.visitors.add(make_post(number), make_text(), make_author(number), spent)
    assert stores.retention.erase_spent(days(1)) == 1
    assert stores.visitors.spent(make_spent(0).nonce) is None
    assert stores.visitors.spent(make_spent(1).nonce) == make_spent(1, day=days(1))
    assert stores.desk.post(make_id(0)) == make_post(0)


def test_claims_and_undos_that_ran_out_are_erased_and_those_that_hold_stay(
    stores: Stores,
) -> None:
    post = keep(stores.visitors, make_post())
    undo = make_undo(post, until=NOON + timedelta(minutes=1))
    stores.desk.decide(Decided(replace(post, version=2), make_decision(), None, undo))
    claim = stores.desk.claim(make_claim(), NOON)
    assert stores.retention.erase_passing(NOON) == 0
    assert stores.desk.undo(post.id) == undo
    assert stores.retention.erase_passing(undo.until) == 1
    assert stores.desk.undo(post.id) is None
    assert stores.desk.holder(post.id, NOON) == claim
    assert stores.retention.erase_passing(claim.until) == 1
    assert stores.desk.holder(post.id, NOON) is None


def test_an_empty_store_has_nothing_to_erase(stores: Stores) -> None:
    assert all(stores.retention.erase_posts(state, TODAY) == 0 for state in State)
    assert stores.retention.erase_typed(TODAY) == 0
    assert stores.retention.erase_reports(TODAY) == 0
    assert stores.retention.erase_spent(TODAY) == 0
    assert stores.retention.erase_passing(NOON) == 0


def test_decisions_and_hands_outlive_the_post(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(), number=1)
    stores.desk.decide(Decided(replace(post, version=2), make_decision(), None, None))
    stores.retention.erase_posts(State.RECEIVED, days(1))
    assert list(stores.desk.decisions(post.id)) == [make_decision()]
    assert stores.visitors.author(make_author(1).lookup) == make_author(1)

"""What every adapter of the sweep's port promises: it hides what it saw, once, and on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from forum.post import Act, Post, State, moved
from forum.rows import Changed, Decision
from forum.sweep import BY_READERS
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_claim,
    make_decision,
    make_edition_row,
    make_id,
    make_message,
    make_post,
    make_report,
    make_text,
    make_undo,
    tell,
)
from tests.store.adapters import Stores


def approved(stores: Stores, number: int = 0, **given: object) -> Post:
    values = {"state": State.APPROVED, "approved_hash": "a" * 64} | given
    return keep(stores.visitors, make_post(number, **values))


MOST = 5
"""More than most of these tests hide on one day."""


LEFT = (State.WITHDRAWN, State.TAKEN_DOWN, State.ESCALATED)
"""States of posts that nobody can report any more."""


def told(stores: Stores, number: int, times: int) -> None:
    for one in range(times):
        tell(stores.reports, make_report(100 * number + one, post_id=make_id(number)))


def by_readers(post: Post) -> Decision:
    return Decision(TODAY, BY_READERS, Act.HIDE, post.id, post.approved_hash)


def test_only_approved_posts_with_enough_open_reports_are_found(stores: Stores) -> None:
    for number, state in enumerate(State):
        if state not in LEFT:
            keep(stores.visitors, make_post(number, state=state))
            told(stores, number, 3)
    approved(stores, 50)
    told(stores, 50, 2)
    enough = list(State).index(State.APPROVED)
    assert [post.id for post in stores.sweep.reported(3)] == [make_id(enough)]
    assert [post.id for post in stores.sweep.reported(2)] == [make_id(enough), make_id(50)]


def test_answered_reports_do_not_count(stores: Stores) -> None:
    post = approved(stores)
    told(stores, 0, 3)
    decide(stores.desk, post, Act.KEEP)
    assert list(stores.sweep.reported(3)) == []
    assert list(stores.sweep.reported(1)) == []


def test_most_reports_come_first_then_the_ids_in_order(stores: Stores) -> None:
    for number, times in enumerate([3, 5, 3, 4, 3]):
        approved(stores, number, day=days(-number))
        told(stores, number, times)
    threes = sorted(make_id(number) for number in (0, 2, 4))
    assert [p.id for p in stores.sweep.reported(3)] == [make_id(1), make_id(3), *threes]


def test_what_is_found_is_the_post_as_it_stands(stores: Stores) -> None:
    post = approved(stores, reread=True)
    told(stores, 0, 3)
    assert list(stores.sweep.reported(3)) == [post]


def test_hiding_puts_the_post_and_the_decision_on_record_and_rings(stores: Stores) -> None:
    post = approved(stores)
    told(stores, 0, 3)
    stores.press.record([make_edition_row()], [])
    hidden = moved(post, Act.HIDE, TODAY)
    stores.sweep.hide(hidden, by_readers(post), MOST)
    assert stores.desk.post(post.id) == hidden
    assert list(stores.desk.decisions(post.id)) == [by_readers(post)]
    assert stores.press.rung() == 1
    assert stores.desk.text(post.id) == make_text()
    assert [report.state_day for report in stores.desk.reports(post.id)] == [None] * 3


def test_hiding_leaves_who_is_reading_and_the_words_to_the_author_as_they_are(
    stores: Stores,
) -> None:
    post = decide(stores.desk, keep(stores.visitors, make_post()), Act.APPROVE)
    post = decide(stores.desk, post, Act.KEEP, message=make_message(), undo=make_undo(post))
    claim = stores.desk.claim(make_claim(), NOON)
    stores.sweep.hide(moved(post, Act.HIDE, TODAY), by_readers(post), MOST)
    assert stores.desk.holder(post.id, NOON) == claim
    assert stores.desk.message(post.id) == make_message()
    assert stores.desk.undo(post.id) is None, "what was decided before has moved on"


@pytest.mark.parametrize("behind", [-1, 1, 4])
def test_a_post_that_moved_on_is_not_hidden(stores: Stores, behind: int) -> None:
    post = approved(stores)
    hidden = replace(moved(post, Act.HIDE, TODAY), version=post.version + 1 + behind)
    with pytest.raises(Changed):
        stores.sweep.hide(hidden, by_readers(post), MOST)
    with pytest.raises(Changed):
        stores.sweep.hide(
            moved(replace(post, id=make_id(9)), Act.HIDE, TODAY), by_readers(post), MOST
        )
    assert stores.desk.post(post.id) == post
    assert list(stores.desk.decisions(post.id)) == []
    assert stores.press.rung() == 0
    assert stores.sweep.hidden_on(TODAY, BY_READERS) == 0


def test_what_was_hidden_is_counted_by_day_by_hand_and_by_act(stores: Stores) -> None:
    for number in range(3):
        post = approved(stores, number)
        stores.sweep.hide(moved(post, Act.HIDE, TODAY), by_readers(post), MOST)
    other = approved(stores, 7)
    yesterday = replace(by_readers(other), day=days(-1))
    stores.sweep.hide(moved(other, Act.HIDE, days(-1)), yesterday, MOST)
    third = approved(stores, 8)
    robins = make_decision(8, act=Act.HIDE, moderator="robin")
    stores.sweep.hide(moved(third, Act.HIDE, TODAY), robins, MOST)
    decide(stores.desk, approved(stores, 9), Act.KEEP)
    assert stores.sweep.hidden_on(TODAY, BY_READERS) == 3
    assert stores.sweep.hidden_on(days(-1), BY_READERS) == 1
    assert stores.sweep.hidden_on(TODAY, "robin") == 1
    assert stores.sweep.hidden_on(days(1), BY_READERS) == 0
    assert stores.again().sweep.hidden_on(TODAY, BY_READERS) == 3


def test_what_was_hidden_still_counts_once_it_is_back_or_gone(stores: Stores) -> None:
    kept, gone = approved(stores, 1), approved(stores, 2)
    for post in (kept, gone):
        stores.sweep.hide(moved(post, Act.HIDE, TODAY), by_readers(post), MOST)
    decide(stores.desk, moved(kept, Act.HIDE, TODAY), Act.KEEP)
    stores.holders.withdraw(moved(moved(gone, Act.HIDE, TODAY), Act.WITHDRAW, TODAY))
    stores.retention.erase_posts(State.WITHDRAWN, days(1))
    assert stores.sweep.hidden_on(TODAY, BY_READERS) == 2


def test_of_many_who_hide_one_post_at_once_one_does(stores: Stores) -> None:
    post = approved(stores)
    views = (stores.sweep, stores.again().sweep)

    def hide(number: int) -> bool:
        try:
            views[number % 2].hide(moved(post, Act.HIDE, TODAY), by_readers(post), MOST)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(hide, range(12))) == 1
    assert stores.sweep.hidden_on(TODAY, BY_READERS) == 1
    assert stores.press.rung() == 1


def test_no_more_are_hidden_on_one_day_by_one_hand_than_that(stores: Stores) -> None:
    first, second, third = (approved(stores, number) for number in (1, 2, 3))
    for post in (first, second):
        stores.sweep.hide(moved(post, Act.HIDE, TODAY), by_readers(post), 2)
    with pytest.raises(Changed):
        stores.sweep.hide(moved(third, Act.HIDE, TODAY), by_readers(third), 2)
    assert stores.desk.post(third.id) == third
    assert list(stores.desk.decisions(third.id)) == []
    assert stores.press.rung() == 2
    tomorrow = replace(by_readers(third), day=days(1))
    stores.sweep.hide(moved(third, Act.HIDE, days(1)), tomorrow, 2)
    assert stores.sweep.hidden_on(days(1), BY_READERS) == 1


def test_of_many_who_hide_many_posts_at_once_no_more_do_than_that(stores: Stores) -> None:
    posts = [approved(stores, number) for number in range(10)]
    views = (stores.sweep, stores.again().sweep)

    def hide(number: int) -> bool:
        post = posts[number]
        try:
            views[number % 2].hide(moved(post, Act.HIDE, TODAY), by_readers(post), 3)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(hide, range(10))) == 3
    assert stores.sweep.hidden_on(TODAY, BY_READERS) == 3

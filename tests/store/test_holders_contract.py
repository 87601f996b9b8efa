"""What every adapter of the holders' port promises: what is theirs moves on whole, or not at all.

Nothing that was written before is left behind, and nothing of anybody else's is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from forum.post import Act, Fields, Post, State, Text, moved
from forum.rows import Changed, Offer, ReportState
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_author,
    make_claim,
    make_edition_row,
    make_id,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_spent,
    make_text,
    make_undo,
    tell,
)
from tests.store.adapters import Stores

Write = Callable[[Stores, Post], None]


def withdrawn(post: Post) -> Post:
    return moved(post, Act.WITHDRAW, days(1))


def decided(stores: Stores, post: Post, act: Act) -> Post:
    """The post after a moderator's act, with a message and an undo."""
    return decide(stores.desk, post, act, message=make_message(), undo=make_undo(post))


def offered(stores: Stores, number: int = 0) -> tuple[Post, Offer]:
    """A post with changes offered, a message, an undo and another's claim on it."""
    post = keep(stores.visitors, make_post(number))
    offer = make_offer(post)
    given = {"message": make_message(), "undo": make_undo(post), "offer": offer}
    after = decide(stores.desk, post, Act.OFFER, **given)
    stores.desk.claim(make_claim(number, moderator="sam"), NOON)
    return after, offer


# --- taking back ------------------------------------------------------------------------------


def test_taking_back_erases_everything_but_the_row_that_says_so(stores: Stores) -> None:
    post = decided(stores, keep(stores.visitors, make_post()), Act.RETURN)
    stores.desk.claim(make_claim(), NOON)
    stores.holders.withdraw(withdrawn(post))
    assert stores.visitors.post(post.id) == withdrawn(post)
    assert stores.desk.text(post.id) is None
    assert stores.holders.message(post.id) is None
    assert stores.desk.holder(post.id, NOON) is None
    assert stores.desk.undo(post.id) is None
    assert [decision.act for decision in stores.desk.decisions(post.id)] == [Act.RETURN]


def test_taking_back_leaves_every_other_post_alone(stores: Stores) -> None:
    gone, stays = keep(stores.visitors, make_post(1)), keep(stores.visitors, make_post(2))
    stores.desk.claim(make_claim(2), NOON)
    stores.holders.withdraw(withdrawn(gone))
    assert stores.visitors.post(stays.id) == stays
    assert stores.desk.text(stays.id) == make_text()
    assert stores.desk.holder(stays.id, NOON) == make_claim(2)


@pytest.mark.parametrize("behind", [-1, 1, 5])
def test_a_post_that_moved_on_is_not_taken_back_unseen(stores: Stores, behind: int) -> None:
    post = decided(stores, keep(stores.visitors, make_post()), Act.APPROVE)
    rung = stores.press.rung()
    with pytest.raises(Changed):
        stores.holders.withdraw(replace(withdrawn(post), version=post.version + 1 + behind))
    assert stores.visitors.post(post.id) == post
    assert stores.desk.text(post.id) == make_text()
    assert stores.holders.message(post.id) == make_message()
    assert stores.press.rung() == rung


def test_a_post_that_is_not_there_cannot_be_taken_back(stores: Stores) -> None:
    with pytest.raises(Changed):
        stores.holders.withdraw(withdrawn(make_post()))
    assert stores.visitors.post(make_id()) is None


def test_of_many_who_take_one_post_back_at_once_one_does(stores: Stores) -> None:
    post = decided(stores, keep(stores.visitors, make_post()), Act.APPROVE)
    rung = stores.press.rung()

    def take_back(_: int) -> bool:
        try:
            stores.holders.withdraw(withdrawn(post))
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take_back, range(8))) == 1
    assert stores.press.rung() == rung + 1


def test_taking_back_what_nobody_sees_does_not_ring_the_bell(stores: Stores) -> None:
    for number, act in enumerate([Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.ASK_SECOND]):
        post = decided(stores, keep(stores.visitors, make_post(number)), act)
        stores.holders.withdraw(withdrawn(post))
    stores.holders.withdraw(withdrawn(keep(stores.visitors, make_post(9))))
    assert stores.press.rung() == 0


def test_taking_back_what_is_about_to_go_up_rings_the_bell(stores: Stores) -> None:
    post = decided(stores, keep(stores.visitors, make_post()), Act.APPROVE)
    rung = stores.press.rung()
    stores.holders.withdraw(withdrawn(post))
    assert stores.press.rung() == rung + 1


@pytest.mark.parametrize("acts", [(Act.APPROVE,), (Act.APPROVE, Act.HIDE, Act.ASK_SECOND), ()])
def test_taking_back_what_readers_see_rings_the_bell(stores: Stores, acts: tuple[Act, ...]) -> None:
    post = keep(stores.visitors, make_post())
    for act in acts:
        post = decided(stores, post, act)
    stores.press.record([make_edition_row()], [])
    assert stores.holders.is_up(post.id)
    before = stores.press.rung()
    stores.holders.withdraw(withdrawn(post))
    assert stores.press.rung() == before + 1


def test_holders_see_what_the_moderators_wrote_last(stores: Stores) -> None:
    post = decided(stores, keep(stores.visitors, make_post()), Act.RETURN)
    assert stores.holders.message(post.id) == make_message()
    assert stores.visitors.post(post.id) == post
    assert post.state is State.RETURNED


# --- moving on --------------------------------------------------------------------------------


def test_what_a_holder_sees_is_what_was_stored(stores: Stores) -> None:
    post, offer = offered(stores)
    assert stores.holders.post(post.id) == post
    assert stores.holders.text(post.id) == make_text()
    assert stores.holders.offer(post.id) == offer
    assert stores.holders.message(post.id) == make_message()
    assert not stores.holders.is_up(post.id)
    assert stores.holders.report(make_report().id) is None


def test_where_nothing_is_stored_a_holder_sees_nothing(stores: Stores) -> None:
    assert stores.holders.post(make_id()) is None
    assert stores.holders.text(make_id()) is None
    assert stores.holders.offer(make_id()) is None
    assert stores.holders.message(make_id()) is None
    assert stores.holders.report(make_id()) is None


MOVES = [(State.OFFERED, Act.REFUSE), (State.DECLINED, Act.APPEAL), (State.TAKEN_DOWN, Act.APPEAL)]


@pytest.mark.parametrize(("state", "act"), MOVES)
def test_a_post_moves_on_and_keeps_its_words(stores: Stores, state: State, act: Act) -> None:
    post = keep(stores.visitors, make_post(state=state))
    after = moved(post, act, TODAY)
    stores.holders.move(after)
    assert stores.holders.post(post.id) == after
    assert stores.holders.text(post.id) == make_text()
    assert stores.press.rung() == 0


def test_moving_on_ends_the_offer_the_claim_and_the_undo_and_keeps_the_message(
    stores: Stores,
) -> None:
    post, _ = offered(stores)
    stores.holders.move(moved(post, Act.REFUSE, TODAY))
    assert stores.holders.offer(post.id) is None
    assert stores.desk.undo(post.id) is None
    assert stores.desk.holder(post.id, NOON) is None
    assert stores.holders.message(post.id) == make_message()


NEW = make_text(title="Walks", html="<p>New words.</p>", typed="New words.", removed=("img",))


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.REVISE])
def test_new_words_stand_in_place_of_the_old_and_of_the_offer(stores: Stores, act: Act) -> None:
    post, _ = offered(stores)
    after = replace(moved(post, act, TODAY), fields=Fields(topics=("grief",)), marks=("SUI-1",))
    stores.holders.rewrite(after, NEW)
    assert stores.holders.post(post.id) == after
    assert stores.holders.text(post.id) == NEW
    assert stores.holders.offer(post.id) is None
    assert stores.desk.undo(post.id) is None
    assert stores.desk.holder(post.id, NOON) is None
    assert stores.holders.message(post.id) == make_message()
    assert [decision.act for decision in stores.desk.decisions(post.id)] == [Act.OFFER]


def test_taking_back_ends_the_offer_too(stores: Stores) -> None:
    post, _ = offered(stores)
    stores.holders.withdraw(withdrawn(post))
    assert stores.holders.offer(post.id) is None
    assert stores.holders.text(post.id) is None
    assert stores.holders.message(post.id) is None


WRITES: list[Write] = [
    lambda stores, post: stores.holders.move(post),
    lambda stores, post: stores.holders.rewrite(post, NEW),
    lambda stores, post: stores.holders.withdraw(post),
]


@pytest.mark.parametrize("write", WRITES)
def test_nothing_of_another_post_is_touched(stores: Stores, write: Write) -> None:
    post, _ = offered(stores)
    other, offer = offered(stores, 1)
    report = tell(stores.reports, make_report(post_id=other.id))
    write(stores, moved(post, Act.REVISE, TODAY))
    assert stores.holders.post(other.id) == other
    assert stores.holders.text(other.id) == make_text()
    assert stores.holders.offer(other.id) == offer
    assert stores.holders.message(other.id) == make_message()
    assert stores.holders.report(report.id) == report
    assert stores.desk.undo(other.id) is not None
    assert stores.desk.holder(other.id, NOON) is not None


@pytest.mark.parametrize("behind", [-1, 1, 5])
@pytest.mark.parametrize("write", WRITES)
def test_a_post_that_moved_on_is_not_changed_unseen(
    stores: Stores, write: Write, behind: int
) -> None:
    post, offer = offered(stores)
    after = replace(moved(post, Act.REVISE, TODAY), version=post.version + 1 + behind)
    with pytest.raises(Changed):
        write(stores, after)
    assert stores.holders.post(post.id) == post
    assert stores.holders.text(post.id) == make_text()
    assert stores.holders.offer(post.id) == offer
    assert stores.holders.message(post.id) == make_message()
    assert stores.desk.undo(post.id) is not None
    assert stores.desk.holder(post.id, NOON) is not None


@pytest.mark.parametrize("write", WRITES)
def test_what_is_not_there_cannot_be_changed(stores: Stores, write: Write) -> None:
    with pytest.raises(Changed):
        write(stores, make_post(version=2))
    assert stores.holders.post(make_id()) is None
    assert stores.holders.text(make_id()) is None


def test_of_many_who_answer_one_offer_at_once_one_is_heard(stores: Stores) -> None:
    post, _ = offered(stores)
    views = (stores.holders, stores.again().holders)

    def answer(number: int) -> Text | None:
        holders, text = views[number % 2], make_text(title=f"The {number}th")
        try:
            if number % 3:
                holders.rewrite(moved(post, Act.REVISE, TODAY), text)
            else:
                holders.move(moved(post, Act.REFUSE, TODAY))
        except Changed:
            return None
        return text if number % 3 else make_text()

    with ThreadPoolExecutor(8) as threads:
        (heard,) = [text for text in threads.map(answer, range(12)) if text]
    assert stores.holders.text(post.id) == heard
    assert stores.holders.offer(post.id) is None


# --- reports on a post that is taken back -----------------------------------------------------


def test_taking_back_answers_its_open_reports_as_gone_and_no_others(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.APPROVED))
    own = [tell(stores.reports, make_report(number)) for number in range(2)]
    other = tell(stores.reports, make_report(5, post_id=make_id(5)))
    stores.holders.withdraw(withdrawn(post))
    for report in own:
        gone = replace(report, state=ReportState.GONE, state_day=days(1))
        assert stores.holders.report(report.id) == gone
    assert stores.holders.report(other.id) == other


def test_a_report_that_was_answered_keeps_its_answer_and_its_day(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.APPROVED))
    report = tell(stores.reports, make_report())
    post = decide(stores.desk, post, Act.KEEP)
    stores.holders.withdraw(withdrawn(post))
    kept = replace(report, state=ReportState.KEPT, state_day=TODAY)
    assert stores.holders.report(report.id) == kept


# --- forgetting a hand ------------------------------------------------------------------------


def test_a_hand_is_forgotten_only_as_it_was_read(stores: Stores) -> None:
    stores.visitors.add(make_post(1), make_text(), make_author(1), make_spent(1))
    stores.visitors.add(make_post(2), make_text(), make_author(2), make_spent(2))
    own = make_author(1)
    with pytest.raises(Changed):
        stores.holders.forget(own.lookup, b"another row")
    with pytest.raises(Changed):
        stores.holders.forget(make_author(9).lookup, own.sealed)
    assert stores.holders.author(own.lookup) == own
    stores.holders.forget(own.lookup, own.sealed)
    assert stores.holders.author(own.lookup) is None
    assert stores.again().visitors.author(own.lookup) is None
    assert stores.holders.author(make_author(2).lookup) == make_author(2)
    assert stores.holders.post(make_id(1)) == make_post(1)
    with pytest.raises(Changed):
        stores.holders.forget(own.lookup, own.sealed)

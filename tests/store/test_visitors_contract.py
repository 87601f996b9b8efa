"""What every adapter of the visitors' port promises: a post comes in whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.post import Act, Fields, Post, State, Text, moved
from forum.rows import AlreadySpent, Changed, NameTaken, SealedRow, Spent
from tests.builders import (
    NOON,
    TODAY,
    days,
    keep,
    make_author,
    make_claim,
    make_decision,
    make_edition_row,
    make_fields,
    make_id,
    make_message,
    make_post,
    make_spent,
    make_text,
    make_undo,
)
from tests.store.adapters import Stores

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
IDS = st.integers(min_value=10_000).map(make_id)


def withdrawn(post: Post) -> Post:
    return moved(post, Act.WITHDRAW, days(1))


def decide(stores: Stores, post: Post, act: Act) -> Post:
    """Move the post on as a moderator would, with a message and an undo."""
    after = moved(post, act, TODAY)
    decision = make_decision(post_id=post.id, act=act)
    stores.desk.decide(after, decision, make_message(), make_undo(post))
    return after


def test_what_was_added_comes_back_as_it_was(stores: Stores) -> None:
    post, text, author, spent = make_post(), make_text(), make_author(), make_spent()
    stores.visitors.add(post, text, author, spent)
    assert stores.visitors.post(post.id) == post
    assert stores.visitors.spent(spent.nonce) == spent
    assert stores.visitors.author(author.lookup) == author
    assert stores.visitors.message(post.id) is None
    assert not stores.visitors.is_up(post.id)
    assert stores.desk.text(post.id) == text


def test_nothing_is_found_where_nothing_was_stored(stores: Stores) -> None:
    assert stores.visitors.post(make_id()) is None
    assert stores.visitors.spent(b"n" * 16) is None
    assert stores.visitors.author(b"l" * 32) is None
    assert stores.visitors.message(make_id()) is None
    assert not stores.visitors.is_up(make_id())
    assert not stores.visitors.closed()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=ANY_TEXT, html=ANY_TEXT, typed=st.none() | ANY_TEXT, post_id=IDS)
def test_any_text_comes_back_to_the_letter(
    stores: Stores, title: str, html: str, typed: str | None, post_id: str
) -> None:
    text = Text(title, html, typed, removed=(html, title))
    if stores.visitors.post(post_id) is None:
        fields = make_fields(about_me=(title,), findable=True)
        post = make_post(id=post_id, pen_name=post_id, fields=fields, marks=(title,))
        keep(stores.visitors, post, text)
        assert stores.visitors.post(post_id) == post
        assert stores.desk.text(post_id) == text


def test_a_post_without_any_field_comes_back(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(fields=Fields()))
    assert stores.visitors.post(post.id) == post


def a_taken_name() -> tuple[Post, SealedRow, Spent]:
    return make_post(1, pen_name=make_post().pen_name), make_author(1), make_spent(1)


def a_used_form() -> tuple[Post, SealedRow, Spent]:
    return make_post(1), make_author(1), make_spent(post_id=make_id(1))


def a_changed_hand() -> tuple[Post, SealedRow, Spent]:
    return make_post(1), make_author(before=b"never stored", sealed=b"other"), make_spent(1)


def a_hand_made_twice() -> tuple[Post, SealedRow, Spent]:
    return make_post(1), make_author(sealed=b"other"), make_spent(1)


def a_hand_that_is_gone() -> tuple[Post, SealedRow, Spent]:
    return make_post(1), make_author(1, before=b"never stored"), make_spent(1)


FAILURES = [
    (a_taken_name, NameTaken),
    (a_used_form, AlreadySpent),
    (a_changed_hand, Changed),
    (a_hand_made_twice, Changed),
    (a_hand_that_is_gone, Changed),
]


@pytest.mark.parametrize(("made", "error"), FAILURES)
def test_of_a_submission_that_fails_nothing_stays(
    stores: Stores, made: Callable[[], tuple[Post, SealedRow, Spent]], error: type[Exception]
) -> None:
    stores.visitors.add(make_post(), make_text(), make_author(), make_spent())
    post, author, spent = made()
    with pytest.raises(error):
        stores.visitors.add(post, make_text(title="Refused"), author, spent)
    assert stores.visitors.post(post.id) is None
    assert stores.desk.text(post.id) is None
    assert sum(stores.desk.counts().values()) == 1
    assert stores.visitors.author(make_author().lookup) == make_author()
    assert stores.visitors.author(make_author(1).lookup) is None
    assert stores.visitors.spent(make_spent().nonce) == make_spent()
    assert stores.visitors.spent(make_spent(1).nonce) is None


@pytest.mark.parametrize(("made", "error"), FAILURES)
def test_a_submission_that_failed_can_be_sent_again_put_right(
    stores: Stores, made: Callable[[], tuple[Post, SealedRow, Spent]], error: type[Exception]
) -> None:
    stores.visitors.add(make_post(), make_text(), make_author(), make_spent())
    post, author, spent = made()
    with pytest.raises(error):
        stores.visitors.add(post, make_text(), author, spent)
    stores.visitors.add(make_post(1), make_text(), make_author(1), make_spent(1))
    assert stores.visitors.post(make_id(1)) == make_post(1)


def test_a_hand_grows_by_replacing_the_row_that_was_read(stores: Stores) -> None:
    stores.visitors.add(make_post(), make_text(), make_author(), make_spent())
    longer = make_author(sealed=b"t" * 600, before=make_author().sealed)
    stores.visitors.add(make_post(1), make_text(), longer, make_spent(1))
    assert stores.visitors.author(longer.lookup) == replace(longer, before=None)


def test_the_same_form_sent_by_many_at_once_becomes_one_post(stores: Stores) -> None:
    def send(number: int) -> bool:
        post, author = make_post(number), make_author(number)
        try:
            stores.visitors.add(post, make_text(), author, make_spent(post_id=post.id))
        except AlreadySpent:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(16))) == 1
    assert sum(stores.desk.counts().values()) == 1


def test_of_many_who_grow_one_hand_at_once_one_does(stores: Stores) -> None:
    stores.visitors.add(make_post(), make_text(), make_author(), make_spent())

    def send(number: int) -> bool:
        author = make_author(sealed=bytes([number]), before=make_author().sealed)
        try:
            stores.visitors.add(make_post(number), make_text(), author, make_spent(number))
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(1, 17))) == 1
    assert sum(stores.desk.counts().values()) == 2


def test_one_pen_name_asked_for_by_many_at_once_goes_to_one(stores: Stores) -> None:
    def send(number: int) -> bool:
        post = make_post(number, pen_name="Quiet Heron")
        try:
            stores.visitors.add(post, make_text(), make_author(number), make_spent(number))
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(16))) == 1


def test_taking_back_erases_everything_but_the_row_that_says_so(stores: Stores) -> None:
    post = decide(stores, keep(stores.visitors, make_post()), Act.RETURN)
    stores.desk.claim(make_claim(), NOON)
    stores.visitors.withdraw(withdrawn(post))
    assert stores.visitors.post(post.id) == withdrawn(post)
    assert stores.desk.text(post.id) is None
    assert stores.visitors.message(post.id) is None
    assert stores.desk.holder(post.id, NOON) is None
    assert stores.desk.undo(post.id) is None
    assert [decision.act for decision in stores.desk.decisions(post.id)] == [Act.RETURN]


def test_taking_back_leaves_every_other_post_alone(stores: Stores) -> None:
    gone, stays = keep(stores.visitors, make_post(1)), keep(stores.visitors, make_post(2))
    stores.desk.claim(make_claim(2), NOON)
    stores.visitors.withdraw(withdrawn(gone))
    assert stores.visitors.post(stays.id) == stays
    assert stores.desk.text(stays.id) == make_text()
    assert stores.desk.holder(stays.id, NOON) == make_claim(2)


@pytest.mark.parametrize("behind", [-1, 1, 5])
def test_a_post_that_moved_on_is_not_taken_back_unseen(stores: Stores, behind: int) -> None:
    post = decide(stores, keep(stores.visitors, make_post()), Act.APPROVE)
    with pytest.raises(Changed):
        stores.visitors.withdraw(replace(withdrawn(post), version=post.version + 1 + behind))
    assert stores.visitors.post(post.id) == post
    assert stores.desk.text(post.id) == make_text()
    assert stores.visitors.message(post.id) == make_message()
    assert stores.press.rung() == 0


def test_a_post_that_is_not_there_cannot_be_taken_back(stores: Stores) -> None:
    with pytest.raises(Changed):
        stores.visitors.withdraw(withdrawn(make_post()))
    assert stores.visitors.post(make_id()) is None


def test_of_many_who_take_one_post_back_at_once_one_does(stores: Stores) -> None:
    post = decide(stores, keep(stores.visitors, make_post()), Act.APPROVE)

    def take_back(_: int) -> bool:
        try:
            stores.visitors.withdraw(withdrawn(post))
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take_back, range(8))) == 1
    assert stores.press.rung() == 1


def test_taking_back_what_nobody_sees_does_not_ring_the_bell(stores: Stores) -> None:
    for number, act in enumerate([Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.ASK_SECOND]):
        post = decide(stores, keep(stores.visitors, make_post(number)), act)
        stores.visitors.withdraw(withdrawn(post))
    stores.visitors.withdraw(withdrawn(keep(stores.visitors, make_post(9))))
    assert stores.press.rung() == 0


def test_taking_back_what_is_about_to_go_up_rings_the_bell(stores: Stores) -> None:
    post = decide(stores, keep(stores.visitors, make_post()), Act.APPROVE)
    stores.visitors.withdraw(withdrawn(post))
    assert stores.press.rung() == 1


@pytest.mark.parametrize("acts", [(Act.APPROVE,), (Act.APPROVE, Act.HIDE, Act.ASK_SECOND), ()])
def test_taking_back_what_readers_see_rings_the_bell(stores: Stores, acts: tuple[Act, ...]) -> None:
    post = keep(stores.visitors, make_post())
    for act in acts:
        post = decide(stores, post, act)
    stores.press.record([make_edition_row()], [])
    assert stores.visitors.is_up(post.id)
    before = stores.press.rung()
    stores.visitors.withdraw(withdrawn(post))
    assert stores.press.rung() == before + 1


def test_visitors_see_what_the_moderators_wrote_last(stores: Stores) -> None:
    post = decide(stores, keep(stores.visitors, make_post()), Act.RETURN)
    assert stores.visitors.message(post.id) == make_message()
    assert stores.visitors.post(post.id) == post
    assert post.state is State.RETURNED


def test_a_closed_form_is_closed_for_every_visitor(stores: Stores) -> None:
    stores.desk.set_closed(True)
    assert stores.visitors.closed()
    assert stores.again().visitors.closed()
    stores.desk.set_closed(False)
    assert not stores.visitors.closed()


def test_what_one_process_stored_another_finds(stores: Stores) -> None:
    other = stores.again()
    post = keep(stores.visitors, make_post())
    assert other.visitors.post(post.id) == post
    other.visitors.withdraw(withdrawn(post))
    assert stores.visitors.post(post.id) == withdrawn(post)
    assert stores.desk.text(post.id) is None

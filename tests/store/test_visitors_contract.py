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
    TODAY,
    days,
    decide,
    keep,
    make_author,
    make_fields,
    make_id,
    make_post,
    make_report,
    make_spent,
    make_text,
    tell,
)
from tests.store.adapters import Stores

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
IDS = st.integers(min_value=10_000).map(make_id)


def withdrawn(post: Post) -> Post:
    return moved(post, Act.WITHDRAW, days(1))


def test_what_was_added_comes_back_as_it_was(stores: Stores) -> None:
    post, text, author, spent = make_post(), make_text(), make_author(), make_spent()
    stores.visitors.add(post, text, author, spent)
    assert stores.visitors.post(post.id) == post
    assert stores.visitors.spent(spent.nonce) == spent
    assert stores.visitors.author(author.lookup) == author
    assert stores.visitors.is_kept(post.id)
    assert stores.holders.message(post.id) is None
    assert not stores.holders.is_up(post.id)
    assert stores.desk.text(post.id) == text


def test_nothing_is_found_where_nothing_was_stored(stores: Stores) -> None:
    assert stores.visitors.post(make_id()) is None
    assert stores.visitors.spent(b"n" * 16) is None
    assert stores.visitors.author(b"l" * 32) is None
    assert not stores.visitors.is_kept(make_id())
    assert stores.holders.message(make_id()) is None
    assert not stores.holders.is_up(make_id())
    assert not stores.visitors.closed()
    assert not stores.visitors.unread_reaches(1)
    assert stores.visitors.oldest_unread() is None


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


def test_a_closed_form_is_closed_for_every_visitor(stores: Stores) -> None:
    stores.desk.set_closed(True, TODAY, "sam")
    assert stores.visitors.closed()
    assert stores.again().visitors.closed()
    stores.desk.set_closed(False, TODAY, "sam")
    assert not stores.visitors.closed()


def test_what_one_process_stored_another_finds(stores: Stores) -> None:
    other = stores.again()
    post = keep(stores.visitors, make_post())
    assert other.visitors.post(post.id) == post
    other.holders.withdraw(withdrawn(post))
    assert stores.visitors.post(post.id) == withdrawn(post)
    assert stores.desk.text(post.id) is None


# --- how much waits ---------------------------------------------------------------------------


def test_only_posts_that_nobody_has_read_fill_the_queue(stores: Stores) -> None:
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    assert stores.visitors.unread_reaches(1)
    assert not stores.visitors.unread_reaches(2)


@pytest.mark.parametrize("waiting", [1, 2, 7])
def test_the_queue_reaches_a_number_with_exactly_so_many_posts(
    stores: Stores, waiting: int
) -> None:
    for number in range(waiting):
        assert not stores.visitors.unread_reaches(waiting)
        keep(stores.visitors, make_post(number))
    assert stores.visitors.unread_reaches(waiting)
    assert not stores.visitors.unread_reaches(waiting + 1)
    decide(stores.desk, make_post(0), Act.DECLINE)
    assert not stores.visitors.unread_reaches(waiting)


def test_the_oldest_unread_post_tells_since_when_the_queue_waits(stores: Stores) -> None:
    keep(stores.visitors, make_post(9, state=State.SECOND, state_day=days(-90)))
    keep(stores.visitors, make_post(8, state=State.DECLINED, state_day=days(-80)))
    assert stores.visitors.oldest_unread() is None
    for number, day in enumerate([-2, -11, -5]):
        keep(stores.visitors, make_post(number, day=days(-60), state_day=days(day)))
    assert stores.visitors.oldest_unread() == days(-11)
    decide(stores.desk, make_post(1, state_day=days(-11)), Act.DECLINE)
    assert stores.again().visitors.oldest_unread() == days(-5)


def test_what_is_erased_is_kept_no_more(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(state=State.DECLINED))
    report = tell(stores.reports, make_report())
    assert stores.visitors.is_kept(post.id)
    assert stores.visitors.is_kept(report.id)
    stores.retention.erase_posts(State.DECLINED, days(1))
    assert not stores.visitors.is_kept(post.id)
    assert stores.visitors.is_kept(report.id)

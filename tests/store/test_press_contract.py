"""What every adapter of the press's port promises: an edition record that forgets no slot."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.post import Act, State, moved
from forum.rows import EditionRow, Run, RunState, Unreadable
from tests.builders import TODAY, keep, make_edition_row, make_id, make_post, make_text
from tests.store.adapters import Stores


def test_the_press_reads_every_approved_post_with_its_text_by_id(stores: Stores) -> None:
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    for number in (100, 101, 102):
        keep(stores.visitors, make_post(number, state=State.APPROVED, approved_hash="a" * 64))
    approved = list(stores.press.approved())
    assert len(approved) == 4
    read = [found for found in approved if not isinstance(found, Unreadable)]
    assert len(read) == len(approved)
    assert {post.state for post, _ in read} == {State.APPROVED}
    assert [post.id for post, _ in read] == sorted(post.id for post, _ in read)
    assert {text for _, text in read} == {make_text()}


def test_an_empty_store_gives_the_press_nothing(stores: Stores) -> None:
    assert list(stores.press.approved()) == []
    assert dict(stores.press.states([make_id()])) == {}
    assert dict(stores.press.up()) == {}
    assert dict(stores.press.next_slots()) == {}
    assert (list(stores.press.unpressed()), stores.press.count_up()) == ([], 0)
    assert stores.press.rung() == 0
    assert not stores.bell.wanted()


def test_states_are_given_for_the_posts_that_still_have_a_row(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(1))
    keep(stores.visitors, make_post(2, state=State.DECLINED))
    stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
    assert dict(stores.press.states([make_id(1), make_id(2), make_id(3)])) == {
        make_id(1): State.WITHDRAWN,
        make_id(2): State.DECLINED,
    }


def test_what_is_recorded_is_up_until_it_is_dropped(stores: Stores) -> None:
    one, two = make_edition_row(1), make_edition_row(2, slots={"stories": 2, "arcs/upward": 0})
    stores.press.record([one, two], [])
    assert dict(stores.press.up()) == {one.post_id: one, two.post_id: two}
    assert stores.desk.is_up(one.post_id)
    assert stores.holders.is_up(one.post_id)
    stores.press.record([], [one.post_id])
    assert dict(stores.press.up()) == {two.post_id: two}
    assert not stores.desk.is_up(one.post_id)


def test_a_post_that_has_only_kept_its_places_is_not_up(stores: Stores) -> None:
    row = make_edition_row(1, hash="")
    stores.press.record([row], [])
    assert dict(stores.press.up()) == {row.post_id: row}
    assert dict(stores.press.next_slots()) == {"stories": 2}
    assert not stores.desk.is_up(row.post_id)
    assert not stores.holders.is_up(row.post_id)


def test_recording_or_dropping_twice_is_doing_it_once(stores: Stores) -> None:
    row = make_edition_row(1)
    for _ in range(2):
        stores.press.record([row], [])
        assert dict(stores.press.up()) == {row.post_id: row}
        assert dict(stores.press.next_slots()) == {"stories": 2}
    for _ in range(2):
        stores.press.record([], [row.post_id, make_id(9)])
        assert dict(stores.press.up()) == {}


def test_a_changed_row_replaces_the_one_before(stores: Stores) -> None:
    stores.press.record([make_edition_row()], [])
    changed = make_edition_row(hash="e" * 64, slots={"stories": 0, "topics/grief": 4})
    stores.press.record([changed], [])
    assert dict(stores.press.up()) == {make_id(): changed}
    assert dict(stores.press.next_slots()) == {"stories": 1, "topics/grief": 5}


def test_a_few_posts_can_be_asked_for_and_the_others_are_not_given(stores: Stores) -> None:
    for number in range(6):
        state = State.APPROVED if number < 4 else State.HIDDEN
        keep(stores.visitors, make_post(number, state=state, approved_hash="a" * 64))
    stores.press.record([make_edition_row(number) for number in (1, 2, 3, 5)], [])
    few = sorted((make_id(number) for number in (5, 3, 2, 0, 9)), reverse=True)
    found = list(stores.press.approved(few))
    read = [one[0].id for one in found if not isinstance(one, Unreadable)]
    assert read == sorted(make_id(number) for number in (3, 2, 0))
    up = stores.press.up(few)
    assert list(up) == sorted(make_id(number) for number in (5, 3, 2))
    assert up == {make_id(number): make_edition_row(number) for number in (5, 3, 2)}
    assert list(stores.press.up()) == sorted(make_id(number) for number in (1, 2, 3, 5))
    assert stores.press.count_up() == 4
    assert (list(stores.press.approved([])), dict(stores.press.up([]))) == ([], {})


class BrokenOffError(Exception):
    """The power failed in the middle of an edition."""


class BreaksOff(list[EditionRow]):
    """Rows of an edition after which nothing more comes."""

    def __iter__(self) -> Iterator[EditionRow]:
        yield from super().__iter__()
        raise BrokenOffError


def test_an_edition_that_cannot_be_recorded_whole_is_not_recorded(stores: Stores) -> None:
    stores.press.record([make_edition_row(1)], [])
    with pytest.raises(BrokenOffError):
        stores.press.record(BreaksOff([make_edition_row(2)]), [make_id(1)])
    assert dict(stores.press.up()) == {make_id(1): make_edition_row(1)}
    assert dict(stores.press.next_slots()) == {"stories": 2}


EDITIONS = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.integers(0, 30), max_size=6)), max_size=8
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(editions=EDITIONS)
def test_a_slot_is_never_given_twice_whatever_came_down(
    opener: Callable[[Path], Stores], editions: list[tuple[int, list[int]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stores = opener(Path(folder))
        given_slots: list[int] = []
        for going_up, coming_down in editions:
            free = stores.press.next_slots().get("stories", 0)
            slots = range(free, free + going_up)
            given_slots += slots
            rows = [make_edition_row(slot, slots={"stories": slot}) for slot in slots]
            stores.press.record(rows, [make_id(number) for number in coming_down])
        assert len(set(given_slots)) == len(given_slots)
        assert stores.press.next_slots().get("stories", 0) == len(given_slots)


def test_an_old_post_recorded_anew_frees_no_slot_after_it(stores: Stores) -> None:
    stores.press.record([make_edition_row(number) for number in range(4)], [])
    stores.press.record([make_edition_row(0, hash="e" * 64)], [make_id(3)])
    assert dict(stores.press.next_slots()) == {"stories": 4}


def test_a_finished_run_answers_the_ring_it_began_with(stores: Stores) -> None:
    stores.desk.ring()
    stores.desk.ring()
    stores.press.put_run(Run(2, RunState.RUNNING, 0, 0, ""))
    assert stores.bell.wanted()
    stores.press.put_run(Run(2, RunState.DONE, 3, 1, ""))
    assert not stores.bell.wanted()
    assert stores.desk.last_run() == Run(2, RunState.DONE, 3, 1, "")


def test_what_was_mended_is_told_by_every_run_until_something_else_is(stores: Stores) -> None:
    for number, mended in enumerate(("A file was mended.", "A file was mended.", "")):
        stores.press.put_run(Run(number, RunState.RUNNING, 0, 0, ""))
        if number != 1:
            stores.press.put_mended(mended)
        stores.press.put_run(Run(number, RunState.DONE, 0, 0, ""))
        assert stores.desk.last_run() == Run(number, RunState.DONE, 0, 0, "", mended)


def test_a_ring_during_a_run_is_left_for_the_next(stores: Stores) -> None:
    stores.desk.ring()
    stores.press.put_run(Run(1, RunState.RUNNING, 0, 0, ""))
    stores.desk.ring()
    stores.press.put_run(Run(1, RunState.DONE, 0, 0, ""))
    assert stores.bell.wanted()
    stores.press.put_run(Run(2, RunState.DONE, 0, 0, ""))
    assert not stores.bell.wanted()


def test_a_failed_run_leaves_the_ring_waiting(stores: Stores) -> None:
    stores.desk.ring()
    stores.press.put_run(Run(1, RunState.FAILED, 0, 0, "The disk is full."))
    assert stores.bell.wanted()


def test_a_ring_is_answered_for_every_process(stores: Stores) -> None:
    other = stores.again()
    other.desk.ring()
    assert stores.bell.wanted()
    stores.press.put_run(Run(1, RunState.DONE, 0, 0, ""))
    assert not other.bell.wanted()


def test_tidying_loses_nothing_that_is_stored(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    stores.press.record([make_edition_row()], [])
    for _ in range(2):
        stores.bell.tidy()
        assert stores.desk.post(post.id) == post
        assert stores.desk.text(post.id) == make_text()
        assert dict(stores.press.up()) == {post.id: make_edition_row()}

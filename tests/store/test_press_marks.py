"""Every store marks what the press has to look at, and lets no mark go before that was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from forum.post import Act, Post, State, moved
from forum.rows import EditionRow
from tests.builders import (
    TODAY,
    decide,
    keep,
    make_decision,
    make_edition_row,
    make_id,
    make_post,
    make_text,
    make_undo,
    make_undone,
)
from tests.store.adapters import Stores

HASH = "a" * 64
OTHER = "b" * 64


def put_up(stores: Stores, number: int = 1, hash: str = HASH) -> Post:
    """An approved post that readers see, without a mark."""
    post = make_post(number, state=State.APPROVED, approved_hash=hash)
    keep(stores.visitors, post)
    stores.press.record([row_of(post)], [], {post.id: hash})
    assert marked(stores) == set()
    return post


def row_of(post: Post, hash: str = HASH) -> EditionRow:
    return replace(make_edition_row(1, hash=hash), post_id=post.id)


def marked(stores: Stores) -> set[str]:
    """The posts that have a mark, once each and in order."""
    found = list(stores.press.unpressed())
    assert found == sorted(set(found))
    return set(found)


# --- a mark comes -------------------------------------------------------------------------------


def test_a_post_has_a_mark_from_the_moment_it_is_approved(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(1))
    keep(stores.visitors, make_post(2))
    assert marked(stores) == set()
    decide(stores.desk, post, Act.APPROVE)
    assert marked(stores) == {post.id}


def test_a_post_that_comes_approved_has_a_mark(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(1, state=State.APPROVED, approved_hash=HASH))
    assert marked(stores) == {post.id}


def withdraw(stores: Stores, post: Post) -> None:
    stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY))


def hide(stores: Stores, post: Post) -> None:
    hidden = moved(post, Act.HIDE, TODAY)
    stores.sweep.hide(hidden, make_decision(1, act=Act.HIDE, post_id=post.id), 10)


def take_down(stores: Stores, post: Post) -> None:
    decide(stores.desk, post, Act.TAKE_DOWN)


def ask_second(stores: Stores, post: Post) -> None:
    decide(stores.desk, post, Act.ASK_SECOND)


def edit(stores: Stores, post: Post) -> None:
    """Approved with other words, and so with another hash."""
    edited = replace(moved(post, Act.KEEP, TODAY), approved_hash=OTHER)
    given = {"post": edited, "text": make_text(html="<p>New.</p>")}
    decide(stores.desk, post, Act.KEEP, **given)


Happens = Callable[[Stores, Post], None]


@pytest.mark.parametrize("happens", [withdraw, hide, take_down, ask_second, edit])
def test_whatever_happens_to_a_post_that_is_up_marks_it(stores: Stores, happens: Happens) -> None:
    post = put_up(stores)
    put_up(stores, 2)
    happens(stores, post)
    assert marked(stores) == {post.id}


def test_a_post_that_is_up_and_read_again_as_it_is_needs_no_mark(stores: Stores) -> None:
    post = put_up(stores)
    decide(stores.desk, post, Act.KEEP)
    assert marked(stores) == set()


@pytest.mark.parametrize("pressed", [False, True])
def test_a_place_that_an_undo_gives_back_is_marked(stores: Stores, pressed: bool) -> None:
    post = put_up(stores)
    undo = make_undo(post)
    decide(stores.desk, post, Act.TAKE_DOWN, undo=undo)
    if pressed:
        stores.press.record([], [post.id], {post.id: ""})
        assert marked(stores) == set()
    stores.desk.decide(make_undone(undo))
    assert stores.press.up()[post.id].hash == ""
    assert marked(stores) == {post.id}


def test_a_post_that_waits_for_nothing_from_the_press_gets_no_mark(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(1))
    decide(stores.desk, post, Act.DECLINE)
    withdraw(stores, keep(stores.visitors, make_post(2)))
    assert marked(stores) == set()


def test_a_record_without_a_post_is_marked_as_long_as_it_is_up(stores: Stores) -> None:
    """An example: no store would tell when it changes, or is there no more."""
    row = make_edition_row(1)
    for _ in range(2):
        stores.press.record([row], [], {row.post_id: row.hash})
        assert marked(stores) == {row.post_id}
    stores.press.record([], [row.post_id], {row.post_id: ""})
    assert marked(stores) == set()


@pytest.mark.parametrize("rows", [[], [OTHER], [""]])
def test_a_record_that_is_not_what_was_approved_is_marked(stores: Stores, rows: list[str]) -> None:
    """A whole run found words that nobody approved, or a printer that takes none."""
    post = put_up(stores)
    stores.press.record([row_of(post, hash) for hash in rows], [] if rows else [post.id])
    assert marked(stores) == {post.id}


def test_a_mark_can_be_put_and_is_there_once(stores: Stores) -> None:
    stores.press.note_unpressed([])
    assert marked(stores) == set()
    for _ in range(2):
        stores.press.note_unpressed([make_id(1), make_id(2)])
        assert marked(stores) == {make_id(1), make_id(2)}


def test_every_process_sees_the_marks(stores: Stores) -> None:
    keep(stores.visitors, make_post(1, state=State.APPROVED, approved_hash=HASH))
    assert marked(stores.again()) == {make_id(1)}


# --- a mark goes --------------------------------------------------------------------------------

STANDS: dict[str, tuple[State | None, str | None, str, bool]] = {
    # How the post stands, the hash of its row, what readers see, and whether that is all right.
    "up as approved": (State.APPROVED, HASH, HASH, True),
    "up, and seen in other words": (State.APPROVED, HASH, OTHER, False),
    "up in other words than approved": (State.APPROVED, OTHER, OTHER, False),
    "up, and not seen": (State.APPROVED, HASH, "", False),
    "approved and not yet up": (State.APPROVED, None, "", False),
    "approved, with a place alone": (State.APPROVED, "", "", False),
    "seen, with a place alone": (State.APPROVED, "", HASH, False),
    "hidden, off the site": (State.HIDDEN, "", "", True),
    "hidden, still recorded": (State.HIDDEN, HASH, "", False),
    "hidden, still seen": (State.HIDDEN, "", HASH, False),
    "hidden, never up": (State.HIDDEN, None, "", True),
    "with a second reader": (State.SECOND, "", "", True),
    "withdrawn and gone": (State.WITHDRAWN, None, "", True),
    "withdrawn, its place kept": (State.WITHDRAWN, "", "", False),
    "withdrawn, still recorded": (State.WITHDRAWN, HASH, "", False),
    "withdrawn, still seen": (State.WITHDRAWN, None, HASH, False),
    "taken down and gone": (State.TAKEN_DOWN, None, "", True),
    "taken down, its place kept": (State.TAKEN_DOWN, "", "", False),
    "lost and gone": (None, None, "", True),
    "lost, still recorded": (None, HASH, "", False),
}


@pytest.mark.parametrize("stands", STANDS)
def test_a_mark_goes_when_readers_see_what_should_be_and_not_before(
    stores: Stores, stands: str
) -> None:
    state, hash, seen, settled = STANDS[stands]
    post = make_post(1, state=state or State.APPROVED, approved_hash=HASH)
    if state:
        keep(stores.visitors, post)
    rows = [] if hash is None else [row_of(post, hash)]
    stores.press.record(rows, [])
    stores.press.note_unpressed([post.id, make_id(2)])
    stores.press.record([], [], {post.id: seen})
    assert marked(stores) == ({make_id(2)} if settled else {post.id, make_id(2)})


def test_what_is_recorded_counts_in_the_same_moment(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(1, state=State.APPROVED, approved_hash=HASH))
    stores.press.record([row_of(post, "")], [])
    stores.press.record([row_of(post)], [], {post.id: HASH})
    assert marked(stores) == set()


def test_recording_without_a_word_on_what_readers_see_takes_no_mark(stores: Stores) -> None:
    """Before the pages are made there is nothing to see yet: a run that dies must be finished."""
    post = keep(stores.visitors, make_post(1, state=State.APPROVED, approved_hash=HASH))
    stores.press.record([row_of(post)], [])
    assert marked(stores) == {post.id}

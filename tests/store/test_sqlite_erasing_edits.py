"""Nothing of an edit outlives its clock: neither the words before it nor the words of its undo."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forum.post import Act, Post, State, Text, moved
from forum.retention import UNDO_WITHIN, purge
from forum.rows import Decided
from tests.builders import (
    NOON,
    days,
    keep,
    make_decision,
    make_message,
    make_offer,
    make_post,
    make_text,
    make_undo,
    make_undone,
)
from tests.store.adapters import Stores, open_sqlite

CANARY = "lemon-coloured canary"
HARMLESS = "harmless "
SIZES = pytest.mark.parametrize("times", [1, 30, 45, 150, 550])


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_sqlite(tmp_path)


def traces(folder: Path) -> int:
    """How often the canary, or half of it, lies in the database's files."""
    raw = b"".join(path.read_bytes() for path in folder.glob("handrail.sqlite3*"))
    return raw.count(CANARY[:10].encode()) + raw.count(CANARY[10:].encode())


def secret(times: int = 1) -> Text:
    words = f"{CANARY} " * times
    return make_text(title=CANARY, html=f"<p>{words}</p>", typed=words, removed=(CANARY,))


def edit(stores: Stores, post: Post, act: Act = Act.APPROVE, times: int = 3) -> Post:
    """Somebody takes all of the canary out."""
    was = stores.desk.text(post.id)
    after = replace(moved(post, act, days(0)), editors=("robin",), language="en")
    undo = replace(make_undo(post), text=was)
    text = make_text(typed=HARMLESS * times)
    decision = make_decision(post_id=post.id, act=act)
    stores.desk.decide(Decided(after, decision, None, undo, text=text))
    return after


def edited(stores: Stores, times: int, act: Act = Act.APPROVE, number: int = 0) -> Post:
    post = keep(stores.visitors, make_post(number, language="en"), secret(times))
    return edit(stores, post, act, times * 3)


def withdraw(stores: Stores, post: Post) -> None:
    stores.holders.withdraw(moved(post, Act.WITHDRAW, days(1)))


# --- the words are there as long as they should -----------------------------------------------


@SIZES
def test_the_words_before_an_edit_are_kept_for_their_author(stores: Stores, times: int) -> None:
    post = edited(stores, times)
    assert stores.desk.original(post.id) == secret(times)
    assert stores.holders.original(post.id) == secret(times)
    purge(stores.retention, NOON + timedelta(days=29))
    assert stores.desk.original(post.id) == secret(times)
    kept = stores.desk.post(post.id)
    assert kept is not None
    assert kept.language == "en"


def test_the_first_words_are_kept_however_often_they_are_edited(stores: Stores) -> None:
    post = edited(stores, 3, Act.ASK_SECOND)
    edit(stores, post)
    assert stores.desk.original(post.id) == secret(3)


# --- and no longer ----------------------------------------------------------------------------


@SIZES
@pytest.mark.parametrize("act", [Act.APPROVE, Act.ASK_SECOND])
def test_an_edit_and_its_undo_go_with_a_post_that_is_taken_back(
    stores: Stores, tmp_path: Path, act: Act, times: int
) -> None:
    post = edited(stores, times, act)
    assert traces(tmp_path)
    withdraw(stores, post)
    assert not traces(tmp_path)


@SIZES
@pytest.mark.parametrize("state", [State.APPROVED, State.HIDDEN])
def test_the_words_before_an_edit_go_with_what_was_typed(
    stores: Stores, tmp_path: Path, state: State, times: int
) -> None:
    post = edited(stores, times)
    if state is State.HIDDEN:
        stores.sweep.hide(moved(post, Act.HIDE, days(1)), make_decision(act=Act.HIDE), 9)
    purge(stores.retention, NOON + timedelta(days=30))
    assert not traces(tmp_path)
    kept = stores.desk.post(post.id)
    assert kept is not None
    assert (kept.state, kept.language, kept.day.day) == (state, "", 1)
    text = stores.desk.text(post.id)
    assert text is not None
    assert (text.typed, stores.desk.original(post.id)) == (None, None)


def test_a_language_alone_is_forgotten_on_the_same_day(stores: Stores) -> None:
    keep(stores.visitors, make_post(state=State.APPROVED, day=days(-22), language="de"))
    purge(stores.retention, NOON + timedelta(days=29))
    assert {post.language for post in [stores.desk.post(make_post().id)] if post} == {"de"}
    purge(stores.retention, NOON + timedelta(days=30))
    assert {post.language for post in [stores.desk.post(make_post().id)] if post} == {""}


@SIZES
def test_an_edit_that_was_taken_back_leaves_no_second_copy(
    stores: Stores, tmp_path: Path, times: int
) -> None:
    post = keep(stores.visitors, make_post(), secret(times))
    once = traces(tmp_path)
    edit(stores, post)
    stores.desk.decide(replace(make_undone(make_undo(post)), text=secret(times)))
    stores.bell.tidy()
    stores.retention.compact()
    assert stores.desk.original(post.id) is None
    assert stores.desk.text(post.id) == secret(times)
    assert traces(tmp_path) <= once
    withdraw(stores, replace(post, version=3))
    assert not traces(tmp_path)


ENDS: dict[str, Callable[[Stores, Post], object]] = {
    "decline": lambda stores, post: stores.desk.decide(
        Decided(moved(post, Act.DECLINE, days(0)), make_decision(), make_message())
    ),
    "escalate": lambda stores, post: stores.desk.decide(
        Decided(moved(post, Act.ESCALATE, days(0)), make_decision())
    ),
    "return": lambda stores, post: stores.desk.decide(
        Decided(moved(post, Act.RETURN, days(0)), make_decision(), make_message())
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_words_before_an_edit_go_with_a_post_that_ran_out(
    stores: Stores, tmp_path: Path, end: str
) -> None:
    ENDS[end](stores, edited(stores, 60, Act.ASK_SECOND))
    assert traces(tmp_path)
    assert purge(stores.retention, NOON + timedelta(days=30)).posts == 1
    assert not traces(tmp_path)


@pytest.mark.parametrize("act", [Act.REVISE, Act.ACCEPT, Act.AGREE])
def test_the_words_before_an_edit_go_when_their_author_writes_or_agrees_to_others(
    stores: Stores, tmp_path: Path, act: Act
) -> None:
    post = edited(stores, 60, Act.ASK_SECOND)
    offered = moved(post, Act.OFFER, days(0))
    stores.desk.decide(Decided(offered, make_decision(), offer=make_offer(offered)))
    after = replace(offered, state=State.RECEIVED, version=offered.version + 1)
    stores.holders.rewrite(after, make_text(title=act.value))
    assert stores.desk.original(post.id) is None
    assert not traces(tmp_path)


def test_the_words_of_an_undo_go_with_its_minute(stores: Stores, tmp_path: Path) -> None:
    """What is left then is the one copy that its author can see."""
    post = edited(stores, 2)
    with_undo = traces(tmp_path)
    purge(stores.retention, NOON + UNDO_WITHIN)
    assert stores.desk.undo(post.id) is None
    assert 0 < traces(tmp_path) < with_undo


@pytest.mark.parametrize("seed", range(4))
def test_no_edit_lingers_where_its_rows_only_passed_through(
    stores: Stores, tmp_path: Path, seed: int
) -> None:
    """Rows move between pages as others come and go, and leave copies behind."""
    chance = random.Random(seed)
    waiting: list[Post] = []
    for number in range(50):
        times = chance.choice([2, 15, 40, 60, 120, 500])
        if chance.random() < 0.5:
            act = chance.choice([Act.APPROVE, Act.ASK_SECOND])
            waiting.append(edited(stores, times, act, seed * 100 + number))
        else:
            text = make_text(typed=HARMLESS * times * 3)
            keep(stores.visitors, make_post(seed * 100 + number), text)
        if waiting and chance.random() < 0.4:
            withdraw(stores, waiting.pop(chance.randrange(len(waiting))))
    for post in waiting:
        withdraw(stores, post)
    assert not traces(tmp_path)

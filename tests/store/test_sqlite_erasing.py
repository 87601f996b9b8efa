"""Erased means gone: from every byte of the file, of its log, and of its index."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from forum.post import Act, Post, State, Text, fingerprint, moved, record_of
from forum.retention import purge
from forum.rows import Decided, Offer
from forum.store.sqlite import Database
from tests.builders import (
    NOON,
    days,
    decide,
    keep,
    make_author,
    make_decision,
    make_message,
    make_offer,
    make_post,
    make_spent,
    make_text,
    make_undo,
    make_undone,
)
from tests.store.adapters import Stores, open_sqlite, over

CANARY = "lemon-coloured canary"


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_sqlite(tmp_path)


def raw(folder: Path) -> bytes:
    """Every byte of the database's files."""
    return b"".join(path.read_bytes() for path in folder.glob("handrail.sqlite3*"))


def traces(folder: Path) -> int:
    """How often the canary, or half of it, lies in the database's files."""
    return raw(folder).count(CANARY[:10].encode()) + raw(folder).count(CANARY[10:].encode())


def secret_text(times: int = 1) -> Text:
    words = f"{CANARY} " * times
    return make_text(title=CANARY, html=f"<p>{words}</p>", typed=words, removed=(CANARY,))


def withdraw(stores: Stores, post: Post) -> None:
    stores.holders.withdraw(moved(post, Act.WITHDRAW, days(1)))


@pytest.mark.parametrize("times", [1, 30, 45, 48, 150, 550])
def test_taken_back_words_are_gone_from_every_byte_of_the_files(
    stores: Stores, tmp_path: Path, times: int
) -> None:
    post = keep(stores.visitors, make_post(), secret_text(times))
    assert traces(tmp_path)
    withdraw(stores, post)
    assert not traces(tmp_path)


def test_the_moderators_words_go_with_the_post(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post())
    returned = moved(post, Act.RETURN, days(0))
    message = make_message(words=f"You wrote: {CANARY}")
    stores.desk.decide(Decided(returned, make_decision(), message, make_undo(post)))
    assert traces(tmp_path)
    withdraw(stores, returned)
    assert not traces(tmp_path)


@pytest.mark.parametrize("times", [1, 30, 90])
def test_the_words_that_an_undo_would_bring_back_go_with_the_post(
    stores: Stores, tmp_path: Path, times: int
) -> None:
    post = keep(stores.visitors, make_post())
    message = make_message(words=f"{CANARY} " * times)
    second = moved(post, Act.ASK_SECOND, days(0))
    stores.desk.decide(Decided(second, make_decision(), message, make_undo(post)))
    approved = moved(second, Act.APPROVE, days(0))
    stores.desk.decide(Decided(approved, make_decision(), None, make_undo(second, message=message)))
    assert traces(tmp_path)
    withdraw(stores, approved)
    assert not traces(tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_of_a_taken_back_post_lingers_where_its_row_only_passed_through(
    stores: Stores, tmp_path: Path, seed: int
) -> None:
    """Rows move between pages as others come and go, and leave copies behind."""
    chance = random.Random(seed)
    waiting = []
    for number in range(70):
        secret, times = chance.random() < 0.4, chance.choice([2, 15, 40, 60, 120, 500])
        text = secret_text(times) if secret else make_text(typed="harmless " * times * 3)
        post = keep(stores.visitors, make_post(seed * 100 + number), text)
        if chance.random() < 0.5:
            words = f"{CANARY} " * chance.choice([1, 40, 90])
            message = make_message(words=words if secret else "Thank you for this. " * 40)
            post = moved(post, Act.RETURN, days(0))
            stores.desk.decide(Decided(post, make_decision(), message, None))
        if secret:
            waiting.append(post)
        if waiting and chance.random() < 0.3:
            withdraw(stores, waiting.pop(chance.randrange(len(waiting))))
    for post in waiting:
        withdraw(stores, post)
    assert not traces(tmp_path)


# --- changes that were offered -----------------------------------------------------------------


def offered(stores: Stores, times: int = 1) -> Post:
    """A post whose offer carries the canary, and nothing else does."""
    post = keep(stores.visitors, make_post())
    text = secret_text(times)
    offer = Offer(text, fingerprint(record_of(post, text)))
    return decide(stores.desk, post, Act.OFFER, offer=offer, undo=make_undo(post))


End = Callable[[Stores, Post], object]

ENDS: dict[str, End] = {
    "accept": lambda stores, post: stores.holders.rewrite(
        moved(post, Act.ACCEPT, days(0)), make_text()
    ),
    "revise": lambda stores, post: stores.holders.rewrite(
        moved(post, Act.REVISE, days(0)), make_text()
    ),
    "refuse": lambda stores, post: stores.holders.move(moved(post, Act.REFUSE, days(0))),
    "withdraw": withdraw,
    "expire": lambda stores, _: stores.retention.erase_posts(State.OFFERED, days(1)),
}


@pytest.mark.parametrize("times", [1, 30, 45, 150, 550])
@pytest.mark.parametrize("end", ENDS)
def test_an_offer_is_gone_from_every_byte_once_it_ended(
    stores: Stores, tmp_path: Path, end: str, times: int
) -> None:
    post = offered(stores, times)
    assert traces(tmp_path)
    ENDS[end](stores, post)
    assert stores.desk.offer(post.id) is None
    assert not traces(tmp_path)


def test_an_offer_that_was_taken_back_is_gone_with_the_next_tidying(
    stores: Stores, tmp_path: Path
) -> None:
    offered(stores)
    stores.desk.decide(make_undone(make_undo(make_post())))
    stores.bell.tidy()
    assert not traces(tmp_path)


@pytest.mark.parametrize("times", [1, 45, 550])
@pytest.mark.parametrize("act", [Act.ACCEPT, Act.REVISE])
def test_the_words_before_are_gone_from_every_byte_once_new_ones_stand_for_them(
    stores: Stores, tmp_path: Path, act: Act, times: int
) -> None:
    post = keep(stores.visitors, make_post(), secret_text(times))
    given = {"offer": make_offer(post), "undo": make_undo(post)}
    post = decide(stores.desk, post, Act.OFFER, **given)
    assert traces(tmp_path)
    stores.holders.rewrite(moved(post, act, days(0)), make_text())
    assert not traces(tmp_path)


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_no_offer_lingers_where_its_row_only_passed_through(
    stores: Stores, tmp_path: Path, seed: int
) -> None:
    """Rows move between pages as others come and go, and leave copies behind."""
    chance = random.Random(seed)
    waiting: list[Post] = []
    for number in range(70):
        post = keep(stores.visitors, make_post(seed * 100 + number))
        secret, times = chance.random() < 0.4, chance.choice([2, 15, 40, 60, 120, 500])
        text = secret_text(times) if secret else make_text(typed="harmless " * times * 3)
        offer = Offer(text, fingerprint(record_of(post, text)))
        post = decide(stores.desk, post, Act.OFFER, offer=offer)
        if secret:
            waiting.append(post)
        if waiting and chance.random() < 0.3:
            end = chance.choice(["accept", "revise", "refuse", "withdraw"])
            ENDS[end](stores, waiting.pop(chance.randrange(len(waiting))))
    for post in waiting:
        ENDS[chance.choice(["accept", "refuse"])](stores, post)
    assert not traces(tmp_path)


def test_a_hand_that_is_forgotten_is_gone_from_every_byte(stores: Stores, tmp_path: Path) -> None:
    own = make_author(1, sealed=CANARY.encode() * 30)
    stores.visitors.add(make_post(1), make_text(), own, make_spent(1))
    assert traces(tmp_path)
    stores.holders.forget(own.lookup, own.sealed)
    assert own.lookup not in raw(tmp_path)
    assert not traces(tmp_path)


# --- what ran out ------------------------------------------------------------------------------


def test_erased_posts_are_gone_from_every_byte_of_the_files(stores: Stores, tmp_path: Path) -> None:
    for number in range(20):
        state = State.DECLINED if number % 2 else State.RECEIVED
        text = secret_text(1 + number * 9) if number % 2 else make_text()
        keep(stores.visitors, make_post(number, state=state), text)
    assert traces(tmp_path)
    assert purge(stores.retention, NOON + timedelta(days=30)).posts == 10
    assert not traces(tmp_path)


def test_what_was_typed_is_gone_once_only_the_record_is_kept(
    stores: Stores, tmp_path: Path
) -> None:
    for number in range(12):
        text = make_text(typed=f"{CANARY} " * (1 + number * 20), removed=(CANARY,))
        keep(stores.visitors, make_post(number, state=State.APPROVED), text)
    assert purge(stores.retention, NOON + timedelta(days=30)).typed == 12
    assert not traces(tmp_path)


def test_a_reader_in_another_process_only_delays_the_erasing(
    tmp_path: Path,
) -> None:
    database = Database(tmp_path / "handrail.sqlite3", busy_ms=30)
    stores = over(database, lambda: open_sqlite(tmp_path))
    post = keep(stores.visitors, make_post(), secret_text())
    other = keep(stores.visitors, make_post(2))
    with closing(sqlite3.connect(tmp_path / "handrail.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM texts").fetchone()
        withdraw(stores, post)
        assert stores.desk.text(post.id) is None
        assert database.forget() is False, "the cut is owed"
    assert stores.desk.post(other.id) == other
    assert database.forget() is True
    assert not traces(tmp_path)


def test_tidying_leaves_no_log_that_shows_what_was_written_together(
    stores: Stores, tmp_path: Path
) -> None:
    for number in range(5):
        keep(stores.visitors, make_post(number))
    log = tmp_path / "handrail.sqlite3-wal"
    assert log.stat().st_size
    stores.bell.tidy()
    assert log.stat().st_size == 0

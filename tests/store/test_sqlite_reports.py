"""A report in SQLite is a row of its own: it touches nothing else, and leaves nothing behind."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from forum.post import Act, Post, State, moved
from forum.retention import REPORT_DAYS, purge
from forum.rows import Changed, Decision
from forum.sweep import BY_READERS
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
    make_undo,
    tell,
)
from tests.store.adapters import Stores, open_sqlite
from tests.store.dumps import changed, dump

CANARY = "saffron-coloured canary"
ITS_OWN = {"reports", "authors", "spent"}


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_sqlite(tmp_path)


def raw(folder: Path) -> bytes:
    """Every byte of the database's files."""
    return b"".join(path.read_bytes() for path in folder.glob("handrail.sqlite3*"))


def traces(folder: Path) -> int:
    """How often the canary, or half of it, lies in the database's files."""
    return raw(folder).count(CANARY[:10].encode()) + raw(folder).count(CANARY[10:].encode())


def busy_store(stores: Stores) -> Post:
    """Something in every table that a report could touch; the post that is up and reported."""
    for number, state in enumerate(State):
        keep(stores.visitors, make_post(number, state=state))
    up = keep(stores.visitors, make_post(50, state=State.APPROVED, approved_hash="a" * 64))
    offered = keep(stores.visitors, make_post(51))
    offer = make_offer(offered)
    decide(stores.desk, offered, Act.OFFER, offer=offer, undo=make_undo(offered))
    up = decide(stores.desk, up, Act.KEEP, message=make_message(), undo=make_undo(up))
    stores.desk.claim(make_claim(50), NOON)
    stores.press.record([make_edition_row(50)], [])
    stores.desk.set_closed(True, TODAY, "sam")
    waits = make_id(list(State).index(State.APPROVED))
    tell(stores.reports, make_report(1, post_id=waits))
    return up


def test_a_report_changes_no_byte_of_any_table_but_its_own(stores: Stores, tmp_path: Path) -> None:
    post = busy_store(stores)
    for number in range(100, 104):
        before = dump(tmp_path)
        assert {"posts", "texts", "messages", "offers", "undos", "editions"} <= before.keys()
        assert all(before[name] for name in ("posts", "texts", "messages", "offers", "undos"))
        tell(stores.reports, make_report(number, post_id=post.id))
        after = dump(tmp_path)
        assert changed(before, after) == ITS_OWN
        for name in ITS_OWN:
            assert set(before[name]) < set(after[name])
            assert len(after[name]) == len(before[name]) + 1


def test_a_report_that_fails_changes_no_byte_of_any_table(stores: Stores, tmp_path: Path) -> None:
    busy_store(stores)
    before = dump(tmp_path)
    author = make_author(sealed=b"other", before=b"never stored")
    with pytest.raises(Changed):
        stores.reports.add_report(make_report(100), author, make_spent(100))
    assert changed(before, dump(tmp_path)) == set()


def test_everything_the_report_port_can_be_asked_changes_nothing(
    stores: Stores, tmp_path: Path
) -> None:
    post = busy_store(stores)
    before = dump(tmp_path)
    stores.reports.is_up(post.id)
    stores.reports.is_kept(post.id)
    stores.reports.report(make_report(1).id)
    stores.reports.spent(make_spent(1).nonce)
    stores.reports.author(make_author(1).lookup)
    assert changed(before, dump(tmp_path)) == set()


def test_the_sweep_changes_the_post_the_record_and_the_bell_alone(
    stores: Stores, tmp_path: Path
) -> None:
    post = busy_store(stores)
    before = dump(tmp_path)
    decision = Decision(TODAY, BY_READERS, Act.HIDE, post.id, post.approved_hash)
    stores.sweep.hide(moved(post, Act.HIDE, TODAY), decision, 2)
    meant = {"posts", "standing", "facets", "record", "counters", "undos"}
    assert changed(before, dump(tmp_path)) == meant


# --- where the words lie ----------------------------------------------------------------------


def test_a_reports_words_lie_in_one_table_and_in_no_index(stores: Stores, tmp_path: Path) -> None:
    post = busy_store(stores)
    tell(stores.reports, make_report(100, post_id=post.id, words=CANARY))
    holding = {name for name, rows in dump(tmp_path).items() if CANARY in repr(rows)}
    assert holding == {"reports"}
    with closing(sqlite3.connect(tmp_path / "handrail.sqlite3")) as connection:
        indexes = connection.execute("PRAGMA index_list(reports)").fetchall()
        columns = {
            row[2]
            for _, name, _, origin, _ in indexes
            for row in connection.execute(f"PRAGMA index_xinfo({name})")
            if origin != "pk"
        }
    assert columns == {"post_id", "reason", "state", "id"}


def test_no_table_of_reports_or_offers_has_an_order_or_a_finer_time_than_the_day(
    stores: Stores, tmp_path: Path
) -> None:
    tell(stores.reports, make_report())
    with closing(sqlite3.connect(tmp_path / "handrail.sqlite3")) as connection:
        for table in ("reports", "offers"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                connection.execute(f"SELECT rowid FROM {table}")
            types = {row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
            assert "REAL" not in types
        kept = connection.execute("SELECT day FROM reports").fetchall()
    assert kept == [("2026-11-23",)]


# --- erased -----------------------------------------------------------------------------------


def in_thirty_days(stores: Stores) -> int:
    return purge(stores.retention, NOON + timedelta(days=REPORT_DAYS)).reports


Answer = Callable[[Stores, Post], object]

ANSWERS: dict[str, Answer] = {
    "keep": lambda stores, post: decide(stores.desk, post, Act.KEEP),
    "take down": lambda stores, post: decide(stores.desk, post, Act.TAKE_DOWN),
    "withdraw": lambda stores, post: stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY)),
}


@pytest.mark.parametrize("times", [1, 30, 45])
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_reports_words_are_gone_from_every_byte_thirty_days_after_its_answer(
    stores: Stores, tmp_path: Path, answer: str, times: int
) -> None:
    post = busy_store(stores)
    words = f"{CANARY} " * times
    for number in range(100, 108):
        tell(stores.reports, make_report(number, post_id=post.id, words=words))
    ANSWERS[answer](stores, post)
    early = purge(stores.retention, NOON + timedelta(days=REPORT_DAYS - 1))
    assert early.reports == 0
    assert traces(tmp_path)
    assert in_thirty_days(stores) == 8
    assert not traces(tmp_path)


def test_erasing_alone_overwrites_what_it_erases(stores: Stores, tmp_path: Path) -> None:
    """A disk without room to write the file anew is no excuse."""
    post = keep(stores.visitors, make_post(state=State.APPROVED))
    tell(stores.reports, make_report(words=CANARY))
    decide(stores.desk, post, Act.KEEP)
    assert stores.retention.erase_reports(days(1)) == 1
    assert not traces(tmp_path)


@pytest.mark.parametrize("seed", range(2))
def test_no_report_lingers_where_its_row_only_passed_through(
    stores: Stores, tmp_path: Path, seed: int
) -> None:
    """Rows move between pages as others come and go, and leave copies behind."""
    chance = random.Random(seed)
    waiting: list[Post] = []
    for number in range(90):
        secret, times = chance.random() < 0.4, chance.choice([1, 2, 8, 15, 40])
        post = keep(stores.visitors, make_post(seed * 100 + number, state=State.APPROVED))
        words = (CANARY if secret else "harmless words of a reader ") * times
        tell(stores.reports, make_report(seed * 100 + number, post_id=post.id, words=words))
        if secret:
            waiting.append(post)
        if waiting and chance.random() < 0.3:
            decide(stores.desk, waiting.pop(chance.randrange(len(waiting))), Act.KEEP)
            stores.retention.erase_reports(days(1))
    for post in waiting:
        decide(stores.desk, post, Act.TAKE_DOWN)
    stores.retention.erase_reports(days(1))
    assert not traces(tmp_path)


@pytest.mark.parametrize("removal", ["take down", "withdraw"])
def test_a_report_that_came_while_the_page_still_stood_is_erased_too(
    stores: Stores, tmp_path: Path, removal: str
) -> None:
    """Between a removal and the press, readers see the page, and one of them may report it."""
    post = keep(stores.visitors, make_post(state=State.APPROVED, approved_hash="a" * 64))
    stores.press.record([make_edition_row()], [])
    ANSWERS[removal](stores, post)
    if stores.reports.is_up(post.id):
        tell(stores.reports, make_report(words=CANARY))
    stores.press.record([], [post.id])
    for days_later in (31, 62, 93):
        purge(stores.retention, NOON + timedelta(days=days_later))
    assert stores.desk.post(post.id) is None
    assert not traces(tmp_path)


def test_a_report_about_what_is_no_post_is_erased_too(stores: Stores, tmp_path: Path) -> None:
    """An example is up and has no row: nobody can ever answer a report on it."""
    stores.press.record([make_edition_row()], [])
    if stores.reports.is_up(make_id()):
        tell(stores.reports, make_report(words=CANARY))
    for days_later in (31, 62, 93):
        purge(stores.retention, NOON + timedelta(days=days_later))
    assert not traces(tmp_path)

"""What SQLite must do beyond the contracts: keep what it promised, and fail in one piece."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from forum.post import Act, Kind, Post, State, moved
from forum.rows import Decided, Unavailable
from forum.store.sqlite import Database
from tests.builders import (
    TODAY,
    days,
    keep,
    make_decision,
    make_message,
    make_post,
    make_report,
    make_spent,
    make_text,
    tell,
)
from tests.store.adapters import Stores, open_sqlite, over

SOON_MS = 30
"""How long these tests wait for a lock that will not be given up."""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "handrail.sqlite3", busy_ms=SOON_MS)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return over(database, lambda: open_sqlite(tmp_path))


def withdraw(stores: Stores, post: Post) -> None:
    stores.holders.withdraw(moved(post, Act.WITHDRAW, days(1)))


# --- how the file is kept ---------------------------------------------------------------------


def pragmas(database: Database) -> dict[str, object]:
    names = "journal_mode synchronous secure_delete foreign_keys temp_store page_size auto_vacuum"
    with database.read() as connection:
        return {n: connection.execute(f"PRAGMA {n}").fetchone()[0] for n in names.split()}


def test_every_threads_connection_is_durable_and_overwrites_what_it_erases(
    database: Database,
) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,
        "page_size": 4096,  # the pad of a text's row is measured for this
        "auto_vacuum": 0,  # and for pages that stay where they are
    }
    assert pragmas(database) == wanted
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(pragmas, [database] * 8)) == [wanted] * 8


@pytest.mark.parametrize("table", ["texts", "messages", "offers", "reports", "undos"])
def test_peoples_words_lie_behind_the_part_of_a_row_that_moves_about(
    database: Database, table: str
) -> None:
    """Of a row in an index's leaf, at most 1,002 bytes of a page of 4,096 lie in the leaf."""
    with database.read() as connection:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        (pad,) = connection.execute(f"SELECT length({columns[1]['dflt_value']})").fetchone()
    assert [columns[0]["pk"], columns[1]["name"]] == [1, "pad"]
    assert pad > 1_002


VISITORS = ["posts", "texts", "messages", "authors", "spent", "offers", "reports"]


@pytest.mark.parametrize("table", VISITORS)
def test_no_row_of_a_visitor_carries_the_order_in_which_it_came(
    database: Database, table: str
) -> None:
    with database.read() as connection, pytest.raises(sqlite3.OperationalError, match="rowid"):
        connection.execute(f"SELECT rowid FROM {table}")


def test_no_table_of_visitors_keeps_a_finer_time_than_the_day(
    stores: Stores, database: Database
) -> None:
    keep(stores.visitors, make_post())
    with database.read() as connection:
        for table in VISITORS:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            assert "REAL" not in {column["type"] for column in columns}
        days_kept = connection.execute(
            "SELECT day FROM posts UNION SELECT state_day FROM posts UNION SELECT day FROM spent"
        ).fetchall()
    assert [row["day"] for row in days_kept] == ["2026-11-23"]


def test_opening_a_store_again_changes_nothing_in_it(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post())
    for _ in range(3):
        assert Database(tmp_path / "handrail.sqlite3")
    assert stores.desk.post(post.id) == post


def test_many_processes_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / f"{number}.sqlite3"
        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(Database, [path] * 8))


def test_a_connection_that_was_closed_is_opened_again_when_needed(
    stores: Stores, database: Database
) -> None:
    post = keep(stores.visitors, make_post())
    database.close()
    database.close()
    assert stores.desk.post(post.id) == post


# --- failing in one piece ---------------------------------------------------------------------


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process is in the middle of a write that does not end."""
    with closing(sqlite3.connect(folder / "handrail.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


WRITES: list[Callable[[Stores, Post], object]] = [
    lambda stores, _: keep(stores.visitors, make_post(1)),
    withdraw,
    lambda stores, post: stores.desk.decide(
        Decided(moved(post, Act.DECLINE, days(0)), make_decision(), make_message(), None)
    ),
    lambda stores, _: stores.desk.ring(),
    lambda stores, _: stores.desk.set_closed(True, TODAY, "sam"),
    lambda stores, post: stores.press.record([], [post.id]),
    lambda stores, _: stores.retention.erase_posts(State.RECEIVED, days(1)),
    lambda stores, post: stores.holders.move(moved(post, Act.DECLINE, days(0))),
    lambda stores, post: stores.holders.rewrite(moved(post, Act.RETURN, days(0)), make_text()),
    lambda stores, post: stores.sweep.hide(moved(post, Act.RETURN, days(0)), make_decision(), 2),
    lambda stores, _: tell(stores.reports, make_report()),
    lambda stores, _: stores.retention.erase_reports(days(1)),
]


@pytest.mark.parametrize("write", WRITES)
def test_a_locked_store_says_so_and_loses_nothing(
    stores: Stores, tmp_path: Path, write: Callable[[Stores, Post], object]
) -> None:
    post = keep(stores.visitors, make_post())
    with locked(tmp_path):
        with pytest.raises(Unavailable):
            write(stores, post)
        assert stores.desk.post(post.id) == post
    assert stores.desk.text(post.id) == make_text()
    assert sum(stores.desk.counts().values()) == 1
    write(stores, post)


def test_a_locked_store_can_still_be_read(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post())
    with locked(tmp_path):
        assert stores.visitors.post(post.id) == post
        with ThreadPoolExecutor(2) as threads:
            assert list(threads.map(stores.visitors.post, [post.id] * 4)) == [post] * 4


def test_opening_a_locked_store_says_so(tmp_path: Path, stores: Stores) -> None:
    with locked(tmp_path), pytest.raises(Unavailable):
        Database(tmp_path / "handrail.sqlite3", busy_ms=SOON_MS)


def add_until_refused(stores: Stores) -> int:
    """How many posts went in before the store refused one."""
    for number in range(1_000):
        try:
            keep(stores.visitors, make_post(number), make_text(typed="long " * 2_000))
        except Unavailable:
            return number
    raise AssertionError("the disk never filled")


def assert_whole(stores: Stores, database: Database, number: int) -> None:
    """Exactly the first `number` posts are there, each with all four rows."""
    with database.read() as connection:
        for table in ("posts", "texts", "authors", "spent"):
            found = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            assert found == number
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert stores.desk.post(make_post(number).id) is None


def test_a_full_store_refuses_a_post_whole_and_takes_it_when_there_is_room(
    stores: Stores, database: Database
) -> None:
    with database.read() as connection:
        connection.execute("PRAGMA max_page_count = 120")
    number = add_until_refused(stores)
    assert number > 5
    assert_whole(stores, database, number)
    with database.read() as connection:
        connection.execute("PRAGMA max_page_count = 100000")
    keep(stores.visitors, make_post(number))
    assert stores.desk.text(make_post(number).id) == make_text()


def test_from_a_full_store_words_can_still_be_taken_back(
    stores: Stores, database: Database
) -> None:
    with database.read() as connection:
        connection.execute("PRAGMA max_page_count = 120")
    number = add_until_refused(stores)
    for one in range(number):
        withdraw(stores, make_post(one))
    assert stores.desk.counts()[Kind.STORY, State.WITHDRAWN] == number
    keep(stores.visitors, make_post(number))


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file may grow beyond this many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_refuses_a_post_whole_and_takes_it_when_there_is_room(
    stores: Stores, database: Database
) -> None:
    with no_room_beyond(800_000):
        number = add_until_refused(stores)
    assert number > 5
    assert_whole(stores, database, number)
    keep(stores.visitors, make_post(number))
    assert stores.desk.text(make_post(number).id) == make_text()


def test_a_withdrawal_that_is_stored_is_done_even_if_the_log_cannot_be_cut(
    stores: Stores, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "handrail.sqlite3"
    for number in range(60):
        keep(stores.visitors, make_post(number), make_text(typed="long " * 2_000))
    stores.bell.tidy()
    for number in range(60, 70):
        keep(stores.visitors, make_post(number), make_text(typed="long " * 2_000))
    log = tmp_path / "handrail.sqlite3-wal"
    room = max(path.stat().st_size, log.stat().st_size + 60_000)
    with no_room_beyond(room):
        assert database.forget() is False, "this disk has room after all"
        withdraw(stores, make_post(1))
    assert stores.desk.text(make_post(1).id) is None
    assert database.forget() is True


def add_text_without_post(database: Database) -> None:
    """Break a rule that SQLite looks at only when it commits."""
    with database.write() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute(
            "INSERT INTO texts (post_id, title, html, removed) VALUES ('orphan', '', '', '[]')"
        )


def test_a_commit_that_fails_leaves_the_connection_fit_for_the_next(
    stores: Stores, database: Database
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        add_text_without_post(database)
    keep(stores.visitors, make_post())
    assert stores.desk.text("orphan") is None


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "handrail.sqlite3"
    path.write_bytes(b"these are notes, and no database\n" * 300)
    before = path.read_bytes()
    with pytest.raises(Unavailable):
        Database(path)
    assert path.read_bytes() == before


def test_a_damaged_file_gives_no_wrong_answer(stores: Stores, tmp_path: Path) -> None:
    for number in range(40):
        keep(stores.visitors, make_post(number), make_text(typed="long " * 1_000))
    withdraw(stores, make_post(0))
    path = tmp_path / "handrail.sqlite3"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    with pytest.raises(Unavailable):
        open_sqlite(tmp_path).desk.counts()


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Database(tmp_path / "missing" / "handrail.sqlite3")


def close_and_be_interrupted(database: Database) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO counters (name, value) VALUES ('closed', 1)")
        raise KeyboardInterrupt


def test_an_error_in_the_middle_of_a_write_undoes_all_of_it(
    stores: Stores, database: Database
) -> None:
    with pytest.raises(KeyboardInterrupt):
        close_and_be_interrupted(database)
    assert not stores.visitors.closed()


# --- many at once -----------------------------------------------------------------------------


def test_of_four_hundred_posts_from_eight_threads_none_is_lost(
    stores: Stores, tmp_path: Path
) -> None:
    views = [open_sqlite(tmp_path) for _ in range(2)]

    def send_fifty(sender: int) -> None:
        for number in range(sender * 50, sender * 50 + 50):
            keep(views[sender % 2].visitors, make_post(number))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send_fifty, range(8)))
    assert sum(stores.desk.counts().values()) == 400
    for number in range(400):
        assert stores.desk.post(make_post(number).id) == make_post(number)
        assert stores.desk.text(make_post(number).id) == make_text()
        spent = make_spent(int.from_bytes(make_post(number).id.encode(), "big"))
        assert stores.visitors.spent(spent.nonce) is not None


def test_a_killed_process_leaves_what_it_had_promised_and_nothing_half(
    stores: Stores, tmp_path: Path
) -> None:
    """A copy of the files in the middle of a write is what a power cut leaves behind."""
    post = keep(stores.visitors, make_post())
    copy = tmp_path / "copy"
    copy.mkdir()
    other = sqlite3.connect(tmp_path / "handrail.sqlite3", isolation_level=None)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE posts SET state = 'declined'")
        for path in tmp_path.glob("handrail.sqlite3*"):
            if not path.name.endswith("-shm"):
                (copy / path.name).write_bytes(path.read_bytes())
        other.rollback()
    assert open_sqlite(copy).desk.post(post.id) == post

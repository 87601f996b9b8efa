"""The record: rows are chained, pages are read from the newest, and no change to it goes unseen."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from forum import chain
from forum.figures import RecordStore
from forum.post import Act, moved
from forum.record import Details, Entry
from forum.store.sqlite import Database
from forum.store.sqlite_record import COLUMNS, SqliteRecord
from tests.builders import (
    TODAY,
    days,
    decide,
    keep,
    make_decision,
    make_id,
    make_message,
    make_post,
    make_text,
)
from tests.store.adapters import ADAPTERS, Stores

ROWS = 6


def fill(stores: Stores) -> None:
    """Six rows about five posts, and one about the form."""
    for number in range(ROWS - 1):
        post = keep(stores.visitors, make_post(number))
        decision = make_decision(
            number,
            day=days(number),
            act=Act.DECLINE,
            reason="off-topic",
            rules=("PII-1", "SUI-2"),
            approved_hash="a" * 64,
        )
        decide(stores.desk, post, Act.DECLINE, decision=decision)
    stores.desk.set_closed(True, days(9), "robin")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record that holds."""
    folder = tmp_path_factory.mktemp("whole")
    fill(ADAPTERS["sqlite"](folder))
    with closing(sqlite3.connect(folder / "handrail.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "handrail.sqlite3"


def tampered(whole: Path, folder: Path, *statements: str) -> chain.Chain:
    """How a copy of the record stands once somebody with the file wrote into it."""
    copy = folder / "handrail.sqlite3"
    shutil.copy(whole, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return chain.check(SqliteRecord(Database(copy)).entries())


def test_a_record_that_nobody_touched_holds(stores: Stores) -> None:
    fill(stores)
    found = chain.check(stores.record.entries())
    last = stores.record.last()
    assert last is not None
    assert found == chain.Chain(ROWS, last.link)
    assert last.number == ROWS


def test_an_empty_record_holds(stores: Stores) -> None:
    assert chain.check(stores.record.entries()) == chain.Chain(0, "")
    assert stores.record.last() is None


CHANGED = {
    "number": "number = 99",
    "day": "day = '2026-11-22'",
    "who": "who = 'kim'",
    "what": "what = 'approve'",
    "about": f"about = '{make_id(77)}'",
    "reason": "reason = 'unkind'",
    "rules": "rules = '[]'",
    "approved_hash": "approved_hash = NULL",
    "salt": "salt = zeroblob(16)",
    "seal": f"seal = '{'b' * 64}'",
    "link": f"link = '{'c' * 64}'",
}


def test_every_column_of_the_record_is_tried() -> None:
    assert set(CHANGED) == set(COLUMNS.split(", "))


@pytest.mark.parametrize("row", [1, 3, ROWS - 1])
@pytest.mark.parametrize("column", CHANGED)
def test_a_change_in_any_column_is_found(
    whole: Path, tmp_path: Path, column: str, row: int
) -> None:
    statement = f"UPDATE record SET {CHANGED[column]} WHERE number = {row}"
    assert tampered(whole, tmp_path, statement).faults


@pytest.mark.parametrize("column", ["number", "day", "who", "what", "about", "seal", "link"])
def test_a_change_in_the_very_last_row_is_found(whole: Path, tmp_path: Path, column: str) -> None:
    statement = f"UPDATE record SET {CHANGED[column]} WHERE number = {ROWS}"
    assert tampered(whole, tmp_path, statement).faults


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET day = 'yesterday' WHERE number = 3",
        "UPDATE record SET rules = '{' WHERE number = 3",
        "UPDATE record SET rules = 'null' WHERE number = 3",
        "UPDATE record SET salt = 'text' WHERE number = 3",
        "UPDATE record SET seal = '' WHERE number = 3",
        "UPDATE record SET link = '' WHERE number = 3",
        "UPDATE record SET salt = NULL WHERE number = 3",
    ],
)
def test_nonsense_in_a_row_is_found_and_breaks_nothing(
    whole: Path, tmp_path: Path, statement: str
) -> None:
    assert tampered(whole, tmp_path, statement).faults


def test_a_row_taken_out_of_the_middle_is_found(whole: Path, tmp_path: Path) -> None:
    found = tampered(whole, tmp_path, "DELETE FROM record WHERE number = 3")
    assert found.faults[0] == "Row 3 is missing: the next one is 4."
    closed = tampered(
        whole,
        tmp_path,
        "DELETE FROM record WHERE number = 3",
        "UPDATE record SET number = number - 1 WHERE number > 3",
    )
    assert closed.faults[0] == "Row 3 does not follow from the row before it."


def test_a_row_put_in_or_two_exchanged_are_found(whole: Path, tmp_path: Path) -> None:
    put_in = (
        f"INSERT INTO record ({COLUMNS}) SELECT 7, day, who, what, about, reason, rules, "
        "approved_hash, salt, seal, link FROM record WHERE number = 2"
    )
    assert tampered(whole, tmp_path, put_in).faults
    exchanged = [
        f"UPDATE record SET number = {a} WHERE number = {b}" for a, b in ((70, 2), (2, 3), (3, 70))
    ]
    assert tampered(whole, tmp_path, *exchanged).faults


def test_an_end_that_was_cut_off_shows_only_to_who_noted_a_link(
    whole: Path, tmp_path: Path
) -> None:
    noted = chain.check(SqliteRecord(Database(whole)).entries()).link
    cut = tampered(whole, tmp_path, "DELETE FROM record WHERE number > 4")
    assert cut.faults == ()
    assert cut.link != noted
    shortened = SqliteRecord(Database(tmp_path / "handrail.sqlite3"))
    assert chain.check(shortened.entries(), noted).noted is None
    assert chain.check(SqliteRecord(Database(whole)).entries(), noted).noted == ROWS
    assert chain.check(SqliteRecord(Database(whole)).entries(), cut.link).noted == 4


def test_what_an_author_takes_back_takes_the_details_along_and_the_chain_holds(
    stores: Stores,
) -> None:
    fill(stores)
    post = stores.desk.post(make_id(2))
    assert post is not None
    stores.holders.withdraw(moved(post, Act.WITHDRAW, TODAY))
    rows = [entry for entry in stores.record.entries() if entry.about == post.id]
    assert [(row.details, row.salt) for row in rows] == [(Details(), None)]
    assert chain.check(stores.record.entries()).faults == ()


def test_details_put_back_without_their_salt_are_found(whole: Path, tmp_path: Path) -> None:
    erased = "reason = 'kind', rules = '[]', approved_hash = NULL, salt = NULL"
    found = tampered(whole, tmp_path, f"UPDATE record SET {erased} WHERE number = 2")
    assert found.faults == ("The details of row 2 stand there although they were erased.",)


def test_much_that_is_wrong_is_not_told_at_length(whole: Path, tmp_path: Path) -> None:
    more = (
        "WITH RECURSIVE n(i) AS (SELECT 7 UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
        f"INSERT INTO record ({COLUMNS}) SELECT i, '2026-11-23', 'x', 'keep', 'y', '', '[]', NULL, "
        "zeroblob(16), '', 'z' FROM n"
    )
    found = tampered(whole, tmp_path, more)
    assert len(found.faults) == chain.MOST_FAULTS
    assert (found.rows, found.link) == (99, "z")


# --- pages ---------------------------------------------------------------------------------------


def through(record: RecordStore, what: str, limit: int) -> list[list[Entry]]:
    """Every page, each beginning where the one before ended."""
    pages: list[list[Entry]] = []
    before: int | None = None
    while page := list(record.page(before, what, limit)):
        pages.append(page)
        before = page[-1].number
    return pages


@pytest.mark.parametrize(("limit", "sizes"), [(2, [2, 2, 2]), (4, [4, 2]), (50, [6])])
def test_pages_lead_from_the_newest_row_to_the_first(
    stores: Stores, limit: int, sizes: list[int]
) -> None:
    fill(stores)
    pages = through(stores.record, "", limit)
    assert [len(page) for page in pages] == sizes
    assert [row for page in pages for row in page] == [*stores.record.entries()][::-1]


def test_a_page_of_one_act_has_that_act_alone(stores: Stores) -> None:
    fill(stores)
    assert [[row.number for row in page] for page in through(stores.record, "decline", 3)] == [
        [5, 4, 3], [2, 1],
    ]  # fmt: skip
    assert [row.what for row in stores.record.page(None, "form-closed", 9)] == ["form-closed"]
    assert list(stores.record.page(None, "removed", 9)) == []


def test_a_rare_act_is_found_without_reading_every_row(tmp_path: Path) -> None:
    stores = ADAPTERS["sqlite"](tmp_path)
    fill(stores)
    with closing(sqlite3.connect(tmp_path / "handrail.sqlite3")) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT number FROM record INDEXED BY record_by_day "
            "WHERE what = ? AND number < ? ORDER BY number DESC LIMIT ?",
            ("removed", 9, 3),
        ).fetchall()
    assert any("COVERING INDEX record_by_day" in row[3] for row in plan)


def test_the_record_of_a_post_holds_no_word_of_it(stores: Stores) -> None:
    post = keep(stores.visitors, make_post(), make_text(title="A marmalade canary"))
    decide(stores.desk, post, Act.RETURN, message=make_message(words="Leave out the canary."))
    (entry,) = stores.record.entries()
    assert (entry.about, entry.what) == (post.id, "return")
    assert "canary" not in repr(entry)

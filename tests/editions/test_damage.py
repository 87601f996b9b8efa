"""A file of the editions that cannot be used is an error of SQLite's, and can be begun anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from editions.press import FILE, Editions
from tests.editions.printed import print_edition, shown


def older(file: Path) -> None:
    """Another version kept other columns."""
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE edition (number INTEGER)")
        connection.execute("CREATE TABLE page (path TEXT, sheet TEXT)")
    connection.close()


SPOILED: dict[str, Callable[[Path], object]] = {
    "no database": lambda file: file.write_bytes(b"This is no database. " * 500),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:5_000]),
    "overwritten": lambda file: file.write_bytes(file.read_bytes()[:4_096] + b"\xff" * 60_000),
    "an older one": older,
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_file_that_cannot_be_used_says_so_and_can_be_begun_anew(
    tmp_path: Path, name: str
) -> None:
    editions = Editions(tmp_path)
    print_edition(editions, {f"page-{n}": b"words " * 500 for n in range(20)})
    SPOILED[name](tmp_path / FILE)
    with pytest.raises(sqlite3.DatabaseError):
        print_edition(editions, {"a": b"1"})
    editions.start_anew()
    print_edition(editions, {"a": b"1"})
    assert shown(editions) == {"a": b"1"}
    assert editions.unsound() == []


def test_an_empty_file_is_a_folder_without_an_edition(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"")
    print_edition(Editions(tmp_path), {"a": b"1"})
    assert shown(Editions(tmp_path)) == {"a": b"1"}


def test_the_log_of_a_file_that_is_gone_is_no_part_of_the_next(tmp_path: Path) -> None:
    editions = Editions(tmp_path)
    print_edition(editions, {"a": b"1"})
    reader = sqlite3.connect(tmp_path / FILE)  # keeps the log from being cleared away
    reader.execute("SELECT count(*) FROM page").fetchone()
    with editions.printing() as edition:
        edition.put("a", b"2")
        edition.commit()
    reader.close()
    (tmp_path / FILE).unlink()
    print_edition(editions, {"b": b"3"})
    assert shown(editions) == {"b": b"3"}


def test_what_cannot_be_written_leaves_the_edition_as_it_was(tmp_path: Path) -> None:
    """SQLite says the same of a full disk."""
    editions = Editions(tmp_path)

    def fill_up() -> None:
        with editions.printing() as edition:
            (pages,) = edition.connection.execute("PRAGMA page_count").fetchone()
            edition.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
            for number in range(100):
                edition.put(f"page-{number}", b"words " * 1_000)

    print_edition(editions, {"a": b"1"})
    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill_up()
    assert shown(editions) == {"a": b"1"}
    print_edition(editions, {"a": b"2"})
    assert shown(editions) == {"a": b"2"}

"""An archive loses nothing on its way from store to store, and goes in whole or not at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from forum.archive import BadArchive, Entry, NotEmpty, read, write
from forum.store.archived import archived
from forum.store.sqlite import Database
from forum.store.sqlite_archive import SqliteArchive
from tests.builders import TODAY
from tests.rules.house import ROOT
from tests.store.dumps import dump
from tests.store.older_files import NAME
from tests.store.whole_store import columns_by_table, first, whole

POSTS = 200


def opened(folder: Path) -> SqliteArchive:
    folder.mkdir(exist_ok=True)
    return SqliteArchive(Database(folder / NAME))


def by_key(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(
        entries, key=lambda entry: (entry[0], repr([entry[1][k] for k in keys(entry[0])]))
    )


def keys(table: str) -> tuple[str, ...]:
    return archived()[table].keys


@pytest.fixture
def filled(tmp_path: Path) -> SqliteArchive:
    """A store that holds everything a store can hold."""
    archive = opened(tmp_path / "one")
    archive.put_rows(whole(POSTS))
    return archive


def test_every_table_and_column_of_the_schema_is_in_an_archive(filled: SqliteArchive) -> None:
    seen: dict[str, set[str]] = {}
    for table, row in filled.rows():
        seen.setdefault(table, set()).update(row)
    assert seen == {table: set(columns) for table, columns in columns_by_table().items()}


def test_a_store_gives_back_every_value_that_an_archive_brought(filled: SqliteArchive) -> None:
    assert by_key(filled.rows()) == by_key(whole(POSTS))


def test_two_stores_with_one_archive_are_the_same(filled: SqliteArchive, tmp_path: Path) -> None:
    lines = list(write(TODAY, filled.rows()))
    other = opened(tmp_path / "two")
    assert other.put_rows(read(lines)) == len(lines) - 2
    one, two = dump(tmp_path / "one"), dump(tmp_path / "two")
    assert one == two
    assert list(write(TODAY, other.rows())) == lines


def test_after_an_import_the_press_looks_at_all_that_is_approved_or_up(
    filled: SqliteArchive, tmp_path: Path
) -> None:
    rows = dump(tmp_path / "one")
    approved = {row[0] for row in rows["posts"] if row[2] == "approved"}
    assert approved <= {post_id for (post_id,) in rows["unpressed"]}


def test_an_archive_goes_into_an_empty_store_only(filled: SqliteArchive) -> None:
    with pytest.raises(NotEmpty):
        filled.put_rows(iter(()))


@pytest.mark.parametrize("table", columns_by_table())
def test_a_row_in_any_table_makes_a_store_not_empty(table: str, tmp_path: Path) -> None:
    archive = opened(tmp_path)
    assert archive.is_empty()
    with sqlite3.connect(tmp_path / NAME) as connection:  # foreign keys are off here
        _, row = first(1, table)
        marks = ", ".join("?" * len(row))
        connection.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        )
    assert not archive.is_empty()


def cut(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def without_a_row(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], *lines[6:]]


def changed(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], lines[5].replace(b'"version":', b'"version": '), *lines[6:]]


def half_a_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], lines[5][:20]]


def with_more(lines: list[bytes]) -> list[bytes]:
    return [*lines, lines[5]]


def headless(lines: list[bytes]) -> list[bytes]:
    return lines[1:]


def from_tomorrow(lines: list[bytes]) -> list[bytes]:
    return list(write(TODAY, [("posts", {"id": "a", "mood": "b"})]))


def out_of_order(lines: list[bytes]) -> list[bytes]:
    return list(write(TODAY, [first(1, "texts")]))


def nothing(lines: list[bytes]) -> list[bytes]:
    return []


@pytest.mark.parametrize(
    "spoiled",
    [
        *(cut, without_a_row, changed, half_a_line, with_more, headless),
        *(from_tomorrow, out_of_order, nothing),
    ],
)
def test_a_spoiled_archive_changes_nothing(spoiled, tmp_path: Path) -> None:
    archive = opened(tmp_path)
    before = (tmp_path / NAME).read_bytes(), dump(tmp_path)
    with pytest.raises(BadArchive):
        archive.put_rows(read(spoiled(list(write(TODAY, whole(20))))))
    assert ((tmp_path / NAME).read_bytes(), dump(tmp_path)) == before
    assert archive.is_empty()


def interrupted() -> Iterator[Entry]:
    yield from whole(20)
    raise KeyboardInterrupt


def test_an_import_that_is_interrupted_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    before = dump(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        archive.put_rows(interrupted())
    assert dump(tmp_path) == before
    assert archive.put_rows(whole(2)) > 0, "and it can be done after all"


KILLED = """
import os, sys
from itertools import islice
from pathlib import Path
from forum.store.sqlite import Database
from forum.store.sqlite_archive import SqliteArchive
from tests.store.whole_store import whole

def half():
    yield from islice(whole(200), 600)
    os.kill(os.getpid(), 9)

SqliteArchive(Database(Path(sys.argv[1]))).put_rows(half())
"""


def test_an_import_that_is_killed_leaves_an_empty_store(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / NAME)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    assert not any(dump(tmp_path).values())
    assert opened(tmp_path).put_rows(whole(2)) > 0

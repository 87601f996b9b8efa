"""A whole SQLite store, read as it is at one moment, and filled in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from forum.archive import BadArchive, Entry, NotEmpty, Row
from forum.store.archived import archived, known
from forum.store.sqlite import Database

RAISED_BY_ITSELF = "counters"
"""The one table of an archive that has rows by itself while an archive goes in."""


class SqliteArchive:
    """Everything in one file, for operators."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_empty(self) -> bool:
        """Whether no table that an archive holds has a row."""
        with self._database.read() as connection:
            return _is_empty(connection)

    def rows(self) -> Iterator[Entry]:
        """Every row, in the schema's order of tables, each table's in the order of its key."""
        with self._database.snapshot() as connection:
            for name, table in archived().items():
                columns, keys = ", ".join(table.columns), ", ".join(table.keys)
                for row in connection.execute(f"SELECT {columns} FROM {name} ORDER BY {keys}"):
                    yield name, dict(row)

    def put_rows(self, rows: Iterable[Entry]) -> int:
        """Take in every row, or none: what is cut short or killed has changed nothing."""
        with self._database.write() as connection:
            if not _is_empty(connection):
                raise NotEmpty
            number = 0
            for table, row in known(rows):
                _insert(connection, table, row)
                number += 1
            return number


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in archived()
    )


def _insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    """The names are the schema's own: `known` has seen them. The triggers do the rest."""
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    how = "INSERT OR REPLACE" if table == RAISED_BY_ITSELF else "INSERT"
    try:
        connection.execute(f"{how} INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError, ValueError):
        raise BadArchive(f"The archive has a row that {table} cannot hold.") from None

"""What an archive holds of a store: every table and column of `schema.sql`, found from itself.

A table that is added to the schema is in every archive from then on, whether or not anybody
thought of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from forum.archive import DERIVED, BadArchive, Entry
from forum.store.steps import prepare

PAD = "pad"
"""A column of zeros, which keeps words out of the bytes that SQLite moves about."""


@dataclass(frozen=True)
class Table:
    """One table of the schema, as an archive holds it."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    """Those of the columns that find a row."""


@cache
def archived() -> Mapping[str, Table]:
    """The tables of an archive, in the schema's order."""
    with closing(sqlite3.connect(":memory:")) as connection:
        prepare(connection)
        named = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        ).fetchall()
        return {name: _table(connection, name) for (name,) in named if name not in DERIVED}


def known(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries as they come; raise `BadArchive` at a table or column that the schema lacks."""
    tables = archived()
    for table, row in entries:
        if table not in tables or not row.keys() <= set(tables[table].columns):
            raise BadArchive("The archive holds what this version does not know: upgrade first.")
        yield table, row


def _table(connection: sqlite3.Connection, name: str) -> Table:
    found = connection.execute(f"PRAGMA table_info({name})").fetchall()
    columns = [(column, key) for _, column, _, _, _, key in found if column != PAD]
    return Table(
        tuple(column for column, _ in columns),
        tuple(column for column, key in sorted(columns, key=lambda one: one[1]) if key),
    )

"""A store as it lies on the disk, to tell which bytes of it a call changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

Rows = list[tuple[object, ...]]


def dump(folder: Path) -> dict[str, Rows]:
    """Every row of every table in the SQLite store in this folder."""
    with closing(sqlite3.connect(folder / "handrail.sqlite3")) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {name: _rows(connection, name) for (name,) in found}


def changed(before: dict[str, Rows], after: dict[str, Rows]) -> set[str]:
    """The names of the tables that are not the same, byte for byte."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _rows(connection: sqlite3.Connection, table: str) -> Rows:
    return sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)

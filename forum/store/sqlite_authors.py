"""Authors' rows and used forms in SQLite: what the visitors' side shares."""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.rows import AlreadySpent, Changed, Report, SealedRow, Spent
from forum.store.rows import REPORT_COLUMNS, report_from
from forum.store.sqlite import Database


class SqliteAuthors:
    """Finds one author's row by its keyed hash, one report by its id, and never a list of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def author(self, lookup: bytes) -> SealedRow | None:
        """The author's row under this keyed hash."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT lookup, sealed FROM authors WHERE lookup = ?", (lookup,)
            ).fetchone()
        return SealedRow(row["lookup"], row["sealed"]) if row else None

    def is_kept(self, held_id: str) -> bool:
        """Whether there still is a post or a report with this id."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT 1 FROM posts WHERE id = ? UNION ALL SELECT 1 FROM reports WHERE id = ?",
                (held_id, held_id),
            ).fetchone()
        return row is not None

    def spent(self, nonce: bytes) -> Spent | None:
        """What was made of the form with this mark."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT nonce, body, post_id, day FROM spent WHERE nonce = ?", (nonce,)
            ).fetchone()
        if row is None:
            return None
        return Spent(row["nonce"], row["body"], row["post_id"], date.fromisoformat(row["day"]))

    def report(self, report_id: str) -> Report | None:
        """One report."""
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {REPORT_COLUMNS} FROM reports WHERE id = ?", (report_id,)
            ).fetchone()
        return report_from(row) if row else None


def insert_spent(connection: sqlite3.Connection, spent: Spent) -> None:
    """Use the form up, or raise `AlreadySpent`."""
    try:
        connection.execute(
            "INSERT INTO spent (nonce, body, post_id, day) VALUES (?, ?, ?, ?)",
            (spent.nonce, spent.body, spent.post_id, spent.day.isoformat()),
        )
    except sqlite3.IntegrityError:
        raise AlreadySpent from None


def put_author(connection: sqlite3.Connection, author: SealedRow) -> None:
    """Create the row, or replace exactly the one that was read; raise `Changed` otherwise."""
    if author.before is None:
        statement = "INSERT OR IGNORE INTO authors (sealed, lookup) VALUES (?, ?)"
        done = connection.execute(statement, (author.sealed, author.lookup))
    else:
        done = connection.execute(
            "UPDATE authors SET sealed = ? WHERE lookup = ? AND sealed = ?",
            (author.sealed, author.lookup, author.before),
        )
    if done.rowcount == 0:
        raise Changed

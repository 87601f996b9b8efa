"""The visitors' port on SQLite."""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.post import Post, Text
from forum.rows import AlreadySpent, Changed, NameTaken, SealedRow, Spent
from forum.store.rows import POST_COLUMNS, POST_MARKS, TEXT_COLUMNS, post_values, text_values
from forum.store.sqlite_posts import SqlitePosts, replace_post, ring_if_seen


class SqliteVisitors(SqlitePosts):
    """Adds posts and takes them back; reads one post by its id, and never a list of them."""

    def add(self, post: Post, text: Text, author: SealedRow, spent: Spent) -> None:
        """Store all four rows or none."""
        with self._database.write() as connection:
            _insert_spent(connection, spent)
            _put_author(connection, author)
            _insert_post(connection, post)
            connection.execute(
                f"INSERT INTO texts (post_id, {TEXT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                text_values(post.id, text),
            )

    def spent(self, nonce: bytes) -> Spent | None:
        """The submission made with this nonce."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT nonce, body, post_id, day FROM spent WHERE nonce = ?", (nonce,)
            ).fetchone()
        if row is None:
            return None
        return Spent(row["nonce"], row["body"], row["post_id"], date.fromisoformat(row["day"]))

    def author(self, lookup: bytes) -> SealedRow | None:
        """The author's row under this keyed hash."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT lookup, sealed FROM authors WHERE lookup = ?", (lookup,)
            ).fetchone()
        return SealedRow(row["lookup"], row["sealed"]) if row else None

    def withdraw(self, post: Post) -> None:
        """Erase the text at once, from the rows and from the log behind them."""
        with self._database.write() as connection:
            before = replace_post(connection, post)
            for table in ("texts", "messages", "claims", "undos"):
                connection.execute(f"DELETE FROM {table} WHERE post_id = ?", (post.id,))
            ring_if_seen(connection, before, post)
        self._database.forget()


def _insert_spent(connection: sqlite3.Connection, spent: Spent) -> None:
    try:
        connection.execute(
            "INSERT INTO spent (nonce, body, post_id, day) VALUES (?, ?, ?, ?)",
            (spent.nonce, spent.body, spent.post_id, spent.day.isoformat()),
        )
    except sqlite3.IntegrityError:
        raise AlreadySpent from None


def _put_author(connection: sqlite3.Connection, author: SealedRow) -> None:
    """Create the row, or replace exactly the one that was read."""
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


def _insert_post(connection: sqlite3.Connection, post: Post) -> None:
    try:
        connection.execute(
            f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})", post_values(post)
        )
    except sqlite3.IntegrityError:
        raise NameTaken(post.pen_name) from None

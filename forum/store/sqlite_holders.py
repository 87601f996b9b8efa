"""The port of receipt-holders on SQLite."""

from __future__ import annotations

import sqlite3

from forum.post import Post, Text
from forum.rows import Changed
from forum.store.sqlite_authors import SqliteAuthors
from forum.store.sqlite_figures import SqliteWaits
from forum.store.sqlite_posts import (
    SqlitePosts,
    answer_reports,
    put_text,
    replace_post,
    ring_if_due,
)

WORDS = ("texts", "offers", "originals")
PASSING = ("claims", "undos")


class SqliteHolders(SqliteAuthors, SqlitePosts, SqliteWaits):
    """Changes a post whose id its holder knows; what was written before is overwritten."""

    def move(self, post: Post) -> None:
        """Put the post in its new state, and end its offer."""
        with self._database.write() as connection:
            replace_post(connection, post)
            _erase(connection, post, "offers", *PASSING)
        self._database.forget()

    def rewrite(self, post: Post, text: Text) -> None:
        """Put the post in its new state with this text in place of the old; end its offer."""
        with self._database.write() as connection:
            replace_post(connection, post)
            _erase(connection, post, *WORDS, *PASSING)
            put_text(connection, "texts", post.id, text)
        self._database.forget()

    def withdraw(self, post: Post) -> None:
        """Erase the text at once, from the rows and from the log behind them."""
        with self._database.write() as connection:
            before = replace_post(connection, post)
            _erase(connection, post, *WORDS, "messages", *PASSING)
            answer_reports(connection, post, post.state_day)
            ring_if_due(connection, before, post)
        self._database.forget()

    def forget(self, lookup: bytes, sealed: bytes) -> None:
        """Erase an author's row, if it is the one that was read."""
        with self._database.write() as connection:
            done = connection.execute(
                "DELETE FROM authors WHERE lookup = ? AND sealed = ?", (lookup, sealed)
            )
            if done.rowcount == 0:
                raise Changed
        self._database.forget()


def _erase(connection: sqlite3.Connection, post: Post, *tables: str) -> None:
    for table in tables:
        connection.execute(f"DELETE FROM {table} WHERE post_id = ?", (post.id,))

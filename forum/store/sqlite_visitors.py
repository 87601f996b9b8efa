"""The port of sharing on SQLite."""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.post import Post, State, Text
from forum.rows import NameTaken, SealedRow, Spent
from forum.store.rows import (
    POST_COLUMNS,
    POST_MARKS,
    TEXT_COLUMNS,
    TEXT_MARKS,
    post_values,
    text_values,
)
from forum.store.sqlite_authors import SqliteAuthors, insert_spent, put_author
from forum.store.sqlite_figures import SqliteWaits
from forum.store.sqlite_posts import SqlitePosts

UNREAD = State.RECEIVED.value


class SqliteVisitors(SqliteAuthors, SqlitePosts, SqliteWaits):
    """Adds posts; reads one by its id, and never a list of them."""

    def add(self, post: Post, text: Text, author: SealedRow, spent: Spent) -> None:
        """Store all four rows or none."""
        with self._database.write() as connection:
            insert_spent(connection, spent)
            put_author(connection, author)
            _insert_post(connection, post)
            connection.execute(
                f"INSERT INTO texts (post_id, {TEXT_COLUMNS}) VALUES ({TEXT_MARKS})",
                text_values(post.id, text),
            )

    def unread_reaches(self, most: int) -> bool:
        """Whether at least so many posts wait to be read for the first time."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT 1 FROM posts WHERE state = ? LIMIT 1 OFFSET ?", (UNREAD, max(0, most - 1))
            ).fetchone()
        return row is not None

    def oldest_unread(self) -> date | None:
        """The day since which the oldest of these waits."""
        with self._database.read() as connection:
            (day,) = connection.execute(
                "SELECT MIN(state_day) FROM posts WHERE state = ?", (UNREAD,)
            ).fetchone()
        return date.fromisoformat(day) if day else None


def _insert_post(connection: sqlite3.Connection, post: Post) -> None:
    try:
        connection.execute(
            f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})", post_values(post)
        )
    except sqlite3.IntegrityError:
        raise NameTaken(post.pen_name) from None

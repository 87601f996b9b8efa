"""What several doors read of a post, and how its row moves on, in SQLite."""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.post import Post, State, Text
from forum.rows import Changed, Message, Offer, ReportState
from forum.store.rows import (
    POST_COLUMNS,
    POST_MARKS,
    TEXT_COLUMNS,
    TEXT_MARKS,
    message_from,
    offer_from,
    post_from,
    post_values,
    text_from,
    text_values,
)
from forum.store.sqlite import Database

RUNG = "press-rung"
ANSWERED = "press-answered"
CLOSED = "closed"
UPDATE_POST = f"UPDATE posts SET ({POST_COLUMNS}) = ({POST_MARKS}) WHERE id = ?"


class SqlitePosts:
    """The reads that the visitors' and the desk's adapters share."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def post(self, post_id: str) -> Post | None:
        """One post without its text."""
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {POST_COLUMNS} FROM posts WHERE id = ?", (post_id,)
            ).fetchone()
        return post_from(row) if row else None

    def message(self, post_id: str) -> Message | None:
        """The moderators' last words to its author."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT day, words FROM messages WHERE post_id = ?", (post_id,)
            ).fetchone()
        return message_from(row)

    def is_up(self, post_id: str) -> bool:
        """Whether readers can see it now."""
        with self._database.read() as connection:
            return is_up(connection, post_id)

    def text(self, post_id: str) -> Text | None:
        """Its text, if it is still kept."""
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {TEXT_COLUMNS} FROM texts WHERE post_id = ?", (post_id,)
            ).fetchone()
        return text_from(row) if row else None

    def offer(self, post_id: str) -> Offer | None:
        """The changes that were suggested, while they stand."""
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT hash, {TEXT_COLUMNS} FROM offers WHERE post_id = ?", (post_id,)
            ).fetchone()
        return offer_from(row)

    def original(self, post_id: str) -> Text | None:
        """The author's own words, where a moderator took identifying detail out of them."""
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {TEXT_COLUMNS} FROM originals WHERE post_id = ?", (post_id,)
            ).fetchone()
        return text_from(row) if row else None

    def closed(self) -> bool:
        """Whether the form is closed."""
        with self._database.read() as connection:
            return counter(connection, CLOSED) == 1


def is_up(connection: sqlite3.Connection, post_id: str) -> bool:
    """Whether readers can see it now."""
    statement = "SELECT 1 FROM editions WHERE post_id = ? AND hash != ''"
    return connection.execute(statement, (post_id,)).fetchone() is not None


def replace_post(connection: sqlite3.Connection, post: Post) -> Post:
    """Write the post over the version before it and give that back; raise `Changed` if it moved."""
    row = connection.execute(
        f"SELECT {POST_COLUMNS} FROM posts WHERE id = ? AND version = ?",
        (post.id, post.version - 1),
    ).fetchone()
    if row is None:
        raise Changed(post.id)
    connection.execute(UPDATE_POST, (*post_values(post), post.id))
    return post_from(row)


def put_text(connection: sqlite3.Connection, table: str, post_id: str, text: Text) -> None:
    """Put the text in this table, in place of what it had of the post."""
    connection.execute(f"DELETE FROM {table} WHERE post_id = ?", (post_id,))
    connection.execute(
        f"INSERT INTO {table} (post_id, {TEXT_COLUMNS}) VALUES ({TEXT_MARKS})",
        text_values(post_id, text),
    )


def answer_reports(connection: sqlite3.Connection, after: Post, day: date) -> None:
    """Answer on this day what readers reported: the post is kept on the site, or gone from it.

    `answered` is the post's version, by which an undo finds what to open again.
    """
    state = ReportState.KEPT if after.state is State.APPROVED else ReportState.GONE
    connection.execute(
        "UPDATE reports SET state = ?, state_day = ?, answered = ? "
        "WHERE post_id = ? AND state = 'open'",
        (state.value, day.isoformat(), after.version, after.id),
    )


def ring_if_due(connection: sqlite3.Connection, before: Post, after: Post) -> None:
    """Ring when readers see the post, or are about to, and may no longer; or when they now may.

    Whether a post that may go up does so today is for the press to say: it has the rule of batches.
    """
    if after.state is State.APPROVED:
        if before.state is not State.APPROVED:
            ring(connection)
        return
    up = connection.execute("SELECT 1 FROM editions WHERE post_id = ?", (after.id,)).fetchone()
    if up or before.state is State.APPROVED:
        ring(connection)


def counter(connection: sqlite3.Connection, name: str) -> int:
    """A counter's value; one that was never set is 0."""
    row = connection.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
    return int(row["value"]) if row else 0


def set_counter(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Set a counter."""
    connection.execute(
        "INSERT INTO counters (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def ring(connection: sqlite3.Connection) -> int:
    """Ring the press's bell inside the caller's transaction; the number of this ring."""
    rung = counter(connection, RUNG) + 1
    set_counter(connection, RUNG, rung)
    return rung

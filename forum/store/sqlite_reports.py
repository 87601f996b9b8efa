"""The ports of reports on SQLite: adding one, and hiding what enough of them ask about."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from forum.post import Post
from forum.rows import Changed, Decision, NotUp, Report, SealedRow, Spent
from forum.store.rows import NONSENSE, POST_COLUMNS, REPORT_COLUMNS, post_from
from forum.store.sqlite import Database
from forum.store.sqlite_authors import SqliteAuthors, insert_spent, put_author
from forum.store.sqlite_posts import is_up, replace_post, ring_if_due
from forum.store.sqlite_record import record


class SqliteReports(SqliteAuthors):
    """Adds reports; writes nothing of the posts that they are about."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers see it now, and go on seeing it."""
        with self._database.read() as connection:
            return _stays_up(connection, post_id)

    def add_report(self, report: Report, author: SealedRow, spent: Spent) -> None:
        """Store all three rows or none."""
        values = (report.id, report.post_id, report.reason.value, report.words)
        days = (report.day.isoformat(), report.state.value, None)
        with self._database.write() as connection:
            insert_spent(connection, spent)
            put_author(connection, author)
            if _has_left(connection, report.post_id):
                raise NotUp
            connection.execute(
                f"INSERT INTO reports ({REPORT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, *days),
            )


class SqliteSweep:
    """Hides reported posts; has no way to a report's words or to an author's row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reported(self, enough: int) -> Sequence[Post]:
        """Approved posts with at least so many open reports, most reports first, then by id."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {POST_COLUMNS} FROM posts JOIN "
                "(SELECT post_id, COUNT(*) AS number FROM reports WHERE state = 'open' "
                "GROUP BY post_id HAVING number >= ?) AS told ON told.post_id = posts.id "
                "WHERE state = 'approved' ORDER BY told.number DESC, posts.id",
                (enough,),
            ).fetchall()
        return [post for row in rows if (post := _readable(row))]

    def hidden_on(self, day: date, by: str) -> int:
        """How many posts this hand hid on this day."""
        with self._database.read() as connection:
            return _hidden_on(connection, day, by)

    def hide(self, post: Post, decision: Decision, most: int) -> None:
        """Put the post in its new state with its decision, and ring the press's bell."""
        with self._database.write() as connection:
            if _hidden_on(connection, decision.day, decision.moderator) >= most:
                raise Changed(post.id)
            before = replace_post(connection, post)
            record(connection, decision)
            connection.execute("DELETE FROM undos WHERE post_id = ?", (post.id,))
            ring_if_due(connection, before, post)


def _readable(row: sqlite3.Row) -> Post | None:
    """The post in a row; None for nonsense, which keeps no other post from being hidden."""
    try:
        return post_from(row)
    except NONSENSE:
        return None


def _has_left(connection: sqlite3.Connection, post_id: str) -> bool:
    """Whether the post left the site for good since the report's form was opened."""
    statement = (
        "SELECT 1 FROM posts WHERE id = ? AND state IN ('withdrawn', 'taken-down', 'escalated')"
    )
    return connection.execute(statement, (post_id,)).fetchone() is not None


def _hidden_on(connection: sqlite3.Connection, day: date, by: str) -> int:
    statement = "SELECT COUNT(*) FROM record WHERE day = ? AND who = ? AND what = 'hide'"
    (number,) = connection.execute(statement, (day.isoformat(), by)).fetchone()
    return int(number)


def _stays_up(connection: sqlite3.Connection, post_id: str) -> bool:
    """A post that was taken back stays in the edition until the next; nobody need report it."""
    statement = "SELECT 1 FROM posts WHERE id = ? AND state = 'approved'"
    approved = connection.execute(statement, (post_id,)).fetchone()
    return approved is not None and is_up(connection, post_id)

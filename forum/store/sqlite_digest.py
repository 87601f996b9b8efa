"""How much waits, on SQLite: numbers off indexes and kept counts, and no way to a text.

However many posts wait, a count looks at no more than `COUNTED` entries of an index for each state.
"""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.digest import COUNTED, Told, Waiting
from forum.post import WAITING, State
from forum.route import Route
from forum.store.sqlite import Database
from forum.store.sqlite_posts import CLOSED, counter, set_counter

CAME = "urgent-came"
"""Kept by triggers of `schema.sql`."""

_DAYED = (State.RECEIVED, State.SECOND, State.APPEALED)
"""States whose day is the one since which a post waits."""


class SqliteDigest:
    """Counts posts; has no way to a post's words, to a report's, or to an author's row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, today: date) -> Waiting:
        """What waits today; says nothing of the form."""
        with self._database.read() as connection:
            standing = _standing(connection)
            days = filter(None, (_oldest(connection, state) for state in _DAYED))
            return Waiting(
                urgent=sum(_urgent(connection, state) for state in WAITING),
                came=counter(connection, CAME),
                reported=_reported(connection),
                posts=sum(standing.get(state, 0) for state in WAITING),
                second=standing.get(State.SECOND, 0),
                oldest_days=max((max(0, (today - day).days) for day in days), default=0),
            )

    def told(self) -> Told:
        """What the last count left behind."""
        with self._database.read() as connection:
            return Told(**{name: counter(connection, f"told-{name}") for name in _TOLD})

    def put_told(self, told: Told) -> None:
        """Keep what a count leaves behind."""
        with self._database.write() as connection:
            for name in _TOLD:
                set_counter(connection, f"told-{name}", getattr(told, name))

    def closed(self) -> bool:
        """Whether the form was closed by a person."""
        with self._database.read() as connection:
            return counter(connection, CLOSED) == 1

    def unread_reaches(self, most: int) -> bool:
        """Whether at least so many posts wait to be read for the first time."""
        with self._database.read() as connection:
            return _standing(connection).get(State.RECEIVED, 0) >= max(1, most)

    def oldest_unread(self) -> date | None:
        """The day since which the oldest of these waits."""
        with self._database.read() as connection:
            return _oldest(connection, State.RECEIVED)


_TOLD = ("slot", "day", "came", "failed")


def _standing(connection: sqlite3.Connection) -> dict[State, int]:
    rows = connection.execute("SELECT state, SUM(number) AS number FROM standing GROUP BY state")
    known = {state.value for state in State}  # somebody may have written into a row
    return {State(row["state"]): int(row["number"]) for row in rows if row["state"] in known}


def _urgent(connection: sqlite3.Connection, state: State) -> int:
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM posts WHERE state = ? AND risk = ? LIMIT ?)",
        (state.value, Route.HOLD2.rank, COUNTED),
    ).fetchone()
    return int(number)


def _reported(connection: sqlite3.Connection) -> int:
    """Posts with open reports, whatever their state; a report can outlast its post."""
    (number,) = connection.execute(
        "SELECT COUNT(*) FROM (SELECT DISTINCT post_id FROM reports INDEXED BY reports_open "
        "WHERE state = 'open' AND EXISTS (SELECT 1 FROM posts WHERE id = post_id) LIMIT ?)",
        (COUNTED,),
    ).fetchone()
    return int(number)


def _oldest(connection: sqlite3.Connection, state: State) -> date | None:
    (day,) = connection.execute(
        "SELECT MIN(state_day) FROM posts WHERE state = ?", (state.value,)
    ).fetchone()
    return date.fromisoformat(day) if day else None

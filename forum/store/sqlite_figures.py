"""The team's figures on SQLite: counted off indexes and small tables, and never by who.

No text is read here, and no column that says which moderator it was.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from forum.figures import Done, Since, Wait, undone
from forum.post import WAITING, Act, State
from forum.route import Route
from forum.rows import Verdict
from forum.store.sqlite import Database

_ACTS = frozenset(act.value for act in Act)
_VERDICTS = frozenset(verdict.value for verdict in Verdict)


class SqliteWaits:
    """What visitors are told: how long it took lately until posts were decided."""

    _database: Database

    def waits(self, what: Wait, first: date, last: date) -> Mapping[int, int]:
        """Of the waits that ended on these days, how many took how many days."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT name, SUM(number) FROM tallies "
                "WHERE day BETWEEN ? AND ? AND name BETWEEN ? AND ? GROUP BY name",
                (first.isoformat(), last.isoformat(), f"{what.value}:", f"{what.value}:~"),
            ).fetchall()
        return {int(name.partition(":")[2]): number for name, number in rows}


class SqliteFigures(SqliteWaits):
    """Counts over posts, tallies and the record; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> Mapping[Since, int]:
        """How many posts wait for a moderator, by the day since which they do."""
        found: Counter[Since] = Counter()
        with self._database.read() as connection:
            for state in WAITING:
                count = _hidden if state is State.HIDDEN else _of_state
                for since, number in count(connection, state):
                    found[since] += number
        return found

    def done(self, first: date, last: date) -> Mapping[Done, int]:
        """How often the record says that this was done to a post on these days, and stood."""
        found: Counter[Done] = Counter()
        with self._database.read() as connection:
            for day, what, number in connection.execute(
                "SELECT day, what, COUNT(*) FROM record WHERE day BETWEEN ? AND ? "
                "GROUP BY day, what",
                (first.isoformat(), last.isoformat()),
            ):
                if what in _ACTS and what != Act.UNDO.value:
                    found[date.fromisoformat(day), Act(what)] = number
            found.subtract(_undone(connection, first, last))
        return +found

    def verdicts(self, first: date) -> Mapping[tuple[str, Verdict], int]:
        """What was made of each rule's marks since this month's first day."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT name, SUM(number) FROM tallies WHERE day >= ? GROUP BY name",
                (first.isoformat(),),
            ).fetchall()
        named = [(*name.partition(":")[::2], number) for name, number in rows]
        return {
            (rule, Verdict(verdict)): number
            for verdict, rule, number in named
            if verdict in _VERDICTS
        }

    def began(self) -> date | None:
        """The day of the record's first row."""
        with self._database.read() as connection:
            (day,) = connection.execute("SELECT MIN(day) FROM record").fetchone()
        return date.fromisoformat(day) if day else None

    def link(self, last: date) -> str:
        """The link of the record's last row up to this day; "" where there is none."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT link FROM record WHERE day = (SELECT MAX(day) FROM record WHERE day <= ?) "
                "ORDER BY number DESC LIMIT 1",
                (last.isoformat(),),
            ).fetchone()
        return str(row["link"]) if row else ""


def _of_state(connection: sqlite3.Connection, state: State) -> Iterator[tuple[Since, int]]:
    """Posts by the day they came to the state. Those in danger are few, so they alone are read."""
    every = dict(
        connection.execute(
            "SELECT state_day, COUNT(*) FROM posts WHERE state = ? GROUP BY state_day",
            (state.value,),
        ).fetchall()
    )
    urgent = dict(
        connection.execute(
            "SELECT state_day, COUNT(*) FROM posts INDEXED BY posts_by_risk "
            "WHERE state = ? AND risk = ? GROUP BY state_day",
            (state.value, Route.HOLD2.rank),
        ).fetchall()
    )
    for day, number in every.items():
        yield (date.fromisoformat(day), False), number - urgent.get(day, 0)
        yield (date.fromisoformat(day), True), urgent.get(day, 0)


def _hidden(connection: sqlite3.Connection, state: State) -> Iterator[tuple[Since, int]]:
    """Hidden posts, which keep the day of their approval, by the day on which they were hidden."""
    rows = connection.execute(
        "SELECT COALESCE((SELECT MAX(day) FROM record WHERE about = posts.id AND what = ?), "
        "state_day) AS since, risk FROM posts WHERE state = ?",
        (Act.HIDE.value, state.value),
    )
    for since, risk in rows:
        yield (date.fromisoformat(since), risk == Route.HOLD2.rank), 1


def _undone(connection: sqlite3.Connection, first: date, last: date) -> Iterator[Done]:
    """What was done on these days and taken back, if only at midnight."""
    posts = connection.execute(
        "SELECT DISTINCT about FROM record WHERE day BETWEEN ? AND ? AND what = ?",
        (first.isoformat(), (last + timedelta(days=1)).isoformat(), Act.UNDO.value),
    ).fetchall()
    for (post_id,) in posts:
        rows = connection.execute(
            "SELECT day, what FROM record WHERE about = ? ORDER BY number", (post_id,)
        ).fetchall()
        done = [(date.fromisoformat(day), Act(what)) for day, what in rows if what in _ACTS]
        yield from (one for one in undone(done) if first <= one[0] <= last)

"""Each moderator's day in SQLite: one row a person, changed only by whoever read it last."""

from __future__ import annotations

import sqlite3
from datetime import date

from forum.duty import Duty
from forum.rows import Changed, NotEnrolled
from forum.store.rows import duty_from
from forum.store.sqlite import Database

_COLUMNS = ("day", "heavy", "heavy_in_a_row", "seconds", "in_a_row_seconds", "seen", "rest_until")
_NO_REST = 0.0
_PUT = (
    f"INSERT INTO duty ({', '.join(_COLUMNS)}, moderator) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_REPLACE = (
    f"UPDATE duty SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE moderator = ? "
    f"AND {' AND '.join(f'{name} = ?' for name in _COLUMNS)}"
)


class SqliteDuty:
    """The port of looking after moderators on one file; it reads one person's row at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def duty(self, moderator: str) -> Duty | None:
        """Their row, of whatever day it is."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM duty WHERE moderator = ?", (moderator,)
            ).fetchone()
        return duty_from(row) if row else None

    def put_duty(self, duty: Duty, before: Duty | None) -> None:
        """Put the row in place of `before`; raise `Changed` or `NotEnrolled`."""
        values = (*_values(duty), duty.moderator)
        try:
            with self._database.write() as connection:
                if before is None:
                    put = connection.execute(_PUT, values)
                else:
                    put = connection.execute(_REPLACE, (*values, *_values(before)))
                if put.rowcount == 0:
                    raise Changed
        except sqlite3.IntegrityError:
            raise NotEnrolled(duty.moderator) from None

    def erase_duty(self, before: date) -> int:
        """Erase the rows of days before this one, and what they leave behind; how many."""
        with self._database.write() as connection:
            number = connection.execute(
                "DELETE FROM duty WHERE day < ?", (before.isoformat(),)
            ).rowcount
        if number:
            self._database.forget()
        return number


def _values(duty: Duty) -> tuple[str | float, ...]:
    return (
        duty.day.isoformat(),
        duty.heavy,
        duty.heavy_in_a_row,
        duty.seconds,
        duty.in_a_row_seconds,
        duty.seen.timestamp(),
        duty.rest_until.timestamp() if duty.rest_until else _NO_REST,
    )

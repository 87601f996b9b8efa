"""The record of decisions on SQLite: rows are only ever added, each linked to the one before."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from forum.post import Act
from forum.record import SALT_BYTES, Details, Entry, Event, linked, sealed
from forum.rows import Decision
from forum.store.sqlite import Database

COLUMNS = "number, day, who, what, about, reason, rules, approved_hash, salt, seal, link"
_AFTER_ALL = 2**63 - 1
"""A number that no row reaches."""


class SqliteRecord:
    """Reads the whole record; nothing here changes a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Every row after this number, in order."""
        with self._database.read() as connection:
            for row in connection.execute(
                f"SELECT {COLUMNS} FROM record WHERE number > ? ORDER BY number", (after,)
            ):
                yield entry_from(row)

    def page(self, before: int | None, what: str, limit: int) -> Sequence[Entry]:
        """The last rows before this number, newest first; "" for every act and event.

        A rare act is found in the narrow index, so that no page reads all rows.
        """
        before = _AFTER_ALL if before is None else before
        found = "record INDEXED BY record_by_day WHERE what = ? AND" if what else "record WHERE"
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM record WHERE number IN (SELECT number FROM {found} "
                "number < ? ORDER BY number DESC LIMIT ?) ORDER BY number DESC",
                (*([what] if what else []), before, limit),
            ).fetchall()
        return [entry_from(row) for row in rows]

    def last(self) -> Entry | None:
        """The newest row."""
        return next(iter(self.page(None, "", 1)), None)


def record(connection: sqlite3.Connection, decision: Decision) -> None:
    """Put a decision on record, inside the caller's transaction."""
    details = Details(decision.reason, decision.rules, decision.approved_hash)
    what, about = decision.act.value, decision.post_id
    _append(connection, decision.day, decision.moderator, what, about, details)


def record_event(
    connection: sqlite3.Connection, day: date, who: str, event: Event, about: str, reason: str = ""
) -> None:
    """Put a change of people or of the form on record, inside the caller's transaction."""
    _append(connection, day, who, event.value, about, Details(reason))


def decision_from(row: sqlite3.Row) -> Decision:
    """The decision in a row about a post."""
    return Decision(
        day=date.fromisoformat(row["day"]),
        moderator=row["who"],
        act=Act(row["what"]),
        post_id=row["about"],
        approved_hash=row["approved_hash"],
        reason=row["reason"],
        rules=tuple(json.loads(row["rules"])),
    )


def entry_from(row: sqlite3.Row) -> Entry:
    """The entry in a row of `COLUMNS`."""
    return Entry(
        number=row["number"],
        day=date.fromisoformat(row["day"]),
        who=row["who"],
        what=row["what"],
        about=row["about"],
        seal=row["seal"],
        link=row["link"],
        salt=row["salt"],
        details=Details(row["reason"], tuple(json.loads(row["rules"])), row["approved_hash"]),
    )


def _append(
    connection: sqlite3.Connection, day: date, who: str, what: str, about: str, details: Details
) -> None:
    last = connection.execute(
        "SELECT number, link FROM record ORDER BY number DESC LIMIT 1"
    ).fetchone()
    number, before = (last["number"] + 1, last["link"]) if last else (1, "")
    salt = secrets.token_bytes(SALT_BYTES)
    entry = Entry(number, day, who, what, about, sealed(salt, details), "", salt, details)
    entry = replace(entry, link=linked(before, entry))
    connection.execute(
        f"INSERT INTO record ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            day.isoformat(),
            who,
            what,
            about,
            details.reason,
            json.dumps(details.rules),
            details.approved_hash,
            salt,
            entry.seal,
            entry.link,
        ),
    )

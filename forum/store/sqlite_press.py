"""The press's port on SQLite, and the bell that calls the press."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from sys import intern

from forum.post import Post, State, Text
from forum.rows import EditionRow, Run, Unreadable
from forum.store.rows import NONSENSE, POST_COLUMNS, TEXT_COLUMNS, post_from, text_from
from forum.store.sqlite import Database
from forum.store.sqlite_posts import ANSWERED, RUNG, counter, set_counter
from forum.store.sqlite_runs import put_mended, put_run

CLEAR_PLACE = """DELETE FROM editions WHERE post_id = ? AND NOT (hash = '' AND EXISTS
    (SELECT 1 FROM posts WHERE posts.id = editions.post_id
     AND posts.state IN ('approved', 'hidden', 'second')))"""
"""A place that an undo gave back while the press was printing stays, for the edition after."""

NOW_SHOWN = """DELETE FROM unpressed WHERE post_id = :id AND EXISTS
    (SELECT 1 FROM posts JOIN editions ON editions.post_id = posts.id
     WHERE posts.id = :id AND posts.state = 'approved'
     AND posts.approved_hash = :hash AND editions.hash = :hash)"""
NOW_UNSEEN = """DELETE FROM unpressed WHERE post_id = :id
    AND NOT EXISTS (SELECT 1 FROM posts WHERE id = :id AND state = 'approved')
    AND NOT EXISTS (SELECT 1 FROM editions WHERE post_id = :id AND NOT (hash = '' AND EXISTS
        (SELECT 1 FROM posts WHERE id = :id AND state IN ('hidden', 'second'))))"""
"""By how the post stands now, not by how it was read: whatever happened to it while the press was
printing leaves it unpressed, for the next run."""


class SqlitePress:
    """Reads what is approved and keeps the edition record; has no way to an author's row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unpressed(self) -> Sequence[str]:
        """The posts that are, by id. Costs what they are, however many posts there are."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT post_id FROM unpressed ORDER BY post_id").fetchall()
        return [row["post_id"] for row in rows]

    def note_unpressed(self, post_ids: Collection[str]) -> None:
        """Note that these posts are unpressed."""
        if not post_ids:
            return
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO unpressed VALUES (?)", [(i,) for i in post_ids]
            )

    def approved(
        self, post_ids: Collection[str] | None = None
    ) -> Iterator[tuple[Post, Text] | Unreadable]:
        """Every approved post, or those of these, with its text, by id.

        One bad row keeps no other back.
        """
        with self._database.read() as connection:
            for post_id in _approved_ids(connection) if post_ids is None else sorted(post_ids):
                if found := _approved(connection, post_id):
                    yield found

    def states(self, post_ids: Sequence[str]) -> Mapping[str, State]:
        """The states of the posts that still have a row, as far as they can be read."""
        found: dict[str, State] = {}
        with self._database.read() as connection:
            for post_id in post_ids:
                row = connection.execute(
                    "SELECT state FROM posts WHERE id = ?", (post_id,)
                ).fetchone()
                with suppress(ValueError):
                    found |= {post_id: State(row["state"])} if row else {}
        return found

    def up(self, post_ids: Collection[str] | None = None) -> Mapping[str, EditionRow]:
        """What is up, or has kept its places, or those of these; by post id, in its order."""
        among = "" if post_ids is None else "WHERE post_id IN (SELECT value FROM json_each(:among))"
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT post_id, hash, month, slots FROM editions {among} ORDER BY post_id",
                {"among": json.dumps(list(post_ids or ()))},
            )
            return {row["post_id"]: _edition_row(row) for row in rows}

    def count_up(self) -> int:
        """How many posts are up, or have kept their places."""
        with self._database.read() as connection:
            (number,) = connection.execute("SELECT COUNT(*) FROM editions").fetchone()
        return int(number)

    def next_slots(self) -> Mapping[str, int]:
        """The first free slot of every list that has ever had a post."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT list, next FROM next_slots").fetchall()
        return {row["list"]: row["next"] for row in rows}

    def record(
        self,
        put: Sequence[EditionRow],
        drop: Sequence[str],
        shown: Mapping[str, str] | None = None,
    ) -> None:
        """Change what is up, all or nothing; what is as it should be is unpressed no more."""
        if not (put or drop or shown):
            return
        with self._database.write() as connection:
            connection.executemany(CLEAR_PLACE, [(post_id,) for post_id in drop])
            for row in put:
                _put_edition_row(connection, row)
            for post_id, hash in (shown or {}).items():
                pressed = NOW_SHOWN if hash else NOW_UNSEEN
                connection.execute(pressed, {"id": post_id, "hash": hash})

    def rung(self) -> int:
        """The number of the last ring of the bell."""
        with self._database.read() as connection:
            return counter(connection, RUNG)

    def wanted(self) -> bool:
        """Whether a ring waits for an answer: only a finished run is one."""
        with self._database.read() as connection:
            return counter(connection, RUNG) > counter(connection, ANSWERED)

    def tidy(self) -> None:
        """Cut the write-ahead log, where rows of one transaction stand together."""
        self._database.forget()

    def put_run(self, run: Run) -> None:
        """Record how a run stands; a finished one answers its ring."""
        with self._database.write() as connection:
            put_run(connection, run)
            if run.finished:
                set_counter(connection, ANSWERED, run.rung)

    def put_mended(self, words: str) -> None:
        """Record what the last look at everything mended, a line each, until the next."""
        with self._database.write() as connection:
            put_mended(connection, words)


def _approved_ids(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT id FROM posts WHERE state = ? ORDER BY id", (State.APPROVED.value,)
    )
    return [row["id"] for row in rows]


def _approved(
    connection: sqlite3.Connection, post_id: str
) -> tuple[Post, Text] | Unreadable | None:
    """The approved post with its text; None if it was taken back meanwhile."""
    statement = (
        f"SELECT {POST_COLUMNS}, {TEXT_COLUMNS} FROM posts "
        "JOIN texts ON texts.post_id = posts.id WHERE id = ? AND state = ?"
    )
    try:
        row = connection.execute(statement, (post_id, State.APPROVED.value)).fetchone()
        return (post_from(row), text_from(row)) if row else None
    except NONSENSE:
        return Unreadable(post_id)
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
        return Unreadable(post_id)  # bytes that are no UTF-8


def _edition_row(row: sqlite3.Row) -> EditionRow:
    return EditionRow(row["post_id"], row["hash"], row["month"], _slots_from(row["slots"]))


def _slots_from(stored: str) -> Mapping[str, int]:
    """The places as stored; a post whose places cannot be read is given new ones."""
    try:
        return {intern(name): int(slot) for name, slot in json.loads(stored).items()}
    except NONSENSE:
        return {}


def _put_edition_row(connection: sqlite3.Connection, row: EditionRow) -> None:
    connection.execute(
        "REPLACE INTO editions (post_id, hash, month, slots) VALUES (?, ?, ?, ?)",
        (row.post_id, row.hash, row.month, json.dumps(dict(row.slots), sort_keys=True)),
    )
    for name, slot in row.slots.items():
        connection.execute(
            "INSERT INTO next_slots (list, next) VALUES (?, ?) "
            "ON CONFLICT (list) DO UPDATE SET next = MAX(next, excluded.next)",
            (name, slot + 1),
        )

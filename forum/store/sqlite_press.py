"""The press's port on SQLite, and the bell that calls the press."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from forum.ports import EditionRow, Run
from forum.post import Post, State, Text
from forum.store.rows import POST_COLUMNS, post_from, text_from
from forum.store.sqlite import Database
from forum.store.sqlite_posts import ANSWERED, RUNG, counter, set_counter
from forum.store.sqlite_runs import put_run


class SqlitePress:
    """Reads what is approved and keeps the edition record; has no way to an author's row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def approved(self) -> Iterator[tuple[Post, Text]]:
        """Every approved post with its text, by id."""
        with self._database.read() as connection:
            for row in connection.execute(
                f"SELECT {POST_COLUMNS}, title, html, typed, removed FROM posts "
                "JOIN texts ON texts.post_id = posts.id WHERE state = ? ORDER BY id",
                (State.APPROVED.value,),
            ):
                yield post_from(row), text_from(row)

    def states(self, post_ids: Sequence[str]) -> Mapping[str, State]:
        """The states of the posts that still have a row."""
        found: dict[str, State] = {}
        with self._database.read() as connection:
            for post_id in post_ids:
                row = connection.execute(
                    "SELECT state FROM posts WHERE id = ?", (post_id,)
                ).fetchone()
                if row:
                    found[post_id] = State(row["state"])
        return found

    def up(self) -> Mapping[str, EditionRow]:
        """What is up, by post id."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT post_id, hash, month, slots FROM editions").fetchall()
        return {
            row["post_id"]: EditionRow(
                row["post_id"], row["hash"], row["month"], json.loads(row["slots"])
            )
            for row in rows
        }

    def next_slots(self) -> Mapping[str, int]:
        """The first free slot of every list that has ever had a post."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT list, next FROM next_slots").fetchall()
        return {row["list"]: row["next"] for row in rows}

    def record(self, put: Sequence[EditionRow], drop: Sequence[str]) -> None:
        """Change what is up, all or nothing; slots that were given are never given again."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM editions WHERE post_id = ?", [(post_id,) for post_id in drop]
            )
            for row in put:
                _put_edition_row(connection, row)

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

"""What lies under the house: its store, where a test may look a name up or let time pass.

The journeys are the same on every store. `HANDRAIL_TEST_STORE=dynamodb` runs them on the emulated
cloud in place of a file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Table
from tests.store import dynamodb_given

PATIENCE = 60.0
TIMED = (
    *(("sessions", "seen"), ("sessions", "until"), ("claims", "until"), ("undos", "until")),
    *(("duty", "seen"), ("duty", "rest_until")),
)
"""Where the file keeps moments, by table and column, in seconds."""
TIMED_ROWS = ("people", "claim#", "undo#")
TIMED_COLUMNS = ("seen", "until", "rest_until", "expires")
"""Where the tables do, by how a row's key begins and by column."""


class Cellar(Protocol):
    """A store that a test may look into."""

    def settings(self) -> Mapping[str, str]:
        """What the house must be told of it."""

    def pen_name(self, post_id: str) -> str:
        """The name that was made for a post."""

    def pass_seconds(self, seconds: float) -> None:
        """Move all that the desk has timed back by so much."""


@dataclass(frozen=True)
class File:
    """One SQLite file in the house's own folder."""

    folder: Path

    def settings(self) -> Mapping[str, str]:
        return {}

    def pen_name(self, post_id: str) -> str:
        with closing(self._open()) as store:
            found = store.execute("SELECT pen_name FROM posts WHERE id = ?", (post_id,)).fetchone()
            return str(found[0])

    def pass_seconds(self, seconds: float) -> None:
        with closing(self._open()) as store:
            for table, column in TIMED:
                store.execute(f"UPDATE {table} SET {column} = {column} - ?", (seconds,))
            store.commit()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "handrail.sqlite3", timeout=PATIENCE)


@dataclass(frozen=True)
class Tables:
    """Three tables of the emulated cloud."""

    name: str

    def settings(self) -> Mapping[str, str]:
        cloud = dynamodb_given.emulator().environment()
        return {**cloud, "HANDRAIL_STORE": f"dynamodb://{self.name}"}

    def pen_name(self, post_id: str) -> str:
        key = {"pk": {"S": f"post#{post_id}"}, "sk": {"S": "-"}}
        answer = dynamodb_given.client().get_item(TableName=self.name, Key=key)
        return str(answer["Item"]["pen_name"]["S"])

    def pass_seconds(self, seconds: float) -> None:
        dynamo = Dynamo(dynamodb_given.client(), self.name)
        for table in (Table.MAIN, Table.TEXTS):
            for key, row in dynamo.every(table):
                if key.pk.startswith(TIMED_ROWS):
                    dynamo.change(lambda change, k=key, r=row: change.put(k, _back(r, seconds)))  # type: ignore[misc]


def _back(row: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    return {n: v - seconds if n in TIMED_COLUMNS and v else v for n, v in row.items()}


def cellar_for(folder: Path) -> Cellar:
    """An empty store for the house in this folder."""
    if os.environ.get("HANDRAIL_TEST_STORE") != "dynamodb":
        return File(folder)
    name = dynamodb_given.name_for(folder)
    dynamodb_given.create_tables(dynamodb_given.client(), name)
    return Tables(name)

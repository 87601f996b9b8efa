"""Where stories stand, and what of it is newer than the large index of the search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from story_pages.catalogue import ALL
from story_pages.search_lines import FARTHEST
from story_pages.slots import BUCKET

_SCHEMA = Path(__file__).with_name("search.sql")

Place = tuple[int, str]
"""A slot, and the id of a story that stands there."""


class Since:
    """The places that changed since the large index was made, over the catalogue's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(_SCHEMA.read_text("ascii"))

    def begin_anew(self) -> None:
        """There is no large index."""
        self._connection.execute("DELETE FROM search_since")

    def note(self, slot: int) -> None:
        """Something came, went or changed there."""
        self._connection.execute("INSERT OR IGNORE INTO search_since VALUES (?)", (slot,))

    def slots(self) -> set[int]:
        """Every place of which that is true."""
        return {slot for (slot,) in self._connection.execute("SELECT slot FROM search_since")}

    def settle(self, but: Iterable[int]) -> None:
        """There is a large index now of all that stands, but for these places."""
        self.begin_anew()
        for slot in but:
            self.note(slot)

    def in_bucket(self, number: int) -> list[Place]:
        """The stories of a bucket by place; of two in one slot the lower id is first."""
        where = "slot BETWEEN ? AND ? ORDER BY slot, id"
        return self._places(where, ((number - 1) * BUCKET, number * BUCKET - 1))

    def stories(self) -> list[Place]:
        """The stories that stand in the places that changed, by place."""
        return self._places("slot IN (SELECT slot FROM search_since) ORDER BY slot, id", ())

    def everywhere(self) -> list[Place]:
        """All stories by place."""
        return self._places("true ORDER BY slot, id", ())

    def apart(self) -> set[int]:
        """The slots that a large index cannot have: two stories share one, or it is too far on."""
        again = "shelf = ? GROUP BY slot HAVING count(*) > 1 OR slot >= ?"
        rows = self._connection.execute(f"SELECT slot FROM slot WHERE {again}", (ALL, FARTHEST))
        return {slot for (slot,) in rows}

    def _places(self, where: str, values: tuple[int, ...]) -> list[Place]:
        query = f"SELECT slot, id FROM slot WHERE shelf = ? AND {where}"
        return self._connection.execute(query, (ALL, *values)).fetchall()

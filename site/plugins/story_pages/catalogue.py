"""The catalogue knows which stories the edition has, and where they stand; never what they say.

It lies in the editions' own file, so that it becomes true in the same moment as the pages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from story_pages.manifest import Entry, Part, SetAside, line_of, parsed, part_of

_SCHEMA = Path(__file__).with_name("catalogue.sql")
_TABLES = ("part", "slot", "shelf", "indexed", "aside", "made")
ALL = "stories"
"""The shelf on which every story stands."""

Row = tuple[str, int]
"""A story on a shelf: its id, and the number of the run in which it came or changed."""


class Catalogue:
    """The catalogue over one connection, whose transaction is the caller's.

    `number` is one that no other run has.
    """

    def __init__(self, connection: sqlite3.Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        for statement in _SCHEMA.read_text("ascii").split(";\n"):
            connection.execute(statement)

    def begin_anew(self) -> None:
        """Know of nothing, but for what `since_then` is held against."""
        self._connection.execute("CREATE TEMP TABLE before AS SELECT name, lines FROM part")
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table}")

    def since_then(self) -> tuple[list[Entry], list[str]]:
        """The stories that went since all began anew, and the ids of those that are others now."""
        gone, changed = [], []
        for name, lines in self._connection.execute("SELECT name, lines FROM before").fetchall():
            now = self.entries(name)
            for id, entry in parsed(name, lines).entries.items():
                if id not in now:
                    gone.append(entry)
                elif now[id].hash != entry.hash:
                    changed.append(id)
        return gone, changed

    # The parts of the manifest, as they were.

    def parts(self) -> dict[str, str]:
        """The hash of every part by its name."""
        return dict(self._connection.execute("SELECT name, hash FROM part"))

    def put_part(self, name: str, hash: str, lines: bytes) -> None:
        """Note what a part is now; without a hash there is none any more."""
        self._connection.execute("DELETE FROM part WHERE name = ?", (name,))
        if hash:
            self._connection.execute(
                "INSERT INTO part (name, hash, lines) VALUES (?, ?, ?)", (name, hash, lines)
            )

    def put_asides(self, part: str, asides: Iterable[SetAside]) -> None:
        """Note what of a part is left out, and why; nothing else of it is."""
        self._connection.execute("DELETE FROM aside WHERE part = ?", (part,))
        rows = [(aside.id, part, aside.why) for aside in asides]
        self._connection.executemany("INSERT OR REPLACE INTO aside VALUES (?, ?, ?)", rows)

    def asides(self) -> list[SetAside]:
        """All that is left out, in the order of ids."""
        rows = self._connection.execute("SELECT id, why FROM aside ORDER BY id")
        return [SetAside(*row) for row in rows]

    def asides_of(self, part: str) -> list[SetAside]:
        """What of a part is left out."""
        rows = self._connection.execute("SELECT id, why FROM aside WHERE part = ?", (part,))
        return [SetAside(*row) for row in rows]

    def parts_with_asides(self) -> set[str]:
        """The parts of which something is left out: they are looked at again each time."""
        return {part for (part,) in self._connection.execute("SELECT DISTINCT part FROM aside")}

    # The stories.

    def entries(self, part: str) -> dict[str, Entry]:
        """The stories of a part by id, as they were."""
        known = self._part(part)
        left_out = {aside.id for aside in self.asides_of(part)}
        return {id: entry for id, entry in known.entries.items() if id not in left_out}

    def entry(self, id: str) -> Entry | None:
        """One story of a part that has been put, or None if there is none of this id."""
        part = part_of(id)
        left_out = "SELECT 1 FROM aside WHERE part = ? AND id = ?"
        if self._connection.execute(left_out, (part, id)).fetchone():
            return None
        return line_of(self._lines(part), id)

    def put(self, entry: Entry, indexed: bool, shelves: Iterable[str]) -> None:
        """Let a story, which the catalogue does not have, stand on these shelves."""
        if indexed:
            self._connection.execute("INSERT INTO indexed VALUES (?)", (entry.id,))
        places = [(shelf, entry.slots[shelf], entry.id, self._number) for shelf in shelves]
        self._connection.executemany("INSERT INTO slot VALUES (?, ?, ?, ?)", places)
        self._connection.executemany(
            "INSERT INTO shelf VALUES (?, 1) ON CONFLICT DO UPDATE SET stories = stories + 1",
            [(place[0],) for place in places],
        )

    def drop(self, entry: Entry) -> None:
        """Let there be no such story."""
        self._connection.execute("DELETE FROM indexed WHERE id = ?", (entry.id,))
        for shelf, slot in entry.slots.items():
            gone = self._connection.execute(
                "DELETE FROM slot WHERE shelf = ? AND slot = ? AND id = ?", (shelf, slot, entry.id)
            )
            if gone.rowcount:
                self._connection.execute(
                    "UPDATE shelf SET stories = stories - 1 WHERE name = ?", (shelf,)
                )

    def ids(self) -> set[str]:
        """Every story's id."""
        rows = self._connection.execute("SELECT id FROM slot WHERE shelf = ?", (ALL,))
        return {id for (id,) in rows}

    def number(self) -> int:
        """How many stories there are."""
        total = "SELECT stories FROM shelf WHERE name = ?"
        row = self._connection.execute(total, (ALL,)).fetchone()
        return row[0] if row else 0

    def numbers(self) -> dict[str, int]:
        """How many stories stand on each shelf, as far as any do."""
        rows = self._connection.execute("SELECT name, stories FROM shelf WHERE stories > 0")
        return dict(rows)

    def indexed(self, first: str) -> list[str]:
        """The stories that search engines may list whose ids begin so, in order."""
        return self._indexed(first, -1)

    def indexed_any(self, first: str) -> bool:
        """Whether there is one of these."""
        return bool(self._indexed(first, 1))

    # The shelves. Slots count from 0, the oldest; of two stories in one slot the lower id is first.

    def shelves(self) -> list[str]:
        """Every shelf on which a story stands."""
        rows = self._connection.execute("SELECT name FROM shelf WHERE stories > 0 ORDER BY name")
        return [name for (name,) in rows]

    def newest(self, shelf: str, most: int) -> list[Row]:
        """The newest stories of a shelf, newest first."""
        return self._rows("shelf = ? ORDER BY slot DESC, id LIMIT ?", (shelf, most))

    def between(self, shelf: str, first: int, last: int) -> list[Row]:
        """The stories in these slots, both included, newest first."""
        where = "shelf = ? AND slot BETWEEN ? AND ? ORDER BY slot DESC, id"
        return self._rows(where, (shelf, first, last))

    def slot_below(self, shelf: str, slot: int) -> int | None:
        """The highest slot that holds a story and is lower than this."""
        return self._slot("max(slot) FROM slot WHERE shelf = ? AND slot < ?", (shelf, slot))

    def slot_above(self, shelf: str, slot: int) -> int | None:
        """The lowest slot that holds a story and is higher than this."""
        return self._slot("min(slot) FROM slot WHERE shelf = ? AND slot > ?", (shelf, slot))

    # What pages were made of.

    def made_of(self, path: str) -> str:
        """What a page was made of the last time; "" if it was not."""
        row = self._connection.execute("SELECT of FROM made WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def put_made(self, path: str, of: str) -> None:
        """Note what a page is made of; "" where there is none any more, or nobody asks."""
        if of:
            self._connection.execute("INSERT OR REPLACE INTO made VALUES (?, ?)", (path, of))
        else:
            self._connection.execute("DELETE FROM made WHERE path = ?", (path,))

    def made(self, of: str) -> Iterator[str]:
        """The pages that were made of this."""
        for (path,) in self._connection.execute("SELECT path FROM made WHERE of = ?", (of,)):
            yield path

    def _part(self, name: str) -> Part:
        return parsed(name, self._lines(name))

    def _lines(self, part: str) -> bytes:
        found = "SELECT lines FROM part WHERE name = ?"
        row = self._connection.execute(found, (part,)).fetchone()
        return row[0] if row else b""

    def _indexed(self, first: str, most: int) -> list[str]:
        where = "id >= ? AND id < ? ORDER BY id LIMIT ?"
        values = (first, chr(ord(first) + 1), most)
        rows = self._connection.execute(f"SELECT id FROM indexed WHERE {where}", values)
        return [id for (id,) in rows]

    def _slot(self, query: str, values: tuple[str, int]) -> int | None:
        found: int | None = self._connection.execute(f"SELECT {query}", values).fetchone()[0]
        return found

    def _rows(self, where: str, values: tuple[object, ...]) -> list[Row]:
        query = f"SELECT id, since FROM slot WHERE {where}"
        return self._connection.execute(query, values).fetchall()

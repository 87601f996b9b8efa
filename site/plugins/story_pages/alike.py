"""Which stories the page of a story leads to, and whose pages a change can touch.

A story leads to those most like it among the ones that stand shortly before it in its topics and
its stage; so a new story changes no other's page. The first of a list lead on to each other. A
change touches at most `WINDOW` pages for each list that a story stands in, or twice as many among
the first.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from story_pages.catalogue import ALL
from story_pages.likeness import MOST, Likeness, may_lead, most_alike

WINDOW = 20
"""Slots of a list before a story in which to look for others."""
LOOKED_IN = ("topics", "stages")

SHOWN_FROM = 5
"""Stories that must share a self-description before a page shows it: fewer could be counted out."""

_IN_IT = "in it"
_TELL_OF_IT = frozenset({"arcs/still-in-it", "stages/after-a-setback"})
Places = Mapping[str, int]
"""The slots of a story by list."""

_SCHEMA = Path(__file__).with_name("likeness.sql")
_WORDS_LONG = 128
_COLUMNS = "likeness.id, places, notes, words, about, indexed"
_BY_PLACE = f"SELECT {_COLUMNS} FROM slot JOIN likeness USING (id) WHERE shelf = ?"


class Alike:
    """What every story is like, over the catalogue's connection, whose transaction is the caller's.

    What changes is noted, until `to_make` tells whose pages that touches.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in _SCHEMA.read_text("ascii").split(";\n"):
            connection.execute(statement)
        self._changed: set[str] = set()
        self._came: set[tuple[str, int]] = set()
        self._left: set[tuple[str, int]] = set()
        self._described: dict[str, int] = {}
        self._all_changed = False
        self._all: _All | None = None

    def begin_anew(self) -> None:
        """Know of nothing."""
        for table in ("likeness", "tally", "leads"):
            self._connection.execute(f"DELETE FROM {table}")
        self._all_changed = True

    def put(self, one: Likeness, places: Places) -> None:
        """Let a story, which is not known, stand at these slots and be like this."""
        self._note(one.id, places, self._came)
        spelled = " ".join(f"{name}:{slot}" for name, slot in places.items())
        words = one.words.to_bytes(_WORDS_LONG, "little")
        row = (one.id, spelled, " ".join(sorted(one.notes)), words, one.about, one.indexed)
        self._connection.execute("INSERT INTO likeness VALUES (?, ?, ?, ?, ?, ?)", row)
        self._count(one, 1)

    def drop(self, id: str) -> None:
        """Know nothing of a story any more."""
        if before := self.of(id):
            self._note(id, self._places_of(id), self._left)
            self._connection.execute("DELETE FROM likeness WHERE id = ?", (id,))
            self._connection.execute("DELETE FROM leads WHERE id = ?", (id,))
            self._count(before, -1)

    def of(self, id: str) -> Likeness | None:
        """What a story is like, if it is known."""
        if self._all:
            return self._all.by_id.get(id)
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM likeness WHERE id = ?", (id,)
        ).fetchone()
        return _likeness(*row) if row else None

    def has(self, id: str) -> bool:
        """Whether a story is known."""
        return self.of(id) is not None

    def remember_all(self) -> None:
        """Keep all that is known at hand, so that forked copies may ask, and note nothing of it."""
        self._all = _All(self._connection)
        self._note_nothing()

    def forget_all(self) -> None:
        """Ask the catalogue again."""
        self._all = None

    def leads_to(self, id: str) -> tuple[str, ...]:
        """The stories that this one's page leads to, the most alike first."""
        one, places = self.of(id), self._places_of(id)
        if one is None:
            return ()
        near = self._near(
            one, ((name, slot) for name, slot in places.items() if _kind(name) in LOOKED_IN)
        )
        if len(near) < MOST:
            near |= self._near(one, [(ALL, places[ALL])])
        return most_alike(one, near.values())

    def note_leads(self, id: str, there: Iterable[str]) -> None:
        """Note where the page of a story leads now."""
        row = (id, " ".join(there))
        self._connection.execute("INSERT OR REPLACE INTO leads VALUES (?, ?)", row)

    def may_be_shown(self, id: str) -> bool:
        """Whether enough stories share the self-description of this one for its page to show it."""
        one = self.of(id)
        return one is not None and self._number(one.about) >= SHOWN_FROM

    def touch(self, id: str) -> None:
        """Let the page of a story be made again, whatever it leads to."""
        self._changed.add(id)

    def to_make(self) -> set[str]:
        """The stories whose own pages may differ since this was asked the last time."""
        came, left = self._seen_from(self._came), self._seen_from(self._left)
        # What only went is missed by no page that did not lead there.
        other = {id for id in came | left if self._led_to_what_changed(id)}
        other |= {id for id in came - other if self._leads_elsewhere(id)}
        changed = {id for id in self._changed if self.has(id)}
        found = changed | other | set(self._newly_described())
        self._note_nothing()
        return found

    def near(self, places: Places) -> set[str]:
        """Every story whose page can lead to one that stands, or stood, at these places."""
        looked = ((name, slot) for name, slot in places.items() if _is_looked_in(name))
        return {id for place in looked for id in self._led_from(*place)}

    def self_descriptions(self) -> dict[str, int]:
        """How many stories share each self-description."""
        others = "SELECT name, stories FROM tally WHERE stories > 0 AND name <> ?"
        return dict(self._connection.execute(others, (_IN_IT,)))

    def in_it(self) -> int:
        """How many stories tell of being in it still, or again."""
        return self._number(_IN_IT)

    def unburdened(self, most: int) -> list[str]:
        """Which of the newest stories, of so many, mention nothing hard at all."""
        newest = "shelf = ? ORDER BY slot DESC, id LIMIT ?"
        rows = self._connection.execute(
            f"SELECT id FROM (SELECT id FROM slot WHERE {newest}) JOIN likeness USING (id)"
            " WHERE notes = ''",
            (ALL, most),
        )
        return sorted(id for (id,) in rows)

    def _note(self, id: str, places: Places, where: set[tuple[str, int]]) -> None:
        self._changed.add(id)
        if not self._all_changed:  # else there is no other page to touch
            where.update(place for place in places.items() if _is_looked_in(place[0]))

    def _seen_from(self, places: Iterable[tuple[str, int]]) -> set[str]:
        """The stories, but for those that changed, from which one looks at any of these places."""
        return {id for place in places for id in self._led_from(*place)} - self._changed

    def _places_of(self, id: str) -> dict[str, int]:
        if self._all:
            return _places(self._all.places[id])
        row = self._connection.execute("SELECT places FROM likeness WHERE id = ?", (id,)).fetchone()
        return _places(row[0]) if row else {}

    def _note_nothing(self) -> None:
        self._changed, self._described = set(), {}
        self._came, self._left = set(), set()
        self._all_changed = False

    def _count(self, one: Likeness, more: int) -> None:
        if one.about:
            self._described.setdefault(one.about, self._number(one.about))
        counted = [one.about] * bool(one.about)
        counted += [_IN_IT] * (not _TELL_OF_IT.isdisjoint(one.lists))
        self._connection.executemany(
            "INSERT INTO tally VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET stories = stories + excluded.stories",
            [(name, more) for name in counted],
        )

    def _number(self, name: str) -> int:
        if self._all:
            return self._all.tally.get(name, 0)
        number = "SELECT stories FROM tally WHERE name = ?"
        row: tuple[int] | None = self._connection.execute(number, (name,)).fetchone()
        return row[0] if row else 0

    def _newly_described(self) -> Iterator[str]:
        """The stories whose self-description is to be shown now, or not any more."""
        for about, before in self._described.items():
            if (before >= SHOWN_FROM) != (self._number(about) >= SHOWN_FROM):
                sharing = "SELECT id FROM likeness WHERE about = ? AND about <> ''"
                yield from (id for (id,) in self._connection.execute(sharing, (about,)))

    def _near(self, one: Likeness, places: Iterable[tuple[str, int]]) -> dict[str, Likeness]:
        """The stories to which one may lead from these places, by id."""
        found = {}
        for name, slot in places:
            for other in self._between(name, max(0, slot - WINDOW), max(slot, WINDOW)):
                if other.id != one.id and may_lead(one, other):
                    found[other.id] = other
        return found

    def _between(self, shelf: str, first: int, last: int) -> Iterable[Likeness]:
        if self._all:
            return self._all.between(shelf, first, last)
        rows = self._connection.execute(
            f"{_BY_PLACE} AND slot BETWEEN ? AND ?", (shelf, first, last)
        )
        return [_likeness(*row) for row in rows]

    def _led_from(self, shelf: str, slot: int) -> set[str]:
        """The stories of a list from which one looks at this slot."""
        first = 0 if slot <= WINDOW else slot
        looking = "SELECT id FROM slot WHERE shelf = ? AND slot BETWEEN ? AND ?"
        rows = self._connection.execute(looking, (shelf, first, slot + WINDOW))
        return {id for (id,) in rows}

    def _led_to_what_changed(self, id: str) -> bool:
        return not self._changed.isdisjoint(self._led(id))

    def _leads_elsewhere(self, id: str) -> bool:
        now = self.leads_to(id)
        return list(now) != self._led(id) or not self._changed.isdisjoint(now)

    def _led(self, id: str) -> list[str]:
        """Where the page of a story leads as it stands."""
        row = self._connection.execute("SELECT there FROM leads WHERE id = ?", (id,)).fetchone()
        return row[0].split() if row else []


class _All:
    """Everything that is known, at hand: for each list its slots in order and who stands there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.by_id: dict[str, Likeness] = {}
        self.places: dict[str, str] = {}
        shared: dict[frozenset[str], frozenset[str]] = {}
        for row in connection.execute(f"SELECT {_COLUMNS} FROM likeness"):
            one = _likeness(*row)
            lists, notes = (shared.setdefault(names, names) for names in (one.lists, one.notes))
            self.by_id[one.id] = one._replace(lists=lists, notes=notes)
            self.places[one.id] = row[1]
        self.tally: dict[str, int] = dict(connection.execute("SELECT name, stories FROM tally"))
        self._shelves: dict[str, tuple[array[int], list[Likeness]]] = {}
        for shelf, slot, id in connection.execute(
            "SELECT shelf, slot, id FROM slot ORDER BY shelf, slot"
        ):
            slots, there = self._shelves.setdefault(shelf, (array("I"), []))
            slots.append(slot)
            there.append(self.by_id[id])

    def between(self, shelf: str, first: int, last: int) -> list[Likeness]:
        slots, there = self._shelves[shelf]
        return there[bisect_left(slots, first) : bisect_right(slots, last)]


def _is_looked_in(name: str) -> bool:
    return name == ALL or _kind(name) in LOOKED_IN


def _kind(name: str) -> str:
    """The vocabulary's list that a list of stories belongs to."""
    return name.partition("/")[0]


def _places(spelled: str) -> dict[str, int]:
    pairs = (place.rsplit(":", 1) for place in spelled.split())
    return {name: int(slot) for name, slot in pairs}


def _likeness(id: str, places: str, notes: str, words: bytes, *rest: Any) -> Likeness:
    about, indexed = rest
    slots = _places(places)
    mentioned, bits = frozenset(notes.split()), int.from_bytes(words, "little")
    lists = frozenset(slots)
    return Likeness(id, slots[ALL], lists, mentioned, bits, about, bool(indexed))

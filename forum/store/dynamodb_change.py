"""One change of several rows in DynamoDB: all of it or none, and only if what it read still holds.

Nothing is locked. A change notes what it read; the commit asks DynamoDB to refuse if any of that
is different by now. Every row that is put carries a new random stamp to tell that by: a count
would tell how often a row was written, and that says how often a hand has shared.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from forum.store.dynamodb_values import EXPIRES, STAMP, Item, bare, is_kept, to_wire, value_to_wire

MOST_ROWS = 100
"""Rows in one transaction: DynamoDB's own limit."""
STAMP_BYTES = 8


class Table(Enum):
    """The three tables of a forum, by what their names end in."""

    MAIN = ""
    TEXTS = "-texts"
    """What people wrote, and what would say which posts share a hand if one could see in which
    second it was written: without point-in-time recovery."""
    ERASED = "-erased"
    """The erasure ledger: outside the backups."""


@dataclass(frozen=True)
class Key:
    """Where a row lies."""

    pk: str
    sk: str = "-"
    table: Table = Table.MAIN

    def wire(self) -> dict[str, dict[str, Any]]:
        """The key as the API takes it."""
        return {"pk": {"S": self.pk}, "sk": {"S": self.sk}}


@dataclass(frozen=True)
class Act:
    """What is to be done to one row."""

    verb: str
    """Put, Update, Delete or ConditionCheck: a member of `TransactWriteItems`."""
    words: Mapping[str, Any]
    """The rest of that member, but for table, key and condition."""


@dataclass(frozen=True)
class Refused:
    """A condition of its own for one row, and what to raise where it does not hold."""

    condition: str
    names: Mapping[str, str]
    values: Mapping[str, Any]
    error: Exception


class Change:
    """What one unit of work reads and writes. The work may run again: it has no other effects."""

    def __init__(
        self, read: Callable[[Key], Item | None], name: Callable[[Table], str], now: float
    ) -> None:
        """`read` gives a row with its stamp, run out or not; `name` the full name of a table.

        `now` is in seconds since 1970.
        """
        self._read = read
        self._name = name
        self._at = now
        self._seen: dict[Key, Item | None] = {}
        self._acts: dict[Key, Act] = {}
        self._now: dict[Key, Item | None] = {}
        self._refused: dict[Key, Refused] = {}

    @property
    def today(self) -> date:
        """The day of the change, by the store's own clock."""
        return datetime.fromtimestamp(self._at, UTC).date()

    def get(self, key: Key) -> Item | None:
        """The row as this change leaves it; the commit is refused if it is changed meanwhile."""
        if key in self._now:
            return self._there(self._now[key])
        if key not in self._seen:
            self._seen[key] = self._read(key)
        return self._there(self._seen[key])

    def peek(self, key: Key) -> Item | None:
        """The row as this change leaves it, and nothing is said of what happens to it later."""
        if key in self._now or key in self._seen:
            return self.get(key)
        return self._there(self._read(key))

    def put(self, key: Key, item: Mapping[str, Any]) -> None:
        """Write the row, over whatever is there; guarded if it was read with `get`."""
        if key in self._acts and self._acts[key].verb == "Update":
            raise ValueError("a row is either counted or put")
        self._now[key] = bare(item)
        stamped = {**bare(item), STAMP: secrets.token_bytes(STAMP_BYTES)}
        self._acts[key] = Act("Put", {"Item": {**key.wire(), **to_wire(stamped)}})

    def new(self, key: Key, item: Mapping[str, Any], taken: Exception) -> None:
        """Write the row where there is none that still holds; else the commit raises `taken`."""
        self.put(key, item)
        names, values = {"#pk": "pk", "#until": EXPIRES}, {":now": value_to_wire(self._at)}
        free = "attribute_not_exists(#pk) OR #until <= :now"
        self._refused[key] = Refused(free, names, values, taken)

    def same(
        self, key: Key, item: Mapping[str, Any] | None, before: Mapping[str, Any], moved: Exception
    ) -> None:
        """Write the row (None deletes it) where it holds all of `before`; else raise `moved`."""
        if item is None:
            self.delete(key)
        else:
            self.put(key, item)
        names = {f"#b{i}": name for i, name in enumerate(before)}
        values = {f":b{i}": value_to_wire(value) for i, value in enumerate(before.values())}
        condition = " AND ".join(f"#b{i} = :b{i}" for i in range(len(before)))
        self._refused[key] = Refused(condition, names, values, moved)

    def delete(self, key: Key) -> None:
        """Take the row away, if there is one; guarded if it was read with `get`."""
        self._now[key] = None
        self._acts[key] = Act("Delete", {"Key": key.wire()})

    def add(self, key: Key, **counts: int) -> None:
        """Add to numbers of the row, which is there from now on; never guarded.

        Several adds to one row become one; one row is either added to or put, in one change.
        """
        before = self._acts.get(key)
        if before and before.verb != "Update":
            raise ValueError("a row is either counted or put")
        sums = dict(before.words["counts"]) if before else {}
        for name, number in counts.items():
            sums[name] = sums.get(name, 0) + number
        self._acts[key] = Act("Update", {"counts": sums})

    def _there(self, item: Item | None) -> Item | None:
        return bare(item) if item is not None and is_kept(item, self._at) else None

    def wire(self) -> list[dict[str, Any]]:
        """The change as members of `TransactWriteItems`; raises `ValueError` where it is too big.

        Empty when nothing is written: what was only read need not hold.
        """
        acts = {key: act for key, act in self._acts.items() if _does_something(act)}
        if not acts:
            return []
        checks = {key: Act("ConditionCheck", {"Key": key.wire()}) for key in self._seen}
        members = {**checks, **acts}
        if len(members) > MOST_ROWS:
            raise ValueError(f"{len(members)} rows are too many for one change")
        return [self._member(key, act) for key, act in members.items()]

    def errors(self) -> Iterator[Exception | None]:
        """For each member of `wire`, in order: what to raise where it is refused, if not anew."""
        acts = {key: act for key, act in self._acts.items() if _does_something(act)}
        for key in {**dict.fromkeys(self._seen), **acts}:
            found = self._refused.get(key)
            yield found.error if found else None

    def _member(self, key: Key, act: Act) -> dict[str, Any]:
        words = dict(act.words)
        if act.verb == "Update":
            words = {"Key": key.wire(), **_addition(words["counts"])}
        return {act.verb: {"TableName": self._name(key.table), **words, **self._condition(key)}}

    def _condition(self, key: Key) -> dict[str, Any]:
        refused = self._refused.get(key)
        if refused:
            said = {"ConditionExpression": refused.condition}
            names, values = refused.names, refused.values
        elif key not in self._seen:
            return {}
        elif (seen := self._seen[key]) is None:
            said = {"ConditionExpression": "attribute_not_exists(#pk)"}
            names, values = {"#pk": "pk"}, {}
        elif STAMP not in seen:
            raise ValueError("nothing tells whether a row that is only counted was changed")
        else:
            said = {"ConditionExpression": "#stamp = :stamp"}
            names, values = {"#stamp": STAMP}, {":stamp": value_to_wire(seen[STAMP])}
        found: dict[str, Any] = {**said, "ExpressionAttributeNames": dict(names)}
        return {**found, "ExpressionAttributeValues": dict(values)} if values else found


def _does_something(act: Act) -> bool:
    return act.verb != "Update" or any(act.words["counts"].values())


def _addition(counts: Mapping[str, int]) -> dict[str, Any]:
    told = [(name, number) for name, number in sorted(counts.items()) if number]
    return {
        "UpdateExpression": "ADD " + ", ".join(f"#c{i} :c{i}" for i in range(len(told))),
        "ExpressionAttributeNames": {f"#c{i}": name for i, (name, _) in enumerate(told)},
        "ExpressionAttributeValues": {
            f":c{i}": value_to_wire(number) for i, (_, number) in enumerate(told)
        },
    }

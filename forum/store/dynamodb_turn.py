"""Changes of the desk's people in DynamoDB: one at a time, each over all that stands at its turn.

They are few dozens of rows in one partition. A change that asks whether anybody else is a
coordinator, or goes by this name, reads them all, and holds only if no other change of the team
was made meanwhile: each takes the row `turn` anew. A session that comes takes a turn too, for its
owner has no more than so many. What concerns one row alone (a session that is used, a passkey that
counts) takes no turn, so every row that is changed is read under guard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from forum.person import By, LastCoordinator, NotTheirs, Role
from forum.rows import NotEnrolled
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_posts import write_off
from forum.store.dynamodb_values import Item
from forum.store.people_rows import roles_from

PEOPLE = "people"
TURN = Key(PEOPLE, "turn")
BEHIND_CHALLENGES = "challenge$"
"""Sorts right after every challenge: anybody who opens the sign-in page makes one of those."""

AT_ONCE = 80
"""Rows of one kind taken away in one change: it holds 100, and the record needs a few of them."""

T = TypeVar("T")


def person_key(kind: str, name: str) -> Key:
    """Where a row of this kind lies: moderator, passkey, invitation, recovery, session, duty."""
    return Key(PEOPLE, f"{kind}#{name}")


class Turn:
    """What one change of the team sees and writes."""

    def __init__(self, change: Change, rows: dict[Key, Item]) -> None:
        self.change = change
        self._rows = rows

    def every(self, kind: str, **holds: object) -> dict[Key, Item]:
        """Rows of this kind that hold these values, as this change leaves them."""
        return {
            key: row
            for key, row in self._rows.items()
            if key.sk.startswith(f"{kind}#")
            and all(row[name] == value for name, value in holds.items())
        }

    def get(self, kind: str, name: str) -> Item | None:
        """One row, under guard."""
        return self.change.get(person_key(kind, name))

    def put(self, kind: str, name: str, row: Item) -> None:
        """Write one row."""
        key = person_key(kind, name)
        if kind == "moderator":
            self._note_lost_roles(self._rows.get(key), row)
        self._rows[key] = row
        self.change.put(key, row)
        self.change.put(TURN, {})

    def drop(self, kind: str, **holds: object) -> int:
        """Take away the rows of this kind that hold these values; how many."""
        return self.drop_rows(self.every(kind, **holds))

    def drop_rows(self, keys: Iterable[Key]) -> int:
        """Take away these rows; how many."""
        gone = list(keys)
        for key in gone:
            del self._rows[key]
            self.change.delete(key)
        if gone:
            self.change.put(TURN, {})
        return len(gone)

    def _note_lost_roles(self, before: Item | None, after: Item) -> None:
        """Write down for the ledger what somebody may do no more."""
        lost = roles_from(before["roles"]) - roles_from(after["roles"]) if before else ()
        for role in lost:
            write_off(self.change, "role", f"{after['id']}/{role.value}", self.change.today)


def in_turn(dynamo: Dynamo, work: Callable[[Turn], T]) -> T:
    """Do this over the whole team, all or nothing; `work` may run again."""

    def turn(change: Change) -> T:
        change.get(TURN)
        return work(Turn(change, dict(dynamo.within(PEOPLE, after=BEHIND_CHALLENGES))))

    return dynamo.change(turn)


def drop_in_parts(dynamo: Dynamo, kind: str, spared: str = "", **holds: object) -> int:
    """Take away the rows of this kind that hold these values, but for the one of this name.

    However many they are: each part is a change of its own. Returns their number. It ends where a
    part is not full, so nobody keeps it going by adding more.
    """

    def part(turn: Turn) -> int:
        found = (key for key in turn.every(kind, **holds) if key != person_key(kind, spared))
        return turn.drop_rows(islice(found, AT_ONCE))

    number = last = in_turn(dynamo, part)
    while last == AT_ONCE:
        last = in_turn(dynamo, part)
        number += last
    return number


def roles_now(turn: Turn, moderator_id: str) -> frozenset[Role]:
    """The roles of somebody enrolled; raise `NotEnrolled`."""
    row = turn.get("moderator", moderator_id)
    if row is None:
        raise NotEnrolled(moderator_id)
    return roles_from(row["roles"])


def must_coordinate(turn: Turn, by: By) -> None:
    """Raise `NotTheirs` unless a coordinator asks, or the operator."""
    if by.is_operator:
        return
    try:
        coordinates = Role.COORDINATOR in roles_now(turn, by.who)
    except NotEnrolled:
        coordinates = False
    if not coordinates:
        raise NotTheirs


def must_leave_a_coordinator(turn: Turn, moderator_id: str, by: By) -> None:
    """Raise `LastCoordinator` if this one is; the operator can always make another."""
    if by.is_operator or Role.COORDINATOR not in roles_now(turn, moderator_id):
        return
    others = (row for row in turn.every("moderator").values() if row["id"] != moderator_id)
    if not any(Role.COORDINATOR in roles_from(row["roles"]) for row in others):
        raise LastCoordinator

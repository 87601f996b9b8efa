"""What was erased stays erased: a ledger of ids, kept apart from every backup of what it names.

An entry is a kind, an id and a day: no text, no person, no time. Whoever brings a backup back
leaves out of its rows, as they go into the empty store, whatever the ledger names since the
backup's day. So there is no moment at which the press could see it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Protocol

from forum.archive import Entry, Head, Row
from forum.person import Role
from forum.ports import Randomness
from forum.post import State

KEPT_DAYS = 35
"""Days an entry is kept."""
GRACE = timedelta(days=1)
"""By how much the clock that dated a backup may be ahead of the one that dates the entries."""
NAME_BYTES = 10
"""Random bytes in a ledger's name."""


class Gone(Enum):
    """What an entry is about."""

    POST = "post"
    """Its author took it back, or its row was erased: by the post's id."""
    OFF = "off"
    """It was approved and is no more, or with other words than before: by the post's id."""
    AUTHOR = "author"
    """Its holder had an author's row erased: by its keyed hash, in small hexadecimal digits."""
    REPORT = "report"
    """A report was erased: by its id."""
    MODERATOR = "moderator"
    """A moderator was removed: by their id."""
    ROLE = "role"
    """A moderator lost a role: by their id, a slash, and the role."""
    PASSKEY = "passkey"
    """A passkey lets nobody in any more: by its credential id, in small hexadecimal digits."""


@dataclass(frozen=True, order=True)
class Erasure:
    """One entry of the ledger."""

    day: date
    """The day (UTC) it was written down: that of the erasure, or later, never earlier."""
    what: str
    """The value of a `Gone`."""
    id: str


class Ledger(Protocol):
    """Where the entries lie: outside everything that backups hold."""

    def since(self, day: date) -> Iterable[Erasure]:
        """The entries of this day and later, in any order; one may come twice.

        Raises `Unavailable`.
        """

    def name(self) -> str:
        """What it was called at random when it began; "" where there is no ledger.

        A backup notes it: since then every erasure is in the ledger of this name, and in no other.
        Raises `Unavailable`.
        """

    def unwritten(self) -> int:
        """How many erasures are done and not in it yet: none, unless it cannot be written."""


class TooOld(Exception):
    """The ledger does not reach back to the backup: sentences for the operator."""


_LOST = "`--ledger-lost` hides all that was up until somebody has read it again."


def must_reach(ledger: Ledger, backup: Head, today: date) -> None:
    """Raise `TooOld` unless the ledger has every entry since the backup was made.

    That is so if it is the one that was beside the store then. Days alone cannot tell: another
    ledger may have begun long ago, and know nothing of this store.
    """
    if replayed_from(backup.day) < earliest(today):
        days = (timedelta(days=KEPT_DAYS) - GRACE).days
        raise TooOld(
            f"The backup is older than {days} days, so nobody knows any more what was taken back "
            f"since. {_LOST}"
        )
    if not backup.ledger or ledger.name() != backup.ledger:
        raise TooOld(
            "The ledger of erasures does not reach back to this backup: it is not the one that was "
            f"kept when the backup was made. Put that one in place. If it is lost: {_LOST}"
        )


def new_name(randomness: Randomness) -> str:
    """A name for a ledger that begins: 20 digits, which no other one has."""
    return randomness(NAME_BYTES).hex()


def replayed_from(backup: date) -> date:
    """The first day whose entries may be about what happened after a backup of this day."""
    return backup - GRACE


def earliest(today: date) -> date:
    """The first day of which entries are still kept."""
    return today - timedelta(days=KEPT_DAYS)


_NAMED_BY: dict[str, tuple[tuple[str, Gone], ...]] = {
    "posts": (("id", Gone.POST),),
    **dict.fromkeys(
        ("texts", "originals", "messages", "offers", "undos", "claims"), (("post_id", Gone.POST),)
    ),
    "reports": (("id", Gone.REPORT),),
    "authors": (("lookup", Gone.AUTHOR),),
    "moderators": (("id", Gone.MODERATOR),),
    "passkeys": (("credential_id", Gone.PASSKEY), ("moderator", Gone.MODERATOR)),
    "recoveries": (("moderator", Gone.MODERATOR), ("asked_by", Gone.MODERATOR)),
    "invitations": (("moderator", Gone.MODERATOR), ("invited_by", Gone.MODERATOR)),
    **dict.fromkeys(("duty", "sessions", "challenges"), (("moderator", Gone.MODERATOR),)),
}
"""By which of its columns, and as what, a row of a table is named in the ledger."""
_OF_ITS_OWN = frozenset({"posts", "reports", "authors", "moderators", "passkeys"})
"""Tables of which one row is one thing that somebody wanted gone."""
_INVITING = Role.COORDINATOR.value
"""The role whose loss voids the invitations that somebody made."""


class Replay:
    """Lets the rows of an archive through as they must be by now.

    A post that the ledger names is left out with every word of it, and of what the record says of
    it go reason, rules, hash and salt, as with a withdrawal. Its place in the edition record stays:
    that is why the press takes its page down. A post that was taken off the site is hidden until
    somebody reads it again, even if it was approved once more since: an entry does not say so.
    A role that somebody lost is gone, even if they have it again: a coordinator can give it back.
    """

    def __init__(self, erasures: Iterable[Erasure], hide_all: bool = False) -> None:
        """With `hide_all` nothing stays approved: for when there is no ledger any more."""
        self._hide_all = hide_all
        named: dict[str, set[str]] = {gone.value: set() for gone in Gone}
        for entry in erasures:
            named.setdefault(entry.what, set()).add(entry.id)
        self._named = {gone: frozenset(named[gone.value]) for gone in Gone}
        self.erased = 0
        """Posts, authors' rows, reports, moderators and passkeys that were left out."""
        self.hidden = 0
        """Posts that were approved, and are hidden now."""
        self.without_roles = 0
        """Moderators who came in without a role that they had."""

    def over(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The rows that stay, as they stay, in their order."""
        for table, row in entries:
            found = self._left_out(table, row)
            self.erased += found and table in _OF_ITS_OWN
            if not found:
                yield table, self._as_it_stays(table, row)

    def _left_out(self, table: str, row: Row) -> bool:
        by = _NAMED_BY.get(table, ())
        if (
            table == "invitations"
            and _role(row.get("invited_by"), _INVITING) in self._named[Gone.ROLE]
        ):
            return True
        return any(_written(row.get(column)) in self._named[gone] for column, gone in by)

    def _as_it_stays(self, table: str, row: Row) -> Row:
        if table == "record" and row["about"] in self._named[Gone.POST]:
            return {**row, "reason": "", "rules": "[]", "approved_hash": None, "salt": None}
        if table == "posts":
            return self._post(row)
        return self._moderator(row) if table == "moderators" else row

    def _post(self, row: Row) -> Row:
        """A first approval is worth what the person is; what was off stays off."""
        version = row["version"]
        moved = {"version": version + 1 if isinstance(version, int) else version}
        is_off = self._hide_all or row["id"] in self._named[Gone.OFF]
        if row["state"] == State.APPROVED.value and is_off:
            self.hidden += 1
            return {**row, **moved, "state": State.HIDDEN.value, "first_reader": ""}
        if row["first_reader"] in self._named[Gone.MODERATOR]:
            return {**row, **moved, "first_reader": "", "approved_hash": None}
        return row

    def _moderator(self, row: Row) -> Row:
        """Whoever lost every role they had still belongs to the team, and may do nothing."""
        roles = json.loads(str(row.get("roles", "[]")))
        left = [role for role in roles if _role(row["id"], role) not in self._named[Gone.ROLE]]
        if left == roles:
            return row
        self.without_roles += 1
        return {**row, "roles": json.dumps(left)}


def _role(moderator: object, role: str) -> str:
    """How the ledger writes that somebody lost a role."""
    return f"{moderator}/{role}"


def _written(value: object) -> object:
    """How the ledger writes what names a row."""
    return value.hex() if isinstance(value, bytes) else value


def write_day(entries: Collection[tuple[str, str]]) -> str:
    """What was erased on a day, as lines in an order of their own: not that of its happening.

    What one hand took back together would otherwise lie together.
    """
    return "".join(f"{what} {held_id}\n" for what, held_id in sorted(set(entries)))


def read_day(text: str, day: date) -> Iterator[Erasure]:
    """The entries in a day's lines."""
    for line in text.splitlines():
        what, _, held_id = line.partition(" ")
        if what and held_id:
            yield Erasure(day, what, held_id)

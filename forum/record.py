"""The record of decisions: each row chained by hash to the one before, and never a word of a text.

Who did what to which id on which day stays for good. Why, by which rules, and which bytes were
approved lie beside it under a seal: a hash of them with a random salt. What an author takes back
takes these details and the salt along, and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

SALT_BYTES = 16

One = TypeVar("One")
"""Something that was done to a post."""


class Event(Enum):
    """What stands in the record beside decisions on posts: changes of people and of the form."""

    INVITED = "invited"
    INVITATION_REVOKED = "invitation-revoked"
    ENROLLED = "enrolled"
    REMOVED = "removed"
    ROLES_CHANGED = "roles-changed"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    RECOVERY_ASKED = "recovery-asked"
    RECOVERY_AGREED = "recovery-agreed"
    RECOVERY_STOPPED = "recovery-stopped"
    RECOVERED = "recovered"
    SESSION_ENDED = "session-ended"
    FORM_CLOSED = "form-closed"
    FORM_OPENED = "form-opened"


@dataclass(frozen=True)
class Details:
    """What the seal covers, as long as it is kept."""

    reason: str = ""
    """A reason code: the key of the message that was sent, for instance."""
    rules: tuple[str, ...] = ()
    """Ids of the screening rules that had marked the text."""
    approved_hash: str | None = None


@dataclass(frozen=True)
class Entry:
    """One row. `link` is "" on rows from before the chain began."""

    number: int
    day: date
    who: str
    """A pseudonymous id: removing a moderator erases the name behind it and no row."""
    what: str
    """The value of an act or of an event."""
    about: str
    """The id of a post or of a moderator; "" for the form."""
    seal: str
    link: str
    salt: bytes | None
    """None once the details are erased."""
    details: Details = Details()


def parted(done: Iterable[One], is_undo: Callable[[One], bool]) -> tuple[list[One], list[One]]:
    """Of all that was done to one post, in order: what stands, and what was taken back.

    An undo takes back what stands right before it.
    """
    standing: list[One] = []
    taken_back: list[One] = []
    for one in done:
        if not is_undo(one):
            standing.append(one)
        elif standing:
            taken_back.append(standing.pop())
    return standing, taken_back


def sealed(salt: bytes, details: Details) -> str:
    """SHA-256, in hex, that commits to the details and tells nothing of them without the salt."""
    told = [details.reason, list(details.rules), details.approved_hash]
    return hashlib.sha256(salt + json.dumps(told).encode()).hexdigest()


def linked(before: str, entry: Entry) -> str:
    """SHA-256, in hex, over the link before and everything of this row that is never erased."""
    told = [before, entry.number, entry.day.isoformat(), entry.who, entry.what, entry.about]
    return hashlib.sha256(json.dumps([*told, entry.seal]).encode()).hexdigest()


def broken(entries: Iterable[Entry]) -> Iterator[str]:
    """What is wrong with the record, a sentence each; nothing if it is whole.

    A chain shows that a row was changed, put in or taken out before its end. Who cuts off the end
    is found by whoever kept an earlier link.
    """
    before, number, began = "", 0, False
    for entry in entries:
        number += 1
        if entry.number != number:
            yield f"Row {number} is missing: the next one is {entry.number}."
            number = entry.number
        began = began or bool(entry.link)
        if began and entry.link != linked(before, entry):
            yield f"Row {number} does not follow from the row before it."
        if entry.salt is not None and entry.seal != sealed(entry.salt, entry.details):
            yield f"The details of row {number} are not those that were sealed."
        if began and entry.salt is None and entry.details != Details():
            yield f"The details of row {number} stand there although they were erased."
        before = entry.link

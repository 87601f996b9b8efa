"""The record of decisions on DynamoDB: rows are only ever added, each linked to the one before.

Every append is guarded by one row, the head, so that one comes after another.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from forum.record import SALT_BYTES, Details, Entry, Event, linked, sealed
from forum.rows import Decision
from forum.store import dynamodb_entries as entries
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_entries import ACTS, HEAD, day_key, done_key, entry_key
from forum.store.dynamodb_values import Item

_AT_ONCE = 100
"""Entries that are read at once."""


class DynamoRecord:
    """Reads the whole record; nothing here changes a row."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Every row after this number, in order."""
        numbers = iter(range(after + 1, entries.last_number(self._dynamo) + 1))
        while some := list(islice(numbers, _AT_ONCE)):
            yield from entries.read_entries(self._dynamo, some)

    def page(self, before: int | None, what: str, limit: int) -> Sequence[Entry]:
        """The last rows before this number, newest first; "" for every act and event.

        Of one act or event it reads no other rows. What was done a moment ago may be missing then.
        """
        end = entries.last_number(self._dynamo) + 1
        end = min(before, end) if before is not None else end
        numbers: Sequence[int] = range(end - 1, max(0, end - 1 - limit), -1)
        if what:
            numbers = entries.numbers_of(self._dynamo, what, end, limit)
        return list(entries.read_entries(self._dynamo, numbers))

    def last(self) -> Entry | None:
        """The newest row."""
        return next(iter(self.page(None, "", 1)), None)


def record(change: Change, decision: Decision) -> None:
    """Put a decision on record, inside the caller's change."""
    details = Details(decision.reason, decision.rules, decision.approved_hash)
    what, about = decision.act.value, decision.post_id
    _append(change, decision.day, decision.moderator, what, about, details)


def record_event(
    change: Change, day: date, who: str, event: Event, about: str, reason: str = ""
) -> None:
    """Put a change of people or of the form on record, inside the caller's change."""
    _append(change, day, who, event.value, about, Details(reason))


def erase_details(change: Change, post_id: str) -> None:
    """Erase why the post was ever decided as it was; that it was, and by whom, stays on record."""
    done = change.get(done_key(post_id))
    if done:
        change.put(done_key(post_id), {**done, "why": {}})


def put_entry(change: Change, entry: Entry) -> None:
    """Write an entry as it is after the last one, inside the caller's change.

    Nothing is sealed or linked anew: whoever puts an archive back keeps its chain.
    """
    row: Item = {"number": entry.number, "day": entry.day.isoformat(), "who": entry.who}
    row |= {"what": entry.what, "about": entry.about, "seal": entry.seal, "link": entry.link}
    row |= entries.place(entry.what, entry.number, entry.day)
    if entry.what in ACTS:
        _put_why(change, entry)
    else:
        row |= _why(entry)
    change.put(entry_key(entry.number), row)
    first = _first_of_day(change, entry)
    last = {"first": first, "link": entry.link}
    change.put(HEAD, {**last, "number": entry.number, "day": entry.day.isoformat()})
    change.put(day_key(entry.day), {**last, "last": entry.number})


def _append(change: Change, day: date, who: str, what: str, about: str, details: Details) -> None:
    if what in ACTS:
        change.get(done_key(about))  # before the head, at which everybody takes turns
    head = change.get(HEAD) or {"number": 0, "link": ""}
    salt, number = secrets.token_bytes(SALT_BYTES), head["number"] + 1
    entry = Entry(number, day, who, what, about, sealed(salt, details), "", salt, details)
    put_entry(change, replace(entry, link=linked(head["link"], entry)))


def _first_of_day(change: Change, entry: Entry) -> int:
    """The day's lowest number. The head knows that of its own day, and guards all of them."""
    head = change.peek(HEAD)
    if head and head["day"] == entry.day.isoformat():
        return int(head["first"])
    day = change.peek(day_key(entry.day))
    return int(day["first"]) if day else entry.number


def _put_why(change: Change, entry: Entry) -> None:
    """Note the number with the post, and why it was, unless that was erased."""
    done = change.get(done_key(entry.about)) or {"numbers": [], "why": {}}
    is_kept = entry.salt is not None or entry.details != Details()
    why = {str(entry.number): _why(entry)} if is_kept else {}
    numbers = [*done["numbers"], entry.number]
    change.put(done_key(entry.about), {"numbers": numbers, "why": {**done["why"], **why}})


def _why(entry: Entry) -> Item:
    return {
        "reason": entry.details.reason,
        "rules": json.dumps(entry.details.rules),
        "approved_hash": entry.details.approved_hash,
        "salt": entry.salt,
    }

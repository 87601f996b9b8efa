"""Entries of the record in DynamoDB: where they lie and how they are read.

What is never erased of an entry lies in a row of its own. Why a post was decided as it was lies
with the post's other whys in one row, so that taking a post back takes them all along in one
write, however many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from forum.post import Act
from forum.record import Details, Entry
from forum.rows import Decision
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Key
from forum.store.dynamodb_values import Item

HEAD = Key("record", "head")
"""How many entries there are, the last one's link and day, and that day's first number. Beside it
lies a row for each day that has any."""
ACTS = frozenset(act.value for act in Act)
"""What is done to posts; anything else on record is an event."""


def entry_key(number: int) -> Key:
    """What is never erased of an entry."""
    return Key(f"record#{number}")


def day_key(day: date) -> Key:
    """The first and last numbers of one day, and its last link."""
    return Key(HEAD.pk, day.isoformat())


def done_key(post_id: str) -> Key:
    """The numbers of all entries about one post, and why each was."""
    return Key(f"done#{post_id}")


def place(what: str, number: int, day: date) -> Item:
    """Where the index has an entry: with the same acts, in order of numbers."""
    return {"q": _did(what), "qs": f"{_padded(number)}#{day.isoformat()}"}


def read_entries(dynamo: Dynamo, numbers: Iterable[int]) -> Iterator[Entry]:
    """The entries with these numbers that are there, in the order asked for, with their whys."""
    rows = _rows(dynamo, numbers)
    whys = dynamo.many(done_key(row["about"]) for row in rows if row["what"] in ACTS)
    for row in rows:
        yield entry_from(row, whys.get(done_key(row["about"])))


def last_number(dynamo: Dynamo) -> int:
    """How many entries there are."""
    return int((dynamo.get(HEAD) or {"number": 0})["number"])


def numbers_of(dynamo: Dynamo, what: str, before: int, limit: int) -> list[int]:
    """The last entries of one act or event before this number, newest first; perhaps not yet one
    that came a moment ago."""
    found = dynamo.index(_did(what), upto=_padded(before), backward=True, limit=limit)
    return [_number(row) for _, row in found]


def done_on(
    dynamo: Dynamo, whats: Iterable[str], first: date, last: date
) -> Iterator[tuple[str, date, int]]:
    """What, when and under which number: each entry of these acts and events on these days.

    What was done a moment ago may be missing.
    """
    before = date.fromordinal(max(1, first.toordinal() - 1))
    days = dynamo.within(HEAD.pk, after=before.isoformat(), upto=last.isoformat())
    reach = [(row["first"], row["last"]) for _, row in days]
    if not reach:
        return
    after = _padded(min(one for one, _ in reach))
    upto = _padded(max(end for _, end in reach) + 1)
    for what in whats:
        for _, row in dynamo.index(_did(what), after=after, upto=upto):
            day = date.fromisoformat(row["qs"].partition("#")[2])
            if first <= day <= last:  # two who decide at midnight may come in the other's order
                yield what, day, _number(row)


def decisions_on(dynamo: Dynamo, post_id: str) -> list[Decision]:
    """The record of decisions on one post, oldest first."""
    return [_decision_from(entry) for entry in read_entries(dynamo, _about(dynamo, post_id))]


def acts_on(dynamo: Dynamo, post_id: str) -> list[tuple[date, Act]]:
    """What was done to one post on which day, oldest first, whoever it was."""
    rows = _rows(dynamo, _about(dynamo, post_id))
    return [(date.fromisoformat(row["day"]), Act(row["what"])) for row in rows]


def posts_of(dynamo: Dynamo, numbers: Iterable[int]) -> set[str]:
    """Which posts these entries are about."""
    return {row["about"] for row in _rows(dynamo, numbers)}


def link_on(dynamo: Dynamo, last: date) -> str:
    """The link of the last entry of the last day up to this one that has any; "" without one."""
    found = dynamo.within(HEAD.pk, upto=last.isoformat(), backward=True, limit=1)
    return next((str(row["link"]) for _, row in found), "")


def last_day(dynamo: Dynamo) -> date | None:
    """The latest day of which anything is on record."""
    found = dynamo.within(HEAD.pk, upto=date.max.isoformat(), backward=True, limit=1)
    return next((date.fromisoformat(key.sk) for key, _ in found), None)


def first_day(dynamo: Dynamo) -> date | None:
    """The day of the record's first entry."""
    row = dynamo.get(entry_key(1))
    return date.fromisoformat(row["day"]) if row else None


def entry_from(row: Mapping[str, Any], done: Mapping[str, Any] | None) -> Entry:
    """The entry in its row and, if it is about a post, the post's row of whys."""
    why = (done or {"why": {}})["why"].get(str(row["number"])) if row["what"] in ACTS else row
    return Entry(
        number=row["number"],
        day=date.fromisoformat(row["day"]),
        who=row["who"],
        what=row["what"],
        about=row["about"],
        seal=row["seal"],
        link=row["link"],
        salt=why["salt"] if why else None,
        details=_details(why) if why else Details(),
    )


def _decision_from(entry: Entry) -> Decision:
    return Decision(
        day=entry.day,
        moderator=entry.who,
        act=Act(entry.what),
        post_id=entry.about,
        approved_hash=entry.details.approved_hash,
        reason=entry.details.reason,
        rules=entry.details.rules,
    )


def _details(why: Mapping[str, Any]) -> Details:
    return Details(why["reason"], tuple(json.loads(why["rules"])), why["approved_hash"])


def _rows(dynamo: Dynamo, numbers: Iterable[int]) -> list[Item]:
    keys = [entry_key(number) for number in numbers]
    found = dynamo.many(keys)
    return [found[key] for key in keys if key in found]


def _about(dynamo: Dynamo, post_id: str) -> list[int]:
    done = dynamo.get(done_key(post_id))
    return list(done["numbers"]) if done else []


def _number(row: Mapping[str, Any]) -> int:
    return int(row["qs"].partition("#")[0])


def _did(what: str) -> str:
    return f"did#{what}"


def _padded(number: int) -> str:
    """A number as the index sorts it: before any entry that has it."""
    return f"{number:012d}"

"""The edition record in DynamoDB: what is up, the next free slots, what the press has to look at.

What one run records may be thousands of rows, more than one change can hold. So it is written post
by post: all that concerns one of them in one change, guarded by how the post and its row stand at
that moment. Before any of them come the next free slots. A run that is cut off between two of these
leaves a record that is true of every post, no slot that could be given again, and the posts that it
did not come to as unpressed as they were, for the next run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from sys import intern
from typing import Any, TypeVar

from forum.post import State
from forum.rows import EditionRow
from forum.store.dynamodb import Dynamo, batched
from forum.store.dynamodb_change import MOST_ROWS, Change, Key
from forum.store.dynamodb_keys import edition_key, post_key, unpressed_key
from forum.store.dynamodb_values import Item
from forum.store.rows import NONSENSE

SLOTS = "slots"
COMING_IN = Key("run", "coming-in")
"""There while an archive is taken in: nothing is whole before it is gone."""
POSTS_AT_ONCE = MOST_ROWS // 3
"""A post, its row of the record and its mark are three rows of one change."""
MARKS_AT_ONCE = MOST_ROWS // 2
APPROVED = State.APPROVED.value
READ_AGAIN = frozenset((State.HIDDEN.value, State.SECOND.value))
"""States from which a post that was up may come back to where it was."""

T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """What a run says of one post."""

    post_id: str
    drop: bool
    put: EditionRow | None
    shown: str | None
    """The hash of what readers see, "" for nothing; None where the run does not say."""


def record(
    dynamo: Dynamo,
    put: Sequence[EditionRow],
    drop: Sequence[str],
    shown: Mapping[str, str],
) -> None:
    """Change what is up: removals first, each post all or nothing."""
    _raise_slots(dynamo, put)
    for some in batched(_told(put, drop, shown), POSTS_AT_ONCE):
        dynamo.change(partial(_press, told=some))


def note_unpressed(dynamo: Dynamo, post_ids: Iterable[str]) -> None:
    """Note that these posts are unpressed."""
    for some in batched(post_ids, MARKS_AT_ONCE):
        dynamo.change(partial(_mark, post_ids=some))


def next_slots(dynamo: Dynamo) -> dict[str, int]:
    """The first free slot of every list that has ever had a post."""
    return {key.sk: row["next"] for key, row in dynamo.within(SLOTS)}


def edition_item(row: EditionRow) -> Item:
    """The columns of a row of the record, but for its post."""
    slots = json.dumps(dict(row.slots), sort_keys=True)
    return {"hash": row.hash, "month": row.month, "slots": slots}


def edition_from(post_id: str, row: Mapping[str, Any]) -> EditionRow:
    """The row of the record; a post whose places cannot be read is given new ones."""
    try:
        slots = {intern(name): int(slot) for name, slot in json.loads(row["slots"]).items()}
    except NONSENSE:
        slots = {}
    return EditionRow(post_id, row["hash"], row["month"], slots)


def _told(
    put: Sequence[EditionRow], drop: Sequence[str], shown: Mapping[str, str]
) -> Iterator[Told]:
    rows, gone = {row.post_id: row for row in put}, frozenset(drop)
    for post_id in dict.fromkeys((*drop, *rows, *shown)):
        yield Told(post_id, post_id in gone, rows.get(post_id), shown.get(post_id))


def _raise_slots(dynamo: Dynamo, put: Sequence[EditionRow]) -> None:
    wanted: dict[str, int] = {}
    for row in put:
        for name, slot in row.slots.items():
            wanted[name] = max(wanted.get(name, 0), slot + 1)
    free = next_slots(dynamo) if wanted else {}
    raised = [(name, number) for name, number in wanted.items() if number > free.get(name, 0)]
    for some in batched(raised, MARKS_AT_ONCE):
        dynamo.change(partial(_raise, wanted=some))


def _raise(change: Change, *, wanted: Iterable[tuple[str, int]]) -> None:
    for name, number in wanted:
        key = Key(SLOTS, name)
        free = change.get(key) or {"next": 0}
        change.put(key, {"next": max(number, free["next"])})


def _mark(change: Change, *, post_ids: Iterable[str]) -> None:
    for post_id in post_ids:
        change.put(unpressed_key(post_id), {})


def _press(change: Change, *, told: Iterable[Told]) -> None:
    for one in told:
        _press_one(change, one)


def _press_one(change: Change, told: Told) -> None:
    """Record one post; by how it stands now, and not by how it was read.

    Whatever happened to it while the press was printing leaves it unpressed, for the next run.
    """
    key, mark = edition_key(told.post_id), unpressed_key(told.post_id)
    post, row = change.get(post_key(told.post_id)), change.get(key)
    if told.drop and row is not None and not _keeps_place(post, row):
        change.delete(key)
        row = None
        if _state(post) == APPROVED:
            change.put(mark, {})
    if told.put is not None:
        row = edition_item(told.put)
        change.put(key, row)
        if not (_is_as_approved(post, row) or _only_keeps_place(post, row)):
            change.put(mark, {})
    if told.shown is not None and _is_settled(post, row, told.shown):
        change.delete(mark)


def _is_settled(post: Item | None, row: Item | None, shown: str) -> bool:
    """Whether what readers see is what should be."""
    if shown:
        return _is_as_approved(post, row) and row is not None and row["hash"] == shown
    return _state(post) != APPROVED and (row is None or _only_keeps_place(post, row))


def _keeps_place(post: Item | None, row: Item) -> bool:
    """Whether an undo gave the place back while the press printed: it is for the edition after."""
    return row["hash"] == "" and _state(post) in (APPROVED, *READ_AGAIN)


def _only_keeps_place(post: Item | None, row: Item) -> bool:
    return row["hash"] == "" and _state(post) in READ_AGAIN


def _is_as_approved(post: Item | None, row: Item | None) -> bool:
    if post is None or row is None:
        return False
    return bool(post["state"] == APPROVED and post["approved_hash"] == row["hash"])


def _state(post: Item | None) -> str:
    return str(post["state"]) if post else ""

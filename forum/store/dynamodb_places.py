"""The queue's order in DynamoDB: read off the index a little at a time, and never believed.

The index lies in a partition for each state and shard, each in the queue's order. It may be a
moment old: who shows a post asks for it again by its key, and passes over what has moved.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from forum.post import State
from forum.rows import Asked, Place
from forum.store.dynamodb import ENOUGH_ROWS, Dynamo
from forum.store.dynamodb_keys import SHARDS, standing_key
from forum.store.dynamodb_reported import told_about
from forum.store.dynamodb_values import Item

FEW_ROWS = 10
"""Rows of one partition that are asked for first; each time after that four times as many."""
_AFTER_ALL = "~"
"""Sorts after every day and every id."""


def places(dynamo: Dynamo, asked: Asked, after: Place | None) -> Iterator[Item]:
    """Index rows of the posts that are asked for and come after the place, in the queue's order."""
    begin = spelled(after) if after else ""
    upto = ""
    if asked.route:
        begin = max(begin, f"{asked.route.rank}#")
        upto = f"{asked.route.rank}#{_AFTER_ALL}"
        if begin >= upto:
            return iter(())
    lists = [_leafed(dynamo, q, begin, upto) for q in _partitions(dynamo, asked)]
    return (row for row in heapq.merge(*lists, key=itemgetter("qs")) if fits(asked, row))


def unread_ids(dynamo: Dynamo) -> list[str]:
    """The posts that nobody has decided on, by id; one that came a moment ago may be missing."""
    asked = Asked((State.RECEIVED,))
    return sorted(row["id"] for q in _partitions(dynamo, asked) for _, row in dynamo.index(q))


def open_reports(dynamo: Dynamo) -> Iterator[tuple[str, int, bool]]:
    """Posts, there or not, with open reports: how many, and whether one says who somebody is."""
    for number in range(SHARDS):
        for key, row in dynamo.within(f"reported#{number}"):
            every, naming = told_about(row)
            if every > 0:
                yield key.sk, every, naming > 0


def spelled(place: Place) -> str:
    """The place as the index sorts it."""
    return f"{place.route.rank}#{place.day.isoformat()}#{place.post_id}"


def is_there(place: Mapping[str, Any], row: Mapping[str, Any] | None, asked: Asked) -> bool:
    """Whether the post's own row stands where the index had it, and has all that is asked for."""
    if row is None or (row["q"], row["qs"]) != (place["q"], place["qs"]):
        return False
    return fits(asked, row)


def fits(asked: Asked, row: Mapping[str, Any]) -> bool:
    """Whether a post's row has all that is asked for, but for its state and its route."""
    return (
        (asked.kind is None or row["kind"] == asked.kind.value)
        and asked.language in ("", row["language"])
        and (not asked.topic or asked.topic in _listed(row["fields"], "topics"))
        and (not asked.rule or asked.rule in _listed(row["marks"]))
    )


def _partitions(dynamo: Dynamo, asked: Asked) -> list[str]:
    """The index's partitions in which there are posts like these, by the counts kept of them."""
    rows = dynamo.many(map(standing_key, range(SHARDS)))
    return [
        f"{state}#{number}"
        for number in range(SHARDS)
        for state in sorted(_states_in(rows.get(standing_key(number), {}), asked))
    ]


def _states_in(row: Mapping[str, Any], asked: Asked) -> set[str]:
    wanted = {state.value for state in asked.states}
    kinds = {asked.kind.value} if asked.kind else None
    named = (name.split("|") for name, number in row.items() if number)
    return {
        name[1]
        for name in named
        if len(name) == 2 and name[1] in wanted and (kinds is None or name[0] in kinds)
    }


def _leafed(dynamo: Dynamo, q: str, after: str, upto: str) -> Iterator[Item]:
    """One partition's rows, and no more of them read than are looked at, or little more."""
    size = FEW_ROWS
    while True:
        rows = [row for _, row in dynamo.index(q, after=after, upto=upto, limit=size)]
        yield from rows
        if len(rows) < size:
            return
        after, size = rows[-1]["qs"], min(4 * size, ENOUGH_ROWS)


def _listed(value: Any, name: str = "") -> list[Any]:
    """What a column of JSON lists; nothing where somebody wrote nonsense into it."""
    try:
        found = json.loads(value)
        return list(found[name] if name else found)
    except (TypeError, ValueError, LookupError, RecursionError):
        return []

"""How many posts stand where, in DynamoDB: kept with every change of a post, counted by nobody.

Each shard's row has a count for every kind and state, `KIND|STATE`, and in the states that wait
one for every day and gravity besides, `KIND|STATE|DAY|RISK`. `moves` grows with each change of the
row, so that counts that came down to nothing can be taken out of it without losing another's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from forum.post import WAITING, State
from forum.rows import Changed
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import CAME, SHARDS, shard, standing_key

MOVES = "moves"
URGENT = 0
"""The gravest risk: two people read it, for somebody may be in danger."""
_WAITING = frozenset(state.value for state in WAITING)


def move(change: Change, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """Count a post's row where it stands now and no more where it stood; None where it is none."""
    counts: Counter[str] = Counter()
    for row, number in ((before, -1), (after, 1)):
        for name in _names(row) if row else ():
            counts[name] += number
    row = after or before
    if row and any(counts.values()):
        change.add(standing_key(shard(str(row["id"]))), **counts, **{MOVES: 1})
    if after and _is_urgent(after) and not (before and _is_urgent(before)):
        change.add(CAME, came=1)


def came(dynamo: Dynamo) -> int:
    """How often a post has come to wait for two readers, ever."""
    return int((dynamo.get(CAME) or {}).get("came", 0))


def standing(dynamo: Dynamo) -> Mapping[str, int]:
    """Every count above zero of all shards together, under its name."""
    found: Counter[str] = Counter()
    for row in dynamo.many(map(standing_key, range(SHARDS))).values():
        found.update({name: number for name, number in row.items() if name != MOVES})
    return {name: number for name, number in found.items() if number > 0}


def number_in(found: Mapping[str, int], state: State) -> int:
    """How many posts of any kind are in the state."""
    parted = ((name.split("|"), number) for name, number in found.items())
    return sum(number for name, number in parted if len(name) == 2 and name[1] == state.value)


def oldest_in(found: Mapping[str, int], state: State) -> date | None:
    """The day since which the oldest post waits in the state; None when there are none."""
    parted = (name.split("|") for name in found)
    days = (name[2] for name in parted if len(name) == 4 and name[1] == state.value)
    day = min(days, default=None)
    return date.fromisoformat(day) if day else None


def tidy(dynamo: Dynamo) -> None:
    """Take counts out of the rows that came down to nothing; raises `Changed` if one moved on."""
    for number in range(SHARDS):
        dynamo.change(partial(_tidy, standing_key(number)))


def _tidy(key: Key, change: Change) -> None:
    row = change.peek(key) or {}
    kept = {name: number for name, number in row.items() if number or name == MOVES}
    if len(kept) < len(row):
        change.same(key, kept, {MOVES: row[MOVES]}, Changed("standing"))


def waits_since(row: Mapping[str, Any]) -> str:
    """The day since which a post's row waits: of one that was hidden, the day that it was."""
    hidden = row.get("hidden_day") if row["state"] == State.HIDDEN.value else None
    return str(hidden or row["state_day"])


def _names(row: Mapping[str, Any]) -> tuple[str, ...]:
    where = f"{row['kind']}|{row['state']}"
    if row["state"] not in _WAITING:
        return (where,)
    return (where, f"{where}|{waits_since(row)}|{row['risk']}")


def _is_urgent(row: Mapping[str, Any]) -> bool:
    return bool(row["risk"] == URGENT and row["state"] in _WAITING)

"""What the next edition holds: which posts go up, which come down, and their permanent places.

Pure arithmetic over what is approved and what is up; the press carries it out. It is the same over
the few posts that something happened to as over all of them: nobody's place depends on another's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from forum.post import Kind, Record
from forum.rows import EditionRow

Shuffle = Callable[[list[str]], None]
"""Puts a batch, in place, in an order that tells nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the edition needs to know of a record that may be up; never a word of it."""

    hash: str
    lists: tuple[str, ...]
    """The names of the lists that it has a place in."""
    days: tuple[date, date] | None
    """The day it was sent and the day it was approved; None for what never waits: examples and
    canaries."""


@dataclass(frozen=True)
class BatchRule:
    """When approved posts go up: enough of them, or a week gone by; never before they rested."""

    enough: int
    rest_days: int
    longest_days: int = 7

    def rested(self, sent: date, today: date) -> bool:
        """Whether the author has had the time to think again."""
        return today - sent >= timedelta(days=self.rest_days)

    def due(self, approved: Sequence[date], today: date) -> bool:
        """Whether posts that have rested go up today, by the days on which they were approved."""
        longest = timedelta(days=self.longest_days)
        return len(approved) >= self.enough or any(today - day >= longest for day in approved)


@dataclass(frozen=True)
class Plan:
    """The next edition's rows, and how they differ from what is up."""

    rows: Mapping[str, EditionRow]
    went_up: tuple[str, ...]
    came_down: tuple[str, ...]
    changed: tuple[str, ...]
    waiting: int
    """Approved posts that rest, or wait for their batch."""
    hidden: tuple[EditionRow, ...] = ()
    """Rows of posts that are hidden until they are read again: their places stay theirs."""

    @property
    def dropped(self) -> list[str]:
        """Posts that leave the edition record: what came down and is not only hidden."""
        kept = {row.post_id for row in self.hidden}
        return [post_id for post_id in self.came_down if post_id not in kept]


@dataclass(frozen=True)
class Past:
    """What the edition record knows."""

    up: Mapping[str, EditionRow]
    next_slots: Mapping[str, int]
    hidden: Collection[str] = ()
    """Ids of posts that readers reported and that wait to be read again."""

    def hash_of(self, post_id: str) -> str:
        """The hash of the record that readers see; "" if they see none."""
        return self.up[post_id].hash if post_id in self.up else ""


def plan(
    candidates: Mapping[str, Candidate], past: Past, rule: BatchRule, today: date, shuffle: Shuffle
) -> Plan:
    """The next edition. Slots that were given stay; a new post takes the next of each list.

    `candidates` is everything that may be up, by id. Over a few posts, `past.up` must be of them
    alone, and they must be all that wait: then each of them is planned as it would be over all.
    """
    staying = {post_id: row for post_id, row in past.up.items() if post_id in candidates}
    batch, waiting = _batch(candidates, past, rule, today)
    shuffle(batch)
    rows = _placed(staying, batch, candidates, past.next_slots, f"{today:%Y-%m}")
    gone = {post_id: row for post_id, row in past.up.items() if post_id not in staying}
    hidden = {post_id: row for post_id, row in gone.items() if post_id in past.hidden}
    return Plan(
        rows=rows,
        went_up=(*batch, *sorted(i for i, row in staying.items() if not row.shown)),
        came_down=tuple(sorted(i for i, row in gone.items() if row.shown or i not in hidden)),
        changed=tuple(
            sorted(i for i, row in staying.items() if row.shown and row.hash != rows[i].hash)
        ),
        waiting=waiting,
        hidden=tuple(replace(row, hash="") for row in hidden.values()),
    )


def given_places(planned: Plan, past: Past) -> list[EditionRow]:
    """What must be on record before readers can see it, so that no place is ever given twice.

    A post that is up keeps the hash that readers see until the new edition is in place: a run
    that dies in between leaves the difference for the next one to find.
    """
    return [
        replace(row, hash=past.hash_of(post_id) or row.hash)
        for post_id, row in planned.rows.items()
        if past.up.get(post_id) != row
    ]


def places_alone(planned: Plan, post_ids: Collection[str]) -> list[EditionRow]:
    """Rows for those of these that readers do not see after all; their places stay theirs."""
    rows = planned.rows
    return [replace(rows[post_id], hash="") for post_id in sorted(post_ids) if post_id in rows]


def lists_of(record: Record) -> list[str]:
    """The names of the lists a record has a place in. A canary has none."""
    if record.kind == Kind.CANARY.value:
        return []
    names = ["stories"]
    names += [f"topics/{slug}" for slug in record.topics]
    names += [f"helped/{slug}" for slug in record.helped]
    names += [f"stages/{record.stage}"] if record.stage else []
    names += [f"arcs/{record.arc}"] if record.arc else []
    return names


def _batch(
    candidates: Mapping[str, Candidate], past: Past, rule: BatchRule, today: date
) -> tuple[list[str], int]:
    """The ids that go up now, sorted, and how many approved posts still wait."""
    fresh = {i: one.days for i, one in candidates.items() if i not in past.up}
    posts = {post_id: days for post_id, days in fresh.items() if days}
    ready = {i: approved for i, (sent, approved) in posts.items() if rule.rested(sent, today)}
    going = list(ready) if rule.due([*ready.values()], today) else []
    examples = fresh.keys() - posts.keys()
    return sorted([*going, *examples]), len(posts) - len(going)


def _placed(
    staying: Mapping[str, EditionRow],
    batch: Sequence[str],
    candidates: Mapping[str, Candidate],
    next_slots: Mapping[str, int],
    month: str,
) -> dict[str, EditionRow]:
    """A row for every post that will be up, with a slot in each of its lists."""
    free = dict(next_slots)
    rows = {}
    for post_id in (*staying, *batch):
        wanted = candidates[post_id]
        before = staying.get(post_id) or EditionRow(post_id, "", month, {})
        slots = _slots(wanted.lists, before.slots, free)
        same = (before.hash, before.slots) == (wanted.hash, slots)
        rows[post_id] = before if same else replace(before, hash=wanted.hash, slots=slots)
    return rows


def _slots(lists: Sequence[str], given: Mapping[str, int], free: dict[str, int]) -> dict[str, int]:
    slots = {}
    for name in lists:
        if name not in given:
            slots[name] = free.get(name, 0)
            free[name] = slots[name] + 1
        else:
            slots[name] = given[name]
    return slots

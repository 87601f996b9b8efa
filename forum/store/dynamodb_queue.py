"""What waits and who reads it, on DynamoDB: pages are read off the index and asked again by key.

However many posts wait, a page without filters costs what its cards cost. A post that came a
moment ago may be missing from it; one that has moved on never stands in it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from forum.figures import Wait
from forum.post import Kind, Post, State, Text
from forum.rows import Asked, Card, Claim, Place, Report
from forum.store import dynamodb_standing
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import (
    claim_key,
    post_key,
    report_key,
    report_words_key,
    reported_key,
    text_key,
)
from forum.store.dynamodb_places import is_there, open_reports, places, unread_ids
from forum.store.dynamodb_posts import DynamoPosts
from forum.store.dynamodb_reported import report_of, told_about
from forum.store.dynamodb_tallies import tally_wait
from forum.store.dynamodb_turn import PEOPLE
from forum.store.dynamodb_values import EXPIRES, LINGERS, Item
from forum.store.rows import NONSENSE, post_from, text_from

READERS = frozenset(("moderator", "safety-lead"))
"""Roles of the people who read and decide."""
_KINDS, _STATES = {kind.value for kind in Kind}, {state.value for state in State}
_AT_ONCE = 50
"""Posts that are read at once with their texts."""


class DynamoQueue(DynamoPosts):
    """Lists and claims; has no way to an author's row."""

    def counts(self) -> Mapping[tuple[Kind, State], int]:
        """How many posts stand where."""
        standing = dynamodb_standing.standing(self._dynamo)
        named = [(name.split("|"), number) for name, number in standing.items()]
        known = [(name, number) for name, number in named if _is_known(name)]
        return {(Kind(kind), State(state)): number for (kind, state), number in known}

    def cards(self, asked: Asked, after: Place | None, limit: int, now: datetime) -> Sequence[Card]:
        """A page of the queue, gravest route first, then oldest day."""
        found: list[Card] = []
        waiting = places(self._dynamo, asked, after)
        while some := list(islice(waiting, limit - len(found))):
            rows = _read(self._dynamo, [place["id"] for place in some])
            here = (one for one in some if is_there(one, rows.get(post_key(one["id"])), asked))
            found += _cards(rows, (one["id"] for one in here), now)
        return found

    def reported(self, limit: int, now: datetime) -> Sequence[Card]:
        """Posts with open reports: said to show who somebody is, then most reports, then oldest."""
        told: dict[tuple[bool, int], list[str]] = defaultdict(list)
        for post_id, number, naming in open_reports(self._dynamo):
            told[not naming, -number].append(post_id)
        found: list[Card] = []
        for rank in sorted(told):
            if len(found) >= limit:
                break
            rows = _read(self._dynamo, told[rank])
            there = [rows[key] for key in map(post_key, told[rank]) if key in rows]
            there.sort(key=lambda row: (row["day"], row["id"]))
            found += _cards(rows, [row["id"] for row in there], now)
        return found[:limit]

    def reports(self, post_id: str) -> Sequence[Report]:
        """Every report on one post that is still kept, oldest day first."""
        told = [row["qs"].partition("#")[2] for _, row in self._dynamo.index(f"told#{post_id}")]
        about = self._dynamo.get(reported_key(post_id))
        rows = self._dynamo.many(key(one) for one in told for key in (report_key, report_words_key))
        found = [
            report_of(one, row, rows.get(report_words_key(one), {}).get("words", ""), about)
            for one in told
            if (row := rows.get(report_key(one)))
        ]
        return sorted(found, key=lambda report: (report.day, report.id))

    def unread(self) -> Iterator[tuple[Post, Text]]:
        """Every post that waits to be read for the first time, with its text, by id."""
        waiting = iter(unread_ids(self._dynamo))
        while some := list(islice(waiting, _AT_ONCE)):
            rows = self._dynamo.many(key(one) for one in some for key in (post_key, text_key))
            for one in some:
                found = _unread(rows.get(post_key(one)), rows.get(text_key(one)))
                if found:
                    yield found

    def crew(self) -> int:
        """How many people are enrolled to read and decide."""
        rows = self._dynamo.within(PEOPLE, prefix="moderator#")
        return sum(not READERS.isdisjoint(json.loads(row["roles"])) for _, row in rows)

    def claim(self, claim: Claim, now: datetime) -> Claim:
        """Take or renew the claim unless another holds; the claim that holds after."""
        held = self.holder(claim.post_id, now)
        if held and held.moderator != claim.moderator:
            return held
        return self._dynamo.change(lambda change: _claim(change, claim, now))

    def holder(self, post_id: str, now: datetime) -> Claim | None:
        """The claim that holds at `now`."""
        return _holding(self._dynamo.get(claim_key(post_id)), post_id, now)

    def release(self, post_id: str, moderator: str) -> None:
        """Give a claim up; nothing happens to another's."""
        self._dynamo.change(lambda change: release(change, post_id, moderator))


def release(change: Change, post_id: str, moderator: str) -> None:
    """Give a claim up, inside the caller's change; one that comes at this moment stands."""
    key = claim_key(post_id)
    if _is_of(change.peek(key), moderator) and _is_of(change.get(key), moderator):
        change.delete(key)


def _is_of(row: Item | None, moderator: str) -> bool:
    return row is not None and row["moderator"] == moderator


def _claim(change: Change, claim: Claim, now: datetime) -> Claim:
    key = claim_key(claim.post_id)
    held = _holding(change.get(key), claim.post_id, now)
    if held and held.moderator != claim.moderator:
        return held
    row: Item = {"moderator": claim.moderator, "until": claim.until.timestamp()}
    row[EXPIRES] = int((claim.until + LINGERS).timestamp())
    row |= {"q": f"claimed#{claim.moderator}", "qs": claim.post_id}
    change.put(key, row)
    _count_first_look(change, claim.post_id, now.date())
    return claim


def _count_first_look(change: Change, post_id: str, today: date) -> None:
    """Count how long the post had waited, if nobody had looked at it before."""
    key = post_key(post_id)
    row = change.peek(key)
    if row and not row["looked"] and row["state"] == State.RECEIVED.value:
        row = change.get(key) or row
        change.put(key, {**row, "looked": 1})
        tally_wait(change, today, Wait.LOOKED, date.fromisoformat(row["state_day"]))


def _is_known(name: Sequence[str]) -> bool:
    return len(name) == 2 and name[0] in _KINDS and name[1] in _STATES


def _read(dynamo: Dynamo, post_ids: Sequence[str]) -> dict[Key, Item]:
    """All that the cards of these posts say."""
    keys = (post_key, claim_key, reported_key)
    return dynamo.many(key(post_id) for post_id in post_ids for key in keys)


def _cards(rows: Mapping[Key, Item], post_ids: Iterable[str], now: datetime) -> Iterator[Card]:
    """Cards of posts whose rows were read; nonsense keeps no other post from being read."""
    for post_id in post_ids:
        row = rows[post_key(post_id)]
        claim = _holding(rows.get(claim_key(post_id)), post_id, now)
        try:
            number, _ = told_about(rows.get(reported_key(post_id)))
            yield Card(post_from(row), claim, number, row["length"] or 0)
        except NONSENSE:
            continue


def _unread(row: Item | None, text: Item | None) -> tuple[Post, Text] | None:
    if row is None or text is None or row["state"] != State.RECEIVED.value:
        return None
    try:
        return post_from(row), text_from(text)
    except NONSENSE:
        return None


def _holding(row: Mapping[str, Any] | None, post_id: str, now: datetime) -> Claim | None:
    if row is None or row["until"] <= now.timestamp():
        return None
    return Claim(post_id, row["moderator"], datetime.fromtimestamp(row["until"], UTC))

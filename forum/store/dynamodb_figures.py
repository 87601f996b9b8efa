"""The team's figures on DynamoDB: read off kept counts and the record, and never by who.

No text is read here. What was done a moment ago may not be counted yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from forum.figures import Done, Since, undone
from forum.post import WAITING, Act
from forum.rows import Verdict
from forum.store import dynamodb_entries as entries
from forum.store import dynamodb_standing
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_keys import tally_key
from forum.store.dynamodb_tallies import DynamoWaits

_WAITING = frozenset(state.value for state in WAITING)
_VERDICTS = frozenset(verdict.value for verdict in Verdict)
_DONE = tuple(act.value for act in Act if act is not Act.UNDO)


class DynamoFigures(DynamoWaits):
    """Counts over posts, tallies and the record; changes nothing."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def waiting(self) -> Mapping[Since, int]:
        """How many posts wait for a moderator, by the day since which they do."""
        found: Counter[Since] = Counter()
        for name, number in dynamodb_standing.standing(self._dynamo).items():
            _, state, *since = name.split("|")
            if since and state in _WAITING:
                day, risk = since
                found[date.fromisoformat(day), int(risk) == dynamodb_standing.URGENT] += number
        return found

    def done(self, first: date, last: date) -> Mapping[Done, int]:
        """How often the record says that this was done to a post on these days, and stood."""
        found: Counter[Done] = Counter()
        for act, day, _ in entries.done_on(self._dynamo, _DONE, first, last):
            found[day, Act(act)] += 1
        found.subtract(_undone(self._dynamo, first, last))
        return +found

    def verdicts(self, first: date) -> Mapping[tuple[str, Verdict], int]:
        """What was made of each rule's marks since this month's first day."""
        found: Counter[tuple[str, Verdict]] = Counter()
        last = entries.last_day(self._dynamo) or date.min
        for row in self._dynamo.many(map(tally_key, _months(first, last))).values():
            for name, number in row.items():
                verdict, _, rule = name.partition(":")
                if verdict in _VERDICTS:
                    found[rule, Verdict(verdict)] += number
        return dict(found)

    def began(self) -> date | None:
        """The day of the record's first row."""
        return entries.first_day(self._dynamo)

    def link(self, last: date) -> str:
        """The link of the record's last row up to this day; "" where there is none."""
        return entries.link_on(self._dynamo, last)


def _undone(dynamo: Dynamo, first: date, last: date) -> Iterator[Done]:
    """What was done on these days and taken back, if only at midnight."""
    told = entries.done_on(dynamo, [Act.UNDO.value], first, last + timedelta(days=1))
    for post_id in sorted(entries.posts_of(dynamo, [number for _, _, number in told])):
        done = entries.acts_on(dynamo, post_id)
        yield from (one for one in undone(done) if first <= one[0] <= last)


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of months from the first day on: verdicts are counted by month."""
    month = first.year * 12 + first.month - 1 + (first.day > 1)
    while (day := date(month // 12, month % 12 + 1, 1)) <= last:
        yield day
        month += 1

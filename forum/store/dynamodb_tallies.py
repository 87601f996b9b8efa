"""The team's figures on DynamoDB: what happened how often, and no person in it.

One row a day, its counts under their names; adding to one is never in the way of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from forum.figures import Wait
from forum.rows import Verdict
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import tally_key


class DynamoWaits:
    """What visitors are told: how long it took lately until posts were decided."""

    _dynamo: Dynamo

    def waits(self, what: Wait, first: date, last: date) -> Mapping[int, int]:
        """Of the waits that ended on these days, how many took how many days."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        found: Counter[int] = Counter()
        for row in self._dynamo.many(map(tally_key, days)).values():
            for name, number in row.items():
                kind, _, waited = name.partition(":")
                if kind == what.value and number > 0:
                    found[int(waited)] += number
        return dict(found)


def tally(change: Change, day: date, name: str) -> None:
    """Count one more of this."""
    change.add(tally_key(day), **{name: 1})


def take_back_wait(change: Change, today: date, what: Wait, since: date) -> None:
    """Count one less: what ended this wait on this day was undone.

    Two who take back at once the last one counted leave -1, which counts as none.
    """
    name = _wait(today, what, since)
    counted = change.peek(tally_key(today)) or {}
    if counted.get(name, 0) > 0:
        change.add(tally_key(today), **{name: -1})


def tally_wait(change: Change, today: date, what: Wait, since: date) -> None:
    """Count, on the day it ended, how many days a post had waited for this."""
    tally(change, today, _wait(today, what, since))


def tally_verdict(change: Change, today: date, rule: str, verdict: Verdict) -> None:
    """Count, by month, what was made of a rule's mark."""
    tally(change, today.replace(day=1), f"{verdict.value}:{rule}")


def _wait(today: date, what: Wait, since: date) -> str:
    return f"{what.value}:{max(0, (today - since).days)}"

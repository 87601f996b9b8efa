"""Authors' rows and used forms in DynamoDB: what the visitors' side shares.

Everything is asked for by its key. An author's row is guarded by its own sealed bytes: it has no
count, which would tell how often a hand has shared.
"""

from __future__ import annotations

from datetime import date, timedelta

from forum.retention import SPENT_DAYS
from forum.rows import AlreadySpent, Changed, Report, SealedRow, Spent
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import (
    author_key,
    post_key,
    report_key,
    report_words_key,
    reported_key,
    spent_key,
)
from forum.store.dynamodb_posts import midnight
from forum.store.dynamodb_reported import report_of
from forum.store.dynamodb_values import EXPIRES

APART = 3600
"""Seconds by which two machines' clocks may differ: no form is taken twice for that."""


class DynamoAuthors:
    """Finds one author's row by its keyed hash, one report by its id, and never a list of them."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def author(self, lookup: bytes) -> SealedRow | None:
        """The author's row under this keyed hash."""
        row = self._dynamo.get(author_key(lookup))
        return SealedRow(lookup, row["sealed"]) if row else None

    def is_kept(self, held_id: str) -> bool:
        """Whether there still is a post or a report with this id."""
        return bool(self._dynamo.many([post_key(held_id), report_key(held_id)]))

    def spent(self, nonce: bytes) -> Spent | None:
        """What was made of the form with this mark."""
        row = self._dynamo.get(spent_key(nonce))
        if row is None:
            return None
        return Spent(nonce, row["body"], row["post_id"], date.fromisoformat(row["day"]))

    def report(self, report_id: str) -> Report | None:
        """One report."""
        key, words = report_key(report_id), report_words_key(report_id)
        found = self._dynamo.many([key, words])
        if key not in found:
            return None
        about = self._dynamo.get(reported_key(found[key]["post_id"]))
        return report_of(report_id, found[key], found.get(words, {}).get("words", ""), about)


def put_spent(change: Change, spent: Spent) -> None:
    """Use the form up; the commit raises `AlreadySpent` where it was."""
    row = {
        "body": spent.body,
        "post_id": spent.post_id,
        "day": spent.day.isoformat(),
        EXPIRES: midnight(spent.day + timedelta(days=SPENT_DAYS)) + APART,
    }
    change.new(spent_key(spent.nonce), row, AlreadySpent())


def put_author(change: Change, author: SealedRow) -> None:
    """Create the row, or replace just the one that was read; else the commit raises `Changed`."""
    key, row = author_key(author.lookup), {"sealed": author.sealed}
    if author.before is None:
        change.new(key, row, Changed())
    else:
        change.same(key, row, {"sealed": author.before}, Changed())

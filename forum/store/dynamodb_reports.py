"""The ports of reports on DynamoDB: adding one, and hiding what enough of them ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from forum.post import Post, State
from forum.rows import Changed, Decision, NotUp, Report, SealedRow, Spent
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_authors import DynamoAuthors, put_author, put_spent
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import (
    SHARDS,
    edition_key,
    hid_key,
    post_key,
    report_key,
    report_words_key,
    undo_key,
)
from forum.store.dynamodb_posts import midnight, put_post, read_post, ring_if_due
from forum.store.dynamodb_record import record
from forum.store.dynamodb_reported import epoch_for, told_about
from forum.store.dynamodb_values import EXPIRES
from forum.store.rows import NONSENSE, post_from

LEFT = frozenset(state.value for state in (State.WITHDRAWN, State.TAKEN_DOWN, State.ESCALATED))
"""States of posts that left the site for good: nobody would answer a report on one."""
HID_DAYS = 7
"""Days that a day's count of hidden posts is kept; only the same day's is ever asked for."""


class DynamoReports(DynamoAuthors):
    """Adds reports; writes nothing of the posts that they are about."""

    def is_up(self, post_id: str) -> bool:
        """Whether readers see it now, and go on seeing it."""
        post, place = post_key(post_id), edition_key(post_id)
        found = self._dynamo.many([post, place])
        approved = found.get(post, {}).get("state") == State.APPROVED.value
        return approved and bool(found.get(place, {}).get("hash"))

    def add_report(self, report: Report, author: SealedRow, spent: Spent) -> None:
        """Store all rows or none."""

        def work(change: Change) -> None:
            put_spent(change, spent)
            put_author(change, author)
            about = change.get(post_key(report.post_id))
            if about and about["state"] in LEFT:
                raise NotUp
            row = {
                "post_id": report.post_id,
                "reason": report.reason.value,
                "day": report.day.isoformat(),
                "state": report.state.value,
                "epoch": epoch_for(change, report),
                "q": f"told#{report.post_id}",
                "qs": f"{report.day.isoformat()}#{report.id}",
            }
            change.new(report_key(report.id), row, Changed(report.id))
            change.put(report_words_key(report.id), {"words": report.words})

        self._dynamo.change(work)


class DynamoSweep:
    """Hides reported posts; has no way to a report's words or to an author's row."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def reported(self, enough: int) -> Sequence[Post]:
        """Approved posts with at least so many open reports, most reports first, then by id."""
        numbers = {
            key.sk: told_about(row)[0]
            for number in range(SHARDS)
            for key, row in self._dynamo.within(f"reported#{number}")
        }
        asked = [post_id for post_id, number in numbers.items() if number >= enough]
        rows = self._dynamo.many(map(post_key, asked)).values()
        found = sorted(
            (row for row in rows if row["state"] == State.APPROVED.value),
            key=lambda row: (-numbers[row["id"]], row["id"]),
        )
        return [post for row in found if (post := _readable(row))]

    def hidden_on(self, day: date, by: str) -> int:
        """How many posts this hand hid on this day."""
        return int((self._dynamo.get(hid_key(day, by)) or {}).get("number", 0))

    def hide(self, post: Post, decision: Decision, most: int) -> None:
        """Put the post in its new state with its decision, and ring the press's bell."""

        def work(change: Change) -> None:
            _count_hidden(change, decision, most)
            row, before = read_post(change, post.id, post.version - 1)
            record(change, decision)
            change.delete(undo_key(post.id))
            put_post(change, row, post, day=decision.day, hidden_day=decision.day)
            ring_if_due(change, before, post)

        self._dynamo.change(work)


def _count_hidden(change: Change, decision: Decision, most: int) -> None:
    """One more hidden by this hand on this day; raise `Changed` if it has hidden `most`.

    The count has a row of its own, which no two can change at once. The record's index would do
    to count by, but it may be a moment old.
    """
    key = hid_key(decision.day, decision.moderator)
    number = int((change.get(key) or {}).get("number", 0))
    if number >= most:
        raise Changed(decision.post_id)
    expires = midnight(decision.day + timedelta(days=HID_DAYS))
    change.put(key, {"number": number + 1, EXPIRES: expires})


def _readable(row: Mapping[str, Any]) -> Post | None:
    """The post in a row; None for nonsense, which keeps no other post from being hidden."""
    try:
        return post_from(row)
    except NONSENSE:
        return None

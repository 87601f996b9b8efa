"""Each moderator's day in DynamoDB: one row a person, changed only by whoever read it last."""

from __future__ import annotations

from datetime import date
from functools import partial

from forum.duty import Duty
from forum.rows import Changed, NotEnrolled
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_people_rows import duty_row
from forum.store.dynamodb_turn import PEOPLE, person_key
from forum.store.rows import duty_from


class DynamoDuty:
    """The port of looking after moderators; it reads one person's row at a time."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def duty(self, moderator: str) -> Duty | None:
        """Their row, of whatever day it is."""
        row = self._dynamo.get(person_key("duty", moderator))
        return duty_from(row) if row else None

    def put_duty(self, duty: Duty, before: Duty | None) -> None:
        """Put the row in place of `before`; raise `Changed` or `NotEnrolled`."""
        key = person_key("duty", duty.moderator)

        def put(change: Change) -> None:
            row = change.get(key)
            if (duty_from(row) if row else None) != before:
                raise Changed
            if change.get(person_key("moderator", duty.moderator)) is None:
                raise NotEnrolled(duty.moderator)
            change.put(key, duty_row(duty))

        self._dynamo.change(put)

    def erase_duty(self, before: date) -> int:
        """Erase the rows of days before this one; how many."""
        rows = self._dynamo.within(PEOPLE, prefix="duty#")
        found = [key for key, row in rows if _is_over(row, before)]
        return sum(self._dynamo.change(partial(_erase, key=key, before=before)) for key in found)


def _erase(change: Change, key: Key, before: date) -> bool:
    row = change.get(key)
    over = row is not None and _is_over(row, before)
    if over:
        change.delete(key)
    return over


def _is_over(row: dict[str, object], before: date) -> bool:
    return str(row["day"]) < before.isoformat()

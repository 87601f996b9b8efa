"""A lane that all machines share: one row that says until when it is busy.

While the store cannot answer, each machine goes by a lane of its own, at the same pace. Neither
open nor closed would do. Open, the lane's row under a flood of its own would let the flood in.
Closed, somebody would be told that too many come at once when that is not so, and what they wrote
would not be looked at for help to show first. Nothing is taken in past it either way: what comes
after the lane writes to the same store, or says that it cannot.

The row tells when somebody last came in. So it knows whole minutes only, and soon runs out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from forum.lanes import Lane, Rate
from forum.rows import Unavailable
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_keys import lane_key
from forum.store.dynamodb_values import EXPIRES, LINGERS

ASK_AGAIN = timedelta(seconds=10)
"""How long the store is left alone once it did not answer: nobody waits for it twice."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class DynamoLane:
    """The lane of this name and rate, whoever else enters it."""

    dynamo: Dynamo
    name: str
    rate: Rate
    _own: Lane = field(init=False, repr=False)
    _alone_until: datetime = field(init=False, repr=False, default=_LONG_AGO)

    def __post_init__(self) -> None:
        self._own = Lane(self.rate)

    def enter(self, now: datetime) -> bool:
        """Take a place, if there is one at `now` (aware)."""
        if now < self._alone_until:
            return self._own.enter(now)
        try:
            return self.dynamo.change(lambda change: self._enter(change, now))
        except Unavailable:
            self._alone_until = now + ASK_AGAIN
            return self._own.enter(now)

    def _enter(self, change: Change, now: datetime) -> bool:
        now = now.replace(second=0, microsecond=0)
        row = change.get(lane_key(self.name))
        before = datetime.fromisoformat(row["busy"]) if row else _LONG_AGO
        let_in, busy = self.rate.enter(before, now)
        if busy != before:  # also where a clock that was ahead is put right, and nobody let in
            expires = int((busy + LINGERS).timestamp())
            change.put(lane_key(self.name), {"busy": busy.isoformat(), EXPIRES: expires})
        return let_in

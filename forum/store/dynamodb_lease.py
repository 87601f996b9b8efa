"""Who may build: one row, written only by whoever saw it as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key

LEASE = Key("lease#press")

Row = Mapping[str, Any]


class DynamoLease:
    """The row of the press's lease."""

    def __init__(self, dynamo: Dynamo) -> None:
        """`dynamo` holds the row in its main table."""
        self._dynamo = dynamo

    def read(self) -> Row:
        """The row as it is at this moment; empty before the first lease."""
        return self._dynamo.get(LEASE) or {}

    def change(self, work: Callable[[Row], Row]) -> None:
        """Write what `work` makes of the row, if nobody else wrote it meanwhile; else anew.

        What `work` raises is raised, and nothing is written. Raises `Unavailable`.
        """

        def once(change: Change) -> None:
            change.put(LEASE, work(change.get(LEASE) or {}))

        self._dynamo.change(once)

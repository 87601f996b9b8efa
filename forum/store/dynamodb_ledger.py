"""The ledger of erasures in DynamoDB: a table of its own, which no backup holds.

Whatever erases writes its line in the same change, so here is only what reads the lines. A line is
called by what it is about, and lies in no order that would tell what one hand took back together.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date

from forum.erasures import Erasure, new_name
from forum.ports import Randomness
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key, Table

BEGAN = Key("began", table=Table.ERASED)
"""The ledger's first day, and its name."""


class DynamoLedger:
    """The ledger's port, for whoever brings a backup back."""

    def __init__(self, dynamo: Dynamo, randomness: Randomness = secrets.token_bytes) -> None:
        self._dynamo = dynamo
        self._randomness = randomness

    def begin(self, today: date) -> None:
        """Note that the ledger begins today, unless it has begun: before anything is stored."""
        name = new_name(self._randomness)

        def begin(change: Change) -> None:
            if change.get(BEGAN) is None:
                change.put(BEGAN, {"day": today.isoformat(), "name": name})

        self._dynamo.change(begin)

    def since(self, day: date) -> Iterator[Erasure]:
        """The entries of this day and later, in any order."""
        for key, written in self._entries():
            if written >= day:
                what, _, name = key.pk.partition("#")
                yield Erasure(written, what, name)

    def name(self) -> str:
        """What it was called when it began; "" where there is no ledger."""
        return str((self._dynamo.get(BEGAN) or {}).get("name", ""))

    def unwritten(self) -> int:
        """None, ever: an entry is in the change that erases."""
        return 0

    def prune(self, before: date) -> None:
        """Erase the entries from before this day; DynamoDB does so by itself, some days later."""
        old = (key for key, written in self._entries() if written < before)
        self._dynamo.erase(old)

    def _entries(self) -> Iterator[tuple[Key, date]]:
        for key, _ in self._dynamo.every(Table.ERASED):
            if key != BEGAN:
                yield key, date.fromisoformat(key.sk)

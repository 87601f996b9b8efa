"""The ledger of erasures of a SQLite store: its folder, and what has not got there yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from forum.erasures import Erasure
from forum.store.sqlite import Database


class SqliteLedger:
    """Reads the ledger; the database alone writes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, day: date) -> Iterator[Erasure]:
        """The entries of this day and later."""
        return self._database.ledger.since(day)

    def name(self) -> str:
        """What it was called when it began; "" where there is no ledger."""
        return self._database.ledger.name()

    def unwritten(self) -> int:
        """How many erasures are done and not in it yet."""
        return self._database.unwritten()

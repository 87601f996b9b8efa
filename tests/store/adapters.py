"""Where the contract suites find the adapters: a new store joins this table, and no test changes.

Every opener gives all ports over one store that is empty at first. Opened again on the same
folder it gives a second process's view of the same store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import forum.stores
from forum.digest import DigestStore
from forum.duty import DutyStore
from forum.figures import FiguresStore, RecordStore
from forum.people_store import PeopleStore
from forum.ports import (
    DeskStore,
    HolderStore,
    ReportStore,
    RetentionStore,
    SweepStore,
    VisitorStore,
)
from forum.press_store import Bell, PressStore
from forum.store.dynamodb import Dynamo
from forum.store.on_dynamodb import OnDynamo
from forum.store.on_sqlite import OnSqlite
from forum.store.sqlite import Database
from tests.store import dynamodb_given


@dataclass(frozen=True)
class Stores:
    """Every port over one store, and a way to open that store once more."""

    on: forum.stores.Stores
    again: Callable[[], Stores]
    """The same store as another process sees it."""

    @cached_property
    def visitors(self) -> VisitorStore:
        return self.on.visitors()

    @cached_property
    def holders(self) -> HolderStore:
        return self.on.holders()

    @cached_property
    def reports(self) -> ReportStore:
        return self.on.reports()

    @cached_property
    def sweep(self) -> SweepStore:
        return self.on.sweep()

    @cached_property
    def desk(self) -> DeskStore:
        return self.on.desk()

    @cached_property
    def press(self) -> PressStore:
        return self.on.press()

    @cached_property
    def bell(self) -> Bell:
        return self.on.bell()

    @cached_property
    def retention(self) -> RetentionStore:
        return self.on.retention()

    @cached_property
    def people(self) -> PeopleStore:
        return self.on.people()

    @cached_property
    def duty(self) -> DutyStore:
        return self.on.duty()

    @cached_property
    def figures(self) -> FiguresStore:
        return self.on.figures()

    @cached_property
    def record(self) -> RecordStore:
        return self.on.record()

    @cached_property
    def digest(self) -> DigestStore:
        return self.on.digest()


def over(database: Database, again: Callable[[], Stores]) -> Stores:
    """Every port on this SQLite file."""
    return Stores(OnSqlite(database), again)


def open_sqlite(folder: Path) -> Stores:
    """Every port on one SQLite file in this folder."""
    return over(Database(folder / "handrail.sqlite3"), lambda: open_sqlite(folder))


def open_dynamodb(folder: Path) -> Stores:
    """Every port on tables of the emulated cloud that belong to this folder.

    Tests are set on days long gone: here no row runs out by the clock on the wall.
    """
    name = dynamodb_given.name_for(folder)
    dynamodb_given.create_tables(dynamodb_given.client(), name)
    on = OnDynamo(Dynamo(dynamodb_given.client(), name, clock=lambda: 0.0))
    return Stores(on, lambda: open_dynamodb(folder))


ADAPTERS: dict[str, Callable[[Path], Stores]] = {
    "sqlite": open_sqlite,
    "dynamodb": open_dynamodb,
}
"""Each contract test runs once for every adapter in the table."""

"""Where the contract suites find the adapters: a new store joins this table, and no test changes.

Every opener gives all ports over one store that is empty at first. Opened again on the same
folder it gives a second process's view of the same store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forum.digest import DigestStore
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
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from forum.store.sqlite_digest import SqliteDigest
from forum.store.sqlite_figures import SqliteFigures
from forum.store.sqlite_holders import SqliteHolders
from forum.store.sqlite_people import SqlitePeople
from forum.store.sqlite_press import SqlitePress
from forum.store.sqlite_record import SqliteRecord
from forum.store.sqlite_reports import SqliteReports, SqliteSweep
from forum.store.sqlite_retention import SqliteRetention
from forum.store.sqlite_visitors import SqliteVisitors


@dataclass(frozen=True)
class Stores:
    """Every port over one store, and a way to open that store once more."""

    visitors: VisitorStore
    holders: HolderStore
    reports: ReportStore
    sweep: SweepStore
    desk: DeskStore
    press: PressStore
    bell: Bell
    retention: RetentionStore
    people: PeopleStore
    figures: FiguresStore
    record: RecordStore
    digest: DigestStore
    again: Callable[[], Stores]
    """The same store as another process sees it."""


def over(database: Database, again: Callable[[], Stores]) -> Stores:
    """Every port on this database."""
    return Stores(
        visitors=SqliteVisitors(database),
        holders=SqliteHolders(database),
        reports=SqliteReports(database),
        sweep=SqliteSweep(database),
        desk=SqliteDesk(database),
        press=SqlitePress(database),
        bell=SqlitePress(database),
        retention=SqliteRetention(database),
        people=SqlitePeople(database),
        figures=SqliteFigures(database),
        record=SqliteRecord(database),
        digest=SqliteDigest(database),
        again=again,
    )


def open_sqlite(folder: Path) -> Stores:
    """Every port on one SQLite file in this folder."""
    database = Database(folder / "handrail.sqlite3")
    return over(database, lambda: open_sqlite(folder))


ADAPTERS: dict[str, Callable[[Path], Stores]] = {"sqlite": open_sqlite}

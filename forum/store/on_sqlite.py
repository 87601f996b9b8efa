"""Every port on one SQLite file."""
# ruff: noqa: PLC0415 - each door's bundle holds, and loads, only what its own ports stand on

from __future__ import annotations

from typing import TYPE_CHECKING

from forum.store.sqlite import Database

if TYPE_CHECKING:
    from forum.archive import ArchiveStore
    from forum.digest import DigestStore
    from forum.duty import DutyStore
    from forum.erasures import Ledger
    from forum.figures import FiguresStore, RecordStore
    from forum.lanes import Gate, Rate
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


class OnSqlite:
    """One file; each port is opened when it is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def visitors(self) -> VisitorStore:
        """For sharing."""
        from forum.store.sqlite_visitors import SqliteVisitors

        return SqliteVisitors(self._database)

    def holders(self) -> HolderStore:
        """For whoever holds a receipt."""
        from forum.store.sqlite_holders import SqliteHolders

        return SqliteHolders(self._database)

    def reports(self) -> ReportStore:
        """For readers who report."""
        from forum.store.sqlite_reports import SqliteReports

        return SqliteReports(self._database)

    def sweep(self) -> SweepStore:
        """For hiding what was reported."""
        from forum.store.sqlite_reports import SqliteSweep

        return SqliteSweep(self._database)

    def desk(self) -> DeskStore:
        """For moderators."""
        from forum.store.sqlite_desk import SqliteDesk

        return SqliteDesk(self._database)

    def press(self) -> PressStore:
        """For the press."""
        from forum.store.sqlite_press import SqlitePress

        return SqlitePress(self._database)

    def bell(self) -> Bell:
        """For whoever calls the press."""
        from forum.store.sqlite_press import SqlitePress

        return SqlitePress(self._database)

    def retention(self) -> RetentionStore:
        """For the clocks."""
        from forum.store.sqlite_retention import SqliteRetention

        return SqliteRetention(self._database)

    def people(self) -> PeopleStore:
        """For letting moderators in."""
        from forum.store.sqlite_people import SqlitePeople

        return SqlitePeople(self._database)

    def duty(self) -> DutyStore:
        """For looking after them."""
        from forum.store.sqlite_duty import SqliteDuty

        return SqliteDuty(self._database)

    def figures(self) -> FiguresStore:
        """For the team's figures."""
        from forum.store.sqlite_figures import SqliteFigures

        return SqliteFigures(self._database)

    def record(self) -> RecordStore:
        """For reading the record of decisions."""
        from forum.store.sqlite_record import SqliteRecord

        return SqliteRecord(self._database)

    def digest(self) -> DigestStore:
        """For telling what waits."""
        from forum.store.sqlite_digest import SqliteDigest

        return SqliteDigest(self._database)

    def archive(self) -> ArchiveStore:
        """For moving all of it, or keeping a copy."""
        from forum.store.sqlite_archive import SqliteArchive

        return SqliteArchive(self._database)

    def ledger(self) -> Ledger:
        """For bringing a copy back without what was erased since."""
        from forum.store.sqlite_ledger import SqliteLedger

        return SqliteLedger(self._database)

    def lane(self, name: str, rate: Rate) -> Gate:
        """One process has one file: its memory will do."""
        from forum.lanes import Lane

        return Lane(rate)

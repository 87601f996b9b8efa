"""Every port on one forum's DynamoDB tables."""
# ruff: noqa: PLC0415 - each door's bundle holds, and loads, only what its own ports stand on

from __future__ import annotations

from typing import TYPE_CHECKING

from forum.store.dynamodb import Dynamo

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


class OnDynamo:
    """Three tables; each port is opened when it is asked for."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def visitors(self) -> VisitorStore:
        """For sharing."""
        from forum.store.dynamodb_visitors import DynamoVisitors

        return DynamoVisitors(self._dynamo)

    def holders(self) -> HolderStore:
        """For whoever holds a receipt."""
        from forum.store.dynamodb_holders import DynamoHolders

        return DynamoHolders(self._dynamo)

    def reports(self) -> ReportStore:
        """For readers who report."""
        from forum.store.dynamodb_reports import DynamoReports

        return DynamoReports(self._dynamo)

    def sweep(self) -> SweepStore:
        """For hiding what was reported."""
        from forum.store.dynamodb_reports import DynamoSweep

        return DynamoSweep(self._dynamo)

    def desk(self) -> DeskStore:
        """For moderators."""
        from forum.store.dynamodb_desk import DynamoDesk

        return DynamoDesk(self._dynamo)

    def press(self) -> PressStore:
        """For the press."""
        from forum.store.dynamodb_press import DynamoPress

        return DynamoPress(self._dynamo)

    def bell(self) -> Bell:
        """For whoever calls the press."""
        from forum.store.dynamodb_press import DynamoPress

        return DynamoPress(self._dynamo)

    def retention(self) -> RetentionStore:
        """For the clocks."""
        from forum.store.dynamodb_retention import DynamoRetention

        return DynamoRetention(self._dynamo)

    def people(self) -> PeopleStore:
        """For letting moderators in."""
        from forum.store.dynamodb_people import DynamoPeople

        return DynamoPeople(self._dynamo)

    def duty(self) -> DutyStore:
        """For looking after them."""
        from forum.store.dynamodb_duty import DynamoDuty

        return DynamoDuty(self._dynamo)

    def figures(self) -> FiguresStore:
        """For the team's figures."""
        from forum.store.dynamodb_figures import DynamoFigures

        return DynamoFigures(self._dynamo)

    def record(self) -> RecordStore:
        """For reading the record of decisions."""
        from forum.store.dynamodb_record import DynamoRecord

        return DynamoRecord(self._dynamo)

    def digest(self) -> DigestStore:
        """For telling what waits."""
        from forum.store.dynamodb_digest import DynamoDigest

        return DynamoDigest(self._dynamo)

    def archive(self) -> ArchiveStore:
        """For moving all of it, or keeping a copy."""
        from forum.store.dynamodb_archive import DynamoArchive

        return DynamoArchive(self._dynamo)

    def ledger(self) -> Ledger:
        """For bringing a copy back without what was erased since."""
        from forum.store.dynamodb_ledger import DynamoLedger

        return DynamoLedger(self._dynamo)

    def lane(self, name: str, rate: Rate) -> Gate:
        """A lane that all functions share."""
        from forum.store.dynamodb_lanes import DynamoLane

        return DynamoLane(self._dynamo, name, rate)

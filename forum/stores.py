"""Every port over one store, whichever it is: what wiring hands out use cases with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

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


class Stores(Protocol):
    """One store, seen through each of its ports."""

    def __hash__(self) -> int:
        """Each is one of its kind."""

    def visitors(self) -> VisitorStore:
        """For sharing."""

    def holders(self) -> HolderStore:
        """For whoever holds a receipt."""

    def reports(self) -> ReportStore:
        """For readers who report."""

    def sweep(self) -> SweepStore:
        """For hiding what was reported."""

    def desk(self) -> DeskStore:
        """For moderators."""

    def press(self) -> PressStore:
        """For the press."""

    def bell(self) -> Bell:
        """For whoever calls the press."""

    def retention(self) -> RetentionStore:
        """For the clocks."""

    def people(self) -> PeopleStore:
        """For letting moderators in."""

    def duty(self) -> DutyStore:
        """For looking after them."""

    def figures(self) -> FiguresStore:
        """For the team's figures."""

    def record(self) -> RecordStore:
        """For reading the record of decisions."""

    def digest(self) -> DigestStore:
        """For telling what waits."""

    def archive(self) -> ArchiveStore:
        """For moving all of it, or keeping a copy."""

    def ledger(self) -> Ledger:
        """For bringing a copy back without what was erased since."""

    def lane(self, name: str, rate: Rate) -> Gate:
        """What lets in no more than this rate, whoever of this store's doors asks."""

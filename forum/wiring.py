"""The one reader of the environment: picks the adapters and hands out the use cases.

What an `open_…` needs, it imports when it is called: a door's bundle holds only the packages its
own use cases stand on, and starts no slower for the other's.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forum.edition import BatchRule
from forum.post import Record
from forum.settings import ROOT, Limits, NotifyBy, Purpose, Settings, read_settings

if TYPE_CHECKING:
    from forum.archive import ArchiveStore
    from forum.desk import Desk
    from forum.digest import Notifier
    from forum.duty import DutyStore
    from forum.erasures import Ledger
    from forum.figures import RecordStore
    from forum.holders import Holders
    from forum.intake import Intake
    from forum.lanes import Gate, Lanes
    from forum.people import People
    from forum.people_store import PeopleStore
    from forum.ports import RetentionStore
    from forum.press import Press
    from forum.press_store import Bell
    from forum.reports import Reports
    from forum.store.dynamodb import Dynamo
    from forum.stores import Stores
    from forum.sweep import Sweep
    from forum.team_numbers import TeamNumbers
    from forum.telling import Telling
    from forum.visitors import Visitors
    from forum.wellbeing import Wellbeing
    from infra.aws.cloud_printer import CloudPrinter
    from infra.local.printer import LocalPrinter

PRODUCTION_RULE = BatchRule(enough=2, rest_days=2)
DEVELOPMENT_RULE = BatchRule(enough=1, rest_days=0)
AT_ONCE_MINUTES = 5
"""So many minutes' worth may come in at once, after a quiet while."""


class SystemClock:
    """The clock on the wall."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


CLOCK = SystemClock()


def settings() -> Settings:
    """The settings of this process; raise `BadSetting`."""
    chosen = read_settings(os.environ)
    if chosen.parameters:
        from forum.parameters import Parameters

        return replace(chosen, keys=Parameters(chosen.parameters))
    return chosen


def open_early(*openers: Callable[[], object]) -> None:
    """Open these while a function of the cloud starts: it has a whole processor then, and later a
    part of one. What fails now fails again for whoever asks first, and is answered kindly.
    """
    with suppress(Exception):
        if settings().tables:
            for opened in openers:
                opened()


def open_visitors(chosen: Settings) -> Visitors:
    """The use cases of sharing."""
    from forum.visitors import VisitorKeys, Visitors

    keys = VisitorKeys(
        receipts=chosen.keyring(Purpose.RECEIPTS),
        forms=chosen.keyring(Purpose.FORMS),
        capabilities=chosen.keyring(Purpose.CAPABILITIES),
    )
    store = _stores(chosen).visitors()
    return Visitors(store, keys, _intake(chosen), CLOCK)


def open_holders(chosen: Settings) -> Holders:
    """The use cases of whoever holds a receipt."""
    from forum.holders import Holders

    return Holders(
        _stores(chosen).holders(),
        receipts=chosen.keyring(Purpose.RECEIPTS),
        capabilities=chosen.keyring(Purpose.CAPABILITIES),
        clock=CLOCK,
    )


def open_reports(chosen: Settings) -> Reports:
    """The use cases of readers who report."""
    from forum.reports import Reports

    return Reports(
        _stores(chosen).reports(),
        forms=chosen.keyring(Purpose.FORMS),
        receipts=chosen.keyring(Purpose.RECEIPTS),
        lane=_lanes(_stores(chosen), chosen.limits).reports,
        clock=CLOCK,
    )


def open_sweep(chosen: Settings) -> Sweep:
    """What hides posts that readers reported."""
    from forum.sweep import Sweep

    return Sweep(_stores(chosen).sweep(), CLOCK)


def open_telling(chosen: Settings) -> Telling:
    """What tells moderators that something waits."""
    from forum.telling import Telling

    return Telling(
        _stores(chosen).digest(),
        _notifier(chosen),
        _intake(chosen),
        CLOCK,
        chosen.siteurl,
        chosen.notices.hour,
    )


def _notifier(chosen: Settings) -> Notifier | None:
    notices = chosen.notices
    if notices.by is NotifyBy.SES:
        from infra.aws.notices import SesNotifier, open_ses

        return SesNotifier(open_ses, notices.sender, notices.to)
    if notices.by is NotifyBy.FILE:
        from infra.local.notices import FileNotifier

        return FileNotifier(chosen.data / "notices", CLOCK)
    return None


def open_desk(chosen: Settings) -> Desk:
    """The use cases of the moderators' door."""
    from forum.desk import Desk

    store = _stores(chosen).desk()
    return Desk(store, CLOCK, operator_counts=not chosen.production)


def open_press(chosen: Settings, progress: Callable[[int, int], None] | None = None) -> Press:
    """The press of this machine; `progress` hears how many pages are made, of how many."""
    from forum.mirror import Mirror
    from forum.monthly import Monthly, numbers_file
    from forum.press import Press

    return Press(
        store=_stores(chosen).press(),
        mirror=Mirror(chosen.posts),
        printer=open_printer(chosen, progress),
        clock=CLOCK,
        rule=PRODUCTION_RULE if chosen.production else DEVELOPMENT_RULE,
        shuffle=random.SystemRandom().shuffle,
        examples=() if chosen.production else read_examples(ROOT / "content" / "examples"),
        numbers=Monthly(_stores(chosen).figures(), numbers_file(chosen.posts)),
    )


def open_printer(
    chosen: Settings, progress: Callable[[int, int], None] | None = None
) -> LocalPrinter | CloudPrinter:
    """What prints: on this machine, and from there into the bucket where there is one."""
    from infra.local.printer import LocalPrinter

    local = LocalPrinter(
        chosen.editions,
        chosen.posts,
        chosen.siteurl,
        chosen.production,
        progress,
        chosen.leave_url,
    )
    if not chosen.bucket:
        return local
    from forum.store.dynamodb_lease import DynamoLease
    from infra.aws.cloud_printer import open_cloud_printer

    lease = DynamoLease(_dynamo(chosen.tables))
    return open_cloud_printer(local, lease, chosen.bucket, chosen.distribution)


def open_bell(chosen: Settings) -> Bell:
    """What tells that a press run is wanted."""
    return _stores(chosen).bell()


def open_people(chosen: Settings) -> People:
    """The use cases of letting moderators in."""
    from forum.people import People

    store = _stores(chosen).people()
    sessions = chosen.keyring(Purpose.SESSIONS)
    return People(store, CLOCK, secrets.token_bytes, sessions, chosen.buddy_first)


def open_sign_ins(chosen: Settings) -> PeopleStore:
    """Invitations, challenges and sessions, for the purge: erasing them takes no key."""

    return _stores(chosen).people()


def open_wellbeing(chosen: Settings) -> Wellbeing:
    """What looks after moderators."""
    from forum.wellbeing import Wellbeing

    return Wellbeing(_stores(chosen).duty(), CLOCK, chosen.care)


def open_duty(chosen: Settings) -> DutyStore:
    """Moderators' days, for the purge."""

    return _stores(chosen).duty()


def open_record(chosen: Settings) -> RecordStore:
    """The record of decisions."""

    return _stores(chosen).record()


def open_numbers(chosen: Settings) -> TeamNumbers:
    """The team's figures."""
    from forum.team_numbers import TeamNumbers

    return TeamNumbers(_stores(chosen).figures(), CLOCK)


def open_retention(chosen: Settings) -> RetentionStore:
    """What the retention clocks erase from."""

    return _stores(chosen).retention()


def open_archive(chosen: Settings) -> ArchiveStore:
    """The whole store, for operators who move it or keep a copy."""
    return _stores(chosen).archive()


def open_ledger(chosen: Settings) -> Ledger:
    """What was erased, for whoever brings a copy back."""
    return _stores(chosen).ledger()


def ledger_folder(chosen: Settings) -> Path:
    """Where a store that is a file keeps its ledger."""
    from forum.store.sqlite import LEDGER

    return chosen.ledger or chosen.database.parent / LEDGER


def read_examples(folder: Path) -> Sequence[Record]:
    """The example posts, which say on their face that they are examples."""
    return tuple(_example(path) for path in sorted(folder.glob("*.json")))


def _example(path: Path) -> Record:
    given = json.loads(path.read_text("utf-8"))
    fields: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    return Record(**fields)


def _intake(chosen: Settings) -> Intake:
    from forum.intake import Intake

    return Intake(_lanes(_stores(chosen), chosen.limits), chosen.limits.most_unread)


@cache
def _lanes(stores: Stores, limits: Limits) -> Lanes:
    """The lanes of a store: one each, whoever asks."""
    from forum.lanes import Lanes, Rate

    def lane(name: str, a_minute: int) -> Gate:
        return stores.lane(name, Rate(AT_ONCE_MINUTES * a_minute, a_minute))

    return Lanes(
        proven=lane("proven", limits.proven_a_minute),
        unproven=lane("unproven", limits.unproven_a_minute),
        reports=lane("reports", limits.reports_a_minute),
    )


def _stores(chosen: Settings) -> Stores:
    """Every port over the store that was chosen."""
    if chosen.tables:
        return _on_dynamodb(chosen.tables)
    return _on_sqlite(chosen.database, ledger_folder(chosen))


@cache
def _on_sqlite(path: Path, ledger: Path) -> Stores:
    """The file at this path, opened once in this process."""
    from forum.store.on_sqlite import OnSqlite
    from forum.store.sqlite import Database

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return OnSqlite(Database(path, ledger=ledger))


@cache
def _on_dynamodb(name: str) -> Stores:
    """The tables of this name."""
    from forum.store.on_dynamodb import OnDynamo

    return OnDynamo(_dynamo(name))


@cache
def _dynamo(name: str) -> Dynamo:
    """The same, through one client for this process."""
    from forum.store.dynamodb import Dynamo, open_client

    return Dynamo(open_client(), name)

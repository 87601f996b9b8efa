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
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forum.edition import BatchRule
from forum.post import Record
from forum.settings import ROOT, Limits, Purpose, Settings, read_settings

if TYPE_CHECKING:
    from forum.desk import Desk
    from forum.holders import Holders
    from forum.lanes import Lanes
    from forum.people import People
    from forum.ports import Bell, RetentionStore
    from forum.press import Press
    from forum.reports import Reports
    from forum.store.sqlite import Database
    from forum.sweep import Sweep
    from forum.visitors import Visitors

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
    return read_settings(os.environ)


def open_visitors(chosen: Settings) -> Visitors:
    """The use cases of sharing."""
    from forum.intake import Intake
    from forum.store.sqlite_visitors import SqliteVisitors
    from forum.visitors import VisitorKeys, Visitors

    keys = VisitorKeys(
        receipts=chosen.keyring(Purpose.RECEIPTS),
        forms=chosen.keyring(Purpose.FORMS),
        capabilities=chosen.keyring(Purpose.CAPABILITIES),
    )
    intake = Intake(_lanes(chosen.limits), chosen.limits.most_unread)
    return Visitors(SqliteVisitors(_database(chosen.database)), keys, intake, CLOCK)


def open_holders(chosen: Settings) -> Holders:
    """The use cases of whoever holds a receipt."""
    from forum.holders import Holders
    from forum.store.sqlite_holders import SqliteHolders

    return Holders(
        SqliteHolders(_database(chosen.database)),
        receipts=chosen.keyring(Purpose.RECEIPTS),
        capabilities=chosen.keyring(Purpose.CAPABILITIES),
        clock=CLOCK,
    )


def open_reports(chosen: Settings) -> Reports:
    """The use cases of readers who report."""
    from forum.reports import Reports
    from forum.store.sqlite_reports import SqliteReports

    return Reports(
        SqliteReports(_database(chosen.database)),
        forms=chosen.keyring(Purpose.FORMS),
        receipts=chosen.keyring(Purpose.RECEIPTS),
        lane=_lanes(chosen.limits).reports,
        clock=CLOCK,
    )


def open_sweep(chosen: Settings) -> Sweep:
    """What hides posts that readers reported."""
    from forum.store.sqlite_reports import SqliteSweep
    from forum.sweep import Sweep

    return Sweep(SqliteSweep(_database(chosen.database)), CLOCK)


def open_desk(chosen: Settings) -> Desk:
    """The use cases of the moderators' door."""
    from forum.desk import Desk
    from forum.store.sqlite_desk import SqliteDesk

    return Desk(SqliteDesk(_database(chosen.database)), CLOCK)


def open_press(chosen: Settings) -> Press:
    """The press of this machine."""
    from forum.mirror import Mirror
    from forum.press import Press
    from forum.store.sqlite_press import SqlitePress
    from infra.local.printer import LocalPrinter

    printer = LocalPrinter(chosen.editions, chosen.posts, chosen.siteurl, chosen.production)
    return Press(
        store=SqlitePress(_database(chosen.database)),
        mirror=Mirror(chosen.posts),
        printer=printer,
        clock=CLOCK,
        rule=PRODUCTION_RULE if chosen.production else DEVELOPMENT_RULE,
        shuffle=random.SystemRandom().shuffle,
        examples=() if chosen.production else read_examples(ROOT / "content" / "examples"),
    )


def open_bell(chosen: Settings) -> Bell:
    """What tells that a press run is wanted."""
    from forum.store.sqlite_press import SqlitePress

    return SqlitePress(_database(chosen.database))


def open_people(chosen: Settings) -> People:
    """The use cases of letting moderators in."""
    from forum.people import People
    from forum.store.sqlite_people import SqlitePeople

    store = SqlitePeople(_database(chosen.database))
    return People(store, CLOCK, secrets.token_bytes, chosen.keyring(Purpose.SESSIONS))


def open_retention(chosen: Settings) -> RetentionStore:
    """What the retention clocks erase from."""
    from forum.store.sqlite_retention import SqliteRetention

    return SqliteRetention(_database(chosen.database))


def read_examples(folder: Path) -> Sequence[Record]:
    """The example posts, which say on their face that they are examples."""
    return tuple(_example(path) for path in sorted(folder.glob("*.json")))


def _example(path: Path) -> Record:
    given = json.loads(path.read_text("utf-8"))
    fields: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    return Record(**fields)


@cache
def _lanes(limits: Limits) -> Lanes:
    """The lanes of this process: one each, whoever asks."""
    from forum.lanes import Lane, Lanes, Rate

    def lane(a_minute: int) -> Lane:
        return Lane(Rate(AT_ONCE_MINUTES * a_minute, a_minute))

    return Lanes(
        proven=lane(limits.proven_a_minute),
        unproven=lane(limits.unproven_a_minute),
        reports=lane(limits.reports_a_minute),
    )


@cache
def _database(path: Path) -> Database:
    """The database at this path, opened once in this process."""
    from forum.store.sqlite import Database

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Database(path)

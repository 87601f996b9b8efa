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
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forum.edition import BatchRule
from forum.post import Record
from forum.settings import ROOT, Limits, NotifyBy, Purpose, Settings, read_settings

if TYPE_CHECKING:
    from forum.desk import Desk
    from forum.digest import Notifier
    from forum.duty import DutyStore
    from forum.figures import RecordStore
    from forum.holders import Holders
    from forum.intake import Intake
    from forum.lanes import Lanes
    from forum.people import People
    from forum.people_store import PeopleStore
    from forum.ports import RetentionStore
    from forum.press import Press
    from forum.press_store import Bell
    from forum.reports import Reports
    from forum.store.sqlite import Database
    from forum.sweep import Sweep
    from forum.team_numbers import TeamNumbers
    from forum.telling import Telling
    from forum.visitors import Visitors
    from forum.wellbeing import Wellbeing
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
    return read_settings(os.environ)


def open_visitors(chosen: Settings) -> Visitors:
    """The use cases of sharing."""
    from forum.store.sqlite_visitors import SqliteVisitors
    from forum.visitors import VisitorKeys, Visitors

    keys = VisitorKeys(
        receipts=chosen.keyring(Purpose.RECEIPTS),
        forms=chosen.keyring(Purpose.FORMS),
        capabilities=chosen.keyring(Purpose.CAPABILITIES),
    )
    store = SqliteVisitors(_database(chosen.database))
    return Visitors(store, keys, _intake(chosen.limits), CLOCK)


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


def open_telling(chosen: Settings) -> Telling:
    """What tells moderators that something waits."""
    from forum.store.sqlite_digest import SqliteDigest
    from forum.telling import Telling

    return Telling(
        SqliteDigest(_database(chosen.database)),
        _notifier(chosen),
        _intake(chosen.limits),
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
    from forum.store.sqlite_desk import SqliteDesk

    store = SqliteDesk(_database(chosen.database))
    return Desk(store, CLOCK, operator_counts=not chosen.production)


def open_press(chosen: Settings, progress: Callable[[int, int], None] | None = None) -> Press:
    """The press of this machine; `progress` hears how many pages are made, of how many."""
    from forum.mirror import Mirror
    from forum.monthly import Monthly, numbers_file
    from forum.press import Press
    from forum.store.sqlite_figures import SqliteFigures
    from forum.store.sqlite_press import SqlitePress

    return Press(
        store=SqlitePress(_database(chosen.database)),
        mirror=Mirror(chosen.posts),
        printer=open_printer(chosen, progress),
        clock=CLOCK,
        rule=PRODUCTION_RULE if chosen.production else DEVELOPMENT_RULE,
        shuffle=random.SystemRandom().shuffle,
        examples=() if chosen.production else read_examples(ROOT / "content" / "examples"),
        numbers=Monthly(SqliteFigures(_database(chosen.database)), numbers_file(chosen.posts)),
    )


def open_printer(
    chosen: Settings, progress: Callable[[int, int], None] | None = None
) -> LocalPrinter:
    """What prints on this machine."""
    from infra.local.printer import LocalPrinter

    return LocalPrinter(
        chosen.editions,
        chosen.posts,
        chosen.siteurl,
        chosen.production,
        progress,
        chosen.leave_url,
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
    sessions = chosen.keyring(Purpose.SESSIONS)
    return People(store, CLOCK, secrets.token_bytes, sessions, chosen.buddy_first)


def open_sign_ins(chosen: Settings) -> PeopleStore:
    """Invitations, challenges and sessions, for the purge: erasing them takes no key."""
    from forum.store.sqlite_people import SqlitePeople

    return SqlitePeople(_database(chosen.database))


def open_wellbeing(chosen: Settings) -> Wellbeing:
    """What looks after moderators."""
    from forum.store.sqlite_duty import SqliteDuty
    from forum.wellbeing import Wellbeing

    return Wellbeing(SqliteDuty(_database(chosen.database)), CLOCK, chosen.care)


def open_duty(chosen: Settings) -> DutyStore:
    """Moderators' days, for the purge."""
    from forum.store.sqlite_duty import SqliteDuty

    return SqliteDuty(_database(chosen.database))


def open_record(chosen: Settings) -> RecordStore:
    """The record of decisions."""
    from forum.store.sqlite_record import SqliteRecord

    return SqliteRecord(_database(chosen.database))


def open_numbers(chosen: Settings) -> TeamNumbers:
    """The team's figures."""
    from forum.store.sqlite_figures import SqliteFigures
    from forum.team_numbers import TeamNumbers

    return TeamNumbers(SqliteFigures(_database(chosen.database)), CLOCK)


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


def _intake(limits: Limits) -> Intake:
    from forum.intake import Intake

    return Intake(_lanes(limits), limits.most_unread)


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

"""What the clocks and the team erase in DynamoDB is on the ledger that no backup holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from forum.erasures import Erasure, Replay, replayed_from
from forum.person import Role
from forum.post import Act, State, moved
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive import DynamoArchive
from forum.store.dynamodb_change import Change, Table
from forum.store.dynamodb_keys import standing_key
from forum.store.dynamodb_ledger import DynamoLedger
from forum.store.dynamodb_posts import write_off
from forum.store.dynamodb_retention import DynamoRetention
from tests.builders import NOON, TODAY, days, decide, keep, make_id, make_post
from tests.store import dynamodb_given
from tests.store.adapters import Stores, open_dynamodb
from tests.store.people_given import by, make_invitation, make_moderator, make_passkey


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_dynamodb(tmp_path)


@pytest.fixture
def dynamo(stores: Stores, tmp_path: Path) -> Dynamo:
    return Dynamo(dynamodb_given.client(), dynamodb_given.name_for(tmp_path), clock=lambda: 0.0)


def ledger(dynamo: Dynamo) -> set[tuple[str, str]]:
    return {(key.pk, key.sk) for key, _ in dynamo.every(Table.ERASED)}


def test_a_post_whose_clock_ran_out_is_on_the_ledger_of_today(
    stores: Stores, dynamo: Dynamo
) -> None:
    keep(stores.visitors, make_post(1, state=State.DECLINED, state_day=days(-40)))
    DynamoRetention(dynamo, NOON.timestamp).erase_posts(State.DECLINED, days(-30))
    assert ledger(dynamo) == {(f"post#{make_id(1)}", TODAY.isoformat())}
    left = {key.pk.partition("#")[0] for key, _ in dynamo.every(Table.TEXTS)}
    assert left == {"author", "spent"}, "of its words nothing"


def test_who_was_removed_is_on_the_ledger_with_every_passkey(
    stores: Stores, dynamo: Dynamo
) -> None:
    one = make_moderator()
    stores.people.put_invitation(make_invitation(), by())
    stores.people.enrol(b"digest", NOON, one, make_passkey(credential_id=b"\x01"))
    stores.people.add_passkey(make_passkey(credential_id=b"\x02"), 9, by(one.id))
    stores.people.remove(one.id, by())
    day = by().day.isoformat()
    assert ledger(dynamo) == {
        (f"moderator#{one.id}", day),
        ("passkey#01", day),
        ("passkey#02", day),
    }


def test_the_ledger_gives_what_was_erased_since_a_day_and_forgets_what_is_older(
    dynamo: Dynamo,
) -> None:
    ledger = DynamoLedger(dynamo)
    assert ledger.name() == ""
    ledger.begin(days(-2))
    name = ledger.name()
    assert len(name) == 20
    ledger.begin(TODAY)
    lines = [Erasure(days(-number), "post", make_id(number)) for number in range(3)]
    for line in lines:
        dynamo.change(partial(_write_off, line=line))
    assert set(ledger.since(days(-1))) == set(lines[:2])
    ledger.prune(days(-1))
    assert set(ledger.since(days(-9))) == set(lines[:2])
    assert ledger.name() == name


def test_a_backup_by_a_clock_that_is_ahead_brings_nothing_back(
    stores: Stores, dynamo: Dynamo
) -> None:
    up = keep(stores.visitors, make_post(1, state=State.APPROVED, approved_hash="a" * 64))
    backup, tomorrow = list(DynamoArchive(dynamo).rows()), date(1970, 1, 2)
    stores.holders.withdraw(moved(up, Act.WITHDRAW, TODAY))
    assert {day for _, day in ledger(dynamo)} == {"1970-01-01"}, "the day by the store's clock"
    replay = Replay(DynamoLedger(dynamo).since(replayed_from(tomorrow)))
    assert not [table for table, _ in replay.over(backup) if table in ("posts", "texts")]


def test_that_something_up_was_approved_with_other_words_is_on_the_ledger(
    stores: Stores, dynamo: Dynamo
) -> None:
    up = keep(stores.visitors, make_post(1, state=State.APPROVED, approved_hash="a" * 64))
    same = decide(stores.desk, up, Act.KEEP)
    assert ledger(dynamo) == set(), "its words are the same"
    mended = replace(moved(same, Act.KEEP, TODAY), approved_hash="b" * 64)
    decide(stores.desk, same, Act.KEEP, post=mended)
    assert ledger(dynamo) == {(f"off#{up.id}", TODAY.isoformat())}


def test_a_role_that_somebody_lost_is_on_the_ledger_and_none_that_they_got(
    stores: Stores, dynamo: Dynamo
) -> None:
    one = make_moderator(roles=frozenset({Role.COORDINATOR, Role.MODERATOR}))
    stores.people.put_invitation(make_invitation(), by())
    stores.people.enrol(b"digest", NOON, one, make_passkey())
    stores.people.set_roles(one.id, {Role.MODERATOR, Role.SAFETY_LEAD}, by())
    assert {pk for pk, _ in ledger(dynamo)} == {f"role#{one.id}/coordinator"}


def _write_off(change: Change, line: Erasure) -> None:
    write_off(change, line.what, line.id, line.day)


def test_a_purge_takes_out_the_counts_that_came_down_to_nothing(
    stores: Stores, dynamo: Dynamo
) -> None:
    keep(stores.visitors, make_post(1))
    stores.retention.erase_posts(State.RECEIVED, days(1))
    stores.retention.compact()
    counts = dynamo.many(map(standing_key, range(8))).values()
    assert [name for row in counts for name in row if "|" in name] == []

"""The record on DynamoDB: nobody writes into it unseen, and no two write the same row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forum import chain
from forum.post import Act, moved
from forum.record import Details, Event
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_entries import done_key, entry_key
from forum.store.dynamodb_record import put_entry, record, record_event
from forum.store.dynamodb_values import Item
from forum.store.on_dynamodb import OnDynamo
from tests.builders import NOON, TODAY, days, keep, make_decision, make_id, make_post
from tests.store.dynamodb_given import client, create_tables, name_for
from tests.store.stale_index import Watched

LONG_AGO = days(-4_000)


def opened(name: str, given: Any) -> Dynamo:
    create_tables(given, name)
    return Dynamo(given, name, clock=NOON.timestamp)


@pytest.fixture
def dynamo(tmp_path: Path) -> Dynamo:
    """Three empty tables."""
    return opened(name_for(tmp_path), client())


def put(dynamo: Dynamo, day: date, act: Act, number: int = 0) -> None:
    decision = make_decision(number, day=day, act=act, reason="kind", rules=("PII-1",))
    dynamo.change(lambda change: record(change, decision))


def fill(dynamo: Dynamo) -> OnDynamo:
    """Four rows about three posts, and one about the form."""
    for number, act in enumerate((Act.RETURN, Act.DECLINE, Act.DECLINE)):
        put(dynamo, days(number), act, number)
    put(dynamo, days(3), Act.UNDO, 2)
    dynamo.change(lambda change: record_event(change, days(4), "robin", Event.FORM_CLOSED, ""))
    return OnDynamo(dynamo)


def write(dynamo: Dynamo, key: Key, item: Item) -> None:
    """As somebody would who can write into the table."""
    dynamo.change(lambda change: change.put(key, item))


CHANGED = {
    "number": 99,
    "day": "2026-11-22",
    "who": "kim",
    "what": "keep",
    "about": make_id(77),
    "seal": "b" * 64,
    "link": "c" * 64,
}
WHY = {"reason": "unkind", "rules": "[]", "approved_hash": "a" * 64, "salt": bytes(16)}


def faults(dynamo: Dynamo) -> tuple[str, ...]:
    return chain.check(OnDynamo(dynamo).record().entries()).faults


def test_a_change_in_any_attribute_is_found(dynamo: Dynamo) -> None:
    fill(dynamo)
    assert faults(dynamo) == ()
    row, done = dynamo.get(entry_key(2)), dynamo.get(done_key(make_id(1)))
    assert row is not None
    assert done is not None
    assert set(row) - {"q", "qs"} == set(CHANGED)
    assert set(done["why"]["2"]) == set(WHY)
    for name, value in CHANGED.items():
        write(dynamo, entry_key(2), {**row, name: value})
        assert faults(dynamo), name
    write(dynamo, entry_key(2), row)
    for name, value in WHY.items():
        whys = {"2": {**done["why"]["2"], name: value}}
        write(dynamo, done_key(make_id(1)), {**done, "why": whys})
        assert faults(dynamo), name


def test_a_row_taken_out_is_found(dynamo: Dynamo) -> None:
    fill(dynamo)
    dynamo.change(lambda change: change.delete(entry_key(3)))
    assert faults(dynamo)[0] == "Row 3 is missing: the next one is 4."


def test_many_who_write_at_once_write_one_unbroken_chain(dynamo: Dynamo, tmp_path: Path) -> None:
    views = (dynamo, opened(name_for(tmp_path), client()))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: put(views[n % 2], TODAY, Act.DECLINE, n), range(12)))
    found = chain.check(OnDynamo(dynamo).record().entries())
    assert (found.rows, found.faults) == (12, ())


def test_taking_a_post_back_erases_every_why_in_one_row(tmp_path: Path) -> None:
    watched = Watched()
    dynamo = opened(name_for(tmp_path), watched.client)
    store = OnDynamo(dynamo)
    post = keep(store.visitors(), make_post())
    for _ in range(9):
        put(dynamo, TODAY, Act.KEEP)
    watched.sent.clear()
    store.holders().withdraw(moved(post, Act.WITHDRAW, TODAY))
    (sent,) = watched.calls("TransactWriteItems")
    written = [
        member["Put"]["Item"]["pk"]["S"] for member in sent["TransactItems"] if "Put" in member
    ]
    assert [pk for pk in written if pk.startswith(("done#", "record"))] == [f"done#{post.id}"]
    assert {row.details for row in store.record().entries()} == {Details()}
    assert faults(dynamo) == ()


def test_a_record_put_back_from_an_archive_is_the_same(dynamo: Dynamo, tmp_path: Path) -> None:
    fill(dynamo)
    entries = list(OnDynamo(dynamo).record().entries())
    other = opened(name_for(tmp_path / "other"), client())

    def put_back(change: Change) -> None:
        for entry in entries:
            put_entry(change, entry)

    other.change(put_back)
    record = OnDynamo(other).record()
    assert list(record.entries()) == entries
    assert [row.number for row in record.page(None, "decline", 9)] == [3, 2]
    put(other, TODAY, Act.RETURN)
    assert faults(other) == ()


# --- days ---------------------------------------------------------------------------------------


def test_what_was_undone_after_midnight_does_not_count_in_the_day_before(dynamo: Dynamo) -> None:
    put(dynamo, TODAY, Act.APPROVE)
    put(dynamo, days(1), Act.UNDO)
    figures = OnDynamo(dynamo).figures()
    assert figures.done(TODAY, TODAY) == {}
    assert figures.done(days(1), days(1)) == {}


def test_two_who_decide_at_midnight_may_come_in_the_others_order(dynamo: Dynamo) -> None:
    for number, day in enumerate((days(-40), TODAY, days(-1), days(-1), TODAY)):
        put(dynamo, day, Act.APPROVE, number)
    store = OnDynamo(dynamo)
    assert store.figures().began() == days(-40)
    assert store.figures().done(days(-1), days(-1)) == {(days(-1), Act.APPROVE): 2}
    assert store.figures().done(TODAY, TODAY) == {(TODAY, Act.APPROVE): 2}
    assert sum(store.figures().done(LONG_AGO, TODAY).values()) == 5
    assert [row.number for row in store.record().page(4, "approve", 2)] == [3, 2]
    links = [entry.link for entry in store.record().entries()]
    asked = (days(-41), days(-40), days(-1), TODAY, days(900))
    told = [store.figures().link(day) for day in asked]
    assert told == ["", links[0], links[3], links[4], links[4]]


def test_a_page_of_every_act_is_never_old(tmp_path: Path) -> None:
    watched = Watched()
    dynamo = opened(name_for(tmp_path), watched.client)
    record = fill(dynamo).record()
    assert [row.number for row in record.page(None, "decline", 9)] == [3, 2]
    put(dynamo, days(5), Act.DECLINE)
    watched.is_stale = lambda: True
    assert [row.number for row in record.page(None, "", 2)] == [6, 5]

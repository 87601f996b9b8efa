"""What lies in DynamoDB and where: words apart, counts that hold, and a door that lists nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum.figures import Wait
from forum.lanes import Rate
from forum.post import Act, State, moved
from forum.retention import CLOCKS
from forum.rows import ReportState
from forum.store import dynamodb_standing as standing
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Key, Table
from forum.store.dynamodb_keys import SHARDS, original_key, reported_key, standing_key, text_key
from forum.store.dynamodb_words import NET_DAYS
from forum.store.on_dynamodb import OnDynamo
from infra.aws.rights import ROWS, Where
from tests.builders import (
    NOON,
    TODAY,
    FakeClock,
    days,
    decide,
    keep,
    make_author,
    make_decided,
    make_id,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_text,
    make_undo,
    make_undone,
    tell,
)
from tests.forum.visitors_door import leave
from tests.store.adapters import Stores
from tests.store.dynamodb_bad_days import door_over
from tests.store.dynamodb_given import client, create_tables, name_for
from tests.store.stale_index import Watched

CANARY = "marmalade"
APART = (Where.INDEX, Where.ERASED)


@pytest.fixture
def dynamo(tmp_path: Path) -> Dynamo:
    create_tables(client(), name_for(tmp_path))
    return Dynamo(client(), name_for(tmp_path), clock=NOON.timestamp)


@pytest.fixture
def stores(dynamo: Dynamo) -> Stores:
    return Stores(OnDynamo(dynamo), NotImplemented)


def over(watched: Watched, folder: Path) -> Stores:
    """The same tables, with all that they are asked this way kept."""
    dynamo = Dynamo(watched.client, name_for(folder), clock=NOON.timestamp)
    return Stores(OnDynamo(dynamo), NotImplemented)


def words(**given: str) -> dict[str, str]:
    said = f"<p>{CANARY}</p>"
    return {"title": CANARY, "html": said, "typed": CANARY} | given


def test_peoples_words_lie_in_the_table_of_words_alone(dynamo: Dynamo, stores: Stores) -> None:
    post = keep(stores.visitors, make_post(), make_text(**words()))
    undo = make_undo(post, message=make_message(words=CANARY), text=make_text(**words()))
    said = {"message": make_message(words=CANARY), "text": make_text(**words(html=CANARY))}
    decide(stores.desk, post, Act.OFFER, undo=undo, offer=make_offer(post, **words()), **said)
    tell(stores.reports, make_report(words=CANARY, post_id=make_id(9)))
    lies = {
        key.pk.partition("#")[0] for key, row in dynamo.every(Table.TEXTS) if CANARY in str(row)
    }
    assert lies == {"text", "original", "offer", "message", "undo", "report"}
    for table in (Table.MAIN, Table.ERASED):
        assert [key for key, row in dynamo.every(table) if CANARY in str(row)] == []


def test_what_an_author_takes_back_leaves_no_word_and_no_reason(
    dynamo: Dynamo, stores: Stores
) -> None:
    post = keep(stores.visitors, make_post(), make_text(**words()))
    decided = make_decided(post, Act.RETURN, message=make_message(words=CANARY))
    stores.desk.decide(decided)
    stores.holders.withdraw(moved(decided.post, Act.WITHDRAW, TODAY))
    left = {key.pk.partition("#")[0] for key, _ in dynamo.every(Table.TEXTS)}
    assert left == {"author", "spent"}
    (entry,) = stores.record.entries()
    assert (entry.details.reason, entry.salt) == ("", None)


def test_words_end_some_days_after_the_purge_should_have_erased_them(
    dynamo: Dynamo, stores: Stores
) -> None:
    ends = {}
    for number, state in enumerate(State):
        post = keep(stores.visitors, make_post(number, state=state))
        ends[state] = (dynamo.get(text_key(post.id)) or {}).get("expires")
    told = {state: datetime.fromtimestamp(end, UTC).date() for state, end in ends.items() if end}
    assert told == {state: days(number + NET_DAYS) for state, number in CLOCKS.items()}


def test_words_that_wait_again_have_no_end(dynamo: Dynamo, stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    declined = decide(stores.desk, post, Act.DECLINE, text=make_text(title="Edited"))
    keys = text_key(post.id), original_key(post.id)
    assert all("expires" in row for row in dynamo.many(keys).values())
    stores.holders.move(moved(declined, Act.APPEAL, days(20)))
    rows = dynamo.many(keys)
    assert len(rows) == 2
    assert not any("expires" in row for row in rows.values())


def test_the_ledger_names_what_left_and_what_was_erased(dynamo: Dynamo, stores: Stores) -> None:
    up = {"state": State.APPROVED, "approved_hash": "a" * 64}
    taken, hidden = (keep(stores.visitors, make_post(n, **up)) for n in (1, 2))
    stores.holders.withdraw(moved(taken, Act.WITHDRAW, days(-1)))
    decide(stores.desk, hidden, Act.HIDE)
    stores.holders.forget(make_author(int.from_bytes(taken.id.encode(), "big")).lookup, b"s" * 600)
    lines = {(key.pk.partition("#")[0], key.pk.partition("#")[2]) for key in ledger(dynamo)}
    assert {("post", taken.id), ("off", taken.id), ("off", hidden.id)} < lines
    assert len([what for what, _ in lines if what == "author"]) == 1
    assert {key.sk for key in ledger(dynamo)} == {TODAY.isoformat()}, "the store's own day"


def ledger(dynamo: Dynamo) -> list[Key]:
    return [key for key, _ in dynamo.every(Table.ERASED)]


# --- counts ---------------------------------------------------------------------------------------


def test_counts_that_came_to_nothing_are_taken_out_and_no_others(
    dynamo: Dynamo, stores: Stores
) -> None:
    for number in range(6):
        keep(stores.visitors, make_post(number, state_day=days(-number)))
    for number in range(5):
        decide(stores.desk, make_post(number, state_day=days(-number)), Act.DECLINE)
    before = dict(standing.standing(dynamo))
    standing.tidy(dynamo)
    assert standing.standing(dynamo) == before
    rows = dynamo.many(map(standing_key, range(SHARDS))).values()
    assert all(all(row.values()) for row in rows)
    assert stores.visitors.oldest_unread() == days(-5)


def test_no_count_is_lost_to_many_who_write_at_once(dynamo: Dynamo, stores: Stores) -> None:
    def send(number: int) -> None:
        post = keep(stores.visitors, make_post(number))
        decide(stores.desk, post, Act.DECLINE)
        if number % 4 == 0:
            standing.tidy(dynamo)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(send, range(12)))
    assert {state: n for (_, state), n in stores.desk.counts().items()} == {State.DECLINED: 12}
    assert stores.visitors.waits(Wait.DECIDED, TODAY, TODAY) == {0: 12}


def test_one_small_write_answers_any_number_of_reports(
    dynamo: Dynamo, stores: Stores, tmp_path: Path
) -> None:
    watched = Watched()
    post = keep(stores.visitors, make_post(state=State.APPROVED, approved_hash="a" * 64))
    for number in range(20):
        tell(stores.reports, make_report(number))
    undo = make_undo(post)
    decide(over(watched, tmp_path).desk, post, Act.KEEP, undo=undo)
    (write,) = watched.calls("TransactWriteItems")
    assert len(write["TransactItems"]) < 15
    assert (dynamo.get(reported_key(post.id)) or {})["epoch"] == 1
    assert {one.state for one in stores.desk.reports(post.id)} == {ReportState.KEPT}
    stores.desk.decide(make_undone(undo))
    assert {one.state for one in stores.desk.reports(post.id)} == {ReportState.OPEN}


# --- what the visitors' door asks -----------------------------------------------------------------


def test_the_visitors_door_asks_by_key_alone(stores: Stores, tmp_path: Path) -> None:
    watched, desk = Watched(), door_over(stores, FakeClock(), tmp_path)
    door = door_over(over(watched, tmp_path), desk.clock, tmp_path)
    first, second, third = (door.share() for _ in range(3))
    offer = desk.offer(second.post)
    desk.put_up(desk.decide(Act.APPROVE, third.post))
    door.report(third.post)
    door.holders.look_up(leave(first))
    door.holders.accept(second.post.id, offer.hash, leave(second))
    door.holders.erase(leave(third))
    assert over(watched, tmp_path).on.lane("reports", Rate(100, 100)).enter(NOON)
    assert not door.visitors.closed()
    asked = {name for name, _ in watched.sent}
    assert asked == {"GetItem", "BatchGetItem", "TransactWriteItems"}


def test_every_row_that_anybody_may_touch_is_in_the_documentation() -> None:
    table = (Path(__file__).parents[2] / "docs" / "dynamodb.md").read_text("utf-8")
    rows = {right.rows for rights in ROWS.values() for right in rights if right.where not in APART}
    assert not {row for row in rows - {"*"} if f"`{row.rstrip('*')}" not in table}

"""The record grows with every decision, and its chain holds whatever happens to the posts."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forum.post import Act, Fields, NotAllowed, Post, State, moved
from forum.record import Details, Entry, broken
from forum.rows import Changed, Decision
from forum.store.sqlite import Database
from forum.store.sqlite_record import SqliteRecord
from forum.sweep import BY_READERS
from tests.builders import (
    TODAY,
    days,
    decide,
    keep,
    make_decided,
    make_decision,
    make_id,
    make_post,
    make_undo,
    make_undone,
)
from tests.store.adapters import Stores, open_sqlite

NAME = "handrail.sqlite3"


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_sqlite(tmp_path)


def entries(folder: Path) -> list[Entry]:
    return list(SqliteRecord(Database(folder / NAME)).entries())


def told(folder: Path) -> list[str]:
    """What is wrong with the record in this folder."""
    return list(broken(entries(folder)))


def decision(number: int, act: Act, who: str = "robin", **given: object) -> Decision:
    made = make_decision(number, act=act, moderator=who, **given)
    return replace(made, reason="M4", rules=("PII-7", "SUB-1"))


def six(stores: Stores) -> None:
    """A record of six rows: five decisions and a form that was closed."""
    for number in range(1, 6):
        post = keep(stores.visitors, make_post(number))
        act = (Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.ASK_SECOND, Act.APPROVE)[number - 1]
        hash = "a" * 64 if act is Act.APPROVE else None
        decide(stores.desk, post, act, decision=decision(number, act, approved_hash=hash))
    stores.desk.set_closed(True, TODAY, "sam")


# --- what lies in it --------------------------------------------------------------------------


def test_each_decision_is_a_row_with_its_reason_its_rules_and_its_hash(
    stores: Stores, tmp_path: Path
) -> None:
    six(stores)
    rows = entries(tmp_path)
    assert [(row.number, row.what) for row in rows] == [
        (1, "return"), (2, "decline"), (3, "escalate"), (4, "ask-second"), (5, "approve"),
        (6, "form-closed"),
    ]  # fmt: skip
    assert rows[0].details == Details("M4", ("PII-7", "SUB-1"), None)
    assert rows[4].details == Details("M4", ("PII-7", "SUB-1"), "a" * 64)
    assert (rows[5].who, rows[5].about, rows[5].details) == ("sam", "", Details())
    assert {row.day for row in rows} == {TODAY}
    assert len({row.salt for row in rows}) == 6
    assert told(tmp_path) == []


def test_the_decisions_on_one_post_are_its_rows_alone(stores: Stores) -> None:
    six(stores)
    assert list(stores.desk.decisions(make_id(2))) == [decision(2, Act.DECLINE)]
    assert list(stores.desk.decisions(make_id(99))) == []


def test_who_closed_and_opened_the_form_is_on_record(stores: Stores, tmp_path: Path) -> None:
    stores.desk.set_closed(True, TODAY, "sam")
    stores.desk.set_closed(False, days(2), "kim")
    assert [(row.what, row.who, row.day) for row in entries(tmp_path)] == [
        ("form-closed", "sam", TODAY), ("form-opened", "kim", days(2)),
    ]  # fmt: skip


def test_a_decision_that_is_refused_leaves_no_row(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post())
    late = make_decided(post, Act.DECLINE)
    with pytest.raises(Changed):
        stores.desk.decide(
            make_decided(post, Act.RETURN), replace(late, post=replace(late.post, version=9))
        )
    assert entries(tmp_path) == []


def test_rows_after_a_number_can_be_asked_for(stores: Stores, tmp_path: Path) -> None:
    six(stores)
    record = SqliteRecord(Database(tmp_path / NAME))
    assert [row.number for row in record.entries(4)] == [5, 6]
    assert list(record.entries(6)) == []


# --- what is taken back -----------------------------------------------------------------------


def test_what_its_author_takes_back_takes_along_why_it_was_decided_and_nothing_else(
    stores: Stores, tmp_path: Path
) -> None:
    six(stores)
    before = entries(tmp_path)
    gone = stores.desk.post(make_id(5))
    assert gone is not None
    stores.holders.withdraw(replace(moved(gone, Act.WITHDRAW, TODAY), fields=Fields(), marks=()))
    after = entries(tmp_path)
    assert after[4] == replace(before[4], salt=None, details=Details())
    assert [*after[:4], *after[5:]] == [*before[:4], *before[5:]]
    assert told(tmp_path) == []
    raw = b"".join(path.read_bytes() for path in tmp_path.glob(f"{NAME}*"))
    assert before[4].salt
    assert before[4].salt not in raw, "nobody can guess at what was sealed"
    assert b"a" * 64 not in raw


def test_an_erased_posts_rows_stay_as_they_are(stores: Stores, tmp_path: Path) -> None:
    six(stores)
    before = entries(tmp_path)
    stores.retention.erase_posts(State.DECLINED, days(1))
    assert entries(tmp_path) == before


# --- any history, and many at once ------------------------------------------------------------


def some_step(stores: Stores, chance: random.Random, day: date) -> None:
    """Somebody does something to one of six posts, or closes the form."""
    number = chance.randrange(6)
    post = stores.desk.post(make_id(number)) or keep(stores.visitors, make_post(number))
    undo = stores.desk.undo(post.id)
    if undo and undo.version == post.version and chance.random() < 0.3:
        stores.desk.decide(make_undone(undo))
    elif chance.random() < 0.1:
        stores.desk.set_closed(chance.random() < 0.5, day, "sam")
    else:
        act = chance.choice(list(Act))
        _done(stores, post, act, day)


def _done(stores: Stores, post: Post, act: Act, day: date) -> None:
    try:
        after = moved(post, act, day)
    except NotAllowed:
        return
    made = decision(0, act, "robin", post_id=post.id)
    if act is Act.WITHDRAW:
        stores.holders.withdraw(after)
    elif act is Act.HIDE:
        stores.sweep.hide(after, replace(made, moderator=BY_READERS), 99)
    elif act in (Act.APPEAL, Act.REFUSE):
        stores.holders.move(after)
    else:
        decide(stores.desk, post, act, decision=made, undo=make_undo(post))


@pytest.mark.parametrize("seed", range(10))
def test_the_chain_holds_after_any_history(stores: Stores, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(60):
        some_step(stores, chance, days(step // 10))
    rows = entries(tmp_path)
    assert len(rows) > 10
    assert list(broken(rows)) == []
    at = chance.randrange(len(rows) - 1)
    assert list(broken([*rows[:at], *rows[at + 1 :]]))


def test_decisions_made_at_once_in_several_processes_are_one_chain(
    stores: Stores, tmp_path: Path
) -> None:
    posts = [keep(stores.visitors, make_post(number)) for number in range(40)]
    views = [stores, *(stores.again() for _ in range(3))]

    def decline(worker: int) -> int:
        own = posts[worker::8]
        for post in own:
            decide(views[worker % 4].desk, post, Act.DECLINE, undo=make_undo(post))
        return len(own)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(decline, range(8))) == 40
    rows = entries(tmp_path)
    assert {row.about for row in rows} == {post.id for post in posts}
    assert [row.number for row in rows] == list(range(1, 41))
    assert list(broken(rows)) == []

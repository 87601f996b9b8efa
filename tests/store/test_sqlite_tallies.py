"""The first look and the first decision are counted once each, by the days they took."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from forum.post import Act, State, moved
from forum.rows import Verdict
from tests.builders import (
    NOON,
    days,
    decide,
    keep,
    make_claim,
    make_decision,
    make_id,
    make_post,
    make_text,
)
from tests.store.adapters import Stores, open_sqlite


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return open_sqlite(tmp_path)


def tallies(folder: Path) -> dict[tuple[str, str], int]:
    """Every count, by its day and its name."""
    with closing(sqlite3.connect(folder / "handrail.sqlite3")) as connection:
        rows = connection.execute("SELECT day, name, number FROM tallies").fetchall()
    return {(day, name): number for day, name, number in rows}


def look(stores: Stores, number: int, who: str = "robin", at: datetime = NOON) -> None:
    until = at + timedelta(minutes=30)
    stores.desk.claim(make_claim(number, moderator=who, until=until), at)


def test_the_first_claim_of_all_counts_and_no_later_one(stores: Stores, tmp_path: Path) -> None:
    keep(stores.visitors, make_post(1, day=days(-4), state_day=days(-4)))
    look(stores, 1)
    once = {("2026-11-23", "looked:4"): 1}
    assert tallies(tmp_path) == once
    look(stores, 1)  # renewed
    look(stores, 1, "sam")  # in vain
    stores.desk.release(make_id(1), "robin")
    look(stores, 1, "sam", NOON + timedelta(days=2))
    assert tallies(tmp_path) == once


def test_a_look_counts_on_its_day_for_each_post(stores: Stores, tmp_path: Path) -> None:
    for number in range(3):
        keep(stores.visitors, make_post(number, state_day=days(-1)))
        look(stores, number)
    keep(stores.visitors, make_post(7))
    look(stores, 7, at=NOON + timedelta(days=1))
    assert tallies(tmp_path) == {("2026-11-23", "looked:1"): 3, ("2026-11-24", "looked:1"): 1}


@pytest.mark.parametrize("state", sorted(set(State) - {State.RECEIVED}, key=str))
def test_only_what_nobody_has_read_is_looked_at_for_the_first_time(
    stores: Stores, tmp_path: Path, state: State
) -> None:
    keep(stores.visitors, make_post(1, state=state))
    look(stores, 1)
    assert tallies(tmp_path) == {}


def test_words_sent_anew_are_no_first_look_again(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post(1))
    look(stores, 1)
    returned = decide(stores.desk, post, Act.RETURN)
    stores.holders.rewrite(moved(returned, Act.REVISE, days(3)), make_text())
    look(stores, 1, "sam", NOON + timedelta(days=5))
    assert {name for _, name in tallies(tmp_path)} == {"looked:0", "decided:0"}


def test_a_clock_set_back_counts_no_days_below_none(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post(1, day=days(5), state_day=days(5)))
    look(stores, 1)
    decide(stores.desk, post, Act.DECLINE)
    assert set(tallies(tmp_path)) == {("2026-11-23", "looked:0"), ("2026-11-23", "decided:0")}


def test_the_first_decision_counts_whatever_it_was_and_later_ones_do_not(
    stores: Stores, tmp_path: Path
) -> None:
    acts = (Act.APPROVE, Act.RETURN, Act.DECLINE, Act.ESCALATE, Act.ASK_SECOND)
    for number, act in enumerate(acts):
        decide(stores.desk, keep(stores.visitors, make_post(number, state_day=days(-2))), act)
    counted = {("2026-11-23", "decided:2"): len(acts)}
    assert tallies(tmp_path) == counted
    second = stores.desk.post(make_id(4))
    assert second is not None
    decide(stores.desk, second, Act.DECLINE)
    assert tallies(tmp_path) == counted


def test_verdicts_are_counted_by_rule_and_month(stores: Stores, tmp_path: Path) -> None:
    verdicts = (("PII-7", Verdict.REPLACE), ("PII-7", Verdict.REPLACE), ("SUB-1", Verdict.KEEP),
                ("SUB-1", Verdict.FALSE_ALARM))  # fmt: skip
    for number, day in ((1, days(0)), (2, days(6)), (3, days(9))):
        post = keep(stores.visitors, make_post(number, state=State.SECOND))
        made = make_decision(number, day=day, act=Act.DECLINE)
        decide(stores.desk, post, Act.DECLINE, decision=made, verdicts=verdicts)
    assert tallies(tmp_path) == {
        ("2026-11-01", "replace:PII-7"): 4, ("2026-11-01", "keep:SUB-1"): 2,
        ("2026-11-01", "false-alarm:SUB-1"): 2, ("2026-12-01", "replace:PII-7"): 2,
        ("2026-12-01", "keep:SUB-1"): 1, ("2026-12-01", "false-alarm:SUB-1"): 1,
    }  # fmt: skip


def test_a_decision_that_is_not_stored_counts_nothing(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post(1))
    with pytest.raises(Exception, match=post.id):
        decide(stores.desk, replace(post, version=7), Act.DECLINE, verdicts=[("X", Verdict.KEEP)])
    assert tallies(tmp_path) == {}


def test_no_count_can_be_traced_to_a_post_or_a_person(stores: Stores, tmp_path: Path) -> None:
    post = keep(stores.visitors, make_post(1))
    look(stores, 1, "sam")
    decide(stores.desk, post, Act.APPROVE, verdicts=[("PII-7", Verdict.KEEP)])
    told = repr(tallies(tmp_path))
    assert not any(word in told for word in (post.id, "sam", "robin", post.pen_name))

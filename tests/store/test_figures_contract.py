"""What every adapter of the figures' port promises: right counts, and no look at who it was."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from forum.figures import Wait
from forum.post import Act, Post, State
from forum.route import Route
from forum.rows import Verdict
from forum.settings import ROOT
from forum.store.sqlite import Database
from forum.store.sqlite_figures import SqliteFigures
from forum.store.sqlite_record import SqliteRecord
from forum.store.sqlite_record import record as put
from tests.builders import (
    NOON,
    TODAY,
    days,
    decide,
    keep,
    make_claim,
    make_decided,
    make_decision,
    make_post,
    make_undo,
    make_undone,
)
from tests.store.adapters import Stores

LONG_AGO = days(-4_000)


def decide_on(stores: Stores, post: Post, act: Act, day: date = TODAY, who: str = "robin") -> Post:
    decision = make_decision(day=day, act=act, post_id=post.id, moderator=who)
    return decide(stores.desk, post, act, decision=decision)


# --- what waits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.RECEIVED, State.SECOND, State.APPEALED])
def test_a_post_waits_since_it_came_to_its_state(stores: Stores, state: State) -> None:
    keep(stores.visitors, make_post(1, state=state, day=days(-9), state_day=days(-2)))
    danger = make_post(2, state=state, state_day=days(-2), route=Route.HOLD2)
    keep(stores.visitors, danger)
    assert {since: n for since, n in stores.figures.waiting().items() if n} == {
        (days(-2), False): 1,
        (days(-2), True): 1,
    }


@pytest.mark.parametrize("state", [State.RETURNED, State.APPROVED, State.ESCALATED])
def test_what_waits_for_nobody_at_the_desk_is_not_counted(stores: Stores, state: State) -> None:
    keep(stores.visitors, make_post(state=state))
    assert sum(stores.figures.waiting().values()) == 0


def test_a_hidden_post_waits_since_it_was_hidden(stores: Stores) -> None:
    up = keep(stores.visitors, make_post(state=State.APPROVED, state_day=days(-200)))
    decide_on(stores, up, Act.HIDE, days(-1))
    assert stores.figures.waiting() == {(days(-1), False): 1}


# --- how long it takes ---------------------------------------------------------------------------


def test_the_first_look_and_the_first_decision_are_counted_by_their_days(stores: Stores) -> None:
    quick = keep(stores.visitors, make_post(1, state_day=days(-1)))
    slow = keep(stores.visitors, make_post(2, state_day=days(-6)))
    stores.desk.claim(make_claim(2), NOON)
    for post in (quick, slow):
        decide_on(stores, post, Act.APPROVE)
    figures = stores.figures
    assert figures.waits(Wait.LOOKED, TODAY, TODAY) == {6: 1}
    assert figures.waits(Wait.DECIDED, TODAY, TODAY) == {1: 1, 6: 1}
    assert stores.visitors.waits(Wait.DECIDED, TODAY, TODAY) == {1: 1, 6: 1}
    assert figures.waits(Wait.DECIDED, days(-9), days(-1)) == {}
    assert figures.waits(Wait.DECIDED, days(1), days(9)) == {}


# --- what came of it -----------------------------------------------------------------------------


def test_what_was_done_is_counted_by_day_and_act_whoever_did_it(stores: Stores) -> None:
    for number, who in enumerate(("robin", "kim", "lee")):
        decide_on(stores, keep(stores.visitors, make_post(number)), Act.APPROVE, who=who)
    decide_on(stores, keep(stores.visitors, make_post(9)), Act.DECLINE, days(-1))
    stores.desk.set_closed(True, TODAY, "robin")
    assert stores.figures.done(LONG_AGO, TODAY) == {
        (TODAY, Act.APPROVE): 3,
        (days(-1), Act.DECLINE): 1,
    }
    assert stores.figures.done(TODAY, TODAY) == {(TODAY, Act.APPROVE): 3}


def test_what_was_undone_does_not_count_and_neither_does_the_undoing(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    stores.desk.decide(make_decided(post, Act.APPROVE, undo=make_undo(post)))
    undo = stores.desk.undo(post.id)
    assert undo is not None
    back = make_undone(undo)
    stores.desk.decide(back)
    assert stores.figures.done(LONG_AGO, TODAY) == {}
    decide_on(stores, back.post, Act.RETURN)
    assert stores.figures.done(LONG_AGO, TODAY) == {(TODAY, Act.RETURN): 1}


def test_what_was_undone_after_midnight_does_not_count_in_the_day_before(tmp_path: Path) -> None:
    figures, record = over(tmp_path)
    record(TODAY, Act.APPROVE)
    record(days(1), Act.UNDO)
    assert figures.done(TODAY, TODAY) == {}
    assert figures.done(days(1), days(1)) == {}


def over(folder: Path) -> tuple[SqliteFigures, Callable[..., None]]:
    """The figures over a store into which decisions on one post are recorded at will."""
    database = Database(folder / "handrail.sqlite3")

    def record(day: date, act: Act, who: str = "robin") -> None:
        with database.write() as connection:
            put(connection, make_decision(day=day, act=act, moderator=who))

    return SqliteFigures(database), record


def test_the_record_began_on_the_day_of_its_first_row(tmp_path: Path) -> None:
    figures, record = over(tmp_path)
    assert figures.began() is None
    record(days(-40), Act.APPROVE)
    record(TODAY, Act.APPROVE)
    assert figures.began() == days(-40)


def test_a_days_link_is_that_of_the_last_row_up_to_it(tmp_path: Path) -> None:
    figures, record = over(tmp_path)
    for day in (days(-40), days(-40), TODAY):
        record(day, Act.APPROVE)
    links = [e.link for e in SqliteRecord(Database(tmp_path / "handrail.sqlite3")).entries()]
    assert figures.link(days(-41)) == ""
    assert figures.link(days(-40)) == figures.link(days(-1)) == links[1]
    assert figures.link(TODAY) == figures.link(days(900)) == links[2]


def test_verdicts_are_counted_since_a_month(stores: Stores) -> None:
    post = keep(stores.visitors, make_post())
    verdicts = (("PII-1", Verdict.KEEP), ("PII-1", Verdict.KEEP), ("SUI-1", Verdict.FALSE_ALARM))
    decide(stores.desk, post, Act.APPROVE, verdicts=verdicts)
    month = TODAY.replace(day=1)
    assert stores.figures.verdicts(month) == {
        ("PII-1", Verdict.KEEP): 2,
        ("SUI-1", Verdict.FALSE_ALARM): 1,
    }
    assert stores.figures.verdicts(month + timedelta(days=31)) == {}


# --- and nobody in it ----------------------------------------------------------------------------

PEOPLE = {"who", "moderator", "first_reader", "editor", "editors", "name", "invited_by"}
"""Columns that say who it was; the tallies' `name` says what was counted."""


def test_no_figure_reads_who_it_was(tmp_path: Path) -> None:
    figures, record = over(tmp_path)
    record(TODAY, Act.APPROVE)
    record(TODAY, Act.UNDO)
    read: set[tuple[str, str]] = set()

    def note(action: int, table: str | None, column: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ:
            read.add((str(table), str(column)))
        return sqlite3.SQLITE_OK

    with figures._database.read() as connection:
        connection.set_authorizer(note)
    figures.waiting()
    for what in Wait:
        figures.waits(what, LONG_AGO, TODAY)
    figures.done(LONG_AGO, TODAY)
    figures.verdicts(LONG_AGO)
    figures.began()
    figures.link(TODAY)
    assert {table for table, _ in read} == {"posts", "record", "tallies"}
    assert {column for table, column in read if table != "tallies"} & PEOPLE == set()


def statements() -> dict[str, str]:
    """Every piece of SQL of the house that groups, by where it stands."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "forum" / "store").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr | ast.Constant):
                text = ast.unparse(node)
                if re.search(r"\bGROUP BY\b|\bOVER \(", text):
                    found[f"{path.name}:{node.lineno}"] = text
    return found


def test_no_query_of_the_store_groups_by_who() -> None:
    grouping = statements()
    assert any(name.startswith("sqlite_figures") for name in grouping)
    by = {
        where: re.findall(r"\w+", " ".join(re.findall(r"(?:GROUP BY|OVER \()([^)\"']*)", text)))
        for where, text in grouping.items()
    }
    people = PEOPLE - {"name"}
    assert {where: words for where, words in by.items() if people & set(words)} == {}


def test_the_days_are_days_and_no_finer_time(stores: Stores) -> None:
    decide_on(stores, keep(stores.visitors, make_post()), Act.APPROVE)
    (entry,) = stores.record.entries()
    assert not isinstance(entry.day, datetime)

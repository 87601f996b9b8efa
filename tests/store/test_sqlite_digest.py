"""Counting on SQLite: off indexes however much waits, and no further than anybody needs."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from forum.digest import COUNTED
from forum.post import Post, State
from forum.route import Route
from forum.store.rows import POST_COLUMNS, POST_MARKS, post_values
from forum.store.sqlite import Database
from forum.store.sqlite_digest import SqliteDigest
from tests.builders import TODAY, make_post

OFF_AN_INDEX = re.compile(
    r"SEARCH .* USING .*(INDEX|PRIMARY KEY)|CO-ROUTINE|.*SCALAR SUBQUERY|SCAN \(subquery|USE TEMP"
)
KEPT_FEW = re.compile(r"SCAN standing$|SCAN reports USING (COVERING )?INDEX reports_open$")
"""Tables with a row for each kind and state, and what is open of the reports."""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "handrail.sqlite3")


def put(database: Database, *posts: Post) -> None:
    with database.write() as connection:
        connection.executemany(
            f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})", map(post_values, posts)
        )


def plans(connection: sqlite3.Connection, statements: list[str]) -> list[str]:
    asked = (connection.execute(f"EXPLAIN QUERY PLAN {one}") for one in statements)
    return [row["detail"] for rows in asked for row in rows]


def test_every_count_is_a_search_in_an_index_or_a_look_at_few_rows(database: Database) -> None:
    put(database, make_post(1, route=Route.HOLD2))
    ran: list[str] = []
    with database.read() as connection:
        connection.set_trace_callback(ran.append)
        SqliteDigest(database).waiting(TODAY)
        SqliteDigest(database).oldest_unread()
        connection.set_trace_callback(None)
        found = plans(connection, ran)
    assert [p for p in found if not (OFF_AN_INDEX.match(p) or KEPT_FEW.match(p))] == []
    assert any("posts_by_risk" in plan for plan in found)
    assert any("reports_open" in plan for plan in found)


def test_a_count_off_no_index_would_be_seen(database: Database) -> None:
    with database.read() as connection:
        (plan,) = plans(connection, ["SELECT COUNT(*) FROM posts WHERE version = 7"])
    assert not OFF_AN_INDEX.match(plan)
    assert not KEPT_FEW.match(plan)


def test_urgent_posts_are_counted_only_so_far_in_each_state(database: Database) -> None:
    put(database, *(make_post(number, route=Route.HOLD2) for number in range(COUNTED + 3)))
    put(database, make_post(-1, route=Route.HOLD2, state=State.SECOND))
    found = SqliteDigest(database).waiting(TODAY)
    assert found.urgent == COUNTED + 1
    assert (found.came, found.posts) == (COUNTED + 4, COUNTED + 4)


def test_so_are_posts_with_open_reports(database: Database) -> None:
    posts = [make_post(number, state=State.APPROVED) for number in range(COUNTED + 3)]
    put(database, *posts)
    with database.write() as connection:
        connection.executemany(
            "INSERT INTO reports (id, post_id, reason, words, day, state) "
            "VALUES (?, ?, 'other', '', '2026-11-23', 'open')",
            [(f"{n}-{post.id}", post.id) for post in posts for n in range(2)],
        )
    assert SqliteDigest(database).waiting(TODAY).reported == COUNTED

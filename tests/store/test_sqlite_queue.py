"""The queue on SQLite: however many posts wait, a page is read off an index and costs the same."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from forum.post import WAITING, Kind, State
from forum.route import Route
from forum.rows import Asked, Place
from forum.store.rows import POST_COLUMNS, POST_MARKS, post_values
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from tests.builders import (
    NOON,
    days,
    keep,
    make_claim,
    make_fields,
    make_id,
    make_post,
    make_report,
    tell,
)
from tests.store.adapters import Stores, open_sqlite, over

ASKS = {
    "all": Asked(),
    "one state": Asked((State.RECEIVED,)),
    "kind": Asked(kind=Kind.STORY),
    "route": Asked(route=Route.NOTE),
    "topic": Asked(topic="alcohol"),
    "rule": Asked(rule="PII-7"),
    "language": Asked(language="en"),
    "kind and route": Asked(kind=Kind.STORY, route=Route.NOTE),
    "topic and language": Asked(topic="alcohol", language="en"),
    "all at once": Asked(WAITING, Kind.STORY, Route.NOTE, "alcohol", "PII-7", "en"),
}
ASKED = pytest.mark.parametrize("asked", ASKS.values(), ids=ASKS)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "handrail.sqlite3")


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return over(database, lambda: open_sqlite(tmp_path))


def fill(database: Database, number: int, route: Route | None = None) -> None:
    """So many posts wait, in one transaction: their texts would only take time."""
    chance = random.Random(number)
    posts = [
        make_post(
            n,
            kind=Kind.STORY if chance.random() < 0.9 else Kind.REPLY,
            route=route or chance.choice(list(Route)),
            day=days(-chance.randrange(30)),
            marks=("PII-7",),
            language="en",
        )
        for n in range(number)
    ]
    with database.write() as connection:
        connection.executemany(
            f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})", map(post_values, posts)
        )


# --- no scan ----------------------------------------------------------------------------------


@contextmanager
def overheard(database: Database) -> Iterator[list[str]]:
    """Every statement that this thread has run in the block, with its values."""
    statements: list[str] = []
    with database.read() as connection:
        connection.set_trace_callback(statements.append)
        yield statements
        connection.set_trace_callback(None)


def plans(database: Database, statements: list[str]) -> list[str]:
    with database.read() as connection:
        return [
            row["detail"]
            for statement in statements
            if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]


def assert_no_scan(database: Database, statements: list[str]) -> None:
    """No table of posts is read from end to end, and no range is sorted to find a page of it.

    The cards of one page are put in order once they are found; so are the reported posts.
    """
    assert plans(database, statements)
    for statement in statements:
        found = plans(database, [statement])
        scanned = {detail.split()[1] for detail in found if detail.startswith("SCAN")}
        assert not scanned & {"posts", "facets", "l", "o", "texts", "claims", "record"}, statement
        small = " id IN (" in statement or "FROM reports" in statement
        assert small or not any("TEMP B-TREE" in detail for detail in found), statement


@ASKED
@pytest.mark.parametrize("analysed", [False, True])
def test_a_page_is_read_off_an_index(
    stores: Stores, database: Database, asked: Asked, analysed: bool
) -> None:
    fill(database, 300)
    if analysed:
        with database.write() as connection:
            connection.execute("ANALYZE")
    after = Place(Route.NOTE, days(-9), make_id(5))
    with overheard(database) as statements:
        stores.desk.cards(asked, None, 20, NOON)
        stores.desk.cards(asked, after, 20, NOON)
    assert_no_scan(database, statements)


def test_counts_claims_and_reports_scan_no_posts(stores: Stores, database: Database) -> None:
    fill(database, 300)
    tell(stores.reports, make_report(1))
    with overheard(database) as statements:
        stores.desk.counts()
        stores.desk.claim(make_claim(), NOON)
        stores.desk.holder(make_id(), NOON)
        stores.desk.reported(20, NOON)
        stores.desk.reports(make_id())
        stores.desk.decisions(make_id())
        stores.desk.undos("flood")
        stores.visitors.unread_reaches(50)
        stores.visitors.oldest_unread()
    assert_no_scan(database, statements)


# --- no more work -----------------------------------------------------------------------------


def work(database: Database, doing: Callable[[], object]) -> int:
    """Steps of SQLite's machine that this takes, in tens."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with database.read() as connection:
        connection.set_progress_handler(count, 10)
        doing()
        connection.set_progress_handler(None, 0)
    return steps


@pytest.fixture(scope="module")
def crowds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Database]:
    """Few posts that wait, and many; all of one route."""
    made = []
    for number in (400, 6_000):
        folder = tmp_path_factory.mktemp(str(number))
        made.append(Database(folder / "handrail.sqlite3"))
        fill(made[-1], number, Route.NOTE)
    return made[0], made[1]


@pytest.mark.parametrize("deep", [False, True], ids=["first page", "a late page"])
@ASKED
def test_a_page_costs_the_same_however_many_wait(
    crowds: tuple[Database, Database], asked: Asked, deep: bool
) -> None:
    after = Place(Route.NOTE, days(-1), "") if deep else None

    def page_work(database: Database) -> int:
        desk = SqliteDesk(database)
        assert len(desk.cards(asked, after, 20, NOON)) >= 10
        return work(database, lambda: desk.cards(asked, after, 20, NOON))

    few, many = map(page_work, crowds)
    assert many < 1.5 * few + 100


# --- what the triggers keep -------------------------------------------------------------------


def recounted(database: Database) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Counts and facets as they must be, looked up post by post."""
    with database.read() as connection:
        rows = connection.execute("SELECT * FROM posts").fetchall()
    standing: dict[tuple[str, str], int] = {}
    facets: set[tuple[object, ...]] = set()
    for row in rows:
        at = (row["kind"], row["state"])
        standing[at] = standing.get(at, 0) + 1
        place = (row["state"], row["risk"], row["day"], row["id"])
        names = [f"kind:{row['kind']}", f"language:{row['language']}"]
        names += [f"topic:{topic}" for topic in json.loads(row["fields"])["topics"]]
        names += [f"rule:{rule}" for rule in json.loads(row["marks"])]
        facets |= {(name, *place) for name in names}
    return {(*at, number) for at, number in standing.items()}, facets


def kept(database: Database) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    with database.read() as connection:
        standing = connection.execute("SELECT * FROM standing WHERE number != 0").fetchall()
        facets = connection.execute("SELECT * FROM facets").fetchall()
    return set(map(tuple, standing)), set(map(tuple, facets))


CHANGES = (
    "UPDATE posts SET state = 'second' WHERE id = ?",
    "UPDATE posts SET state = 'approved', risk = 0 WHERE id = ?",
    "UPDATE posts SET risk = (risk + 1) % 4 WHERE id = ?",
    "UPDATE posts SET day = '2026-11-01', language = '' WHERE id = ?",
    "UPDATE posts SET language = 'de' WHERE id = ?",
    "UPDATE posts SET marks = '[]' WHERE id = ?",
    'UPDATE posts SET marks = \'["SUI-1", "SUI-1", "PII-1"]\' WHERE id = ?',
    "UPDATE posts SET version = version + 1 WHERE id = ?",
    "UPDATE posts SET state = 'withdrawn', marks = '[]', language = '' WHERE id = ?",
    "DELETE FROM posts WHERE id = ?",
)


@pytest.mark.parametrize("seed", range(8))
def test_counts_and_facets_are_what_a_recount_finds_after_any_change(
    database: Database, seed: int
) -> None:
    fill(database, 40)
    chance = random.Random(seed)
    for _ in range(120):
        with database.write() as connection:
            connection.execute(chance.choice(CHANGES), (make_id(chance.randrange(40)),))
    assert kept(database) == recounted(database)


def break_off(database: Database) -> None:
    """Change every post, and then break a rule of the table."""
    with database.write() as connection:
        connection.execute("UPDATE posts SET state = 'approved', marks = '[\"SUI-1\"]'")
        connection.execute("UPDATE posts SET version = NULL")


def test_a_change_that_is_rolled_back_is_counted_nowhere(database: Database) -> None:
    fill(database, 5)
    before = kept(database)
    with pytest.raises(sqlite3.IntegrityError):
        break_off(database)
    assert kept(database) == before


# --- rows that make no sense ------------------------------------------------------------------


NONSENSE = [
    "", "{", "null", "[1]", "7", '{"topics": 5}', '{"topics": [null]}', '{"topics": [[]]}',
    '["SUI-1", null]', '[["SUI-1"]]', '{"no-such-field": 1}', '{"topics": {"a": "b"}}',
]  # fmt: skip


@pytest.mark.parametrize("column", ["fields", "marks"])
@pytest.mark.parametrize("held", NONSENSE)
def test_a_row_that_makes_no_sense_keeps_no_other_from_the_queue(
    stores: Stores, database: Database, column: str, held: str
) -> None:
    bad, good = keep(stores.visitors, make_post(1)), keep(stores.visitors, make_post(2))
    with database.write() as connection:
        connection.execute(f"UPDATE posts SET {column} = ? WHERE id = ?", (held, bad.id))
    assert good in [card.post for card in stores.desk.cards(Asked(), None, 20, NOON)]
    assert stores.desk.counts() == {(Kind.STORY, State.RECEIVED): 2}
    assert good in [post for post, _ in stores.desk.unread()]
    tell(stores.reports, make_report(1, post_id=good.id))
    tell(stores.reports, make_report(2, post_id=bad.id))
    assert good in [card.post for card in stores.desk.reported(20, NOON)]
    with database.write() as connection:
        connection.execute("UPDATE posts SET state = 'declined' WHERE id = ?", (bad.id,))
    assert stores.retention.erase_posts(State.DECLINED, days(1)) == 1
    assert stores.desk.counts()[Kind.STORY, State.RECEIVED] == 1


def test_every_facet_of_a_post_is_a_slug_and_never_a_word_of_it(database: Database) -> None:
    """What can be asked for is in a table of its own: it must hold nothing that is erased."""
    post = make_post(fields=make_fields(about_me=("parent",), to="someone", arc="up"))
    with database.write() as connection:
        statement = f"INSERT INTO posts ({POST_COLUMNS}) VALUES ({POST_MARKS})"
        connection.execute(statement, post_values(post))
    assert {facet for facet, *_ in kept(database)[1]} == {
        "kind:story", "language:", "topic:alcohol",
    }  # fmt: skip
    assert set(asdict(Asked())) == {"states", "kind", "route", "topic", "rule", "language"}

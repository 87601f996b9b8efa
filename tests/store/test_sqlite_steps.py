"""A store made by an earlier version opens, keeps its rows and works: nothing is left behind."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forum.deciding import Seen
from forum.desk import Desk
from forum.person import Role
from forum.post import Act, State, moved
from forum.record import broken
from forum.route import Route
from forum.rows import Asked, Decision, Unavailable
from forum.store.sqlite import Database
from forum.store.sqlite_record import SqliteRecord
from forum.store.steps import SCHEMA, STEPS
from tests.builders import (
    NOON,
    TODAY,
    FakeClock,
    decide,
    keep,
    make_author,
    make_claim,
    make_edition_row,
    make_id,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_spent,
    make_text,
    make_undo,
    tell,
)
from tests.store.adapters import Stores, open_sqlite
from tests.store.dumps import dump
from tests.store.older_files import (
    ACTS,
    DECLINED,
    FIRST,
    GONE,
    HIDDEN,
    NAME,
    OLDER,
    POSTS,
    REPORT,
    SECOND,
    THIRD,
    UNREAD,
    UP,
    make_first,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=OLDER)
def version(request: pytest.FixtureRequest) -> str:
    """Which earlier version made the file."""
    return str(request.param)


@pytest.fixture
def stores(version: str, tmp_path: Path) -> Stores:
    """A store of an earlier version, opened today."""
    OLDER[version](tmp_path)
    return open_sqlite(tmp_path)


def shape(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of every table and index, in their order; and every trigger to the letter."""
    with closing(sqlite3.connect(folder / NAME)) as connection:
        found = connection.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE name != 'sqlite_sequence'"
        ).fetchall()
        return {
            name: [(sql,)]
            if kind == "trigger"
            else connection.execute(f"PRAGMA {kind}_xinfo({name})").fetchall()
            for kind, name, sql in found
        }


def steps_behind(folder: Path) -> int:
    with closing(sqlite3.connect(folder / NAME)) as connection:
        (steps,) = connection.execute("PRAGMA user_version").fetchone()
    return int(steps)


# --- its rows ---------------------------------------------------------------------------------


def test_every_row_of_an_earlier_store_is_there_as_it_was(version: str, tmp_path: Path) -> None:
    OLDER[version](tmp_path)
    before = dump(tmp_path)
    Database(tmp_path / NAME).close()
    after = dump(tmp_path)
    apart = {"undos", "decisions", "sqlite_sequence"}
    for name in before.keys() - apart:
        width = len(before[name][0]) if before[name] else 0
        assert sorted((row[:width] for row in after[name]), key=repr) == before[name], name
    assert after["undos"] == [], "what could be taken back for a minute cannot be any more"
    assert "decisions" not in after
    assert "decisions_before" not in after


def test_the_ports_find_all_that_an_earlier_store_held(stores: Stores, version: str) -> None:
    for post in POSTS:
        reread = version != "first" and post is HIDDEN
        assert stores.desk.post(post.id) == replace(post, reread=reread)
        assert stores.desk.text(post.id) == (None if post is GONE else make_text())
        assert stores.desk.offer(post.id) is None
        assert stores.desk.original(post.id) is None
    assert list(stores.desk.reports(UP.id)) == ([] if version == "first" else [REPORT])
    assert stores.holders.message(DECLINED.id) == make_message()
    assert stores.visitors.author(make_author().lookup) == make_author()
    assert stores.visitors.spent(make_spent().nonce) == make_spent()
    assert stores.desk.holder(make_id(3), NOON) == make_claim(3)
    assert dict(stores.press.up()) == {UP.id: make_edition_row(1)}
    assert dict(stores.press.next_slots()) == {"stories": 7}
    assert stores.visitors.closed()


def test_earlier_decisions_are_rows_of_the_record_without_a_link(
    stores: Stores, tmp_path: Path
) -> None:
    rows = list(SqliteRecord(Database(tmp_path / NAME)).entries())
    kept = [(act.value, make_id(n)) for act, n in ACTS if act is not Act.HIDE]
    assert [(row.what, row.about) for row in rows] == kept
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert {(row.who, row.day, row.seal, row.link, row.salt) for row in rows} == {
        ("robin", TODAY, "", "", None)
    }
    assert list(broken(rows)) == []
    hashes = {row.about: row.details.approved_hash for row in rows}
    assert hashes == {UP.id: "a" * 64, DECLINED.id: None, GONE.id: None, make_id(90): None}
    assert [d.act for d in stores.desk.decisions(UP.id)] == [Act.APPROVE]


def test_whoever_was_enrolled_can_do_what_they_could(stores: Stores) -> None:
    everything = {Role.MODERATOR, Role.SAFETY_LEAD, Role.COORDINATOR}
    people = stores.people.moderators()
    assert [person.name for person in people] == ["Robin", "Sam"]
    for person in people:
        assert set(person.roles) == everything
        (passkey,) = stores.people.passkeys(person.id)
        assert passkey.day == TODAY
    assert stores.desk.crew() == 2


@pytest.mark.parametrize("version", ["first", "second", "third"])
def test_what_the_press_owes_a_store_from_before_that_was_noted_is_noted(
    stores: Stores, version: str, tmp_path: Path
) -> None:
    """Its files too are of before: a first run looks at everything. What it leaves to wait, or was
    left by the run before it, the next ones find."""
    assert stores.press.unpressed() == [UP.id], "its row has another hash than was approved"
    (tmp_path / "more").mkdir()
    OLDER[version](tmp_path / "more")
    with closing(sqlite3.connect(tmp_path / "more" / NAME, isolation_level=None)) as connection:
        connection.execute("UPDATE editions SET hash = ?", (UP.approved_hash,))
        connection.execute("UPDATE posts SET state = 'approved' WHERE id = ?", (UNREAD.id,))
        row = (make_id(80), "f" * 64, "2026-11", "{}")
        connection.execute("INSERT INTO editions VALUES (?, ?, ?, ?)", row)
    more = open_sqlite(tmp_path / "more").press
    assert more.unpressed() == sorted((UNREAD.id, make_id(80)))


def test_an_earlier_store_has_the_shape_of_a_fresh_one(version: str, tmp_path: Path) -> None:
    for name, made in {"older": OLDER[version], "fresh": lambda _: None}.items():
        (tmp_path / name).mkdir()
        made(tmp_path / name)
        Database(tmp_path / name / NAME).close()
    assert shape(tmp_path / "older") == shape(tmp_path / "fresh")


# --- it works ---------------------------------------------------------------------------------


def test_the_queue_of_an_earlier_store_is_in_order_and_can_be_asked(stores: Stores) -> None:
    later = keep(stores.visitors, make_post(7))
    grave = keep(stores.visitors, make_post(8, route=Route.HOLD2, marks=("SUI-1",)))
    found = [card.post.id for card in stores.desk.cards(Asked(), None, 20, NOON)]
    assert found == [grave.id, UNREAD.id, *sorted((HIDDEN.id, later.id))]
    assert sum(stores.desk.counts().values()) == len(POSTS) + 2
    everywhere = tuple(State)
    for asked, posts in {
        Asked(everywhere, rule="SUI-1"): {UP.id, grave.id},
        Asked(everywhere, rule="SUB-1"): {UNREAD.id},
        Asked(everywhere, topic="alcohol", route=Route.HOLD): {UNREAD.id},
    }.items():
        assert {card.post.id for card in stores.desk.cards(asked, None, 20, NOON)} == posts


def test_all_that_is_new_works_in_an_earlier_store(stores: Stores, version: str) -> None:
    for number in range(2, 5):
        tell(stores.reports, make_report(number, post_id=UP.id))
    (found,) = stores.sweep.reported(3)
    assert found == UP
    hidden = moved(UP, Act.HIDE, TODAY)
    decision = Decision(TODAY, "readers", Act.HIDE, UP.id, UP.approved_hash)
    stores.sweep.hide(hidden, decision, 2)
    assert stores.press.rung() == 1
    kept = decide(stores.desk, hidden, Act.KEEP, undo=make_undo(hidden))
    assert stores.desk.post(UP.id) == kept
    assert kept.reread
    offered = decide(stores.desk, UNREAD, Act.OFFER, offer=make_offer(UNREAD))
    stores.holders.rewrite(moved(offered, Act.ACCEPT, TODAY), make_text(title="Agreed"))
    assert stores.holders.text(UNREAD.id) == make_text(title="Agreed")
    assert stores.visitors.oldest_unread() is None


def test_what_an_earlier_version_decided_can_be_appealed_and_decided_anew(
    stores: Stores, tmp_path: Path
) -> None:
    appealed = moved(DECLINED, Act.APPEAL, TODAY)
    stores.holders.move(appealed)
    desk = Desk(stores.again().desk, FakeClock())
    reading = desk.read(DECLINED.id)
    assert (reading.post, reading.decided_by) == (appealed, "robin")
    desk.decide(Act.APPROVE, Seen(appealed.id, appealed.version, reading.hash), "sam")
    assert desk.read(DECLINED.id).post.state is State.APPROVED
    rows = list(SqliteRecord(Database(tmp_path / NAME)).entries())
    assert [bool(row.link) for row in rows] == [False] * 4 + [True]
    assert list(broken(rows)) == []


def test_the_clocks_run_in_an_earlier_store(stores: Stores) -> None:
    assert stores.retention.erase_posts(State.DECLINED, TODAY + timedelta(days=1)) == 1
    assert stores.retention.erase_typed(TODAY + timedelta(days=1)) == 2
    assert stores.retention.erase_reports(TODAY + timedelta(days=1)) == 0
    assert sum(stores.desk.counts().values()) == len(POSTS) - 1


# --- the steps --------------------------------------------------------------------------------


def test_a_file_is_brought_up_once_and_opening_it_again_changes_nothing(
    version: str, tmp_path: Path
) -> None:
    OLDER[version](tmp_path)
    assert steps_behind(tmp_path) == list(OLDER).index(version)
    Database(tmp_path / NAME).close()
    assert steps_behind(tmp_path) == len(STEPS)
    whole, made = dump(tmp_path), shape(tmp_path)
    for _ in range(3):
        Database(tmp_path / NAME).close()
        assert (dump(tmp_path), shape(tmp_path)) == (whole, made)
        assert steps_behind(tmp_path) == len(STEPS)


def test_a_fresh_file_has_every_step_behind_it(tmp_path: Path) -> None:
    Database(tmp_path / NAME).close()
    assert steps_behind(tmp_path) == len(STEPS)
    post = keep(open_sqlite(tmp_path).visitors, make_post())
    assert open_sqlite(tmp_path).desk.post(post.id) == post


def test_a_file_with_the_last_step_behind_it_is_not_brought_there_again(tmp_path: Path) -> None:
    """An empty file of today's shape, as a fresh one is: the steps would fail on it."""
    Database(tmp_path / NAME).close()
    with (
        closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection,
        pytest.raises(sqlite3.OperationalError, match="duplicate column"),
    ):
        connection.execute(STEPS[0].before[0])
    assert open_sqlite(tmp_path).desk.counts() == {}


def test_a_file_that_is_ahead_of_this_version_keeps_count_of_its_steps(tmp_path: Path) -> None:
    """Else the version that made it would take its own steps a second time, and fail."""
    make_first(tmp_path)
    Database(tmp_path / NAME).close()
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 2}")
    Database(tmp_path / NAME).close()
    assert steps_behind(tmp_path) == len(STEPS) + 2


@pytest.mark.parametrize("version", ["first", "second", "third"])
def test_steps_that_were_broken_off_leave_the_file_as_it_was(version: str, tmp_path: Path) -> None:
    """Something stands in the way of the last statements: nothing is half done. From the fourth
    on there is but one."""
    in_the_way = "unpressed" if version == "third" else "facets_by_post"
    OLDER[version](tmp_path)
    before, behind = dump(tmp_path), steps_behind(tmp_path)
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute(f"CREATE TABLE {in_the_way} (one, another)")
    with pytest.raises(Unavailable):
        Database(tmp_path / NAME)
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute(f"DROP TABLE {in_the_way}")
    assert dump(tmp_path) == before
    assert steps_behind(tmp_path) == behind
    assert open_sqlite(tmp_path).desk.post(UP.id) == UP


NONSENSE = ["{", "[1]", "null", '{"topics": 5}', '{"topics": [null]}', '{"topics": [["a"], {}]}']


@pytest.mark.parametrize("column", ["fields", "marks"])
@pytest.mark.parametrize("held", [*NONSENSE, "[null]", '["SUI-1", null, 3]'])
def test_a_row_that_makes_no_sense_keeps_no_file_from_being_brought_up(
    version: str, tmp_path: Path, column: str, held: str
) -> None:
    OLDER[version](tmp_path)
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute(f"UPDATE posts SET {column} = ? WHERE id = ?", (held, HIDDEN.id))
    stores = open_sqlite(tmp_path)
    assert stores.desk.post(UP.id) == UP
    asked = Asked((State.APPROVED,), topic="alcohol")
    assert [card.post for card in stores.desk.cards(asked, None, 20, NOON)] == [UP]
    assert sum(stores.desk.counts().values()) == len(POSTS)


OPEN = "import sys; from pathlib import Path; from forum.store.sqlite import Database; "
OPEN += "sys.stdin.readline(); Database(Path(sys.argv[1])).close()"


def test_processes_that_open_an_earlier_store_at_once_all_find_it_whole(tmp_path: Path) -> None:
    make_first(tmp_path)
    command = [sys.executable, "-c", OPEN, str(tmp_path / NAME)]
    started = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) for _ in range(4)]
    for process in started:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.close()
    assert [process.wait() for process in started] == [0] * 4
    assert steps_behind(tmp_path) == len(STEPS)
    stores = open_sqlite(tmp_path)
    assert [stores.desk.post(post.id) for post in POSTS] == list(POSTS)


def test_the_earlier_schemas_are_not_todays() -> None:
    schemas = [path.read_text("utf-8") for path in (FIRST, SECOND, THIRD, SCHEMA)]
    for new, number in {"reread": 3, "facets": 2, "unpressed": 1}.items():
        assert sum(new in schema for schema in schemas) == number, new

"""A store made by an earlier version opens, keeps its rows and works: nothing is left behind.

`schema_first.sql` is the schema as it was before the first step, to the letter.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from forum.post import Act, Post, State, moved
from forum.rows import Decision, Unavailable, Undo
from forum.store.sqlite import SCHEMA, STEPS, Database
from tests.builders import (
    NOON,
    TODAY,
    decide,
    keep,
    make_author,
    make_claim,
    make_decision,
    make_edition_row,
    make_id,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_spent,
    make_text,
    make_undo,
    make_undone,
    tell,
)
from tests.store.adapters import Stores, open_sqlite
from tests.store.dumps import dump

FIRST = Path(__file__).with_name("schema_first.sql")
NAME = "handrail.sqlite3"
ROOT = Path(__file__).parents[2]

UP = make_post(1, state=State.APPROVED, version=4, approved_hash="a" * 64, marks=("SUI-1",))
HIDDEN = make_post(2, state=State.HIDDEN, version=5, approved_hash="b" * 64)
UNREAD = make_post(3)
DECLINED = make_post(4, state=State.DECLINED, version=2)
POSTS = (UP, HIDDEN, UNREAD, DECLINED)
UNDO = make_undo(make_post(4), message=make_message(words="Could you say a little more?"))


def add(connection: sqlite3.Connection, table: str, **values: object) -> None:
    marks = ", ".join("?" * len(values))
    names = ", ".join(values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


def add_post(connection: sqlite3.Connection, post: Post) -> None:
    """A post with its text, as the first version stored them."""
    days = {"day": post.day.isoformat(), "state_day": post.state_day.isoformat()}
    add(
        connection, "posts", id=post.id, kind=post.kind.value, state=post.state.value,
        version=post.version, **days, pen_name=post.pen_name, marks=json.dumps(post.marks),
        fields=json.dumps(asdict(post.fields)), approved_hash=post.approved_hash,
    )  # fmt: skip
    text = make_text()
    words = {"title": text.title, "html": text.html, "typed": text.typed}
    add(connection, "texts", post_id=post.id, **words, removed="[]", highlights="[]")


def add_undo(connection: sqlite3.Connection, undo: Undo) -> None:
    before, message = undo.before, undo.message or make_message()
    add(
        connection, "undos", post_id=before.id, state=before.state.value,
        state_day=before.state_day.isoformat(), approved_hash=before.approved_hash,
        version=undo.version, moderator=undo.moderator, until=undo.until.timestamp(),
        message_day=message.day.isoformat(), message_words=message.words,
    )  # fmt: skip


def fill(connection: sqlite3.Connection) -> None:
    """Something in every table that a forum had by then."""
    for post in POSTS:
        add_post(connection, post)
    add_undo(connection, UNDO)
    day, message, author, spent = TODAY.isoformat(), make_message(), make_author(), make_spent()
    add(connection, "messages", post_id=DECLINED.id, day=day, words=message.words)
    add(connection, "authors", lookup=author.lookup, sealed=author.sealed)
    add(connection, "spent", nonce=spent.nonce, body=spent.body, post_id=spent.post_id, day=day)
    claim = make_claim(3)
    until = claim.until.timestamp()
    add(connection, "claims", post_id=claim.post_id, moderator=claim.moderator, until=until)
    for act, number in ((Act.APPROVE, 1), (Act.HIDE, 2), (Act.DECLINE, 4)):
        made = {"day": day, "moderator": "robin", "act": act.value}
        add(connection, "decisions", **made, post_id=make_id(number), approved_hash=None)
    row = make_edition_row(1)
    slots = json.dumps(dict(row.slots))
    add(connection, "editions", post_id=row.post_id, hash=row.hash, month=row.month, slots=slots)
    add(connection, "next_slots", list="stories", next=7)
    add(connection, "counters", name="closed", value=1)
    add(connection, "runs", only=1, rung=3, state="done", went_up=2, came_down=1, words="")
    add(connection, "moderators", id="m" * 16, name="Robin", folded="robin", day=day)


def make_first(folder: Path) -> None:
    """A file as the first version left it, closed and whole."""
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(FIRST.read_text("utf-8"))
        fill(connection)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    """A store of the first version, opened today."""
    make_first(tmp_path)
    return open_sqlite(tmp_path)


def shape(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of every table and index, in their order."""
    with closing(sqlite3.connect(folder / NAME)) as connection:
        found = connection.execute("SELECT type, name FROM sqlite_schema").fetchall()
        return {
            name: connection.execute(f"PRAGMA {kind}_xinfo({name})").fetchall()
            for kind, name in found
        }


def steps_behind(folder: Path) -> int:
    with closing(sqlite3.connect(folder / NAME)) as connection:
        (steps,) = connection.execute("PRAGMA user_version").fetchone()
    return int(steps)


# --- its rows ---------------------------------------------------------------------------------


def test_every_row_of_an_earlier_store_is_there_as_it_was(tmp_path: Path) -> None:
    make_first(tmp_path)
    before = dump(tmp_path)
    Database(tmp_path / NAME).close()
    after = dump(tmp_path)
    assert before.keys() < after.keys()
    added = {"posts": (0, 0), "undos": (0, "")}
    for name, rows in before.items():
        assert after[name] == [(*row, *added.get(name, ())) for row in rows], name
    assert all(after[name] == [] for name in after.keys() - before.keys())


def test_the_ports_find_all_that_an_earlier_store_held(stores: Stores) -> None:
    for post in POSTS:
        assert stores.desk.post(post.id) == post
        assert stores.desk.text(post.id) == make_text()
        assert stores.desk.offer(post.id) is None
        assert list(stores.desk.reports(post.id)) == []
    assert stores.desk.undo(DECLINED.id) == UNDO
    assert stores.holders.message(DECLINED.id) == make_message()
    assert stores.visitors.author(make_author().lookup) == make_author()
    assert stores.visitors.spent(make_spent().nonce) == make_spent()
    assert stores.desk.holder(make_id(3), NOON) == make_claim(3)
    assert list(stores.desk.decisions(UP.id)) == [make_decision(1, act=Act.APPROVE)]
    assert dict(stores.press.up()) == {UP.id: make_edition_row(1)}
    assert dict(stores.press.next_slots()) == {"stories": 7}
    assert stores.visitors.closed()
    assert [moderator.name for moderator in stores.people.moderators()] == ["Robin"]


def test_an_earlier_store_has_the_shape_of_a_fresh_one(tmp_path: Path) -> None:
    for name, made in {"first": make_first, "fresh": lambda _: None}.items():
        (tmp_path / name).mkdir()
        made(tmp_path / name)
        Database(tmp_path / name / NAME).close()
    assert shape(tmp_path / "first") == shape(tmp_path / "fresh")


# --- it works ---------------------------------------------------------------------------------


def test_all_that_is_new_works_in_an_earlier_store(stores: Stores) -> None:
    for number in range(3):
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


def test_a_decision_made_before_can_still_be_undone_and_appealed(stores: Stores) -> None:
    stores.desk.decide(make_undone(UNDO))
    assert stores.desk.post(DECLINED.id) == make_post(4, version=3)
    assert stores.holders.message(DECLINED.id) == UNDO.message
    declined = decide(stores.desk, make_post(4, version=3), Act.DECLINE)
    appealed = moved(declined, Act.APPEAL, TODAY)
    stores.holders.move(appealed)
    assert stores.again().desk.post(DECLINED.id) == appealed
    assert appealed.appealed


def test_the_clocks_run_in_an_earlier_store(stores: Stores) -> None:
    assert stores.retention.erase_posts(State.DECLINED, TODAY + timedelta(days=1)) == 1
    assert stores.retention.erase_typed(TODAY + timedelta(days=1)) == 2
    assert stores.retention.erase_reports(TODAY + timedelta(days=1)) == 0


# --- the steps --------------------------------------------------------------------------------


def test_a_file_is_brought_up_once_and_opening_it_again_changes_nothing(tmp_path: Path) -> None:
    make_first(tmp_path)
    assert steps_behind(tmp_path) == 0
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
        connection.execute(STEPS[0][0])
    assert open_sqlite(tmp_path).desk.counts() == {}


def test_a_file_that_is_ahead_of_this_version_keeps_count_of_its_steps(tmp_path: Path) -> None:
    """Else the version that made it would take its own steps a second time, and fail."""
    make_first(tmp_path)
    Database(tmp_path / NAME).close()
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 2}")
    Database(tmp_path / NAME).close()
    assert steps_behind(tmp_path) == len(STEPS) + 2


def test_steps_that_were_broken_off_leave_the_file_as_it_was(tmp_path: Path) -> None:
    """Another process holds the file while it should be brought up: nothing is half done."""
    make_first(tmp_path)
    before = dump(tmp_path)
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE undos_by_batch (in_the_way)")
    with pytest.raises(Unavailable):
        Database(tmp_path / NAME)
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as connection:
        connection.execute("DROP TABLE undos_by_batch")
    assert dump(tmp_path) == before
    assert steps_behind(tmp_path) == 0
    assert open_sqlite(tmp_path).desk.post(UP.id) == UP


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


def test_the_first_schema_is_not_todays() -> None:
    assert "reread" not in FIRST.read_text("utf-8")
    assert "reread" in SCHEMA.read_text("utf-8")

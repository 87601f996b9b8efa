"""Files as earlier versions left them, with something in every table that a forum had by then.

`schema_first.sql` is the schema as it was before the first step, `schema_second.sql` before the
second, and so on to `schema_fifth.sql`; all to the letter.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from forum.post import Act, Post, State
from forum.route import Route
from forum.rows import Undo
from forum.store.steps import STEPS
from tests.builders import (
    TODAY,
    make_author,
    make_claim,
    make_edition_row,
    make_id,
    make_message,
    make_post,
    make_report,
    make_spent,
    make_text,
    make_undo,
)

NAME = "handrail.sqlite3"
FIRST = Path(__file__).with_name("schema_first.sql")
SECOND = Path(__file__).with_name("schema_second.sql")
THIRD = Path(__file__).with_name("schema_third.sql")
FOURTH = Path(__file__).with_name("schema_fourth.sql")
FIFTH = Path(__file__).with_name("schema_fifth.sql")

UP = make_post(
    1, state=State.APPROVED, version=4, approved_hash="a" * 64, marks=("SUI-1",), route=Route.HOLD2
)
HIDDEN = make_post(2, state=State.HIDDEN, version=5, approved_hash="b" * 64)
UNREAD = make_post(3, marks=("PII-7", "SUB-1"), route=Route.HOLD)
DECLINED = make_post(4, state=State.DECLINED, version=2)
GONE = make_post(5, state=State.WITHDRAWN, version=3)
POSTS = (UP, HIDDEN, UNREAD, DECLINED, GONE)
"""The posts of every older file, as they are to be read today."""
REPORT = make_report(1, post_id=UP.id)
"""Kept in a file of the second schema; the first had no reports."""
ACTS = ((Act.APPROVE, 1), (Act.HIDE, 2), (Act.DECLINE, 4), (Act.APPROVE, 5), (Act.RETURN, 90))
"""Decisions, and the posts that they are about; the last of them is long erased."""


def add(connection: sqlite3.Connection, table: str, **values: object) -> None:
    """Put one row into a table."""
    marks = ", ".join("?" * len(values))
    names = ", ".join(values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


def _add_post(connection: sqlite3.Connection, post: Post) -> None:
    days = {"day": post.day.isoformat(), "state_day": post.state_day.isoformat()}
    fields = {name: held for name, held in asdict(post.fields).items() if name != "help"}
    add(
        connection, "posts", id=post.id, kind=post.kind.value, state=post.state.value,
        version=post.version, **days, pen_name=post.pen_name, marks=json.dumps(post.marks),
        fields=json.dumps(fields), approved_hash=post.approved_hash,
    )  # fmt: skip
    if post.state is not State.WITHDRAWN:
        text = make_text()
        words = {"title": text.title, "html": text.html, "typed": text.typed}
        add(connection, "texts", post_id=post.id, **words, removed="[]", highlights="[]")


def _add_undo(connection: sqlite3.Connection, undo: Undo) -> None:
    before, message = undo.before, undo.message or make_message()
    add(
        connection, "undos", post_id=before.id, state=before.state.value,
        state_day=before.state_day.isoformat(), approved_hash=before.approved_hash,
        version=undo.version, moderator=undo.moderator, until=undo.until.timestamp(),
        message_day=message.day.isoformat(), message_words=message.words,
    )  # fmt: skip


def _add_people(connection: sqlite3.Connection) -> None:
    for name in ("Robin", "Sam"):
        folded, day = name.lower(), TODAY.isoformat()
        add(connection, "moderators", id=folded * 3, name=name, folded=folded, day=day)
        key = {"moderator": folded * 3, "public_key": b"k" * 64, "sign_count": 3}
        add(connection, "passkeys", credential_id=folded.encode(), **key)
    add(connection, "invitations", digest=b"d" * 32, first=0, until=1.0)


def fill(connection: sqlite3.Connection) -> None:
    """Something in every table that every version has had."""
    for post in POSTS:
        _add_post(connection, post)
    _add_undo(connection, make_undo(make_post(4), message=make_message(words="Say a little more?")))
    _add_people(connection)
    day, message, author, spent = TODAY.isoformat(), make_message(), make_author(), make_spent()
    add(connection, "messages", post_id=DECLINED.id, day=day, words=message.words)
    add(connection, "authors", lookup=author.lookup, sealed=author.sealed)
    add(connection, "spent", nonce=spent.nonce, body=spent.body, post_id=spent.post_id, day=day)
    claim = make_claim(3)
    until = claim.until.timestamp()
    add(connection, "claims", post_id=claim.post_id, moderator=claim.moderator, until=until)
    for act, number in ACTS:
        made = {"day": day, "moderator": "robin", "act": act.value}
        hash = "a" * 64 if act is Act.APPROVE else None
        add(connection, "decisions", **made, post_id=make_id(number), approved_hash=hash)
    connection.execute("DELETE FROM decisions WHERE number = 2")
    row = make_edition_row(1)
    slots = json.dumps(dict(row.slots))
    add(connection, "editions", post_id=row.post_id, hash=row.hash, month=row.month, slots=slots)
    add(connection, "next_slots", list="stories", next=7)
    add(connection, "counters", name="closed", value=1)
    add(connection, "runs", only=1, rung=3, state="done", went_up=2, came_down=1, words="")


def _make(folder: Path, schema: Path, steps: int, more: str = "") -> None:
    """A file of this schema, closed and whole."""
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(schema.read_text("utf-8"))
        fill(connection)
        connection.executescript(more)
        connection.execute(f"PRAGMA user_version = {steps}")


def make_first(folder: Path) -> None:
    """A file as the first version left it."""
    _make(folder, FIRST, 0)


def make_second(folder: Path) -> None:
    """A file as the version before the record was chained left it."""
    report = (REPORT.id, REPORT.post_id, REPORT.reason.value, REPORT.words, REPORT.day.isoformat())
    values = ", ".join(f"'{value}'" for value in (*report, "open"))
    _make(
        folder,
        SECOND,
        1,
        "INSERT INTO reports (id, post_id, reason, words, day, state) "
        f"VALUES ({values}); UPDATE posts SET reread = 1 WHERE id = '{HIDDEN.id}'",
    )


def make_third(folder: Path) -> None:
    """A file as the version before posts were noted as unpressed left it."""
    make_second(folder)
    _bring_up(folder, 1, THIRD)


def make_fourth(folder: Path) -> None:
    """A file as the version before runs told what they mended left it."""
    make_third(folder)
    _bring_up(folder, 2, FOURTH)


def make_fifth(folder: Path) -> None:
    """A file as the version before new words of what is up were noted for the ledger left it."""
    make_fourth(folder)
    _bring_up(folder, 3, FIFTH)


def _bring_up(folder: Path, step: int, schema: Path) -> None:
    """Take this step, to what was then the schema."""
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        for statement in STEPS[step].before:
            connection.execute(statement)
        connection.executescript(schema.read_text("utf-8"))
        for statement in STEPS[step].after:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {step + 1}")


OLDER: dict[str, Callable[[Path], None]] = {
    "first": make_first,
    "second": make_second,
    "third": make_third,
    "fourth": make_fourth,
    "fifth": make_fifth,
}
"""How each older file is made, in an empty folder."""

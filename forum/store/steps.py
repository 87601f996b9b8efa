"""What brings an older SQLite file, step by step, to where `schema.sql` begins.

A step is never changed, only followed by another. SQLite's user_version counts the steps that a
file has behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema.sql")


@dataclass(frozen=True)
class Step:
    """Statements for an older file, before and after what is new in the schema is made."""

    before: tuple[str, ...]
    after: tuple[str, ...] = ()


def _columns(table: str, *columns: str) -> tuple[str, ...]:
    return tuple(f"ALTER TABLE {table} ADD COLUMN {column}" for column in columns)


_HELD_FOR_TWO = """UPDATE posts SET risk = 0 WHERE EXISTS (SELECT 1
    FROM json_each(iif(json_valid(marks), marks, '[]'))
    WHERE value IN ('SUI-1', 'SUI-2', 'SUI-6', 'SUB-4', 'HARM-1', 'MIN-1'))"""
_FACETS = """INSERT INTO facets SELECT facet, state, risk, day, id FROM (
    SELECT 'kind:' || kind AS facet, state, risk, day, id FROM posts
    UNION SELECT 'language:' || language, state, risk, day, id FROM posts
    UNION SELECT 'topic:' || value, state, risk, day, posts.id
        FROM posts, json_each(iif(json_valid(fields), fields, '{}'), '$.topics')
        WHERE value IS NOT NULL
    UNION SELECT 'rule:' || value, state, risk, day, posts.id
        FROM posts, json_each(iif(json_valid(marks), marks, '[]')) WHERE value IS NOT NULL)"""
_RECORD = """INSERT INTO record (number, day, who, what, about, approved_hash)
    SELECT row_number() OVER (ORDER BY number), day, moderator, act, post_id,
        (SELECT decisions_before.approved_hash FROM posts
            WHERE posts.id = post_id AND state != 'withdrawn')
    FROM decisions_before"""
# The run that comes after this step looks at everything, for content/posts is of an older form too.
# What it leaves to wait for a batch, the runs after it must find.
_UNPRESSED = """INSERT OR IGNORE INTO unpressed
    SELECT id FROM posts WHERE state = 'approved' AND NOT EXISTS
        (SELECT 1 FROM editions WHERE post_id = id AND hash = approved_hash)
    UNION SELECT post_id FROM editions WHERE NOT EXISTS
        (SELECT 1 FROM posts WHERE id = post_id AND state = 'approved' AND approved_hash = hash)"""
_MODERATOR = """roles TEXT NOT NULL DEFAULT '["moderator"]'"""

STEPS = (
    Step(
        (
            "ALTER TABLE posts ADD COLUMN reread INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE posts ADD COLUMN appealed INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE undos ADD COLUMN reread INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE undos ADD COLUMN batch TEXT NOT NULL DEFAULT ''",
        )
    ),
    Step(
        (
            *_columns(
                "posts",
                "risk INTEGER NOT NULL DEFAULT 3",
                "language TEXT NOT NULL DEFAULT ''",
                "first_reader TEXT NOT NULL DEFAULT ''",
                "editors TEXT NOT NULL DEFAULT '[]'",
                "looked INTEGER NOT NULL DEFAULT 0",
            ),
            # Every mark held a post for a closer look, and these for two readers.
            "UPDATE posts SET risk = 1 WHERE marks != '[]'",
            _HELD_FOR_TWO,
            "UPDATE posts SET looked = 1 WHERE state != 'received'",
            "DROP INDEX posts_by_state",
            "DROP TABLE undos",  # its rows live for a minute
            "ALTER TABLE decisions RENAME TO decisions_before",
            *_columns(
                "moderators",
                _MODERATOR,
                "learning INTEGER NOT NULL DEFAULT 0",
                "opt_outs TEXT NOT NULL DEFAULT '[]'",
                "collapsed INTEGER NOT NULL DEFAULT 1",
                "keys INTEGER NOT NULL DEFAULT 1",
            ),
            *_columns("passkeys", "label TEXT NOT NULL DEFAULT ''", "day TEXT NOT NULL DEFAULT ''"),
            *_columns(
                "invitations",
                _MODERATOR,
                "learning INTEGER NOT NULL DEFAULT 0",
                "moderator TEXT NOT NULL DEFAULT ''",
                "invited_by TEXT NOT NULL DEFAULT ''",
            ),
            # Until now everybody at the desk could do everything.
            """UPDATE moderators SET roles = '["coordinator", "moderator", "safety-lead"]'""",
            "UPDATE passkeys SET day = (SELECT day FROM moderators WHERE id = moderator)",
        ),
        (
            "INSERT INTO standing SELECT kind, state, COUNT(*) FROM posts GROUP BY kind, state",
            _FACETS,
            _RECORD,
            "DROP TABLE decisions_before",
        ),
    ),
    Step((), (_UNPRESSED,)),
    Step(_columns("runs", "mended TEXT NOT NULL DEFAULT ''")),
    # What is there is not made again, so it goes first, and is made as the schema has it now.
    Step(("DROP TRIGGER IF EXISTS gone_off",)),
)


def prepare(connection: sqlite3.Connection) -> None:
    """Create what is missing. `executescript` would commit, so statements go one by one."""
    (behind,) = connection.execute("PRAGMA user_version").fetchone()
    filled = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'posts'").fetchone()
    steps = STEPS[behind:] if filled else ()
    for statement in (statement for step in steps for statement in step.before):
        connection.execute(statement)
    for statement in _statements(SCHEMA.read_text("utf-8")):
        connection.execute(statement)
    for statement in (statement for step in steps for statement in step.after):
        connection.execute(statement)
    if behind < len(STEPS):  # a full disk must not keep a press from opening the store
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, a trigger with all that it holds as one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

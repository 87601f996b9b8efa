"""A store with rows in every table and a value in every column, as the entries of an archive.

Columns are the schema's own: one that nobody thought of here gets a value by its type, so that no
archive can leave it out unseen.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from forum.archive import DERIVED, Entry
from forum.person import folded
from forum.post import Highlight, Kind, State
from forum.route import GRAVITY
from forum.rows import Reason, ReportState
from forum.store.archived import PAD
from forum.store.rows import POST_NAMES, TEXT_NAMES, post_kept, post_values, text_kept, text_values
from forum.store.steps import SCHEMA
from tests.builders import NOON, days, make_fields, make_id, make_post, make_text

UNTIL = NOON.timestamp() + 0.125
"""A moment whose fraction no store may lose."""
ODD = "“Ünïcödé” \u2028 \\u0041 \x00 \U0001f331 \n tab\t end"
"""What text can be: quotes, a line separator, a null, a sprout, line ends."""
STATES = tuple(State)
COUNTERS = ("closed", "press-rung", "press-answered", "urgent-came", "told-came")


def whole(posts: int) -> Iterator[Entry]:
    """Every table of the schema but those that follow from others; so many posts, and fewer of
    what comes more seldom."""
    for table, columns in columns_by_table().items():
        for number in range(_rows_of(table, posts)):
            given = _GIVEN.get(table, lambda _: {})(number)
            yield (
                table,
                {
                    name: given[name] if name in given else _value(name, kind, number)
                    for name, kind in columns.items()
                },
            )


def columns_by_table() -> dict[str, dict[str, str]]:
    """Column to type, of every table in the schema's order; without pads."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA.read_text("utf-8"))
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            table: {
                name: kind
                for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({table})")
                if name != PAD
            }
            for (table,) in tables.fetchall()
            if table not in DERIVED
        }


def _rows_of(table: str, posts: int) -> int:
    if table == "runs":
        return 1
    if table == "counters":
        return len(COUNTERS)
    often = ("posts", "texts", "record", "authors", "messages", "editions", "spent", "tallies")
    return posts if table in often else min(posts, 24)


def _value(name: str, kind: str, number: int) -> Any:
    if name.endswith("day"):
        return days(-(number % 28)).isoformat()
    if kind == "TEXT":
        return f"{name} {number} {ODD}"
    if kind == "BLOB":
        return bytes(range(256)) + hashlib.sha256(f"{name} {number}".encode()).digest()
    return UNTIL + number if kind == "REAL" else number + 1


def _post(number: int) -> dict[str, Any]:
    post = make_post(
        number,
        kind=tuple(Kind)[number % len(Kind)],
        state=STATES[number % len(STATES)],
        version=number % 7 + 1,
        day=days(-(number % 28)),
        state_day=days(-(number % 5)),
        fields=make_fields(topics=("alcohol", "anxiety")[: number % 3]),
        marks=("SUI-1", "SUB-4")[: number % 3],
        approved_hash="a" * 64 if number % 2 else None,
        reread=number % 3 == 0,
        appealed=number % 4 == 0,
        route=GRAVITY[number % len(GRAVITY)],
        language="de" if number % 5 == 0 else "",
        first_reader=_id("person", number) if number % 11 == 0 else "",
        editors=(_id("person", number % 24),) if number % 2 else (),
    )
    values = dict(zip(POST_NAMES, post_values(post), strict=True))
    return values | {"reread": int(post.reread), "appealed": int(post.appealed), "looked": 1}


def _text(number: int) -> dict[str, Any]:
    text = make_text(
        title=f"Title {number} {ODD}",
        html=f"<p>{number} {ODD}</p>",
        typed=ODD if number % 2 else None,
        removed=("script",)[: number % 2],
        highlights=(Highlight("SUI-1", 2, 9),)[: number % 2],
    )
    return dict(zip(("post_id", *TEXT_NAMES), text_values(make_id(number), text), strict=True))


def _of_post(number: int) -> dict[str, Any]:
    return {"post_id": make_id(number)}


def _undo(number: int) -> dict[str, Any]:
    before = make_post(number, version=number + 1)
    slots, text = json.dumps({"stories": number}), text_kept(make_text())
    return _of_post(number) | {
        "before": post_kept(before),
        "slots": slots,
        "month": "2026-11",
        "text": text,
    }


def _report(number: int) -> dict[str, Any]:
    state = tuple(ReportState)[number % len(ReportState)]
    answered = state is not ReportState.OPEN
    return {
        "id": make_id(1_000_000 + number),
        "post_id": make_id(number),
        "reason": tuple(Reason)[number % len(Reason)].value,
        "state": state.value,
        "state_day": days(-number).isoformat() if answered else None,
        "answered": number + 2 if answered else None,
    }


def _entry(number: int) -> dict[str, Any]:
    what = ("approve", "decline", "invited", "hide")[number % 4]
    return {"number": number + 1, "what": what, "about": make_id(number), "rules": '["SUI-1"]'}


def _moderator(number: int) -> dict[str, Any]:
    name = f"Robin {number}"
    return {
        "id": _id("person", number),
        "name": name,
        "folded": folded(name),
        "roles": '["coordinator", "moderator"]',
        "opt_outs": '["topic:self-harm"]',
        "collapsed": number % 2,
        "keys": number % 2,
    }


def _of_person(number: int) -> dict[str, Any]:
    return {
        "moderator": _id("person", number),
        "asked_by": _id("person", number ^ 1),
        "roles": '["moderator"]',
        "first": number % 2,
    }


def _id(what: str, number: int) -> str:
    return hashlib.sha256(f"{what} {number}".encode()).hexdigest()[:16]


_GIVEN = {
    "posts": _post,
    "texts": _text,
    "originals": _text,
    "messages": _of_post,
    "offers": lambda n: _text(n) | {"hash": "c" * 64},
    "reports": _report,
    "spent": _of_post,
    "claims": _of_post,
    "undos": _undo,
    "record": _entry,
    "tallies": lambda n: {
        "name": ("looked:3", "decided:12", f"verdict:R-{n}:keep")[n % 3] + str(n)
    },
    "editions": lambda n: (
        _of_post(n) | {"slots": json.dumps({"stories": n}), "month": "2026-11", "hash": "a" * 64}
    ),
    "counters": lambda n: {"name": COUNTERS[n]},
    "runs": lambda n: {"only": 1, "state": "done"},
    "moderators": _moderator,
    **dict.fromkeys(
        ("duty", "recoveries", "passkeys", "invitations", "challenges", "sessions"), _of_person
    ),
}


def first(posts: int, table: str) -> Entry:
    """The first row of this table."""
    return next(islice((entry for entry in whole(posts) if entry[0] == table), 1))

"""Rows of an archive that are taken in as they come: where each lies, and what it holds there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from typing import Any

from forum.archive import Row, Value
from forum.record import Details, Entry
from forum.retention import SPENT_DAYS
from forum.store.dynamodb_archive_out import PERSONS
from forum.store.dynamodb_archive_posts import Put
from forum.store.dynamodb_authors import APART
from forum.store.dynamodb_change import Key
from forum.store.dynamodb_edition import SLOTS
from forum.store.dynamodb_keys import (
    author_key,
    claim_key,
    edition_key,
    spent_key,
    unpressed_key,
)
from forum.store.dynamodb_people_rows import duty_removed, passkey_name, removed
from forum.store.dynamodb_runs import RUN
from forum.store.dynamodb_turn import person_key
from forum.store.dynamodb_values import EXPIRES, Item
from forum.store.dynamodb_words import midnight
from forum.store.steps import prepare


@cache
def defaults(table: str) -> Row:
    """What the schema gives a column that an older archive does not have."""
    with closing(sqlite3.connect(":memory:")) as connection:
        prepare(connection)
        told = connection.execute(f"PRAGMA table_info({table})").fetchall()
        found: dict[str, Value] = {}
        for _, name, _, needed, default, key in told:
            if default is not None:
                (found[name],) = connection.execute(f"SELECT {default}").fetchone()
            elif not needed and not key:
                found[name] = None
        return {name: value for name, value in found.items() if name != "pad"}


def puts(table: str, row: Row) -> Iterator[Put]:
    """The rows that one row of a table becomes; raises `LookupError` for a table of another way."""
    return _PUTS[table](row)


def person_put(table: str, row: Row) -> Put:
    """A row of people: the same columns, and when it goes."""
    item: Item = dict(row)
    if table == "duty":
        item[EXPIRES] = duty_removed(date.fromisoformat(item["day"]))
    elif "until" in item:
        item[EXPIRES] = removed(item["until"])
    return person_key(PERSONS[table], _NAMED[table](item)), item


def recorded(row: Row) -> Entry:
    """The entry in a row of `record`."""
    given: Any = row
    details = Details(given["reason"], tuple(json.loads(given["rules"])), given["approved_hash"])
    return Entry(
        number=given["number"],
        day=date.fromisoformat(given["day"]),
        who=given["who"],
        what=given["what"],
        about=given["about"],
        seal=given["seal"],
        link=given["link"],
        salt=given["salt"],
        details=details,
    )


def characters(item: Item) -> int:
    """How much of a row is text, or bytes."""
    return sum(len(value) for value in item.values() if isinstance(value, str | bytes))


_NAMED: Mapping[str, Callable[[Item], str]] = {
    "moderators": lambda row: str(row["id"]),
    "duty": lambda row: str(row["moderator"]),
    "recoveries": lambda row: str(row["moderator"]),
    "passkeys": lambda row: passkey_name(row["credential_id"]),
    "invitations": lambda row: str(row["digest"].hex()),
    "challenges": lambda row: str(row["value"].hex()),
    "sessions": lambda row: str(row["id"]),
}


def _without(row: Row, name: str) -> Item:
    return {column: row[column] for column in row if column != name}


def _author(row: Any) -> Iterator[Put]:
    yield author_key(row["lookup"]), {"sealed": row["sealed"]}


def _spent(row: Any) -> Iterator[Put]:
    ends = midnight(date.fromisoformat(row["day"]) + timedelta(days=SPENT_DAYS)) + APART
    yield spent_key(row["nonce"]), {**_without(row, "nonce"), EXPIRES: ends}


def _claim(row: Any) -> Iterator[Put]:
    item = {**_without(row, "post_id"), EXPIRES: removed(row["until"])}
    place = {"q": f"claimed#{row['moderator']}", "qs": row["post_id"]}
    yield claim_key(row["post_id"]), {**item, **place}


def _edition(row: Any) -> Iterator[Put]:
    yield edition_key(row["post_id"]), _without(row, "post_id")
    yield unpressed_key(row["post_id"]), {}


def _slot(row: Any) -> Iterator[Put]:
    yield Key(SLOTS, row["list"]), {"next": row["next"]}


def _run(row: Any) -> Iterator[Put]:
    yield RUN, _without(row, "only")


_PUTS: Mapping[str, Callable[[Row], Iterator[Put]]] = {
    "authors": _author,
    "spent": _spent,
    "claims": _claim,
    "editions": _edition,
    "next_slots": _slot,
    "runs": _run,
}

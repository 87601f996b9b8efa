"""All rows of three tables as an archive has them: the columns of `schema.sql`, table after table.

What lies in one row here and in two tables there is taken apart, and the other way round. Rows of
words are given for posts that were given: a post that came while this was read is not half in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forum.archive import Entry, Row
from forum.record import Entry as Recorded
from forum.store.archived import archived
from forum.store.dynamodb import BATCH, Dynamo, batched
from forum.store.dynamodb_change import Key, Table
from forum.store.dynamodb_digest import TOLD
from forum.store.dynamodb_edition import SLOTS
from forum.store.dynamodb_keys import (
    BELL,
    CAME,
    FORM,
    SHARDS,
    message_key,
    offer_key,
    original_key,
    report_words_key,
    reported_key,
    text_key,
    undo_key,
)
from forum.store.dynamodb_record import DynamoRecord
from forum.store.dynamodb_reported import report_of
from forum.store.dynamodb_runs import RUN
from forum.store.dynamodb_turn import PEOPLE
from forum.store.dynamodb_values import Item

COUNTERS: Mapping[str, tuple[Key, str]] = {
    "closed": (FORM, "closed"),
    "press-rung": (BELL, "rung"),
    "press-answered": (BELL, "answered"),
    "urgent-came": (CAME, "came"),
    **{f"told-{name}": (TOLD, name) for name in ("slot", "day", "came", "failed")},
}
"""Where each counter of an archive lies."""
WORDS: Mapping[str, Callable[[str], Key]] = {
    "texts": text_key,
    "originals": original_key,
    "messages": message_key,
    "offers": offer_key,
    "undos": undo_key,
}
"""Tables of what belongs to one post, and where it lies."""
PERSONS: Mapping[str, str] = {
    "moderators": "moderator",
    "duty": "duty",
    "recoveries": "recovery",
    "passkeys": "passkey",
    "invitations": "invitation",
    "challenges": "challenge",
    "sessions": "session",
}
"""What the rows of people of each table are called here."""
OF_THE_TEAM = frozenset(("duty", "recoveries", "passkeys", "sessions"))
"""Tables of which a row stands and falls with its moderator."""
REALS = frozenset(("until", "seen", "seconds", "in_a_row_seconds", "rest_until"))
"""Columns of moments: DynamoDB does not tell 5.0 from 5."""


def every_row(dynamo: Dynamo) -> Iterator[Entry]:
    """Every row of every table of the archive, in the schema's order of tables."""
    posts: dict[str, None] = {}
    for table, form in archived().items():
        for row in _rows(dynamo, table, posts):
            if table == "posts":
                posts[str(row["id"])] = None
            yield table, {name: _as_column(name, row[name]) for name in form.columns}


def _rows(dynamo: Dynamo, table: str, posts: Mapping[str, None]) -> Iterator[Item]:
    if table in WORDS:
        return _words(dynamo, table, posts)
    if table in PERSONS:
        return _persons(dynamo, table)
    return _READ[table](dynamo)


def _as_column(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return float(value) if name in REALS else value


def _words(dynamo: Dynamo, table: str, posts: Mapping[str, None]) -> Iterator[Item]:
    where = WORDS[table]
    for some in batched(posts, BATCH):
        rows = dynamo.many(map(where, some))
        for post_id in some:
            if row := rows.get(where(post_id)):
                yield {**row, "post_id": post_id}


def _persons(dynamo: Dynamo, table: str) -> Iterator[Item]:
    rows = dict(dynamo.within(PEOPLE))
    there = {row["id"] for key, row in rows.items() if key.sk.startswith("moderator#")}
    for key, row in rows.items():
        if not key.sk.startswith(f"{PERSONS[table]}#"):
            continue
        if table not in OF_THE_TEAM or row["moderator"] in there:
            yield row


def _of(dynamo: Dynamo, prefix: str, table: Table = Table.MAIN) -> Iterator[tuple[str, Item]]:
    """Rows that lie each in a partition of its own: what its name ends in, and the row."""
    for key, row in dynamo.every(table):
        if key.pk.startswith(prefix):
            yield key.pk.removeprefix(prefix), row


def _posts(dynamo: Dynamo) -> Iterator[Item]:
    return (row for _, row in _of(dynamo, "post#"))


def _authors(dynamo: Dynamo) -> Iterator[Item]:
    for name, row in _of(dynamo, "author#", Table.TEXTS):
        yield {"lookup": bytes.fromhex(name), "sealed": row["sealed"]}


def _spent(dynamo: Dynamo) -> Iterator[Item]:
    for name, row in _of(dynamo, "spent#", Table.TEXTS):
        yield {**row, "nonce": bytes.fromhex(name)}


def _claims(dynamo: Dynamo) -> Iterator[Item]:
    for name, row in _of(dynamo, "claim#"):
        yield {**row, "post_id": name}


def _reports(dynamo: Dynamo) -> Iterator[Item]:
    for some in batched(_of(dynamo, "report#"), BATCH // 2):
        keys = [(report_words_key(name), reported_key(row["post_id"])) for name, row in some]
        found = dynamo.many(key for pair in keys for key in pair)
        for (name, row), (words, about) in zip(some, keys, strict=True):
            yield _report(name, row, found.get(words), found.get(about))


def _report(report_id: str, row: Item, words: Item | None, about: Item | None) -> Item:
    report = report_of(report_id, row, (words or {}).get("words", ""), about)
    told = (about or {"told": {}})["told"].get(str(row["epoch"]), {})
    return {
        "id": report_id,
        "post_id": report.post_id,
        "reason": report.reason.value,
        "words": report.words,
        "day": report.day.isoformat(),
        "state": report.state.value,
        "state_day": report.state_day.isoformat() if report.state_day else None,
        "answered": told.get("version"),
    }


def _record(dynamo: Dynamo) -> Iterator[Item]:
    return map(_recorded, DynamoRecord(dynamo).entries())


def _recorded(entry: Recorded) -> Item:
    return {
        **{name: getattr(entry, name) for name in _RECORDED},
        "day": entry.day.isoformat(),
        "reason": entry.details.reason,
        "rules": json.dumps(entry.details.rules),
        "approved_hash": entry.details.approved_hash,
    }


_RECORDED = ("number", "who", "what", "about", "salt", "seal", "link")


def _tallies(dynamo: Dynamo) -> Iterator[Item]:
    for day, row in _of(dynamo, "tally#"):
        for name, number in sorted(row.items()):
            yield {"day": day, "name": name, "number": number}


def _editions(dynamo: Dynamo) -> Iterator[Item]:
    for number in range(SHARDS):
        for key, row in dynamo.within(f"edition#{number}"):
            yield {**row, "post_id": key.sk}


def _next_slots(dynamo: Dynamo) -> Iterator[Item]:
    for key, row in dynamo.within(SLOTS):
        yield {"list": key.sk, "next": row["next"]}


def _counters(dynamo: Dynamo) -> Iterator[Item]:
    rows = dynamo.many(key for key, _ in COUNTERS.values())
    for name, (key, attribute) in COUNTERS.items():
        if attribute in rows.get(key, {}):
            yield {"name": name, "value": int(rows[key][attribute])}


def _runs(dynamo: Dynamo) -> Iterator[Row]:
    row = dynamo.get(RUN)
    if row:
        yield {**row, "only": 1}


_READ: Mapping[str, Callable[[Dynamo], Iterator[Any]]] = {
    "posts": _posts,
    "reports": _reports,
    "authors": _authors,
    "spent": _spent,
    "claims": _claims,
    "record": _record,
    "tallies": _tallies,
    "editions": _editions,
    "next_slots": _next_slots,
    "counters": _counters,
    "runs": _runs,
}

"""All that a store holds, as lines: what one store writes, another takes in without a loss.

The first line says what this is, the last how many rows there were and their sum. Every other line
is one row of a table of `forum/store/schema.sql`, whichever store it lies in. Nothing is taken from
an archive whose end is missing or whose sum is another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

FORMAT = 1
"""The form of the lines, in the first of them."""
LONGEST_LINE = 16 << 20
"""Bytes of one line: far more than a post can have, and no more than a machine can hold."""

Value = str | int | float | bytes | None
Row = Mapping[str, Value]
"""A row: column to value, with the columns and types of `forum/store/schema.sql`."""
Entry = tuple[str, Row]
"""A table's name, and one of its rows."""


class BadArchive(Exception):
    """This is no archive, or not a whole one: a sentence for the operator. Nothing was taken."""


class NotEmpty(Exception):
    """The store already holds something: an archive goes into an empty one only."""


class ArchiveStore(Protocol):
    """A store as a whole: for operators who move it or keep a copy, never for a door."""

    def is_empty(self) -> bool:
        """Whether no table that an archive holds has a row."""

    def rows(self) -> Iterator[Entry]:
        """Every row of every table, in the schema's order of tables, as at one moment.

        A store that cannot show one moment says so where it is made. Left out is what a store
        works out by itself from the rest (see `DERIVED`), and the pads.
        """

    def put_rows(self, rows: Iterable[Entry]) -> int:
        """Take in every row, or none; how many. Counts and other derived rows come by themselves.

        Raises `NotEmpty`; `BadArchive` for a table or a column that is not in the schema, or a row
        that no table can hold; and whatever `rows` raises on the way, the last row included. A
        store that cannot take all of them at once keeps everybody out until all of them are there.
        """


DERIVED = frozenset({"standing", "facets", "unpressed", "erasures"})
"""Tables that no archive holds. The first three follow from the posts; after an import everything
that is approved or up counts as unpressed, so that the press looks at all of it. The last is on its
way to a ledger, which lies apart."""
PASSING = frozenset(
    {"claims", "undos", "duty", "recoveries", "invitations", "challenges", "sessions"}
)
"""Tables of which every row is gone within a day: an archive that is kept for longer leaves them
out, so that it keeps nothing for longer than the store does."""


@dataclass(frozen=True)
class Head:
    """What the first line says."""

    day: date
    """The day (UTC) on which reading the rows began: nothing erased since is missing from them."""
    ledger: str = ""
    """The name of the ledger of erasures that was there by then; "" where there was none."""


def write(day: date, rows: Iterable[Entry], ledger: str = "") -> Iterator[bytes]:
    """The lines of an archive, each with its end; `ledger` as in `Head`."""
    summed, number = hashlib.sha256(), 0
    first = _line({"archive": FORMAT, "day": day.isoformat(), "ledger": ledger})
    summed.update(first)
    yield first
    for table, row in rows:
        line = _line({"table": table, "row": {name: _plain(row[name]) for name in row}})
        summed.update(line)
        number += 1
        yield line
    yield _line({"end": number, "sha256": summed.hexdigest()})


def read_head(line: bytes) -> Head:
    """The first line; raise `BadArchive`."""
    try:
        form = (given := _read_line(line)).get("archive")
    except BadArchive:
        raise BadArchive(
            "This is no export of a forum. If it is a backup, `restore` brings it back."
        ) from None
    if form != FORMAT:
        raise BadArchive("This is not an archive of this forum, or one of a newer form.")
    try:
        return Head(date.fromisoformat(given["day"]), str(given.get("ledger", "")))
    except (KeyError, TypeError, ValueError):
        raise BadArchive("The archive's first line has no day.") from None


def read(lines: Iterable[bytes]) -> Iterator[Entry]:
    """The rows of an archive with all its lines; raise `BadArchive`.

    That the end is there and the sum is right is known after the last row only: take the rows in
    one transaction, or read them once before.
    """
    summed, number, ended = hashlib.sha256(), 0, False
    waiting = iter(lines)
    first = next(waiting, b"")
    read_head(first)
    summed.update(first)
    for line in waiting:
        given = _read_line(line)
        if ended:
            raise BadArchive("The archive goes on after its end.")
        ended = "end" in given
        if not ended:
            number += 1
            yield _entry(given)
        elif given != {"end": number, "sha256": summed.hexdigest()}:
            raise BadArchive("The archive was changed, or lost a part: its sum is another.")
        summed.update(line)
    if not ended:
        raise BadArchive("The archive is cut short: it has no end.")


def _line(content: Mapping[str, Any]) -> bytes:
    spelled = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return spelled.encode() + b"\n"


def _plain(value: Value) -> object:
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode("ascii")}
    return int(value) if isinstance(value, bool) else value


def _read_line(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line) if len(line) <= LONGEST_LINE and line.endswith(b"\n") else None
    except ValueError:  # no JSON, or no UTF-8
        given = None
    if not line.endswith(b"\n"):
        raise BadArchive("The archive is cut short: its last line has no end.")
    if not isinstance(given, dict):
        raise BadArchive("The archive has a line that cannot be read.")
    return given


def _entry(given: Mapping[str, Any]) -> Entry:
    table, row = given.get("table"), given.get("row")
    if given.keys() != {"table", "row"} or not isinstance(table, str) or not isinstance(row, dict):
        raise BadArchive("The archive has a line that is no row.")
    return table, {name: _value(row[name]) for name in row}


def _value(given: object) -> Value:
    if given is None or (isinstance(given, str | int | float) and not isinstance(given, bool)):
        return given
    if isinstance(given, dict) and given.keys() == {"b64"}:
        try:
            return base64.b64decode(given["b64"], validate=True)
        except (TypeError, ValueError, binascii.Error):
            pass
    raise BadArchive("The archive has a value that is no text, number or bytes.")

"""The record as a table for spreadsheets, in which no cell can act: whatever could begin a formula
stands behind an apostrophe.

It names moderators by their pseudonyms alone: a copy must not keep a name that we erase.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from forum.record import Entry

COLUMNS = (
    *("number", "day", "who", "what", "about", "reason", "rules", "approved_hash"),
    *("salt", "seal", "link"),
)
ACTING = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula."""


def lines_of(entries: Iterable[Entry]) -> Iterator[str]:
    """The table line by line, its header first, as RFC 4180 writes one."""
    yield _line(COLUMNS)
    for entry in entries:
        yield _line(_cells(entry))


def harmless(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not run it."""
    return f"'{cell}" if cell.startswith(ACTING) else cell


def _cells(entry: Entry) -> tuple[str, ...]:
    details = entry.details
    return (
        str(entry.number),
        entry.day.isoformat(),
        entry.who,
        entry.what,
        entry.about,
        details.reason,
        " ".join(details.rules),
        details.approved_hash or "",
        entry.salt.hex() if entry.salt is not None else "",
        entry.seal,
        entry.link,
    )


def _line(cells: Iterable[str]) -> str:
    written = StringIO(newline="")
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()

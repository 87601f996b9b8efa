"""Builders for the help lines' tests: rows with defaults, a file of them, and how to show it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from doors.helpline_rows import COLUMNS, Line, read

Row = dict[str, str]

WRITTEN = date(2026, 11, 2)
"""The day on which checked rows were checked, unless told otherwise."""


def make_row(**given: str) -> Row:
    """A row that passes every rule, changed by what is given."""
    row = dict.fromkeys(COLUMNS, "") | {
        "id": "gb-listeners",
        "country": "GB",
        "country_name": "United Kingdom",
        "name": "Listeners",
        "topics": "distress",
        "phone": "116 123",
        "tel": "116123",
        "hours": "24 hours a day",
        "always_open": "yes",
        "confidence": "A",
        "source": "seen on their site",
    }
    return row | given


def make_directory(**given: str) -> Row:
    """The directory row, without which no file is whole."""
    website = {"phone": "", "tel": "", "url": "https://findahelpline.com"}
    anywhere = {"country": "ZZ", "country_name": "Anywhere"}
    named = {"id": "find-a-helpline", "name": "Find A Helpline"}
    return make_row(**named, **website, **anywhere, **given)


def make_own(**given: str) -> Row:
    """The operator's own line, filled in."""
    own = {
        "id": "own-line",
        "country": "ZZ",
        "country_name": "Anywhere",
        "name": "Our own line",
        "phone": "833-555-0100",
        "tel": "8335550100",
        "answered_by": "trained peers",
        "hours": "every day, 6 pm to 10 pm",
        "always_open": "no",
    }
    return make_row(**own | given)


def checked(row: Row, on: date = WRITTEN) -> Row:
    """The row once a person has verified it."""
    return row | {"verified_on": on.isoformat(), "verified_by": "safety lead"}


def write_rows(folder: Path, *rows: Row) -> Path:
    """A file of these rows in this folder."""
    path = folder / "helplines.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def lines_of(folder: Path, *rows: Row) -> tuple[Line, ...]:
    """These rows as the house reads them."""
    return read(write_rows(folder, *rows))

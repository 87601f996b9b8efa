"""The operator's check goes into the file of help lines, and no other byte of it changes."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

from doors.helpline_rows import COLUMNS, HelplinesError, Line, read

_CELL = re.compile(r'("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|[\r\n]|\Z)')
"""One cell as it is written, and what ends it."""

Span = tuple[int, int]


def record(path: Path, line_id: str, *, by: str, on: date) -> Line:
    """Write a check into its row, whole or not at all; return the row as it is now.

    Raise HelplinesError if the file cannot be trusted, OSError if it cannot be written.
    """
    place = path.resolve()  # a link stays a link
    with _alone_in(place.parent):
        wanted = [
            replace(line, verified_on=on, verified_by=by) if line.id == line_id else line
            for line in read(place)
        ]
        text = place.read_bytes().decode("utf-8")
        _put(_checked(text, line_id, by, on), place, wanted)
    return next(line for line in wanted if line.id == line_id)


def _checked(text: str, line_id: str, by: str, on: date) -> str:
    """The text with two cells of one row filled in; whoever calls knows that the row is there."""
    below_the_header = islice(_rows(text), 1, None)
    cells = next(row for row in below_the_header if _value(text, row[0]) == line_id)
    filled = {"verified_on": on.isoformat(), "verified_by": by}
    for column in sorted(filled, key=COLUMNS.index, reverse=True):  # the last first: places hold
        start, end = cells[COLUMNS.index(column)]
        text = text[:start] + _written(filled[column], text[start:end]) + text[end:]
    return text


def _rows(text: str) -> Iterator[list[Span]]:
    """Where each cell of each row stands."""
    cells = []
    for cell in _CELL.finditer(text):
        cells.append(cell.span(1))
        if cell[2] != ",":
            yield cells
            cells = []


def _value(text: str, span: Span) -> str:
    written = text[slice(*span)]
    return (written[1:-1].replace('""', '"') if written.startswith('"') else written).strip()


def _written(value: str, before: str) -> str:
    """The value as a cell: in quotes if the cell was, or if it needs them."""
    if before.startswith('"') or re.search(r'[",]', value):
        return '"' + value.replace('"', '""') + '"'
    return value


def _put(text: str, place: Path, wanted: list[Line]) -> None:
    """Replace the file at once by one that was read back and says exactly what it should."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".helplines-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if list(read(Path(name))) != wanted:
            raise HelplinesError(f"{place.name} would not say what it should; it was left alone")
        _as_open_as(place, name)
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)


def _as_open_as(place: Path, name: str) -> None:
    """Whoever could read the old file can read the new one: the server may be another user."""
    shutil.copymode(place, name)
    owner = place.stat()
    with suppress(PermissionError):
        os.chown(name, owner.st_uid, owner.st_gid)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other command writes here, so that two checks at once are both kept."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

"""The edition as whoever serves it knows it: an address in, the bytes of today out; only reads."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from editions.press import FILE

Unreadable = sqlite3.Error
"""The file of the editions cannot be read."""

_PAGE = """SELECT hash, body FROM page JOIN sheet ON sheet.number = page.sheet
    WHERE path = ? AND until IS NULL"""
_ALL = "SELECT path, hash FROM page JOIN sheet ON sheet.number = page.sheet WHERE until IS NULL"


class Pages:
    """The pages of the edition that is in place, for any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._mine = threading.local()

    def edition(self) -> tuple[int, int] | None:
        """What tells one edition from every other; None before the first.

        Raises `Unreadable`.
        """
        connection = self._connection()
        if connection is None:
            return None
        number = _number(connection)
        return (self._mine.file, number) if number else None

    def read(self, path: str) -> tuple[str, bytes] | None:
        """The SHA-256 and the bytes of a page, or None if there is none now.

        Raises `Unreadable`.
        """
        connection = self._connection()
        if connection is None:
            return None
        row: tuple[str, bytes] | None = connection.execute(_PAGE, (path,)).fetchone()
        return row

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every page there is now, by its path; nothing before the first edition.

        Raises `Unreadable`.
        """
        connection = self._connection()
        return dict(connection.execute(_ALL)) if connection else {}

    def _connection(self) -> sqlite3.Connection | None:
        """This thread's own. Where the file is another, the old one serves until the new can."""
        mine: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        try:
            file = os.stat(self._file).st_ino
        except OSError:
            return mine
        if getattr(self._mine, "file", None) != file:
            opened = self._open()
            if mine is None or _number(opened):
                self._mine.connection, self._mine.file = opened, file
                return opened
            opened.close()
        return mine

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._file.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=5,
            isolation_level=None,
            check_same_thread=False,  # whoever drops the thread's last reference closes it
        )
        connection.execute("PRAGMA query_only = ON")
        return connection


def _number(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT number FROM edition").fetchone()
    return int(number)

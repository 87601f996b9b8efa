"""The editions as whoever prints knows them: a new edition is one transaction, seen whole or not.

One SQLite file holds the bytes of every page, and from which edition on until which they are its:
that is how earlier editions are kept, page by page, at the cost of what changed. What goes is
overwritten with zeros.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FILE = "editions.sqlite"
KEPT = 1
"""Earlier editions kept for going back, while nothing has been taken down since."""
_SCHEMA = Path(__file__).with_name("schema.sql")
_SCRATCH = "building-"
"""How the name of a folder begins in which somebody builds."""
_NOW = "FROM page JOIN sheet ON sheet.number = page.sheet WHERE until IS NULL"

_BY_ANOTHER_HAND = "UPDATE edition SET number = number + 1, kept = number + 1, made_of = ''"
"""The next edition, which the maker of the last does not know."""


class CannotPrint(Exception):
    """No edition can be made; the text tells the operator why, in no words of any post."""


class NothingToGoBackTo(Exception):
    """No earlier edition is kept: it is the first, or something was taken down since."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How an edition differs from the one before, as files: this is what has to be sent out."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many files differ."""
        return len(self.added) + len(self.changed) + len(self.removed)


class NewEdition:
    """An edition in the making. Nobody sees anything of it before `commit`.

    `connection` is open for whatever else should become true in the same moment. `made_of` is what
    the maker of the last edition said of it; "" when pages have been changed without the maker.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        number, self.made_of = connection.execute("SELECT number, made_of FROM edition").fetchone()
        self.number = number + 1
        newest = "SELECT coalesce(max(number), 0) FROM sheet"
        (self._last_sheet,) = connection.execute(newest).fetchone()

    def put(self, path: str, body: bytes) -> None:
        """Let a page be these bytes."""
        hash = sha256(body).hexdigest()
        now = self.connection.execute(f"SELECT hash {_NOW} AND path = ?", (path,)).fetchone()
        if now == (hash,):
            return
        if now:
            self.remove(path)
        if self._was(path, hash):
            return
        self._last_sheet += 1
        row = (self._last_sheet, hash, body)
        self.connection.execute("INSERT INTO sheet (number, hash, body) VALUES (?, ?, ?)", row)
        self._show(path, self._last_sheet)

    def remove(self, path: str) -> None:
        """Let there be no such page."""
        # What came in this edition, nobody has seen.
        now = "path = ? AND until IS NULL AND since"
        self.connection.execute(f"DELETE FROM page WHERE {now} = ?", (path, self.number))
        self.connection.execute(
            f"UPDATE page SET until = ? WHERE {now} < ?", (self.number, path, self.number)
        )

    def read(self, path: str) -> bytes | None:
        """What the page is, in this edition; None if there is none."""
        row = self.connection.execute(f"SELECT body {_NOW} AND path = ?", (path,)).fetchone()
        return row[0] if row else None

    def paths(self) -> list[str]:
        """Every page of this edition."""
        return self._paths_where("until IS NULL")

    def difference(self) -> Difference:
        """What differs from the edition before."""
        come = set(self._paths_where("since = ? AND until IS NULL", self.number))
        ended = set(self._paths_where("until = ?", self.number))
        return Difference(
            added=tuple(sorted(come - ended)),
            changed=tuple(sorted(come & ended)),
            removed=tuple(sorted(ended - come)),
        )

    def go_back(self) -> None:
        """Show every page as the edition before the last did. Raises `NothingToGoBackTo`."""
        last = self.number - 1
        before = self.connection.execute("SELECT path, sheet FROM page WHERE until = ?", (last,))
        rows = before.fetchall()
        come = self._paths_where("since = ? AND until IS NULL", last)
        (kept,) = self.connection.execute("SELECT kept FROM edition").fetchone()
        if not kept < last:
            raise NothingToGoBackTo
        for path in come:
            self.remove(path)
        for path, sheet in rows:
            self.remove(path)
            self._show(path, sheet)

    def commit(self, made_of: str = "", keep: int = KEPT) -> Difference:
        """Put the edition in place, whole, and keep at most so many earlier ones.

        Raises `sqlite3.Error`; the edition before stays then.
        """
        difference = self.difference()
        number = self.number if difference.pages else self.number - 1
        self.connection.execute("DELETE FROM page WHERE until <= ?", (number - keep,))
        self.connection.execute(
            "UPDATE edition SET number = ?, kept = max(kept, 1, ?), made_of = ?",
            (number, number - keep, made_of),
        )
        self.connection.commit()
        return difference

    def _was(self, path: str, hash: str) -> bool:
        """Whether the page was these bytes until this edition; then it goes on being them."""
        was = "FROM page JOIN sheet ON sheet.number = page.sheet WHERE path = ? AND until = ?"
        row = self.connection.execute(f"SELECT hash {was}", (path, self.number)).fetchone()
        if row != (hash,):
            return False
        again = "UPDATE page SET until = NULL WHERE path = ? AND until = ?"
        self.connection.execute(again, (path, self.number))
        return True

    def _show(self, path: str, sheet: int) -> None:
        self.connection.execute(
            "INSERT INTO page (path, sheet, since) VALUES (?, ?, ?)", (path, sheet, self.number)
        )

    def _paths_where(self, condition: str, *values: int) -> list[str]:
        rows = self.connection.execute(f"SELECT path FROM page WHERE {condition}", values)
        return [path for (path,) in rows]


class Editions:
    """The folder of the editions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def printing(self) -> Iterator[NewEdition]:
        """Make an edition; whatever was not committed has never been. Raises `sqlite3.Error`."""
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield NewEdition(connection)
        finally:
            connection.rollback()
            with suppress(sqlite3.Error):  # or the next does it: the log holds what was dropped
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()

    def scratch(self) -> Path:
        """Where nobody else builds. It does not exist yet, and has to be gone afterwards."""
        return self.folder / f"{_SCRATCH}{secrets.token_hex(4)}"

    def tidy(self) -> tuple[str, ...]:
        """Sweep away what killed builds left; the names of what could not be removed."""
        left = list(self.folder.glob(f"{_SCRATCH}*"))
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return tuple(folder.name for folder in left if folder.exists())

    def compact(self) -> None:
        """Give back room, where a good part of the file is no longer used."""
        connection = self._open()
        try:
            (unused,) = connection.execute("PRAGMA freelist_count").fetchone()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            if unused * 4 < pages:
                return
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the copy stays in the log
        finally:
            connection.close()

    def unsound(self) -> list[str]:
        """The pages whose bytes are not those that were put. Reads them all."""
        with self.printing() as edition:
            now = "FROM page LEFT JOIN sheet ON sheet.number = page.sheet WHERE until IS NULL"
            rows = edition.connection.execute(f"SELECT path, hash, body {now}")
            return [path for path, hash, body in rows if sha256(body or b"").hexdigest() != hash]

    def strike(
        self, words: Collection[bytes], paths: Collection[str] = (), folders: Collection[str] = ()
    ) -> int:
        """Take away these pages, and every one in which one of these words stands; how many.

        Of the folders, all that is in them.

        Out of every edition, for when none can be made.
        """
        if not words and not paths:
            return 0
        with self.printing() as edition:
            rows = edition.connection.execute("SELECT number, body FROM sheet")
            struck = [number for number, body in rows if any(word in body for word in words)]
            edition.connection.executemany(
                "DELETE FROM page WHERE sheet = ?", [(number,) for number in struck]
            )
            edition.connection.executemany(
                "DELETE FROM page WHERE path = ?", [(path,) for path in paths]
            )
            edition.connection.executemany(
                "DELETE FROM page WHERE path GLOB ?", [(f"{folder}/*",) for folder in folders]
            )
            edition.connection.execute(_BY_ANOTHER_HAND)
            edition.connection.commit()
        return len(struck)

    def show_nothing(self) -> None:
        """Put an edition without a page in place of one whose file cannot be read."""
        self.start_anew()
        with self.printing() as edition:
            edition.connection.execute(_BY_ANOTHER_HAND)
            edition.connection.commit()

    def roll_back(self) -> Difference:
        """Show the edition before again, as a new one. Raises `NothingToGoBackTo`."""
        with self.printing() as edition:
            edition.go_back()
            return edition.commit()

    def start_anew(self) -> None:
        """Forget every edition, because the file that holds them cannot be read."""
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"{FILE}{suffix}").unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        self.folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.folder / FILE, timeout=60, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            schema = _SCHEMA.read_text("ascii")
            connection.executescript(f"BEGIN IMMEDIATE;\n{schema}COMMIT;")  # seen whole or not
        except BaseException:
            connection.close()
            raise
        return connection

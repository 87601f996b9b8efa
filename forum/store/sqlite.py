"""One SQLite file in WAL mode: durable commits, erased bytes overwritten, one writer at a time.

Visitors' rows live in tables WITHOUT ROWID under random keys, so that no row order tells
which rows came in together. What a transaction erases for good it leaves in the table `erasures`,
by the schema's triggers; from there it goes into the ledger right after the commit. No commit
fails, or is taken back, for a ledger that cannot be written: the next one tries again.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from forum.rows import Unavailable
from forum.store.ledger_folder import LedgerFolder
from forum.store.steps import prepare

BUSY_MS = 5_000
"""How long a writer waits for another process's commit before it gives up."""
WAL_RETRY_MS = 10
LEDGER = "ledger"
"""The ledger's folder beside the file, where no other was named."""


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


class Database:
    """Connections to one file, one per thread, and the transactions on them."""

    def __init__(
        self,
        path: Path,
        busy_ms: int = BUSY_MS,
        ledger: Path | None = None,
        today: Callable[[], date] = today,
    ) -> None:
        """Open or create the file at `path`; raise `Unavailable` if that cannot be done.

        `ledger` is the folder of the ledger of erasures.
        """
        self._path = path
        self._busy_ms = busy_ms
        self.ledger = LedgerFolder(ledger or path.parent / LEDGER)
        self._today = today
        self._threads = threading.local()
        self._writing = threading.Lock()
        with self.write() as connection:
            prepare(connection)
        with suppress(OSError, ValueError):
            self.ledger.begin(self._today())

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading; each statement on it sees one consistent state."""
        with _failures_named():
            yield self._connection()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or never happened."""
        with _failures_named(), self._writing:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                erased = _erased(connection)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            if erased:
                self._note(connection, erased)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, for reading; all statements on it see one and the same state."""
        with _failures_named(), closing(_connect(self._path, self._busy_ms)) as connection:
            connection.execute("BEGIN")
            yield connection

    def unwritten(self) -> int:
        """How many erasures wait to be written into the ledger."""
        with self.read() as connection:
            (number,) = connection.execute("SELECT COUNT(*) FROM erasures").fetchone()
        return int(number)

    def forget(self) -> bool:
        """Overwrite what erased rows left behind in the write-ahead log; whether that was done.

        A reader in the way or a full disk leaves the cut owed, to whoever calls next. It comes
        after a commit, so it never raises: what was erased is erased.
        """
        try:
            with _failures_named(), self._writing:
                busy, *_ = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except Unavailable:
            return False
        return not busy

    def compact(self) -> None:
        """Write the whole file anew, without the gaps in which copies of moved rows can lie."""
        with _failures_named(), self._writing:
            self._connection().execute("VACUUM")
        self.forget()

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            del self._threads.connection

    def _note(self, connection: sqlite3.Connection, erased: Sequence[tuple[str, str]]) -> None:
        """Write down what is erased already; it stays in the table where that cannot be done."""
        try:
            self.ledger.add(erased, self._today())
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM erasures WHERE what = ? AND id = ?", erased)
            connection.commit()
        except (OSError, ValueError, sqlite3.Error):
            pass
        finally:
            if connection.in_transaction:
                connection.rollback()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = _connect(self._path, self._busy_ms)
            self._threads.connection = connection
        return connection


def _connect(path: Path, busy_ms: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=busy_ms / 1000)
    connection.row_factory = sqlite3.Row
    _use_wal(connection, busy_ms)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _erased(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """What this transaction, or one before it, left for the ledger."""
    return [tuple(row) for row in connection.execute("SELECT what, id FROM erasures")]


def _use_wal(connection: sqlite3.Connection, busy_ms: int) -> None:
    """Wait here ourselves: SQLite does not, when several open a new file at once."""
    for _ in range(max(1, busy_ms // WAL_RETRY_MS)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(WAL_RETRY_MS / 1000)
        else:
            return
    raise Unavailable("the file is locked")


@contextmanager
def _failures_named() -> Iterator[None]:
    """Turn a full disk, a lock held too long or a broken file into `Unavailable`."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise Unavailable(type(error).__name__) from None

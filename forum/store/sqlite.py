"""One SQLite file in WAL mode: durable commits, erased bytes overwritten, one writer at a time.

Visitors' rows live in tables WITHOUT ROWID under random keys, so that no row order tells
which rows came in together.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forum.rows import Unavailable
from forum.store.steps import prepare

BUSY_MS = 5_000
"""How long a writer waits for another process's commit before it gives up."""
WAL_RETRY_MS = 10


class Database:
    """Connections to one file, one per thread, and the transactions on them."""

    def __init__(self, path: Path, busy_ms: int = BUSY_MS) -> None:
        """Open or create the file at `path`; raise `Unavailable` if that cannot be done."""
        self._path = path
        self._busy_ms = busy_ms
        self._threads = threading.local()
        self._writing = threading.Lock()
        with self.write() as connection:
            prepare(connection)

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
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

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

"""One durable commit for all writers that wait; the rows of each are stored whole or not at all.

A disk makes ten transactions durable as fast as one. So a writer that sees others waiting leaves
its rows in the open transaction and waits with them; whoever finds nobody behind commits for all.
Nobody is answered, not even with an error, before that commit is on disk.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forum.ports import Unavailable

LARGEST = 32
"""Writers that share a commit at the most, so that the first does not wait for ever."""
PATIENCE = 1.0
"""Seconds after which a writer looks whether the one who should commit is still there."""


class Group:
    """Writers in one open transaction, on the connection of the first of them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.writers = 0
        self.finished = threading.Event()
        self.failure: sqlite3.Error | None = None
        connection.execute("BEGIN IMMEDIATE")

    @contextmanager
    def one_writer(self) -> Iterator[sqlite3.Connection]:
        """Add the rows of one writer, or none of them; those before it stay as they are."""
        if self.writers:
            self.connection.execute("SAVEPOINT writer")
        try:
            yield self.connection
        except BaseException:
            self._undo()
            raise
        if self.writers:
            self.connection.execute("RELEASE writer")
        self.writers += 1

    def finish(self) -> None:
        """Commit for all, or undo what all did; either way nobody has to wait any longer."""
        try:
            self.connection.commit()
        except sqlite3.Error as error:
            self.failure = error
            self.connection.rollback()
        finally:
            self.finished.set()

    def _undo(self) -> None:
        """Undo one writer. SQLite may have undone all of them, when the disk is full."""
        if not self.writers:
            self.connection.rollback()
        elif self.connection.in_transaction:
            self.connection.execute("ROLLBACK TO writer")
            self.connection.execute("RELEASE writer")
        else:
            self.failure = sqlite3.OperationalError("undone with another writer")


class Commits:
    """Gives writers their turn, one at a time, and brings them together in groups."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self.waiting = 0
        """How many writers wait for their turn."""
        self._open: Group | None = None

    @contextmanager
    def writing(self, connect: Callable[[], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or never happened."""
        group: Group | None = None
        try:
            with self.turn():
                group, self._open = self._open or Group(connect()), None
                try:
                    with group.one_writer() as connection:
                        yield connection
                finally:
                    self._pass_on(group)
        finally:
            if group is not None:
                self._settle(group)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until nobody else writes."""
        self._count(1)
        try:
            self._turn.acquire()
        finally:
            self._count(-1)
        try:
            yield
        finally:
            self._turn.release()

    def finish(self) -> None:
        """Commit what is open. Only for the one whose turn it is."""
        if self._open:
            group, self._open = self._open, None
            group.finish()

    def _pass_on(self, group: Group) -> None:
        """Leave the transaction open for the next in line, if there is one."""
        self._open = group
        last = not self.waiting or group.writers >= LARGEST
        if last or not group.connection.in_transaction:
            self.finish()

    def _settle(self, group: Group) -> None:
        """Wait until the group is on disk; raise if it will never be."""
        while not group.finished.wait(PATIENCE):
            with self.turn():
                if self._open is group:
                    self.finish()
        if group.failure and group.writers == 1:
            raise group.failure
        if group.failure:
            raise Unavailable(type(group.failure).__name__)

    def _count(self, more: int) -> None:
        with self._counting:
            self.waiting += more

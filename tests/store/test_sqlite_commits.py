"""Writers that wait share one durable commit, and share nothing else: not errors, not luck."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from forum.ports import Unavailable
from forum.store.sqlite_commits import LARGEST, Commits

Write = Callable[[sqlite3.Connection], object]


class Disk:
    """One file, a connection for each writer, and what was done on them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commits = Commits()
        self.done: list[str] = []
        self.answered = 0
        self.connections: list[sqlite3.Connection] = []
        self.connect().execute("CREATE TABLE words (word TEXT PRIMARY KEY)")

    def connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.set_trace_callback(self.done.append)
        self.connections.append(connection)
        return connection

    def write(self, write: Write) -> None:
        with self.commits.writing(self.connect) as connection:
            write(connection)
        self.answered += 1

    def at_once(self, first: Write, *rest: Write) -> list[Future[None]]:
        """Let the first writer write once all the rest wait; they follow in any order."""
        begun = threading.Event()

        def write_first(connection: sqlite3.Connection) -> None:
            begun.set()
            until(lambda: self.commits.waiting == len(rest))
            first(connection)

        with ThreadPoolExecutor(1 + len(rest)) as threads:
            futures = [threads.submit(self.write, write_first)]
            begun.wait(10)
            return futures + [threads.submit(self.write, write) for write in rest]

    def words(self) -> set[str]:
        return {row[0] for row in self.connections[0].execute("SELECT word FROM words")}

    def committed(self) -> int:
        return self.done.count("COMMIT")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path / "words.sqlite3")
    yield disk
    for connection in disk.connections:
        connection.close()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)


def say(word: str) -> Write:
    return lambda connection: connection.execute("INSERT INTO words VALUES (?)", (word,))


def say_and_stumble(word: str) -> Write:
    def write(connection: sqlite3.Connection) -> None:
        say(word)(connection)
        raise KeyError(word)

    return write


def lose_all(connection: sqlite3.Connection) -> None:
    """What SQLite does by itself when the disk is full in the middle of a write."""
    connection.rollback()
    raise sqlite3.OperationalError("database or disk is full")


def error(future: Future[None]) -> type[BaseException] | None:
    found = future.exception()
    return type(found) if found else None


def test_writers_that_wait_share_one_commit(disk: Disk) -> None:
    words = [f"word {number}" for number in range(12)]
    assert [error(future) for future in disk.at_once(*map(say, words))] == [None] * 12
    assert disk.words() == set(words)
    assert disk.committed() == 1


def test_a_writer_alone_has_a_commit_of_its_own(disk: Disk) -> None:
    disk.write(say("one"))
    disk.write(say("two"))
    assert disk.committed() == 2


def test_no_commit_is_shared_by_more_than_the_limit(disk: Disk) -> None:
    disk.at_once(*(say(str(number)) for number in range(LARGEST + 3)))
    assert len(disk.words()) == LARGEST + 3
    assert disk.committed() == 2


@pytest.mark.parametrize("place", range(3))
def test_an_error_undoes_its_own_writer_and_no_other(disk: Disk, place: int) -> None:
    writes = [say("one"), say("two")]
    writes.insert(place, say_and_stumble("three"))
    errors = [error(future) for future in disk.at_once(*writes)]
    assert errors.pop(place) is KeyError
    assert errors == [None, None]
    assert disk.words() == {"one", "two"}


def test_the_same_word_twice_in_one_commit_is_refused_to_the_second(disk: Disk) -> None:
    first, second = disk.at_once(say("one"), say("one"))
    assert (error(first), error(second)) == (None, sqlite3.IntegrityError)
    assert disk.words() == {"one"}


def test_whoever_is_undone_with_another_is_told_and_the_next_is_not_harmed(disk: Disk) -> None:
    first, second = disk.at_once(say("one"), lose_all)
    assert error(first) is sqlite3.OperationalError
    assert error(second) is sqlite3.OperationalError
    disk.write(say("three"))
    assert disk.words() == {"three"}


def test_a_commit_that_fails_is_told_to_all_who_shared_it(disk: Disk) -> None:
    disk.connections[0].execute("CREATE TABLE parts (of TEXT REFERENCES words DEFERRABLE)")

    def say_part(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO parts VALUES ('nothing')")

    def with_rules() -> sqlite3.Connection:
        connection = Disk.connect(disk)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    disk.connect = with_rules  # type: ignore[method-assign]
    futures = disk.at_once(say("one"), say_part, say("two"))
    assert [error(future) for future in futures] == [Unavailable] * 3
    assert disk.words() == set()
    disk.write(say("three"))
    assert disk.words() == {"three"}


def test_nobody_is_answered_before_the_commit(disk: Disk) -> None:
    seen: list[object] = []

    def look(connection: sqlite3.Connection) -> None:
        time.sleep(0.05)  # long enough for an early answer to arrive
        seen.append((disk.words(), disk.answered))

    assert [error(f) for f in disk.at_once(say("one"), say("two"), look)] == [None] * 3
    assert seen == [(set(), 0)]
    assert (disk.words(), disk.answered) == ({"one", "two"}, 3)


def test_whoever_takes_the_turn_for_something_else_can_finish_what_is_open(disk: Disk) -> None:
    begun = threading.Event()

    def say_slowly(connection: sqlite3.Connection) -> None:
        begun.set()
        until(lambda: disk.commits.waiting == 1)
        say("one")(connection)

    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(disk.write, say_slowly)
        begun.wait(10)
        with disk.commits.turn():
            assert not writer.done()
            disk.commits.finish()
            assert disk.words() == {"one"}
    assert error(writer) is None


def test_a_writer_whose_successor_never_comes_commits_after_a_while(disk: Disk) -> None:
    disk.commits.waiting += 1  # as if somebody had been interrupted before the turn
    disk.write(say("one"))
    assert disk.words() == {"one"}

"""The whole store in a file: for a move, into an empty store, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from forum import wiring
from forum.archive import BadArchive, Entry, NotEmpty, read, read_head, write
from forum.erasures import Replay, TooOld, must_reach
from forum.settings import Settings
from moderation.commands.arguments import Arguments, Failed
from moderation.commands.new_file import new_file

Opened = Callable[[], AbstractContextManager[Iterator[bytes]]]
"""Opens the lines of an archive, each time from the first."""


@dataclass(frozen=True)
class Taken:
    """What went into the store, and what the ledger kept out of it."""

    day: date
    rows: int
    erased: int
    hidden: int
    reached: bool
    """Whether the ledger goes back to the archive's day."""


def export(asked: Arguments) -> None:
    """Write everything the store holds into a new file."""
    store, day = wiring.open_archive(wiring.settings()), wiring.CLOCK.now().date()
    counted = Counted(store.rows())
    with new_file(Path(asked.file)) as file:
        file.writelines(write(day, counted))
    words = f"{asked.file} holds all {counted.number} rows. Every word in it can be read: delete it"
    asked.say(
        {"file": asked.file, "rows": counted.number}, f"{words} once it is where it should be."
    )


def import_(asked: Arguments) -> None:
    """Take everything in a file into an empty store."""
    chosen = wiring.settings()
    path = Path(asked.file)
    try:
        taken = take_in(chosen, lambda: path.open("rb"), must=False)
    except OSError as error:
        raise Failed(f"{asked.file!a} cannot be read: {error.strerror}.") from None
    asked.say(for_programs(taken), in_words(taken))


def take_in(chosen: Settings, opened: Opened, must: bool, hide_all: bool = False) -> Taken:
    """Fill the empty store with an archive, but for what the ledger says was erased since.

    The archive is read to its end once before anything is written. `must` refuses what the ledger
    does not reach back to; `hide_all` hides everything that was approved. Raises `Failed`, and
    nothing was changed.
    """
    store, ledger, today = (
        wiring.open_archive(chosen),
        wiring.open_ledger(chosen),
        wiring.CLOCK.now().date(),
    )
    try:
        if not store.is_empty():
            raise NotEmpty
        day = _check(opened)
        reached = _reaches(lambda: must_reach(ledger, day, today), must)
        replay = Replay(ledger.since(day), hide_all)
        with opened() as lines:
            rows = store.put_rows(replay.over(read(lines)))
    except NotEmpty:
        raise Failed(
            "The store already holds something, so nothing was changed. "
            "Stop the forum, move the store's files away, and try again."
        ) from None
    except (BadArchive, TooOld) as error:
        raise Failed(f"{error} Nothing was changed.") from None
    return Taken(day, rows, replay.erased, replay.hidden, reached)


def _check(opened: Opened) -> date:
    """Read everything once; the archive's day."""
    with opened() as lines:
        first = next(lines, b"")
        day = read_head(first).day
        for _ in read(chain([first], lines)):
            pass
    return day


def _reaches(check: Callable[[], None], must: bool) -> bool:
    try:
        check()
    except TooOld:
        if must:
            raise
        return False
    return True


def in_words(taken: Taken) -> str:
    """What an operator is told."""
    words = [f"{taken.rows} rows are in the store, as they were on {taken.day}."]
    if taken.erased:
        words.append(f"Left out, because they were erased since: {taken.erased}.")
    if taken.hidden:
        words.append(f"Hidden until somebody reads them again: {taken.hidden}.")
    if not taken.reached:
        words.append(
            "The ledger of erasures does not reach back to that day: "
            "what was taken back since may be among them."
        )
    return " ".join(words)


def for_programs(taken: Taken) -> dict[str, object]:
    """The same, for `--json`."""
    return {
        "day": taken.day.isoformat(),
        "rows": taken.rows,
        "erased": taken.erased,
        "hidden": taken.hidden,
        "ledger_reaches": taken.reached,
    }


class Counted:
    """Passes rows on, and counts them."""

    def __init__(self, entries: Iterable[Entry], without: frozenset[str] = frozenset()) -> None:
        self._entries = entries
        self._without = without
        self.number = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            if entry[0] not in self._without:
                self.number += 1
                yield entry


def opened_file(path: Path) -> BinaryIO:
    """The file, to read; raise `Failed`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise Failed(f"{str(path)!a} cannot be read: {error.strerror}.") from None

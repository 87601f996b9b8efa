"""The whole store in a file: for a move, into an empty store, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from forum import wiring
from forum.archive import BadArchive, Entry, Head, NotEmpty, read, read_head, write
from forum.erasures import Ledger, Replay, TooOld, must_reach, replayed_from
from forum.rows import Unavailable
from forum.settings import Settings
from moderation.commands.arguments import Arguments, Failed
from moderation.commands.new_file import new_file

Opened = Callable[[], AbstractContextManager[Iterator[bytes]]]
"""Opens the lines of an archive, each time from the first."""


class Unreached(Enum):
    """What is done with an archive that the ledger does not reach back to."""

    REFUSED = "refused"
    HIDDEN = "hidden"
    """It goes in, and whatever was up is hidden until somebody has read it again."""
    MOVED = "moved"
    """It goes in as it is: the operator says that nothing was taken back since it was made."""


OF_UNREACHED = {
    Unreached.HIDDEN: "No ledger of erasures reaches back to it, so nobody knows what was taken "
    "back since. That is why all that was up is hidden: before you approve any of it, think of "
    "those who may have taken it back.",
    Unreached.MOVED: "No ledger of erasures reaches back to it. All that was up stays approved, "
    "because you said that nobody could take anything back since it was made.",
}
"""What an operator is told of that."""


@dataclass(frozen=True)
class Taken:
    """What went into the store, and what the ledger kept out of it."""

    day: date
    rows: int
    posts: int
    """How many of the rows are posts: what an operator can compare with a queue."""
    erased: int
    hidden: int
    without_roles: int
    unreached: Unreached | None
    """What was done because the ledger does not reach back to the archive; None if it does."""


def export(asked: Arguments) -> None:
    """Write everything the store holds into a new file."""
    chosen, day = wiring.settings(), wiring.CLOCK.now().date()
    ledger, counted = ledger_name(chosen), Counted(wiring.open_archive(chosen).rows())
    with new_file(Path(asked.file)) as file:
        file.writelines(write(day, counted, ledger))
    words = f"{asked.file} holds all {counted.number} rows. Every word in it can be read: delete it"
    asked.say(
        {"file": asked.file, "rows": counted.number}, f"{words} once it is where it should be."
    )


def import_(asked: Arguments) -> None:
    """Take everything in a file into an empty store."""
    chosen = wiring.settings()
    path = Path(asked.file)
    otherwise = Unreached.MOVED if asked.moving else Unreached.HIDDEN
    try:
        taken = take_in(chosen, lambda: path.open("rb"), otherwise)
    except OSError as error:
        raise Failed(f"{asked.file!a} cannot be read: {error.strerror}.") from None
    words = in_words(taken)
    if taken.unreached is Unreached.HIDDEN:
        words += (
            " If the old forum stood still ever since the export, nothing need be hidden: "
            "begin again with an empty store and `import --moving`."
        )
    asked.say(for_programs(taken), words)


def ledger_name(chosen: Settings) -> str:
    """The name of the ledger beside the store; "" for none, or for one that cannot be read.

    A copy that nobody can bring back as it was is better than no copy.
    """
    try:
        return wiring.open_ledger(chosen).name()
    except Unavailable:
        return ""


def take_in(
    chosen: Settings, opened: Opened, otherwise: Unreached, hide_all: bool = False
) -> Taken:
    """Fill the empty store with an archive, but for what the ledger says was erased since.

    The archive is read to its end once before anything is written. `otherwise` is for one that the
    ledger does not reach back to; `hide_all` hides everything that was approved in any case. Raises
    `Failed`, and nothing was changed.
    """
    store, ledger, today = (
        wiring.open_archive(chosen),
        wiring.open_ledger(chosen),
        wiring.CLOCK.now().date(),
    )
    try:
        if not store.is_empty():
            raise NotEmpty
        head = _check(opened)
        unreached = _unreached(ledger, head, today, otherwise)
        hides = hide_all or unreached is Unreached.HIDDEN
        replay = Replay(ledger.since(replayed_from(head.day)), hides)
        with opened() as lines:
            counted = Counted(replay.over(read(lines)))
            rows = store.put_rows(counted)
    except NotEmpty:
        how = (
            "Only the tables of a new deployment are empty."
            if chosen.tables
            else "Stop the forum, move the store's files away, and try again."
        )
        raise Failed(f"The store already holds something, so nothing was changed. {how}") from None
    except (BadArchive, TooOld) as error:
        raise Failed(f"{error} Nothing was changed.") from None
    return Taken(
        head.day, rows, counted.posts, replay.erased, replay.hidden, replay.without_roles, unreached
    )


def _check(opened: Opened) -> Head:
    """Read everything once; what the first line says."""
    with opened() as lines:
        first = next(lines, b"")
        head = read_head(first)
        for _ in read(chain([first], lines)):
            pass
    return head


def _unreached(ledger: Ledger, head: Head, today: date, otherwise: Unreached) -> Unreached | None:
    try:
        must_reach(ledger, head, today)
    except TooOld:
        if otherwise is Unreached.REFUSED:
            raise
        return otherwise
    return None


def in_words(taken: Taken) -> str:
    """What an operator is told."""
    there = f"{taken.rows} rows are in the store, {taken.posts} of them posts"
    words = [f"{there}, as they were on {taken.day}."]
    if taken.unreached is None and not (taken.erased or taken.hidden or taken.without_roles):
        words.append("The ledger of erasures was looked at: nothing was taken back since.")
    if taken.erased:
        words.append(f"Left out, because they were erased since: {taken.erased}.")
    if taken.hidden:
        words.append(f"Hidden until somebody reads them again: {taken.hidden}.")
    if taken.without_roles:
        words.append(
            f"Moderators who lost a role since, and did not get it back: {taken.without_roles}. "
            "Look through `moderators`: is somebody a coordinator, and somebody a safety lead?"
        )
    if taken.unreached:
        words.append(OF_UNREACHED[taken.unreached])
    return " ".join(words)


def for_programs(taken: Taken) -> dict[str, object]:
    """The same, for `--json`."""
    return {
        "day": taken.day.isoformat(),
        "rows": taken.rows,
        "posts": taken.posts,
        "erased": taken.erased,
        "hidden": taken.hidden,
        "without_roles": taken.without_roles,
        "ledger_reaches": taken.unreached is None,
    }


class Counted:
    """Passes rows on, and counts them."""

    def __init__(self, entries: Iterable[Entry], without: frozenset[str] = frozenset()) -> None:
        self._entries = entries
        self._without = without
        self.number = self.posts = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            if entry[0] not in self._without:
                self.number += 1
                self.posts += entry[0] == "posts"
                yield entry


def opened_file(path: Path) -> BinaryIO:
    """The file, to read; raise `Failed`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise Failed(f"{str(path)!a} cannot be read: {error.strerror}.") from None

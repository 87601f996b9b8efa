"""Whether the record still is what was written: read once from its first row to its last.

A chain shows every change before its end. That the end was cut off shows only to whoever noted a
link and finds it gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from forum.record import Entry, broken

MOST_FAULTS = 20
"""Sentences that are told; one change breaks many rows."""
UNREADABLE = "A row after row {number} cannot be read."


@dataclass(frozen=True)
class Chain:
    """How the record stands."""

    rows: int
    link: str
    """The last link: who notes it elsewhere can tell later that nothing before it was changed."""
    faults: tuple[str, ...] = ()
    """What is wrong, a sentence each; no more than `MOST_FAULTS`."""
    noted: int | None = None
    """The row that carries the link that somebody noted; None where there is none."""


def check(entries: Iterable[Entry], noted: str = "") -> Chain:
    """Read the whole record; `noted` is a link from before, to be found again."""
    seen = _Seen(entries, noted)
    faults: list[str] = []
    try:
        faults += islice(broken(seen), MOST_FAULTS)
        for _ in seen:  # to the end, also where there was too much to tell
            pass
    except (ValueError, TypeError, KeyError):  # somebody wrote into a row what no row can hold
        faults.append(UNREADABLE.format(number=seen.rows))
    return Chain(seen.rows, seen.link, tuple(faults[:MOST_FAULTS]), seen.noted)


class _Seen:
    """Passes rows on, and remembers where it is."""

    def __init__(self, entries: Iterable[Entry], wanted: str) -> None:
        self._entries = iter(entries)
        self._wanted = wanted
        self.rows = 0
        self.link = ""
        self.noted: int | None = None

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.rows, self.link = self.rows + 1, entry.link
            if self._wanted and entry.link == self._wanted:
                self.noted = entry.number
            yield entry

"""Every story keeps its place in every list for good: a withdrawal leaves a gap, nothing shifts.

A slot counts from 0, the oldest. Bucket K holds slots 20(K-1) to 20K-1 and has one lasting
address. The front of a list is its two newest buckets that hold anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from story_pages.catalogue import Catalogue, Row

BUCKET = 20
"""Slots in a bucket. Changing it would move every story to another address."""

FRONT_BUCKETS = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of a list: its stories, newest first, and the buckets on either side.

    `newer` is None where the front of the list comes next, `older` at the oldest bucket.
    """

    rows: tuple[Row, ...]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stories of one list, such as `stories` or `topics/grief`, in buckets."""

    name: str
    catalogue: Catalogue

    def numbers(self) -> Iterator[int]:
        """The buckets that hold anything, newest first."""
        number = self._below(None)
        while number:
            yield number
            number = self._below(number)

    def in_front(self) -> list[int]:
        """The buckets that the front shows."""
        return list(islice(self.numbers(), FRONT_BUCKETS))

    def front(self) -> Stretch:
        """The newest two buckets; `older` leads to the one after them."""
        shown = self.in_front()
        rows = tuple(row for number in shown for row in self._rows(number))
        return Stretch(rows, newer=None, older=self._below(shown[-1]) if shown else None)

    def stretch(self, number: int) -> Stretch | None:
        """One bucket, or None if it holds nothing; empty ones on either side are passed over."""
        rows = tuple(self._rows(number))
        if not rows:
            return None
        newer = self.above(number)
        return Stretch(
            rows, newer=None if newer in self.in_front() else newer, older=self._below(number)
        )

    def near(self, number: int) -> Iterator[int]:
        """A bucket and those that lead to it, as far as they hold anything."""
        for one in (self.above(number), number, self._below(number)):
            if one:
                yield one

    def newest(self, most: int) -> list[Row]:
        """The newest stories, at most `most`."""
        return self.catalogue.newest(self.name, most)

    def above(self, number: int) -> int | None:
        """The next newer bucket that holds anything."""
        slot = self.catalogue.slot_above(self.name, number * BUCKET - 1)
        return None if slot is None else bucket_of(slot)

    def _below(self, number: int | None) -> int | None:
        """The next older bucket that holds anything; the newest of all for None."""
        edge = _NO_SLOT if number is None else (number - 1) * BUCKET
        slot = self.catalogue.slot_below(self.name, edge)
        return None if slot is None else bucket_of(slot)

    def _rows(self, number: int) -> list[Row]:
        return self.catalogue.between(self.name, (number - 1) * BUCKET, number * BUCKET - 1)


_NO_SLOT = 1 << 62
"""Higher than any slot."""


def bucket_of(slot: int) -> int:
    """The number, from 1, of the bucket that holds a slot."""
    return slot // BUCKET + 1

"""Every story keeps its place in every list for good: a withdrawal leaves a gap, nothing shifts.

A slot counts from 0, the oldest. Bucket K holds slots 20(K-1) to 20K-1 and has one lasting
address. The front of a list is its two newest buckets that hold anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from story_pages.stories import Story

BUCKET = 20
"""Slots in a bucket. Changing it would move every story to another address."""

FRONT_BUCKETS = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of a list: its stories, newest first, and the buckets on either side.

    `newer` is None where the front of the list comes next, `older` at the oldest bucket.
    """

    stories: tuple[Story, ...]
    newer: int | None
    older: int | None


class Shelf:
    """The stories of one list, such as `stories` or `topics/grief`, in buckets."""

    def __init__(self, name: str, stories: Iterable[Story]) -> None:
        self.name = name
        self._buckets: dict[int, list[Story]] = {}
        for story in sorted(stories, key=self._newest_first):
            self._buckets.setdefault(bucket_of(story.slots[name]), []).append(story)

    def _newest_first(self, story: Story) -> tuple[int, str]:
        return -story.slots[self.name], story.id

    @property
    def numbers(self) -> list[int]:
        """The buckets that hold anything, newest first."""
        return list(self._buckets)

    def front(self) -> Stretch:
        """The newest two buckets; `older` leads to the one after them."""
        shown, rest = self.numbers[:FRONT_BUCKETS], self.numbers[FRONT_BUCKETS:]
        stories = tuple(story for number in shown for story in self._buckets[number])
        return Stretch(stories, newer=None, older=rest[0] if rest else None)

    def stretches(self) -> Iterator[tuple[int, Stretch]]:
        """Every bucket that holds anything, with its number; empty ones are passed over."""
        numbers = self.numbers
        in_front = set(numbers[:FRONT_BUCKETS])
        for place, number in enumerate(numbers):
            newer = numbers[place - 1] if place and numbers[place - 1] not in in_front else None
            older = numbers[place + 1] if number != numbers[-1] else None
            yield number, Stretch(tuple(self._buckets[number]), newer, older)

    def newest(self, most: int) -> tuple[Story, ...]:
        """The newest stories, at most `most`."""
        return tuple(islice(chain.from_iterable(self._buckets.values()), most))


def bucket_of(slot: int) -> int:
    """The number, from 1, of the bucket that holds a slot."""
    return slot // BUCKET + 1

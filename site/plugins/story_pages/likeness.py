"""What a story is like, as far as a reader of one may want the other.

Two stories are the more alike the more lists they share, and the more of their longer words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from zlib import crc32

from story_pages.catalogue import ALL
from story_pages.manifest import Entry
from story_pages.stories import Story

MOST = 3
"""Stories that a page leads to: enough to choose from, few enough to look at."""

WORTH = {"topics": 32, "stages": 16, "arcs": 8, "helped": 8}
"""What it counts that two stories stand in the same list of a kind."""
WORTH_OF_WORDS = 16
"""What it would count that two stories were made of the same longer words."""
LEAST = 8
"""Less than this is not alike."""

BITS = 1024
"""Room for the words of a story: each sets one bit (feature hashing; Weinberger and others, 2009).
Two stories of six hundred words share about a tenth of their bits by chance."""
_LONGER_WORD = re.compile(r"[^\W\d_]{7,}")
"""Short words stand in every story; most of those that tell what it is about are longer."""
_LONGER_IN_PLAIN_LETTERS = re.compile(r"[a-z]{7,}")
"""Finds the same in a text of these alone, in less than half the time."""


class Likeness(NamedTuple):
    """What one story is like. `slot` is its place among all, `words` has a bit for each word."""

    id: str
    slot: int
    lists: frozenset[str]
    notes: frozenset[str]
    words: int
    about: str
    indexed: bool


def likeness_of(story: Story, entry: Entry) -> Likeness:
    """What a story of the manifest is like."""
    text = story.body.lower()
    longer = _LONGER_IN_PLAIN_LETTERS if text.isascii() else _LONGER_WORD
    bits = bytearray(BITS // 8)
    for word in set(longer.findall(text)):
        bit = crc32(word.encode()) % BITS
        bits[bit >> 3] |= 1 << (bit & 7)
    return Likeness(
        entry.id,
        entry.slots[ALL],
        frozenset(entry.slots),
        frozenset(note.slug for note in story.content_notes),
        int.from_bytes(bits, "little"),
        " ".join(sorted(word.slug for word in story.about_me)),
        story.indexed,
    )


def likeness(one: Likeness, other: Likeness) -> int:
    """How alike two stories are, from 0."""
    lists = sum(map(_worth, one.lists & other.lists))
    most_words = max(one.words.bit_count(), other.words.bit_count(), 1)
    return lists + WORTH_OF_WORDS * (one.words & other.words).bit_count() // most_words


@cache
def _worth(list_name: str) -> int:
    return WORTH.get(list_name.partition("/")[0], 0)


def may_lead(one: Likeness, other: Likeness) -> bool:
    """Whether the page of one may show the other.

    Not where that mentions something hard that this one does not. And a page that search engines
    may keep shows the words of no story that they may not.
    """
    return other.notes <= one.notes and other.indexed >= one.indexed


def most_alike(one: Likeness, others: Iterable[Likeness]) -> tuple[str, ...]:
    """The ids of those that are most like this one, the newest first of two that are as like."""
    alike = ((likeness(one, other), other.slot, other.id) for other in others)
    found = sorted((row for row in alike if row[0] >= LEAST), reverse=True)
    return tuple(id for _, _, id in found[:MOST])

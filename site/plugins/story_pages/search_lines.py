"""A word's line says in which slots it stands, as text that JSON, Python and browsers read fast.

Each slot is one character, its number the step from the slot before: UTF-8 makes a byte of most of
them, and no loop is needed here to write them or to read them. A line has the slots of each class
of weight, from the lightest on, parted by spaces.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate, count
from operator import add, sub

from story_pages.search_words import CLASSES

FARTHEST = 1_000_000
"""Slots from here on have no character; what stands there is never in the large index."""
_FIRST = 0x22
"""A step of 1 is the character after this, the quotation mark: none below it is ever needed."""
_NO_LETTERS, _ROOM = 0xD800, 0x800
"""From here on so many numbers are half a character each: they are passed over."""
_WIDE = "utf-32-le"

Line = str
Slots = Sequence[int]


def line_of(classes: Iterable[Slots]) -> Line:
    """The line of a word that stands in these slots, in order, for each class."""
    return " ".join(map(spelled, classes)).rstrip(" ")


def classes_of(line: Line) -> list[Slots]:
    """What a line says, for each class."""
    found: list[Slots] = [_read(spelled) for spelled in line.split(" ")]
    return found + [()] * (CLASSES - len(found))


def without(line: Line, gone: Set[int]) -> Line:
    """The line without these slots; "" where none is left."""
    classes = classes_of(line)
    if all(map(gone.isdisjoint, classes)):
        return line
    return line_of([slot for slot in slots if slot not in gone] for slots in classes)


def together(line: Line, other: Line) -> Line:
    """The line of a word that stands in the slots of both, none of which is in both."""
    pairs = zip(classes_of(line), classes_of(other), strict=True)
    return line_of(sorted((*slots, *others)) for slots, others in pairs)


def spelled(slots: Slots) -> str:
    """The characters of some slots, in order. A loop over each would take three times as long."""
    if not slots:
        return ""
    places = list(map(add, slots, count(_FIRST, _FIRST)))
    steps = array("I", map(sub, places, [-1, *places[:-1]]))
    if max(steps) >= _NO_LETTERS:
        steps = array("I", (step + _ROOM * (step >= _NO_LETTERS) for step in steps))
    return steps.tobytes().decode(_WIDE)


def _read(spelled: str) -> list[int]:
    steps: Iterator[int] | array[int] = array("I", spelled.encode(_WIDE))
    if spelled and max(spelled) >= chr(_NO_LETTERS):
        steps = (step - _ROOM * (step >= _NO_LETTERS) for step in steps)
    return list(map(sub, accumulate(steps), count(_FIRST + 1, _FIRST)))

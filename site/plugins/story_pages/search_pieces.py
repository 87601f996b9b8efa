"""The large index is cut into pieces of many words each, so that a search fetches few bytes.

No piece is made with fewer than `FEWEST` words: which one somebody fetches must not tell what they
typed. One that loses the words of a withdrawn story may have fewer until the next daily run.
A piece is named by what is in it, so that nobody reads half of one index and half of another.
"""

from __future__ import annotations

import heapq
import json
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

from story_pages.search_lines import Line, line_of, together, without
from story_pages.search_words import CLASSES, Terms

PIECE = 16 * 1024
"""Characters from which on a piece is full."""
FEWEST = 8

_HALF = 16
"""Slots are kept in half the room, apart by their upper bits."""

_NOTHING: dict[str, array[int]] = {}

Worded = tuple[str, Line]
_word: Callable[[Worded], str] = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that follow one another, each with its line; no body where it stands already."""

    first: str
    name: str
    body: str = ""


class Gathered:
    """The words of many stories, gathered in no order and in little room."""

    def __init__(self) -> None:
        self._parts: dict[tuple[int, int], defaultdict[str, array[int]]] = {}

    def take(self, slot: int, terms: Terms) -> None:
        """Take in the story that stands in this slot; each slot once."""
        high, low = divmod(slot, 1 << _HALF)
        for place, words in enumerate(terms):
            part = self._parts.setdefault((high, place), defaultdict(_no_slots))
            for word in words.split():
                part[word].append(low)

    def lines(self) -> Iterator[Worded]:
        """Every word and its line, in the order that browsers give words."""
        highs = sorted({high for high, _ in self._parts})
        words = sorted({word for part in self._parts.values() for word in part}, key=_in_browsers)
        for word in words:
            yield word, line_of(self._slots(word, place, highs) for place in range(CLASSES))

    def _slots(self, word: str, place: int, highs: list[int]) -> list[int]:
        found: list[int] = []
        for high in highs:
            lows = self._parts.get((high, place), _NOTHING).get(word)
            if lows:
                found += (high << _HALF | low for low in sorted(lows)) if high else sorted(lows)
        return found


def merged(lines: Iterable[Worded], gone: Set[int], more: Iterable[Worded]) -> Iterator[Worded]:
    """The lines without the slots that are gone, and with more; all in the order of browsers."""
    kept = ((word, without(line, gone)) for word, line in lines) if gone else lines
    for word, found in groupby(heapq.merge(kept, more, key=_place), key=_word):
        line = ""
        for _, one in found:
            line = together(line, one) if line and one else line or one
        if line:
            yield word, line


def pieces_of(lines: Iterable[Worded]) -> Iterator[Piece]:
    """The pieces that words in their order come to."""
    before: dict[str, Line] = {}
    now: dict[str, Line] = {}
    size = 0
    for word, line in lines:
        now[word] = line
        size += len(word) + len(line)
        if size >= PIECE and len(now) >= FEWEST:
            if before:
                yield piece_of(before)
            before, now, size = now, {}, 0
    for last in (before, now) if len(now) >= FEWEST else ({**before, **now},):
        if last:
            yield piece_of(last)


def piece_of(lines: dict[str, Line]) -> Piece:
    """The piece that has these words, in their order."""
    body = as_json(lines)
    name = blake2b(body.encode(), digest_size=5).hexdigest()
    return Piece(next(iter(lines)), name, body)


def read_piece(body: str) -> dict[str, Line]:
    """The lines of a piece by word. Raises `ValueError`."""
    lines = json.loads(body)
    if not isinstance(lines, dict):
        raise ValueError("a piece is not what it was")
    return lines


def as_json(said: object) -> str:
    """JSON in the fewest bytes."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _no_slots() -> array[int]:
    return array("H")


def _place(worded: Worded) -> bytes:
    return _in_browsers(worded[0])


def _in_browsers(word: str) -> bytes:
    """Browsers compare words by halves of characters."""
    return word.encode("utf-16-be")

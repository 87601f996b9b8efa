"""The search finds, in the browser, what is up; what it costs follows what changed.

What a story shows as, and the words of what came or changed lately, lie in small files by bucket,
made anew with it. All other words are in the large index, made anew once a day: what it says of a
place that changed since counts no more, and what is not told of is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from functools import partial
from typing import Any, TypeVar

from markupsafe import Markup

from story_pages.catalogue import ALL
from story_pages.library import Library
from story_pages.manifest import Entry
from story_pages.outputs import Output
from story_pages.search_large import Damaged, Large, Read, directory_of
from story_pages.search_lines import FARTHEST
from story_pages.search_paths import (
    DIRECTORY,
    PAGE,
    RECENT,
    piece_path,
    recent_path,
    told_path,
)
from story_pages.search_pieces import Gathered, Piece, Worded, as_json, merged, pieces_of
from story_pages.search_since import Place, Since
from story_pages.search_words import Terms, terms_of
from story_pages.slots import bucket_of
from story_pages.words import Word

MOST_RECENT = 256
"""Changed places from which on any run makes the large index anew: a search fetches them all."""

Card = Callable[[Any], str]
"""How a story, or what is left of it in a whole run, shows in a list."""
One = TypeVar("One")


class SearchIndex:
    """The files of the search. `anew`: this run may make the large index anew.

    In a whole run, `put` is told the words of every story.
    """

    def __init__(
        self, since: Since, library: Library, read: Read, remove: Callable[[str], None],
        *, whole: bool, anew: bool,
    ) -> None:  # fmt: skip
        self._since, self._library = since, library
        self._large, self._remove = Large(read), remove
        self._whole = whole
        if whole:
            since.begin_anew()
        before = since.slots()
        self._due = whole or (anew and bool(before)) or len(before) >= MOST_RECENT
        self._anew = anew
        self._buckets = set(map(bucket_of, before)) if self._due else set[int]()
        self._left: set[int] = set()
        self._put: set[str] = set()
        self._gathered = Gathered()

    def put(self, entry: Entry, terms: Terms) -> None:
        """Let a story be found."""
        slot = entry.slots[ALL]
        self._buckets.add(bucket_of(slot))
        if not self._whole:
            self._since.note(slot)
        elif slot < FARTHEST:
            self._gathered.take(slot, terms)

    def drop(self, entry: Entry) -> None:
        """Let a story be found no more as it was."""
        slot = entry.slots[ALL]
        self._buckets.add(bucket_of(slot))
        self._left.add(slot)
        self._since.note(slot)

    def outputs(self, card: Card) -> Iterator[Output]:
        """Every file that is another now; asked again when one of the stories turned out bad."""
        since = self._since.slots()
        self._due = self._due or (self._anew and bool(since))
        if self._due:
            yield from self._made_anew(since)
        elif self._left:
            yield from self._rid_of(since)
        since = self._since.slots()
        for number in sorted(self._buckets):
            yield from self._bucket(number, since, card)
        recent = {bucket_of(slot) for slot, _ in self._since.stories()}
        yield _file(RECENT, as_json(sorted(recent)))

    def _made_anew(self, since: Set[int]) -> Iterator[Output]:
        """The large index of all that stands."""
        apart = self._since.apart() | (since if self._whole else set())
        try:
            yield from self._laid(pieces_of(self._lines(since, apart)))
        except Damaged:
            every = self._since.everywhere()
            yield from self._laid(pieces_of(self._gather(every, apart).lines()))
        self._since.settle(apart)

    def _rid_of(self, since: Set[int]) -> Iterator[Output]:
        """The large index without what nothing but the changed places told it."""
        try:
            yield from self._laid(self._large.rid_of(since))
        except Damaged:
            self._due = True
            self._buckets |= set(map(bucket_of, since))
            yield from self._made_anew(since)

    def _lines(self, since: Set[int], apart: Set[int]) -> Iterator[Worded]:
        if self._whole:
            return merged(self._gathered.lines(), apart, ())
        more = self._gather(self._since.stories(), apart)
        return merged(self._large.lines(), since, more.lines())

    def _gather(self, places: Iterable[Place], apart: Set[int]) -> Gathered:
        gathered = Gathered()
        for slot, id in places:
            if slot not in apart:
                gathered.take(slot, self._terms(id))
        return gathered

    def _laid(self, pieces: Iterator[Piece]) -> Iterator[Output]:
        """Pieces, and what leads to them; others go. Raises `Damaged`, and then all stand."""
        self._put |= self._standing()
        now = list[Piece]()
        for piece in pieces:
            now.append(Piece(piece.first, piece.name))
            self._put.add(piece.name)
            if piece.body:
                yield _file(piece_path(piece.name), piece.body)
        for name in self._put - {piece.name for piece in now}:
            self._remove(piece_path(name))
        yield _file(DIRECTORY, directory_of(now))

    def _standing(self) -> set[str]:
        try:
            return {name for _, name in self._large.pieces()}
        except Damaged:
            return set()

    def _bucket(self, number: int, since: Set[int], card: Card) -> Iterator[Output]:
        places = self._since.in_bucket(number)
        recent = [place for place in places if place[0] in since]
        if not recent:
            self._remove(recent_path(number))
        if not places:
            self._remove(told_path(number))
            return
        listed = self._library.listed
        told = (f'<div data-slot="{slot}">{card(listed(id))}</div>\n' for slot, id in places)
        yield _file(told_path(number), "".join(told))
        if recent:
            terms = _by_slot((slot, self._terms(id)) for slot, id in recent)
            yield _file(recent_path(number), as_json(terms))

    def _terms(self, id: str) -> Terms:
        return terms_of(self._library.story(id))


def search_page(topics: Iterable[Word]) -> Output:
    """The page to search from. Without script it leads to these."""
    return Output(PAGE, "search", partial(dict, topics=list(topics)))


def _by_slot(pairs: Iterable[tuple[int, One]]) -> dict[int, list[One]]:
    """What stands in each slot: nearly always one."""
    found: dict[int, list[One]] = {}
    for slot, one in pairs:
        found.setdefault(slot, []).append(one)
    return found


def _file(path: str, said: str) -> Output:
    return Output(path, "search.txt", partial(dict, said=Markup(said)), for_machines=True)  # noqa: S704

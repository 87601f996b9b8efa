"""Makes the pages that differ: those of the stories that do, and of the lists they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from story_pages.cards import Cards
from story_pages.difference import NO_PART, PartDifference, Stale, difference_in, stale_parts
from story_pages.likeness import Likeness, likeness_of
from story_pages.manifest import Entry, SetAside, part_of
from story_pages.outputs import (
    SITEMAPS,
    Output,
    always,
    bucket_address,
    feed_address,
    page_path,
    path_of,
    site_map,
    story_page,
)
from story_pages.own_pages import OwnPages, Render
from story_pages.post_reader import BadPost, lies_in, strangers
from story_pages.run import Run
from story_pages.search import search_page
from story_pages.search_words import NONE, Terms, terms_of
from story_pages.side_by_side import look_only_at_what_comes, side_by_side
from story_pages.slots import Shelf
from story_pages.touched import shelved

MANY = 256
"""Parts to make from which on it is worth while to do it side by side."""

Told = Callable[[int, int], None]
"""Hears how much is done, of how much; what comes last counts as one."""


class Made(NamedTuple):
    """What the pages need of one story: how it shows in lists, and what it is like."""

    entry: Entry
    card: Markup
    like: Likeness
    terms: Terms
    """The words it is found by, in a whole run."""
    findable: bool
    indexed: bool


class Apart(NamedTuple):
    """A post that stands in no list, and its page."""

    entry: Entry
    page: Output


PartMade = tuple[PartDifference, list[Made | Apart | SetAside]]


@dataclass(frozen=True)
class Printing:
    """The stories first, then all that leads to them."""

    run: Run
    render: Render
    cards: Cards
    told: Told
    apart: set[str] = field(default_factory=set)
    """The ids that came and stand in no list."""

    def print(self) -> None:
        """Bring every page up to date. Raises `CannotPrint`."""
        stale = stale_parts(self.run.posts, self.run.catalogue)
        total = 2 * len(stale) + 1
        for done, (part, made) in enumerate(self._made(stale)):
            self.told(done, total)
            self._bring_in(part, made)
        self._note_strangers()
        own = OwnPages(self.run, self.render, self._leave_out)
        if self._are_many(stale):
            for done in own.make_all(stale):
                self.told(len(stale) + done, total)
        own.make_what_differs()
        if self.run.whole:
            look_only_at_what_comes()  # the pages of lists leave circles behind, and they are many
        self.told(total - 1, total)
        while not self._lists():
            own.make_what_differs()
        self.told(total, total)

    def _note_strangers(self) -> None:
        """Files that no part names: looked for in a whole build, and then told of until they go."""
        catalogue, posts = self.run.catalogue, self.run.posts
        if self.run.whole:
            known = catalogue.ids() | {aside.id for aside in catalogue.asides()} | self.apart
            catalogue.put_asides(NO_PART, strangers(posts, known))
        elif before := catalogue.asides_of(NO_PART):
            catalogue.put_asides(NO_PART, [one for one in before if lies_in(posts, one.id)])

    def _made(self, stale: Sequence[Stale]) -> Iterator[PartMade]:
        """How each part differs, and what is made of its stories: all of many, side by side."""
        if self._are_many(stale):
            yield from side_by_side(self._make_all, stale)
            return
        for part in stale:
            before = self.run.catalogue.entries(part.name)
            yield self._make_part(difference_in(self.run.posts, part, before))

    def _are_many(self, stale: Sequence[Stale]) -> bool:
        return self.run.whole and len(stale) >= MANY

    def _make_all(self, part: Stale) -> PartMade:
        """The same where nothing was there before. It has no look at the catalogue."""
        return self._make_part(difference_in(self.run.posts, part, {}))

    def _make_part(self, part: PartDifference) -> PartMade:
        return part, [self._make_story(entry) for _, entry in part.come]

    def _make_story(self, entry: Entry) -> Made | Apart | SetAside:
        try:
            story = self.run.library.read(entry)
        except BadPost as bad:
            return SetAside(bad.id, bad.why)
        if not entry.slots:
            return Apart(entry, story_page(story, ()))
        like = likeness_of(story, entry)
        terms = terms_of(story) if self.run.whole else NONE
        return Made(entry, self.cards.render(story), like, terms, story.findable, story.indexed)

    def _bring_in(self, part: PartDifference, made: Iterable[Made | Apart | SetAside]) -> None:
        """Put in place what was made of a part's stories, and take away what is gone."""
        asides = list(part.set_aside)
        for entry in part.gone:
            self._take_out(entry)
        for (before, _), one in zip(part.come, made, strict=True):
            if isinstance(one, Made):
                self._put_in(before, one)
                continue
            if isinstance(one, Apart):
                self._put_apart(before, one)
                continue
            asides.append(one)
            if before:
                self._take_out(before)
        self.run.catalogue.put_part(part.name, part.hash, part.lines)
        self.run.catalogue.put_asides(part.name, asides)

    def _put_in(self, before: Entry | None, made: Made) -> None:
        run, entry = self.run, made.entry
        for one in (before, entry):
            if one:
                run.touched.story(one)
        if before:
            run.touched.changed.append(entry.id)
            run.catalogue.drop(before)
            run.alike.drop(entry.id)
            run.search.drop(before)
        run.catalogue.put(entry, made.indexed, shelved(entry))
        run.alike.put(made.like, entry.slots)
        run.search.put(entry, made.terms)
        self.cards.keep(entry.id, made.card)
        if run.whole:
            run.library.keep_listed(entry.id, made.findable)

    def _put_apart(self, before: Entry | None, made: Apart) -> None:
        self.apart.add(made.entry.id)
        if before:
            self._take_out(before)
        self.run.put(made.page.path, self.render(made.page), "")

    def _take_out(self, entry: Entry) -> None:
        run = self.run
        run.touched.gone.append(entry)
        if not entry.slots:
            run.remove(page_path(entry.id))
            return
        run.touched.story(entry)
        run.catalogue.drop(entry)
        run.alike.drop(entry.id)
        run.search.drop(entry)
        run.library.forget(entry.id)
        run.remove(page_path(entry.id))

    def _lists(self) -> bool:
        """Make the pages of many stories. False: one of them turned out bad, so begin again."""
        try:
            for output in self._many():
                self._make(output)
        except BadPost as bad:
            self._leave_out(bad)
            return False
        return True

    def _leave_out(self, bad: BadPost) -> None:
        """A story whose file is not what it was when its page was made."""
        entry = self.run.catalogue.entry(bad.id)
        if entry is None:
            raise bad
        part = part_of(bad.id)
        left = self.run.catalogue.asides_of(part)
        self.run.catalogue.put_asides(part, [*left, SetAside(bad.id, bad.why)])
        self._take_out(entry)

    def _make(self, output: Output) -> None:
        if self.run.whole or not self._stands(output):
            self.run.put(output.path, self.render(output), output.made_of)

    def _stands(self, output: Output) -> bool:
        """Whether the page is already what it should be."""
        made_of = self.run.catalogue.made_of(output.path)
        return bool(output.made_of) and made_of == output.made_of

    def _many(self) -> Iterator[Output]:
        outputs, touched, whole = self.run.outputs, self.run.touched, self.run.whole
        shown = outputs.shelves()
        for name in sorted({*touched.shelves(), *(shown if whole else ())}):
            yield from self._shelf(outputs.shelf(name), shown=name in shown)
        yield from outputs.ways_in()
        yield from self._sitemaps(SITEMAPS if whole else touched.sitemaps)
        yield from self.run.search.outputs(self.cards.of)
        if self.run.with_hand:
            yield site_map()
        if whole:
            yield from always()
            yield search_page(self.run.library.vocabulary.words("topics"))

    def _shelf(self, shelf: Shelf, shown: bool) -> Iterator[Output]:
        outputs, touched = self.run.outputs, self.run.touched
        if shown:
            yield outputs.front(shelf)
            yield from _some(outputs.feed(shelf))
        else:  # a retired word that no story has any more
            self.run.remove(path_of(f"/{shelf.name}/"))
            if address := feed_address(shelf.name):
                self.run.remove(path_of(address))
        for number in list(shelf.numbers()) if self.run.whole else touched.buckets(shelf):
            if made := outputs.bucket(shelf, number):
                yield made
            else:
                self.run.remove(path_of(bucket_address(shelf.name, number)))

    def _sitemaps(self, firsts: Iterable[str]) -> Iterator[Output]:
        for first in sorted(firsts):
            if made := self.run.outputs.sitemap(first):
                yield made
            else:
                self.run.remove(f"sitemaps/stories-{first}.xml")
        yield self.run.outputs.sitemap_index()


def _some(output: Output | None) -> Iterator[Output]:
    if output:
        yield output

"""Which pages exist, each with the template and the words it is made of. Nothing else makes one.

A page is only described here: `made_of` tells whether it has to be made again, and its context is
worked out when it is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from story_pages.alike import Alike
from story_pages.catalogue import ALL, Catalogue, Row
from story_pages.feeds import LONGEST_FEED, feed_of
from story_pages.library import Library, Listed
from story_pages.manifest import Entry
from story_pages.search_paths import told_path
from story_pages.slots import Shelf, Stretch, bucket_of
from story_pages.stories import Story
from story_pages.touched import SHELVED, shelved
from story_pages.words import Word

Context = Mapping[str, object]

LATELY = 5
"""Stories on the home page: enough to feel that others are here, few enough to choose from."""
SURPRISING = 60
"""Of so many of the newest stories one is chosen for whoever does not want to choose."""

STORIES = Word(ALL, "Stories", "From people who have been there. The newest come first.")
INDEX_WORDS = {
    "topics": ("Topics", "Find someone who has faced what you are facing."),
    "stages": ("Stages", "Find someone who stands, or stood, where you stand now."),
    "arcs": ("How it goes", "Find a road that looks like yours, or the one you need to read of."),
    "helped": ("What helped", "Find out what others held on to, and how it went."),
}
SITEMAPS = "234567abcdefghijklmnopqrstuvwxyz"
"""One sitemap for the stories whose ids begin with each: a change touches one."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site. `made_of` is "" for what is always made again."""

    path: str
    template: str
    context: Callable[[], Context]
    made_of: str = ""
    for_machines: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a page that lists words: where it leads and what stands on it."""

    url: str
    label: str
    sentence: str


def path_of(address: str) -> str:
    """The file behind an address. One that ends in / is a folder's index.html."""
    return address[1:] + ("index.html" if address.endswith("/") else "")


def page_path(id: str) -> str:
    """The file of a story's own page."""
    return path_of(f"/stories/{id}/")


def story_page(story: Story, related: Sequence[Listed | Story]) -> Output:
    """A story's own page, and the stories that it leads to."""
    return Output(page_path(story.id), "story", partial(dict, story=story, related=related))


def feed_address(shelf: str) -> str:
    """The address of a list's feed; empty where it has none."""
    has_one = shelf == ALL or shelf.startswith("topics/")
    return f"/feeds/{shelf}.atom.xml" if has_one else ""


def bucket_address(shelf: str, number: int) -> str:
    """The lasting address of a bucket."""
    return f"/{shelf}/page/{number}/"


@dataclass(frozen=True, slots=True)
class Outputs:
    """The pages that are made of many stories, as the catalogue has them now."""

    catalogue: Catalogue
    library: Library
    alike: Alike

    def shelf(self, name: str) -> Shelf:
        """One list."""
        return Shelf(name, self.catalogue)

    def shelves(self) -> list[str]:
        """Every list that has pages: that of all stories, and every word's, used or not."""
        words = {f"{name}/{word.slug}" for name in SHELVED for word in self._words(name)}
        return [ALL, *sorted(words)]

    def front(self, shelf: Shelf) -> Output:
        """The newest page of a list."""
        stretch = shelf.front()
        context = partial(self._list, shelf.name, stretch, is_front=True)
        made_of = _digest(stretch.rows, stretch.older)
        return Output(path_of(f"/{shelf.name}/"), "list", context, made_of)

    def bucket(self, shelf: Shelf, number: int) -> Output | None:
        """One lasting page of a list, or None if no story stands there."""
        stretch = shelf.stretch(number)
        if stretch is None:
            return None
        context = partial(self._list, shelf.name, stretch, is_front=False)
        made_of = _digest(stretch.rows, stretch.older, stretch.newer)
        return Output(path_of(bucket_address(shelf.name, number)), "list", context, made_of)

    def feed(self, shelf: Shelf) -> Output | None:
        """The feed of a list, if it has one."""
        address = feed_address(shelf.name)
        if not address:
            return None
        rows = shelf.newest(LONGEST_FEED)
        context = partial(self._feed, shelf.name, rows, address)
        return Output(path_of(address), "feed.atom.xml", context, _digest(rows), for_machines=True)

    def ways_in(self) -> Iterator[Output]:
        """Home and the pages that list words."""
        newest = self.shelf(ALL).newest(LATELY)
        words = {name: self._words(name) for name in SHELVED}
        surprise = self._surprise()
        home = partial(self._home, newest, words, surprise)
        yield Output("index.html", "home", home, _digest(newest, words, surprise))
        for name in SHELVED:
            context = partial(_vocabulary_page, name, words[name])
            yield Output(path_of(f"/{name}/"), "vocabulary", context, _digest(words[name]))

    def sitemap(self, first: str) -> Output | None:
        """The addresses of the stories that want to be found and whose ids begin so, if any."""
        found = self.catalogue.indexed(first)
        if not found:
            return None
        addresses = [f"/stories/{id}/" for id in found]
        return _sitemap(f"stories-{first}", addresses, _digest(found))

    def sitemap_index(self) -> Output:
        """The sitemaps there are."""
        names = [f"stories-{first}" for first in SITEMAPS if self.catalogue.indexed_any(first)]
        context = partial(_names, ["site", *names])
        return Output(
            "sitemap.xml", "sitemap_index.xml", context, _digest(names), for_machines=True
        )

    def where(self, entry: Entry) -> Iterator[str]:
        """The page of a story, and every page on which it may have stood."""
        yield page_path(entry.id)
        if not entry.slots:
            return
        yield told_path(bucket_of(entry.slots[ALL]))
        yield from ("index.html", f"sitemaps/stories-{entry.id[0]}.xml")
        for name in shelved(entry):
            yield path_of(f"/{name}/")
            yield path_of(bucket_address(name, bucket_of(entry.slots[name])))
            if feed_address(name):
                yield path_of(feed_address(name))

    def _list(self, name: str, stretch: Stretch, is_front: bool) -> Context:
        word = self._word(name)
        newer = bucket_address(name, stretch.newer) if stretch.newer else f"/{name}/"
        return {
            "heading": word.label,
            "sentence": word.sentence,
            "stories": [self.library.listed(id) for id, _ in stretch.rows],
            "is_front": is_front,
            "newer_url": "" if is_front else newer,
            "older_url": bucket_address(name, stretch.older) if stretch.older else "",
            "feed_url": feed_address(name),
        }

    def _feed(self, name: str, rows: Iterable[Row], address: str) -> Context:
        stories = [self.library.story(id) for id, _ in rows]
        return feed_of(name, stories, self._word(name), address)

    def _home(
        self, newest: Iterable[Row], words: Mapping[str, list[Word]], surprise: str
    ) -> Context:
        stories = [self.library.story(id) for id, _ in newest]
        return {"newest": stories, "surprise": surprise, **words}

    def _surprise(self) -> str:
        """The address of a story that mentions nothing hard, or "": another one with each edition
        that brings a story."""
        among = self.alike.unburdened(SURPRISING)
        newest = self.catalogue.newest(ALL, 1)
        return f"/stories/{min(among, key=lambda id: _digest(id, newest[0][0]))}/" if among else ""

    def _word(self, shelf: str) -> Word:
        name, _, slug = shelf.partition("/")
        return self.library.vocabulary.word(name, slug) if slug else STORIES

    def _words(self, name: str) -> list[Word]:
        """The words of a list that have pages: the vocabulary's, then retired ones in use."""
        shelves = self.catalogue.shelves()
        used = (shelf.partition("/")[2] for shelf in shelves if shelf.startswith(f"{name}/"))
        return self.library.vocabulary.words(name, used)


def always() -> Iterator[Output]:
    """What no story changes."""
    yield Output("404.html", "not_found", dict)
    yield Output("robots.txt", "robots.txt", dict, for_machines=True)


def site_map() -> Output:
    """Home, the ways in and the hand-written pages."""
    return _sitemap("site", ["/", *(f"/{name}/" for name in SHELVED)], "")


def _sitemap(name: str, addresses: list[str], made_of: str) -> Output:
    context = partial(_addresses, addresses, with_pages=name == "site")
    return Output(f"sitemaps/{name}.xml", "sitemap.xml", context, made_of, for_machines=True)


def _names(names: list[str]) -> Context:
    return {"names": names}


def _addresses(addresses: list[str], with_pages: bool) -> Context:
    return {"addresses": addresses, "with_pages": with_pages}


def _vocabulary_page(name: str, words: Iterable[Word]) -> Context:
    heading, intro = INDEX_WORDS[name]
    entries = [Way(f"/{name}/{word.slug}/", word.label, word.sentence) for word in words]
    return {"heading": heading, "intro": intro, "entries": entries}


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()

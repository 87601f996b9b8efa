"""Which pages exist, each with the template and the words it is made of. Nothing else makes one.

`outputs` only says what there is; a context is worked out when its page is rendered, so a
build may render any part of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from story_pages.edition import ALL, SHELVED, Edition
from story_pages.feeds import feed_of
from story_pages.slots import Shelf, Stretch
from story_pages.words import Word

Context = Mapping[str, object]

LATELY = 5
"""Stories on the home page: enough to feel that others are here, few enough to choose from."""

STORIES = Word(ALL, "Stories", "From people who have been there. The newest come first.")
INDEX_WORDS = {
    "topics": ("Topics", "Find someone who has faced what you are facing."),
    "stages": ("Stages", "Find someone who stands, or stood, where you stand now."),
}


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site. An address that ends in / is a folder's index.html."""

    address: str
    template: str
    context: Callable[[], Context]
    for_machines: bool = False

    @property
    def save_as(self) -> str:
        """The file's path in the output folder."""
        return self.address[1:] + ("index.html" if self.address.endswith("/") else "")


@dataclass(frozen=True, slots=True)
class Door:
    """A way on from a page that lists words: where it leads and what stands on it."""

    url: str
    label: str
    sentence: str


def outputs(edition: Edition) -> Iterator[Output]:
    """Every file that stories give the site, always in the same order."""
    yield Output("/", "home", partial(_home, edition))
    yield Output("/404.html", "not_found", dict)
    for story in edition.stories:
        yield Output(story.url, "story", partial(dict, story=story))
    for shelf in edition.shelves.values():
        yield from _list_pages(edition, shelf)
    for name in SHELVED:
        yield Output(f"/{name}/", "vocabulary", partial(_vocabulary_page, edition, name))
    yield from _machine_read(edition)


def _list_pages(edition: Edition, shelf: Shelf) -> Iterator[Output]:
    yield Output(f"/{shelf.name}/", "list", partial(_front, edition, shelf))
    for number, stretch in shelf.stretches():
        context = partial(_bucket, edition, shelf, stretch)
        yield Output(_bucket_url(shelf, number), "list", context)


def _machine_read(edition: Edition) -> Iterator[Output]:
    for shelf in edition.shelves.values():
        if address := feed_address(shelf.name):
            context = partial(feed_of, shelf, _word(edition, shelf), address)
            yield Output(address, "feed.atom.xml", context, for_machines=True)
    yield Output("/sitemap.xml", "sitemap.xml", partial(_sitemap, edition), for_machines=True)
    yield Output("/robots.txt", "robots.txt", dict, for_machines=True)


def feed_address(shelf: str) -> str:
    """The address of a list's feed; empty where it has none."""
    has_one = shelf == ALL or shelf.startswith("topics/")
    return f"/feeds/{shelf}.atom.xml" if has_one else ""


def _home(edition: Edition) -> Context:
    return {
        "newest": edition.shelves[ALL].newest(LATELY),
        "topics": _words(edition, "topics"),
        "stages": _words(edition, "stages"),
    }


def _front(edition: Edition, shelf: Shelf) -> Context:
    stretch = shelf.front()
    return {**_list_context(edition, shelf, stretch), "is_front": True, "newer_url": ""}


def _bucket(edition: Edition, shelf: Shelf, stretch: Stretch) -> Context:
    newer_url = _bucket_url(shelf, stretch.newer) if stretch.newer else f"/{shelf.name}/"
    context = _list_context(edition, shelf, stretch)
    return {**context, "is_front": False, "newer_url": newer_url}


def _list_context(edition: Edition, shelf: Shelf, stretch: Stretch) -> Context:
    word = _word(edition, shelf)
    return {
        "heading": word.label,
        "sentence": word.sentence,
        "stories": stretch.stories,
        "older_url": _bucket_url(shelf, stretch.older) if stretch.older else "",
        "feed_url": feed_address(shelf.name),
    }


def _vocabulary_page(edition: Edition, name: str) -> Context:
    heading, intro = INDEX_WORDS[name]
    entries = [
        Door(f"/{name}/{word.slug}/", word.label, word.sentence) for word in _words(edition, name)
    ]
    return {"heading": heading, "intro": intro, "entries": entries}


def _sitemap(edition: Edition) -> Context:
    """Home, the ways in, and the stories whose authors want to be found."""
    indexes = [f"/{name}/" for name in SHELVED]
    found = [story.url for story in edition.stories if story.indexed]
    return {"addresses": ["/", *indexes, *found]}


def _bucket_url(shelf: Shelf, number: int) -> str:
    return f"/{shelf.name}/page/{number}/"


def _word(edition: Edition, shelf: Shelf) -> Word:
    name, _, slug = shelf.name.partition("/")
    return edition.vocabulary.word(name, slug) if slug else STORIES


def _words(edition: Edition, name: str) -> list[Word]:
    """The words of a list that have pages: the vocabulary's own, then retired ones in use."""
    used = (shelf.partition("/")[2] for shelf in edition.shelves if shelf.startswith(f"{name}/"))
    return edition.vocabulary.words(name, used)

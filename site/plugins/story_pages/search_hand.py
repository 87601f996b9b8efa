"""Pages written by hand, and the lists of stories, are found too: one small file has them all.

Beside what they say, they are found by the words that people have for it ("weed", "shakes"), which
stand in `Found:` over a page and in `found` of the vocabulary, and are shown to nobody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Protocol

from markupsafe import Markup

from story_pages.outputs import Output
from story_pages.search_paths import BY_HAND
from story_pages.search_pieces import Gathered, as_json
from story_pages.search_words import Terms, weighed
from story_pages.words import Vocabulary

_TAG = re.compile(r"<[^>]*>")
_LISTS = {
    "topics": "Stories by topic",
    "stages": "Stories by stage",
    "arcs": "Stories by how it goes",
    "helped": "Stories by what helped",
}
_GUIDE, _ABOUT = "Guide", "About this site"


class Page(Protocol):
    """A page that Pelican has read."""

    title: str
    url: str
    content: str
    template: str


Found = tuple[dict[str, str], Terms]
"""How a page shows where it is found, and its words."""


def pages_by_hand(pages: Iterable[Page], vocabulary: Vocabulary, lists: Iterable[str]) -> Output:
    """The file of all pages that no story makes, and of the lists that have pages."""
    found = [*_lists(vocabulary, lists), *map(_page, sorted(pages, key=lambda page: page.url))]
    gathered = Gathered()
    for place, (_, terms) in enumerate(found):
        gathered.take(place, terms)
    said = {"pages": [shown for shown, _ in found], "words": dict(gathered.lines())}
    body = Markup(as_json(said))  # noqa: S704  # JSON for a script that sets text, never a page
    return Output(BY_HAND, "search.txt", partial(dict, said=body), for_machines=True)


def _page(page: Page) -> Found:
    summary = _text(getattr(page, "summary", ""))  # Pelican makes HTML of it
    shown = {
        "url": f"/{page.url}",
        "title": page.title,
        "sentence": summary,
        "kind": _GUIDE if page.template == "resource" else _ABOUT,
    }
    found = getattr(page, "found", "")
    return shown, weighed((page.title, summary, found), _text(page.content))


def _text(page: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", page)).split())


def _lists(vocabulary: Vocabulary, lists: Iterable[str]) -> Iterator[Found]:
    for name in lists:
        for word in vocabulary.words(name):
            shown = {
                "url": f"/{name}/{word.slug}/",
                "title": word.label,
                "sentence": word.sentence,
                "kind": _LISTS[name],
            }
            yield shown, weighed((word.label, *word.found), word.sentence)

"""The vocabulary gives slugs their words; a slug it has dropped still has a plain name.

So no story loses its page, and no address goes dead, because a word was retired.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Word:
    """One entry: `slug` in addresses, `label` for people, `sentence` says whom it is for.

    `found` are other words that people have for it: a search knows them, and nobody is shown them.
    """

    slug: str
    label: str
    sentence: str = ""
    found: tuple[str, ...] = ()


class Vocabulary:
    """The words of each list (topics, stages, …), in the order people should meet them."""

    def __init__(self, lists: Mapping[str, Iterable[Word]]) -> None:
        self._lists = {name: {word.slug: word for word in words} for name, words in lists.items()}

    def word(self, name: str, slug: str) -> Word:
        """The entry of a slug; a retired one gets a label made of the slug itself."""
        known = self._lists.get(name, {}).get(slug)
        return known or Word(slug, slug.replace("-", " ").capitalize())

    def words(self, name: str, used: Iterable[str] = ()) -> list[Word]:
        """Every word of a list, then the retired ones still in use, by slug."""
        known = self._lists.get(name, {})
        retired = sorted(set(used) - known.keys())
        return [*known.values(), *(self.word(name, slug) for slug in retired)]


def read_vocabulary(path: Path) -> Vocabulary:
    """Read content/vocabulary.json; raise OSError, ValueError or KeyError when it is broken."""
    lists = json.loads(path.read_text("utf-8"))
    return Vocabulary(
        {
            name: [
                Word(word["slug"], word["label"], word["sentence"], tuple(word.get("found", ())))
                for word in words
            ]
            for name, words in lists.items()
        }
    )

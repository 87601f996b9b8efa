"""An edition is every story that may be shown, on its shelves, and every file that may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from story_pages.manifest import NAME as MANIFEST_NAME
from story_pages.manifest import SetAside, read_manifest
from story_pages.post_reader import file_names, read_posts
from story_pages.slots import Shelf
from story_pages.stories import Story, story_of
from story_pages.words import Vocabulary

ALL = "stories"
SHELVED = ("topics", "stages")
"""The lists of the vocabulary that have pages. Slots in the others are only carried."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What the next site is made of. Stories are in the order of their ids."""

    stories: tuple[Story, ...]
    shelves: Mapping[str, Shelf]
    vocabulary: Vocabulary
    set_aside: tuple[SetAside, ...]


def read_edition(posts: Path, vocabulary: Vocabulary) -> Edition:
    """Read a folder of posts; one that is missing or empty makes an empty edition.

    Raise `ManifestError` when there are files but no manifest that can be read.
    """
    if not posts.is_dir() or not file_names(posts):
        return Edition((), _shelves((), vocabulary), vocabulary, ())
    manifest = read_manifest(posts / MANIFEST_NAME)
    stories: list[Story] = []
    set_aside = list(manifest.set_aside)
    for found in read_posts(posts, manifest):
        if isinstance(found, SetAside):
            set_aside.append(found)
        else:
            entry, post = found
            stories.append(story_of(post, entry, vocabulary))
    shelves = _shelves(tuple(stories), vocabulary)
    return Edition(tuple(stories), shelves, vocabulary, tuple(set_aside))


def _shelves(stories: tuple[Story, ...], vocabulary: Vocabulary) -> dict[str, Shelf]:
    """A shelf for all stories and for every word that has a page, with or without stories."""
    on_shelf: dict[str, list[Story]] = {ALL: []}
    for name in SHELVED:
        on_shelf.update({f"{name}/{word.slug}": [] for word in vocabulary.words(name)})
    for story in stories:
        for place in _places(story):
            on_shelf.setdefault(place, []).append(story)
    return {name: Shelf(name, shelved) for name, shelved in on_shelf.items()}


def _places(story: Story) -> Iterator[str]:
    return (place for place in story.slots if place.partition("/")[0] in (ALL, *SHELVED))

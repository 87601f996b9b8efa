"""The library reads stories as they are wanted, and holds each against what was approved.

A story that was read once is kept while it is the same, as long as there is room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import MutableMapping
from pathlib import Path
from typing import NamedTuple

from story_pages.catalogue import Catalogue
from story_pages.manifest import Entry
from story_pages.post_reader import BadPost, read_post
from story_pages.stories import Story, story_of
from story_pages.words import Vocabulary

MOST_KEPT = 2_000
"""Stories that a press which stays up keeps from one edition to the next."""

Kept = MutableMapping[str, tuple[Entry, Story]]


class Listed(NamedTuple):
    """A story whose card is rendered already."""

    id: str
    findable: bool


class Library:
    """The stories of one folder of posts. `kept` may outlive it, for the next build of the same."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, catalogue: Catalogue, kept: Kept):
        self.vocabulary = vocabulary
        self._folder = folder
        self._catalogue = catalogue
        self._kept = kept
        self._listed: dict[str, Listed] = {}

    def read(self, entry: Entry, checked: bool = False) -> Story:
        """A story; raise `BadPost` if it may not be shown. `checked`: the catalogue has it."""
        kept = self._kept.get(entry.id)
        if kept and kept[0] == entry:
            return kept[1]
        post = read_post(self._folder / f"{entry.id}.json", entry, checked)
        story = story_of(post, entry, self.vocabulary)
        self._kept[entry.id] = (entry, story)
        return story

    def story(self, id: str) -> Story:
        """A story of the catalogue; raise `BadPost` if it may not be shown any more."""
        entry = self._catalogue.entry(id)
        if entry is None:
            raise BadPost(id, "the edition does not have it")
        return self.read(entry, checked=True)

    def keep_listed(self, id: str, findable: bool) -> None:
        """Keep what a list has to know of a story until this build is over."""
        self._listed[id] = Listed(id, findable)

    def listed(self, id: str) -> Listed | Story:
        """A story as far as a list has to know it. Raises `BadPost`."""
        return self._listed.get(id) or self.story(id)

    def forget(self, id: str) -> None:
        """Keep nothing of a story."""
        self._kept.pop(id, None)
        self._listed.pop(id, None)


class Few(OrderedDict[str, tuple[Entry, Story]]):
    """Keeps no more than the stories that were wanted last."""

    def __setitem__(self, id: str, kept: tuple[Entry, Story]) -> None:
        super().__setitem__(id, kept)
        self.move_to_end(id)
        if len(self) > MOST_KEPT:
            self.popitem(last=False)

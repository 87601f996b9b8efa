"""What a change touches: the buckets where a story came, went or changed, and no others.

Which pages lead to a bucket follows from the shelf; what the front showed before has to be noted.
"""

from __future__ import annotations

from itertools import islice

from story_pages.catalogue import ALL, Catalogue
from story_pages.manifest import Entry
from story_pages.slots import FRONT_BUCKETS, Shelf, bucket_of

SHELVED = ("topics", "stages", "arcs", "helped")
"""The lists of the vocabulary that have pages."""


def shelved(entry: Entry) -> list[str]:
    """The shelves that a story stands on."""
    return [place for place in entry.slots if place.partition("/")[0] in (ALL, *SHELVED)]


class Touched:
    """The buckets of each shelf whose pages, or whose neighbours' links, may be others now."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._buckets: dict[str, set[int]] = {}
        self.sitemaps: set[str] = set()
        """The sitemaps, by the first letter of the ids in them."""
        self.changed: list[str] = []
        """Stories that are others now: no page may show them as they were."""
        self.gone: list[Entry] = []
        """Stories that went: no page may show them."""

    def story(self, entry: Entry) -> None:
        """Note a story's places; before the catalogue changes."""
        self.sitemaps.add(entry.id[0])
        for place in shelved(entry):
            if place not in self._buckets:
                shelf = Shelf(place, self._catalogue)
                self._buckets[place] = set(islice(shelf.numbers(), FRONT_BUCKETS + 1))
            self._buckets[place].add(bucket_of(entry.slots[place]))

    def stories(self) -> tuple[list[Entry], list[str]]:
        """What went, and the ids of what is other now."""
        return self.gone, self.changed

    def shelves(self) -> list[str]:
        """The shelves that are touched, by name."""
        return sorted(self._buckets)

    def buckets(self, shelf: Shelf) -> list[int]:
        """The buckets of a shelf to look at, after the catalogue has changed; some may be empty."""
        touched = self._buckets.get(shelf.name, set())
        around = {one for number in touched for one in shelf.near(number)}
        return sorted(touched | around | set(islice(shelf.numbers(), FRONT_BUCKETS + 1)))

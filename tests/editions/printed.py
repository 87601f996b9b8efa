"""Editions for tests: a dict of pages is what an edition should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from editions.press import KEPT, Difference, Editions
from editions.reading import Pages

Site = Mapping[str, bytes]


def print_edition(
    editions: Editions, site: Site, keep: int = KEPT, made_of: str = ""
) -> Difference:
    """Make an edition that is exactly this, whatever was there."""
    with editions.printing() as edition:
        for path in set(edition.paths()) - site.keys():
            edition.remove(path)
        for path, body in site.items():
            edition.put(path, body)
        return edition.commit(made_of, keep)


def shown(editions: Editions) -> dict[str, bytes]:
    """What the edition in place is, as whoever prints sees it."""
    with editions.printing() as edition:
        return {path: edition.read(path) or b"" for path in edition.paths()}


def served(folder: Path, *paths: str) -> dict[str, bytes]:
    """What readers get of these pages."""
    pages = Pages(folder)
    found = {path: pages.read(path) for path in paths}
    return {path: page[1] for path, page in found.items() if page}


def difference(before: Site, after: Site) -> Difference:
    """How one edition differs from another, worked out from the bytes alone."""
    both = before.keys() & after.keys()
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(path for path in both if before[path] != after[path])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )

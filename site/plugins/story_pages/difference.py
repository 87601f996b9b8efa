"""What is up now, held against what the edition has: only parts that differ are read.

Part by part, so that an edition of any size takes little room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from story_pages.catalogue import Catalogue
from story_pages.manifest import NAME, Entry, Part, SetAside, read_manifest, read_part
from story_pages.post_reader import file_names


@dataclass(frozen=True, slots=True)
class PartDifference:
    """How a part differs: stories that went, and those to read, each as it was and as it is."""

    name: str
    hash: str
    gone: tuple[Entry, ...]
    come: tuple[tuple[Entry | None, Entry], ...]
    set_aside: tuple[SetAside, ...]
    lines: bytes


NO_PART = ""
"""Where strange files are set aside: they are looked for in a whole build."""


class Stale(NamedTuple):
    """A part in which an edition is not up to date; `hash` is what it is now, "" where it went."""

    name: str
    hash: str


def stale_parts(posts: Path, catalogue: Catalogue) -> list[Stale]:
    """Every part in which the catalogue is not up to date, by name.

    A folder that is missing or empty has no parts. Raises `ManifestError` when there are files but
    no manifest that can be read.
    """
    now = {} if _is_empty(posts) else read_manifest(posts)
    before = catalogue.parts()
    stale = {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}
    stale |= catalogue.parts_with_asides() - {NO_PART}
    return [Stale(name, now.get(name, "")) for name in sorted(stale)]


def difference_in(posts: Path, part: Stale, before: Mapping[str, Entry]) -> PartDifference:
    """How a part differs from the entries that were in it before, by id."""
    now = read_part(posts, part.name, part.hash) if part.hash else Part({})
    come = tuple(
        (before.get(id), entry) for id, entry in now.entries.items() if before.get(id) != entry
    )
    gone = tuple(entry for id, entry in before.items() if id not in now.entries)
    return PartDifference(part.name, part.hash, gone, come, now.set_aside, now.lines)


def _is_empty(posts: Path) -> bool:
    if (posts / NAME).exists():
        return False  # without looking through all that there is
    return not posts.is_dir() or not file_names(posts)

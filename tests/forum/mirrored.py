"""Posts for a mirror, what is said of them, and what a folder holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count, islice
from pathlib import Path

from forum.mirror import Content, Mirrored
from forum.parts import PARTS, part_of
from forum.post import Record, canonical, fingerprint, record_of
from forum.rows import EditionRow
from tests.builders import make_edition_row, make_id, make_post, make_text

NOTHING_AMISS = Mirrored((), ())


def make_record(number: int, **given: object) -> Record:
    """A record with letters that files have to bear."""
    text = {"title": f"Ünïcode “{number}” 🌱", "html": "<p>a&amp;b\u2028c</p>"} | given
    return record_of(make_post(number), make_text(**text))


def make_row(number: int, **given: object) -> EditionRow:
    """The row of that record, in a place of its own."""
    return make_edition_row(number, hash=fingerprint(make_record(number, **given)))


RECORDS = {make_id(number): make_record(number) for number in range(3)}
ROWS = {make_id(number): make_row(number) for number in range(3)}
"""Three posts, each in a part of its own."""


def content_of(records: Mapping[str, Record]) -> Content:
    """Where a mirror finds the bytes of these records."""
    return lambda post_id: canonical(records[post_id]) if post_id in records else None


def alike(number: int, more: int) -> list[int]:
    """Numbers of posts that are in the same part as this one."""
    wanted = part_of(make_id(number))
    found = (other for other in count(100) if part_of(make_id(other)) == wanted)
    return list(islice(found, more))


def holdings(folder: Path) -> dict[str, bytes]:
    """Every file by name, those of the parts too; links and other folders have no place here."""
    return {**_files(folder, {PARTS}), **_files(folder / PARTS, ())}


def _files(folder: Path, but: Collection[str]) -> dict[str, bytes]:
    paths = [path for path in folder.iterdir() if path.name not in but]
    assert all(path.is_file() and not path.is_symlink() for path in paths)
    prefix = "" if but else f"{PARTS}/"
    return {f"{prefix}{path.name}": path.read_bytes() for path in paths}

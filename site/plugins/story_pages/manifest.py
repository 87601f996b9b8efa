"""The manifest says which posts are up, in which month and where; what it lacks is not shown.

The press writes it beside the posts: a header line, then one line a post. A bad line is
set aside with its post; only a file that is no manifest at all is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "manifest.jsonl"
FORMAT = 1

ID = re.compile(r"[a-z2-7]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_PLACE = re.compile(r"stories|(?:topics|stages|arcs|helped)/[a-z0-9]+(?:-[a-z0-9]+)*")
_HIGHEST_SLOT = 10_000_000
_KEYS = {"hash", "id", "month", "slots"}


class ManifestError(Exception):
    """The file cannot be read as a manifest, so nothing can be said about any post."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A post left out of the edition, and why. `id` is its id or the file's name."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One published post: its approved hash, its month (YYYY-MM) and its permanent slots."""

    id: str
    hash: str
    month: str
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Entries by id, in the order of ids, and the lines that could not be used."""

    entries: Mapping[str, Entry]
    set_aside: tuple[SetAside, ...] = ()


def read_manifest(path: Path) -> Manifest:
    """Read the press's manifest; raise `ManifestError` when it is none."""
    lines = _lines(path)
    expected = _expected_posts(lines[0] if lines else "")
    entries: dict[str, Entry] = {}
    faults: list[SetAside] = []
    for number, line in enumerate(lines[1:], start=2):
        entry = _entry(line)
        if entry is None or entry.id in entries:
            why = "cannot be read" if entry is None else f"names {entry.id} again"
            faults.append(SetAside(f"{NAME}:{number}", f"line {number} {why}"))
        else:
            entries[entry.id] = entry
    if len(lines) - 1 != expected:
        why = f"the header promises {expected} posts, the lines are {len(lines) - 1}"
        faults.append(SetAside(NAME, why))
    return Manifest(dict(sorted(entries.items())), tuple(faults))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"cannot read {path}: {error}") from error


def _expected_posts(header: str) -> int:
    fields = _object(header)
    if fields.get("format") != FORMAT or not _is_count(fields.get("posts")):
        raise ManifestError(f"{NAME} does not begin with a header of format {FORMAT}")
    return int(fields["posts"])


def _entry(line: str) -> Entry | None:
    fields = _object(line)
    if set(fields) != _KEYS or not all(_good_parts(fields)):
        return None
    return Entry(fields["id"], fields["hash"], fields["month"], fields["slots"])


def _good_parts(fields: dict[str, Any]) -> Iterator[bool]:
    slots = fields["slots"]
    yield matches(ID, fields["id"])
    yield matches(_HASH, fields["hash"])
    yield matches(_MONTH, fields["month"])
    yield isinstance(slots, dict) and "stories" in slots
    yield isinstance(slots, dict) and all(
        matches(_PLACE, place) and _is_count(slot) for place, slot in slots.items()
    )


def _object(line: str) -> dict[str, Any]:
    """The line's JSON object; empty, which suits nothing, when it is not one."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _HIGHEST_SLOT


def matches(pattern: re.Pattern[str], value: object) -> bool:
    """Whether the value is text that the pattern matches from end to end."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None

"""The manifest says which posts are up, in which month and where; what it lacks is not shown.

The press writes it beside the posts, as a tree: one file of lines for each part, which is every
post whose id begins alike, and over them one short file with the hash of each. So what changed is
found without reading what did not. A bad line is set aside with its post; a part that is not what
the manifest says, as a whole; only a file that is no manifest at all is an error.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editions.press import CannotPrint

NAME = "manifest.jsonl"
PARTS = "parts"
"""The folder of the parts, beside the manifest."""
FORMAT = 2

ID = re.compile(r"[a-z2-7]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_PART_LINE = re.compile(
    r'^{"hash": "([0-9a-f]{64})", "part": "([a-z2-7]{2})", "posts": ([0-9]+)}$', re.MULTILINE
)
"""A line of the manifest, in the one form that the press writes: a regular expression reads a
thousand of them in the time that JSON takes for twenty."""
_PLACE = re.compile(r"stories|(?:topics|stages|arcs|helped)/[a-z0-9]+(?:-[a-z0-9]+)*")
_HIGHEST_SLOT = 10_000_000
_KEYS = {"hash", "id", "month", "slots"}


class ManifestError(CannotPrint):
    """The file cannot be read as a manifest, so nothing can be said about any post."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A post left out of the edition, and why. `id` is its id or the file's name."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One published post: its approved hash, its month (YYYY-MM) and its permanent slots.

    One without slots has a page, and nothing leads there.
    """

    id: str
    hash: str
    month: str
    slots: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of one part by id, the lines that could not be used, and all lines as read."""

    entries: Mapping[str, Entry]
    set_aside: tuple[SetAside, ...] = ()
    lines: bytes = b""


def part_of(id: str) -> str:
    """The name of the part that a post is in."""
    return id[:2]


def read_manifest(folder: Path) -> dict[str, str]:
    """The hash of each part, by its name.

    Raises `ManifestError` when there is no manifest, or one that has lost something.
    """
    try:
        header, _, lines = (folder / NAME).read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"cannot read {folder / NAME}: {error}") from error
    fields = _object(header)
    if fields.get("format") != FORMAT or not _is_count(fields.get("posts")):
        raise ManifestError(f"{NAME} does not begin with a header of format {FORMAT}")
    found = _PART_LINE.findall(lines)
    parts = {part: hash for hash, part, _ in found}
    if len(parts) != lines.count("\n") or (lines and not lines.endswith("\n")):
        raise ManifestError(f"{NAME} has a line that names no part, or one named before")
    posts = sum(int(posts) for _, _, posts in found)
    if posts != fields["posts"]:
        promised = fields["posts"]
        raise ManifestError(
            f"the header of {NAME} promises {promised} posts, its parts have {posts}"
        )
    return parts


def read_part(folder: Path, name: str, hash: str) -> Part:
    """The part of this name; one that has another hash is set aside with all that is in it."""
    try:
        content = (folder / PARTS / f"{name}.jsonl").read_bytes()
    except OSError as error:
        return _no_part(name, f"it cannot be read: {error.strerror}")
    if hashlib.sha256(content).hexdigest() != hash:
        return _no_part(name, "it is not what the manifest says: its SHA-256 differs")
    return parsed(name, content)


def parsed(name: str, content: bytes) -> Part:
    """What the lines of a part say."""
    entries: dict[str, Entry] = {}
    faults: list[SetAside] = []
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        entry = _entry(line)
        why = _fault(entry, name, entries)
        if entry is None or why:
            faults.append(SetAside(f"{PARTS}/{name}.jsonl:{number}", f"line {number} {why}"))
        else:
            entries[entry.id] = entry
    return Part(entries, tuple(faults), content)


def line_of(lines: bytes, id: str) -> Entry | None:
    """What one of the lines of a part says, if there is one of this id."""
    at = lines.find(f'"id": "{id}"'.encode())
    if at < 0:
        return None
    begin, end = lines.rfind(b"\n", 0, at) + 1, lines.find(b"\n", at)
    return _entry(lines[begin:end].decode("utf-8", "replace"))


def _no_part(name: str, why: str) -> Part:
    return Part({}, (SetAside(f"{PARTS}/{name}.jsonl", why),))


def _fault(entry: Entry | None, part: str, before: Mapping[str, Entry]) -> str:
    if entry is None:
        return "cannot be read"
    if entry.id in before:
        return f"names {entry.id} again"
    return "" if part_of(entry.id) == part else f"names {entry.id}, which is of another part"


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
    yield isinstance(slots, dict) and (not slots or "stories" in slots)
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

"""A post is shown only when its file is, to the byte, what moderators approved.

Its hash is held against the manifest, its fields against one table, its body against the
tag grammar. What fails is set aside by name and never stops the build: a removal goes out
whatever state the other files are in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from dataclasses import fields as fields_of
from io import RawIOBase
from pathlib import Path
from typing import Any

from story_pages.manifest import ID, PARTS, Entry, SetAside, matches
from story_pages.manifest import NAME as MANIFEST_NAME
from story_pages.tag_grammar import fault_in

_PIECE = 64 * 1024
LARGEST_FILE = 512 * 1024
"""Bytes: far over any post, far under what could slow a build."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_SLUGS = 40
_LONGEST_SLUG = 60
_LONGEST_BODY = 100_000

# Controls, direction overrides and code points that no text has: they can hide or disguise
# words, or make a feed unreadable. Line and paragraph separators break a single line.
_UNSEEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_BODY = re.compile(rf"[^{_UNSEEN}]+")
_LINE = re.compile(rf"[^\n\u2028\u2029{_UNSEEN}]*")

STORY = "story"
CANARY = "canary"
"""What checks that everything works: it has a page, and stands in no list."""
Check = Callable[[object], bool]


class BadPost(Exception):
    """A file that is not what the manifest promises; `why` is for the operator."""

    def __init__(self, id: str, why: str) -> None:
        super().__init__(f"{id}: {why}")
        self.id = id
        self.why = why


@dataclass(frozen=True, slots=True)
class Post:
    """The record of one post, as approved: text, and slugs of the vocabulary."""

    id: str
    title: str
    body: str
    pen_name: str
    topics: tuple[str, ...]
    stage: str
    arc: str
    helped: tuple[str, ...]
    about_me: tuple[str, ...]
    content_notes: tuple[str, ...]
    findable: bool
    example: bool
    help: tuple[str, ...] = ()


def file_names(folder: Path) -> list[str]:
    """The names in a folder of posts, sorted; hidden ones are the press's own, half written."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


_POST = tuple(field.name for field in fields_of(Post))


def strangers(folder: Path, known: Collection[str]) -> Iterator[SetAside]:
    """Every file of a folder of posts that is neither a known post's nor the manifest."""
    if not folder.is_dir():
        return
    for name in file_names(folder):
        id = name.removesuffix(".json")
        ours = name in (MANIFEST_NAME, PARTS) or (id != name and id in known)
        if not ours and lies_in(folder, id):
            yield SetAside(id, "the manifest does not know this file")


def lies_in(folder: Path, id: str) -> bool:
    """Whether a file of this name, or a post's of this id, is there; a folder is nobody's post."""
    return (folder / id).is_file() or (folder / f"{id}.json").is_file()


def read_post(path: Path, entry: Entry, checked: bool = False) -> Post:
    """Read one post file; raise `BadPost` unless it is exactly what was approved.

    With `checked`, its bytes have been looked at before, and their hash still tells that.
    """
    content = _bytes_of(path, entry.id)
    if hashlib.sha256(content).hexdigest() != entry.hash:
        raise BadPost(entry.id, "it is not what was approved: its SHA-256 differs")
    if checked:
        return _post(json.loads(content))
    fields = _fields_of(content, entry.id)
    fault = _field_fault(fields) or _place_fault(fields, entry) or fault_in(fields["body"])
    if fault:
        raise BadPost(entry.id, fault)
    return _post(fields)


def _post(fields: dict[str, Any]) -> Post:
    return Post(**{name: _frozen(fields[name]) for name in _POST if name in fields})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _bytes_of(path: Path, id: str) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:  # a long read asks for all its room at once
            content = _up_to(LARGEST_FILE + 1, file)
    except FileNotFoundError:
        raise BadPost(id, "its file is missing") from None
    except OSError as error:
        raise BadPost(id, f"its file cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_FILE:
        raise BadPost(id, f"its file is over {LARGEST_FILE} bytes")
    return content


def _up_to(most: int, file: RawIOBase) -> bytes:
    """At most so many bytes of a file, read in pieces."""
    pieces = []
    while most > 0 and (piece := file.read(min(most, _PIECE))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _fields_of(content: bytes, id: str) -> dict[str, Any]:
    """The record's fields, if the bytes are its one canonical form."""
    try:
        fields = json.loads(content.decode("utf-8"))
        same = _canonical(fields) == content
    except UnicodeError as error:
        raise BadPost(id, "it is not valid UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadPost(id, "it is not valid JSON") from error
    if not isinstance(fields, dict):
        raise BadPost(id, "it is not a record")
    if not same:
        raise BadPost(id, "it is not in the canonical form")
    return fields


def _canonical(fields: object) -> bytes:
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return (text + "\n").encode("utf-8")


def _line(longest: int, shortest: int = 0) -> Check:
    return lambda value: matches(_LINE, value) and shortest <= len(str(value)) <= longest


def _is_body(value: object) -> bool:
    return matches(_BODY, value) and len(str(value)) <= _LONGEST_BODY


def _is_slug(value: object) -> bool:
    return matches(_SLUG, value) and len(str(value)) <= _LONGEST_SLUG


def _is_slug_or_empty(value: object) -> bool:
    return value == "" or _is_slug(value)


def _are_slugs(value: object) -> bool:
    if not isinstance(value, list) or len(value) > _MOST_SLUGS or not all(map(_is_slug, value)):
        return False
    return value == sorted(set(value))


def _are_some_slugs(value: object) -> bool:
    return _are_slugs(value) and value != []


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _only(wanted: object) -> Check:
    return lambda value: type(value) is type(wanted) and value == wanted


FIELDS: dict[str, Check] = {
    "format": _only(1),
    "kind": lambda value: value in (STORY, CANARY),
    "to": _only(""),
    "id": lambda value: matches(ID, value),
    "title": _line(120),
    "body": _is_body,
    "pen_name": _line(80, shortest=1),
    "topics": _are_slugs,
    "stage": _is_slug_or_empty,
    "arc": _is_slug_or_empty,
    "helped": _are_slugs,
    "about_me": _are_slugs,
    "content_notes": _are_slugs,
    "findable": _is_flag,
    "example": _is_flag,
}
"""Every field that a record must have, and what it may be."""

SINCE: dict[str, Check] = {"help": _are_some_slugs}
"""Fields that records have not always had: one stands only where it holds something. There are
no others."""


def _field_fault(fields: dict[str, Any]) -> str | None:
    checks = FIELDS | SINCE
    unknown, missing = sorted(fields.keys() - checks), sorted(FIELDS.keys() - fields)
    if unknown or missing:
        return f"fields unknown: {unknown}, missing: {missing}"
    wrong = [name for name in checks if name in fields and not checks[name](fields[name])]
    return f"fields that may not be so: {wrong}" if wrong else None


def _place_fault(fields: dict[str, Any], entry: Entry) -> str | None:
    """A post may be listed only where its own approved record puts it."""
    if fields["id"] != entry.id:
        return "it carries another id than its file"
    if (fields["kind"] == CANARY) is bool(entry.slots):
        return "the manifest lists what stands in no list, or leaves out what does"
    own = {"stories"} | {f"{name}/{slug}" for name in ("topics", "helped") for slug in fields[name]}
    own |= {f"stages/{fields['stage']}", f"arcs/{fields['arc']}"}
    strange = sorted(entry.slots.keys() - own)
    return f"the manifest lists it under {strange}, its record does not" if strange else None

"""The manifest over content/posts, as a tree: what changed is found and written without the rest.

A part is the lines of all posts whose ids begin alike, sorted; the manifest has a line for each
part, with the hash of its bytes. Both have one byte form.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from forum.rows import EditionRow

FORMAT = 2
"""Version of the manifest, the contract between the press and Pelican."""
MANIFEST = "manifest.jsonl"
PARTS = "parts"
"""The folder of the parts, beside the manifest."""
POST_ID = re.compile(r"[a-z2-7]{16}")
"""What the id of a post may be: it names files, here and on the site."""

_LINE = re.compile(
    r'\{"hash": "([0-9a-f]{64})", "part": "([a-z2-7]{2})", "posts": ([1-9][0-9]*)\}\n'
)


class Garbled(Exception):
    """These bytes are not what the press writes."""


class Listed(NamedTuple):
    """What the manifest says of a part: the SHA-256 of its bytes, in hex, and how many posts."""

    hash: str
    posts: int


def part_of(post_id: str) -> str:
    """The name of the part that a post is in."""
    return post_id[:2]


def part_file(part: str) -> str:
    """Where a part lies, beside the manifest."""
    return f"{PARTS}/{part}.jsonl"


def line_bytes(row: EditionRow) -> bytes:
    """A post's line in its part."""
    held = {"id": row.post_id, "hash": row.hash, "month": row.month, "slots": dict(row.slots)}
    return (json.dumps(held, sort_keys=True) + "\n").encode("utf-8")


def lines_by_part(rows: Iterable[EditionRow]) -> dict[str, dict[str, bytes]]:
    """Every part of an edition: the lines of its posts, by id."""
    parts: dict[str, dict[str, bytes]] = defaultdict(dict)
    for row in rows:
        parts[part_of(row.post_id)][row.post_id] = line_bytes(row)
    return parts


def part_bytes(lines: Mapping[str, bytes]) -> bytes:
    """The bytes of a part with these lines, by id."""
    return b"".join(lines[post_id] for post_id in sorted(lines))


def manifest_bytes(parts: Mapping[str, Listed]) -> bytes:
    """The bytes of the manifest over these parts; a part without a post is left out."""
    held = sorted((name, one) for name, one in parts.items() if one.posts)
    header = {"format": FORMAT, "posts": sum(one.posts for _, one in held)}
    lines = [
        f'{{"hash": "{one.hash}", "part": "{name}", "posts": {one.posts}}}\n' for name, one in held
    ]
    return "".join([json.dumps(header, sort_keys=True) + "\n", *lines]).encode("utf-8")


def begins_manifest(content: bytes) -> bool:
    """Whether these bytes may be the beginning of a manifest of this version."""
    return content.startswith(f'{{"format": {FORMAT}, "posts": '.encode())


def read_manifest(content: bytes) -> dict[str, Listed]:
    """The parts that these bytes list; raise `Garbled` unless they are a manifest to the byte."""
    found = _LINE.findall(content.decode("utf-8", "replace"))
    parts = {name: Listed(hash, int(posts)) for hash, name, posts in found}
    if manifest_bytes(parts) != content:
        raise Garbled
    return parts


def read_part(content: bytes, listed: Listed) -> dict[str, bytes]:
    """The lines of a part, by id; raise `Garbled` unless the bytes are those that are listed."""
    if hashlib.sha256(content).hexdigest() != listed.hash:
        raise Garbled
    try:
        return {json.loads(line)["id"]: line for line in content.splitlines(keepends=True)}
    except (ValueError, LookupError, TypeError, RecursionError):  # both files changed by hand
        raise Garbled from None

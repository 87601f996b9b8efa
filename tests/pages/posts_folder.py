"""A folder of posts as the press leaves it, written without the press: plugins may not need it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

Record = dict[str, Any]

MANIFEST, PARTS = "manifest.jsonl", "parts"


def id_of(number: int) -> str:
    """A post id that looks like the real ones and is always the same for a number."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:16]


def make_post(number: int = 0, **given: object) -> Record:
    """A record with sensible defaults."""
    defaults: Record = {
        "format": 1,
        "id": id_of(number),
        "kind": "story",
        "title": f"Story number {number}",
        "body": f"<p>This is how it was for me, the {number}th of us.</p>",
        "pen_name": "Quiet Heron",
        "topics": ["alcohol"],
        "stage": "first-year",
        "arc": "upward",
        "helped": ["nature"],
        "about_me": [],
        "content_notes": [],
        "to": "",
        "findable": False,
        "example": False,
    }
    return {**defaults, **given}


def canonical(record: object) -> bytes:
    """The one byte form of a record, as the press writes it."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return (text + "\n").encode()


def sha256(content: bytes) -> str:
    """The hash as manifests write it."""
    return hashlib.sha256(content).hexdigest()


def places(record: Record) -> list[str]:
    """Every list that a record belongs to. A canary belongs to none."""
    if record["kind"] == "canary":
        return []
    found = ["stories", *(f"topics/{slug}" for slug in record["topics"])]
    found += [f"helped/{slug}" for slug in record["helped"]]
    found += [f"{name}s/{record[name]}" for name in ("stage", "arc") if record[name]]
    return found


@dataclass(frozen=True)
class Up:
    """A post that is up: its record, its month and its place, the same in every list but in some.

    `file` is what lies in its file, where that is not what was approved.
    """

    record: Record
    slot: int
    month: str = "2026-11"
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    file: bytes | None = None

    @property
    def id(self) -> str:
        return str(self.record["id"])

    def slots(self) -> dict[str, int]:
        """Its place in every list it belongs to."""
        return {place: self.elsewhere.get(place, self.slot) for place in places(self.record)}

    def line(self) -> Record:
        """Its line of its part."""
        return {
            "hash": sha256(canonical(self.record)),
            "id": self.id,
            "month": self.month,
            "slots": self.slots(),
        }


def lay_out(folder: Path, ups: Iterable[Up]) -> Path:
    """Make the folder hold these posts and nothing else, as the press does; give the folder."""
    every = sorted(ups, key=lambda up: up.id)
    files = {f"{up.id}.json": canonical(up.record) if up.file is None else up.file for up in every}
    parts = {name: list(some) for name, some in groupby(every, key=lambda up: up.id[:2])}
    for name, some in parts.items():
        files[f"{PARTS}/{name}.jsonl"] = lines_of(*(up.line() for up in some))
    keep_only(folder, files)
    vouch(folder)
    return folder


def keep_only(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write these files where they are not so yet, and remove all others but the manifest."""
    (folder / PARTS).mkdir(parents=True, exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in (*files, MANIFEST):
            path.unlink()
    for name, content in files.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)


def vouch(folder: Path) -> None:
    """Write the manifest over the parts as they lie there."""
    parts = {path.stem: path.read_bytes() for path in sorted((folder / PARTS).glob("*.jsonl"))}
    posts = {name: content.count(b"\n") for name, content in parts.items()}
    lines = [{"hash": sha256(parts[name]), "part": name, "posts": posts[name]} for name in parts]
    header = {"format": 2, "posts": sum(posts.values())}
    (folder / MANIFEST).write_bytes(lines_of(header, *lines))


def lines_of(*lines: object) -> bytes:
    """Lines of JSON as the press writes them; text stands as it is."""
    said = (line if isinstance(line, str) else json.dumps(line, sort_keys=True) for line in lines)
    return "".join(f"{line}\n" for line in said).encode()


TROUBLE = """"Quoted" & <b>bold</b> {{ 7*7 }} {% x %} {filename}/a.md |tag| Save_as: ../../x.html"""
GONE = range(20, 40)
COUNT = 90


def many_posts() -> list[Up]:
    """Ninety posts but for a whole bucket withdrawn, some of them of special kinds."""
    special: dict[int, Record] = {
        3: {"title": TROUBLE, "body": f"<p>{'{{ 7*7 }} {filename}x Save_as: y'}</p>"},
        5: {"findable": True, "content_notes": ["self-harm", "suicide"]},
        6: {"findable": True, "example": True, "title": "An example"},
        7: {"title": "", "pen_name": "Slow River", "topics": ["grief"], "stage": "", "arc": ""},
        8: {"body": "<p>" + "one two three four five " * 400 + "</p>", "topics": []},
    }
    kept = (number for number in range(COUNT) if number not in GONE)
    return [Up(make_post(n, **special.get(n, {})), n, f"2026-{1 + n // 10:02}") for n in kept]

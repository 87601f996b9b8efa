"""Finds words in every byte under a folder, however they were written down.

The looking is done in a process of its own: opening a database file beside the one who uses it
would take away SQLite's locks in the same process.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, quote_plus

TRICKY = 'é"\\&<+/ '
"""Characters that every way of writing a text down writes in its own way."""


def canary(name: str) -> str:
    """A word that is nowhere but where this test puts it."""
    return f"xqv{name}vqx{TRICKY}xqv{name[::-1]}vqx"


def ways(words: dict[str, str]) -> dict[str, list[bytes]]:
    """Each word in all its forms; of a canary also each half, should it be cut up."""
    halves = {name: [word, *re.findall("xqv.*?vqx", word)] for name, word in words.items()}
    return {
        name: [way for part in parts for way in forms(part).values()]
        for name, parts in halves.items()
    }


def forms(word: str) -> dict[str, bytes]:
    """The ways in which a word could lie in a file, by name."""
    raw = word.encode()
    written = {
        "plain": raw,
        "latin-1": word.encode("latin-1", "replace"),
        "utf-8 read as latin-1": raw.decode("latin-1").encode(),
        "utf-16": word.encode("utf-16-le"),
        "utf-16, big end first": word.encode("utf-16-be"),
        "url": quote(word, safe="").encode(),
        "form": quote_plus(word).encode(),
        "url, from latin-1": quote(word.encode("latin-1", "replace"), safe="").encode(),
        "json": json.dumps(word)[1:-1].encode(),
        "json, unescaped": json.dumps(word, ensure_ascii=False)[1:-1].encode(),
        "python": repr(word)[1:-1].encode(),
        "html": html.escape(word).encode(),
        "hex": raw.hex().encode(),
    }
    for shift in range(3):
        written[f"base64 at {shift}"] = base64.b64encode(b"\0" * shift + raw)
        written[f"base64url at {shift}"] = base64.urlsafe_b64encode(b"\0" * shift + raw)
        for kind in ("base64", "base64url"):
            inside = slice(-(-shift * 4 // 3), (shift + len(raw)) // 3 * 4)
            written[f"{kind} at {shift}"] = written[f"{kind} at {shift}"][inside]
    for kind in ("md5", "sha1", "sha256"):
        written[kind] = hashlib.new(kind, raw).digest()
        written[f"{kind} in hex"] = written[kind].hex().encode()
    return written | packed(word)


def packed(word: str) -> dict[str, bytes]:
    """An IPv6 address in its sixteen bytes. Four, of IPv4, would be found by chance."""
    return {"packed": ip_address(word).packed} if word.count(":") > 1 else {}


def moments(start: datetime, end: datetime) -> dict[str, bytes]:
    """The ways in which any second between two aware times could lie in a file, by name."""
    written = {}
    for second in range(int(start.timestamp()), int(end.timestamp()) + 1):
        at = datetime.fromtimestamp(second, UTC)
        for clock in (at, at.astimezone()):
            written[f"{clock:the clock's %H:%M %z}"] = f"{clock:%H:%M}".encode()
        written[f"seconds {second}"] = str(second).encode()
        written[f"seconds {second} in bytes"] = struct.pack(">I", second)
        written[f"seconds {second} as SQLite's REAL"] = struct.pack(">d", second)[:5]
    return written


def found_under(folder: Path, words: Mapping[str, Iterable[bytes]]) -> dict[str, set[str]]:
    """For each name whose bytes are found: the files they are in, or are the names of."""
    asked = {name: [one.hex() for one in needles] for name, needles in words.items()}
    command = [sys.executable, __file__, str(folder)]
    told = subprocess.run(
        command, input=json.dumps(asked), check=True, capture_output=True, text=True, timeout=30
    )
    return {name: set(files) for name, files in json.loads(told.stdout).items() if files}


def look(folder: str, needles: Mapping[str, list[bytes]]) -> dict[str, list[str]]:
    """Read everything under a folder: names, links and contents; capitals make no difference."""
    found: dict[str, list[str]] = {name: [] for name in needles}
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(where, name)
            held = os.fsencode(name) + b"\0" + contents(path)
            lower = held.lower()
            for word, ways in needles.items():
                if any(way in held or way.lower() in lower for way in ways):
                    found[word].append(os.path.relpath(path, folder))
    return found


def contents(path: str) -> bytes:
    """What is in a file, or where a link leads."""
    if os.path.islink(path):
        return os.fsencode(os.readlink(path))
    return Path(path).read_bytes() if os.path.isfile(path) else b""


def main() -> None:
    """Look for what is asked on standard input, and tell it on standard output."""
    asked = json.load(sys.stdin)
    needles = {name: [bytes.fromhex(one) for one in ways] for name, ways in asked.items()}
    print(json.dumps(look(sys.argv[1], needles)))


if __name__ == "__main__":
    main()

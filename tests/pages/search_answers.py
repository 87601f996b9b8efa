"""What a search can find: the meaning of its files, in whatever way it is spread over them.

Written apart from the press, and as browsers read: a step is a character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

FIRST, HALVES, ROOM = 0x22, 0xD800, 0x800
SPREAD = ("search/index.json", "search/recent.json", "search/recent/", "search/terms/")
"""Where the same may be spread in another way, as long as it means the same."""

TOLD = re.compile(r'<div data-slot="(\d+)">')

Files = Mapping[str, bytes]
Found = dict[str, dict[str, list[int]]]
"""The weights of every word, by word and by the place of a story that is told of."""


def answers(files: Files) -> Found:
    """Everything that any search can find, as a browser puts it together of these files."""
    recent = _recent(files)
    told = {slot for path, body in files.items() for slot in _told(path, body)}
    found: Found = {}
    for word, line in _large(files):
        for weight, slot in places(line):
            if str(slot) in told and str(slot) not in recent:
                found.setdefault(word, {}).setdefault(str(slot), []).append(weight)
    for slot, stories in recent.items():
        for weight, word in _words(stories):
            found.setdefault(word, {}).setdefault(slot, []).append(weight)
    return found


def settled(files: Files) -> dict[str, bytes]:
    """The files, but of those of the search only what they mean."""
    kept = {path: body for path, body in files.items() if not path.startswith(SPREAD)}
    if any(path.startswith(SPREAD) for path in files):
        kept["search, what it finds"] = json.dumps(answers(files), sort_keys=True).encode()
    return kept


def places(line: str) -> Iterator[tuple[int, int]]:
    """Each weight and place that a line holds."""
    for weight, spelled in enumerate(line.split(" ")):
        slot = -1
        for character in spelled:
            number = ord(character)
            slot += number - FIRST - (ROOM if number >= HALVES else 0)
            yield weight, slot


def _told(path: str, body: bytes) -> list[str]:
    return TOLD.findall(body.decode()) if path.startswith("search/told/") else []


def _recent(files: Files) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for number in _json(files, "search/recent.json"):
        found |= _json(files, f"search/recent/{number}.json")
    return found


def _words(stories: list[list[str]]) -> Iterator[tuple[int, str]]:
    for story in stories:
        for weight, words in enumerate(story):
            yield from ((weight, word) for word in words.split())


def _large(files: Files) -> Iterator[tuple[str, str]]:
    pieces = _json(files, "search/index.json")["pieces"]
    for first, name in zip(pieces[::2], pieces[1::2], strict=True):
        lines = _json(files, f"search/terms/{name}.json")
        assert next(iter(lines)) == first
        yield from lines.items()


def _json(files: Files, path: str):  # type: ignore[no-untyped-def]  # whatever the file says
    return json.loads(files[path])

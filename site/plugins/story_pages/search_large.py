"""The large index as it stands, read a piece at a time. Words that only one story had go with it.

A word that other stories have too says nothing of the one that went; it goes with the next index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass

from story_pages.search_lines import FARTHEST, classes_of, spelled
from story_pages.search_paths import DIRECTORY, piece_path
from story_pages.search_pieces import Piece, Worded, as_json, piece_of, read_piece
from story_pages.search_words import STOP
from story_pages.slots import BUCKET

Read = Callable[[str], bytes | None]


class Damaged(Exception):
    """The large index, or a piece of it, is not there or cannot be read."""


@dataclass(frozen=True, slots=True)
class Large:
    """The large index of an edition."""

    read: Read

    def pieces(self) -> list[tuple[str, str]]:
        """The first word and the name of each piece, in order. Raises `Damaged`."""
        try:
            said: list[str] = json.loads(self._text(DIRECTORY))["pieces"]
        except (ValueError, LookupError, TypeError) as error:
            raise Damaged from error
        return list(zip(said[::2], said[1::2], strict=True))

    def lines(self) -> Iterator[Worded]:
        """Every word and its line, in order. Raises `Damaged`."""
        for _, name in self.pieces():
            yield from _read(self._text(piece_path(name))).items()

    def rid_of(self, gone: Set[int]) -> Iterator[Piece]:
        """Its pieces, without the words that nothing but what is gone has. Raises `Damaged`.

        Few pieces have a word that such a slot is the first to have; only these are read.
        """
        there = (slot for slot in sorted(gone) if slot < FARTHEST)
        first = re.escape("".join(spelled((slot,)) for slot in there))
        suspect = re.compile(f'":" {{0,3}}[\\x00{first}]')  # NUL, so that there is one
        for word, name in self.pieces():
            text = self._text(piece_path(name))
            lines = _read(text) if suspect.search(text) else {}
            left = {w: line for w, line in lines.items() if not _is_gone(line, gone)}
            if left == lines:
                yield Piece(word, name)
            elif left:
                yield piece_of(left)

    def _text(self, path: str) -> str:
        body = self.read(path)
        if body is None:
            raise Damaged(path)
        return body.decode("utf-8")


def directory_of(pieces: Iterable[Piece]) -> str:
    """The file that tells browsers of the pieces, and how words and slots are to be taken."""
    said = [word for piece in pieces for word in (piece.first, piece.name)]
    return as_json({"bucket": BUCKET, "stop": STOP, "pieces": said})


def _read(text: str) -> dict[str, str]:
    try:
        return read_piece(text)
    except ValueError as error:
        raise Damaged from error


def _is_gone(line: str, gone: Set[int]) -> bool:
    return all(slot in gone for slots in classes_of(line) for slot in slots)

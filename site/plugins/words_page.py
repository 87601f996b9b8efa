"""Pelican plugin: the words page shows content/words.csv, and a file that could mislead is refused.

One row is one thought: the words to avoid, what the site says instead, and why, under the heading
that it is about. The lint over the site's own copy reads the same rows (tests/pages).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pelican.generators import PagesGenerator
from pelican.plugins import signals

from doors.tables import Row, rows_of

COLUMNS = ("about", "avoid", "prefer", "why")
TEMPLATE = "words"
"""The template of the page that shows them."""

_PHRASE = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*(?: [A-Za-z]+(?:['-][A-Za-z]+)*)*")
_HEADING = re.compile(r"[A-Z][A-Za-z' -]*[a-z]")
_SENTENCES = re.compile(r"[A-Z\"][^<>{}|]*[.?]")


class WordsError(ValueError):
    """The file cannot be trusted; the message names the line and the column."""


@dataclass(frozen=True, slots=True)
class Word:
    """One row: `avoid` and `prefer` hold phrases without marks, `why` whole sentences."""

    about: str
    avoid: tuple[str, ...]
    prefer: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one heading, in the file's order. `slug` is for links to the heading."""

    heading: str
    slug: str
    words: tuple[Word, ...]


def read_words(path: Path) -> tuple[Word, ...]:
    """Every row of the file; raise `WordsError` if any is wrong, and `OSError` without a file."""
    words = tuple(_word(*row) for row in rows_of(path, COLUMNS, WordsError))
    _check_together(words, path.name)
    return words


def grouped(words: Iterable[Word]) -> tuple[Group, ...]:
    """The words under their headings, in the file's order."""
    return tuple(
        Group(heading, heading.lower().replace(" ", "-").replace("'", ""), tuple(rows))
        for heading, rows in groupby(words, key=lambda word: word.about)
    )


def _word(where: str, row: Row) -> Word:
    cells = {column: cell for column, cell in row.items() if column is not None and cell}
    if None in row or len(cells) != len(COLUMNS):
        raise WordsError(f"{where}: each of the columns needs words, and there are no more of them")
    if not _HEADING.fullmatch(cells["about"]):
        raise WordsError(f"{where}, column 'about': {cells['about']!r} is no heading")
    if not _SENTENCES.fullmatch(cells["why"]):
        raise WordsError(f"{where}, column 'why': {cells['why']!r} is no whole sentence")
    avoid, prefer = (_phrases(cells, column, where) for column in ("avoid", "prefer"))
    return Word(cells["about"], avoid, prefer, cells["why"])


def _phrases(cells: dict[str, str], column: str, where: str) -> tuple[str, ...]:
    phrases = tuple(cells[column].split("; "))
    for phrase in phrases:
        if not _PHRASE.fullmatch(phrase):
            raise WordsError(f"{where}, column {column!r}: {phrase!r} is no plain phrase")
    return phrases


def _check_together(words: tuple[Word, ...], name: str) -> None:
    """Hold the rows against each other: one place for each word, one stretch for each heading."""
    if not words:
        raise WordsError(f"{name}: there is no row")
    twice = _first_twice(phrase.lower() for word in words for phrase in word.avoid)
    if twice:
        raise WordsError(f"{name}, column 'avoid': {twice!r} stands twice")
    apart = _first_twice(heading for heading, _ in groupby(words, key=lambda word: word.about))
    if apart:
        raise WordsError(f"{name}, column 'about': the rows of {apart!r} do not stand together")


def _first_twice(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _asking(generator: PagesGenerator) -> Iterator[object]:
    return (page for page in generator.pages if page.template == TEMPLATE)


def _give_words(generator: PagesGenerator) -> None:
    """Put `words` into the context that all templates share, where a page shows them.

    A broken file fails the build.
    """
    if any(_asking(generator)):
        generator.context["words"] = grouped(read_words(Path(generator.settings["WORDS"])))


def register() -> None:
    """Hook in once the hand-written pages are read; Pelican calls this once."""
    signals.page_generator_finalized.connect(_give_words)

"""Proper nouns: names of people (PII-7), of places lived in (PII-9), of institutions (PII-8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forum.screening.findings import Span
from forum.screening.lexicon import STOP, VOCABULARY
from forum.screening.words import lemmas

_LISTS = Path(__file__).with_name("lists")


def _lines(name: str) -> frozenset[str]:
    return frozenset((_LISTS / name).read_text("utf-8").lower().split("\n")) - {""}


def _words(name: str) -> frozenset[str]:
    return frozenset((_LISTS / name).read_text("utf-8").lower().split())


WORDS_TOO = _words("words_too.txt")
"""Names that are also everyday words."""
FAMILIAR = _words("more_names.txt") - WORDS_TOO
"""Given names we chose ourselves: sure enough to mark without a capital."""
GIVEN = (_words("given_names.txt") | FAMILIAR) - WORDS_TOO
"""Given names that are no everyday word."""
EITHER = _words("given_names.txt") & WORDS_TOO
FAMOUS = _lines("famous.txt")
PLACES = _lines("places.txt")
WIDE = _lines("wide_places.txt")
"""Countries, states, peoples and feasts: too wide to point at anyone."""
EVERYDAY = _words("everyday.txt")
"""Words that open sentences or stand in capitals without being a name."""


MOST_NOUNS = 400
"""A story of 12,000 characters has far fewer; beyond it the text counts as not screened."""


class TooManyNames(Exception):
    """More capitalised words than a story has; names were not looked for."""


@dataclass(frozen=True)
class Noun:
    """A run of capitalised words, where it stands, and whether it opens a sentence."""

    text: str
    start: int
    end: int
    opens: bool

    @property
    def low(self) -> str:
        """In lower case, without a possessive ending."""
        return self.text.lower().removesuffix("'s").removesuffix("'")


_CAPITAL = r"[A-Z][a-z]*(?:['-][A-Z]?[a-z]+)*\.?"
_RUN = re.compile(r"\b(?:St\.? )?[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*(?:(?: (?:of|the|and|&) | )(?=[A-Z])[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*){0,5}")
_OPENS = re.compile(r"(?:^|[.!?:;\n\"]['\")]?\s*|^\W+)$")


def nouns(text: str) -> list[Noun]:
    """Every run of capitalised words."""
    found = []
    for match in _RUN.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()]
        opens = match.start() == 0 or _OPENS.search(before) is not None
        found.append(Noun(match[0], match.start(), match.end(), opens))
        if len(found) > MOST_NOUNS:
            raise TooManyNames
    return found


@lru_cache(maxsize=8192)
def everyday(word: str) -> bool:
    """Whether a word in lower case is an ordinary one, capital or not."""
    word = word.strip("'.").removesuffix("'s")
    if word in GIVEN:
        return word in EVERYDAY
    known = word in EVERYDAY or word in STOP or word in WORDS_TOO
    return known or len(word) < 2 or any(lemma in VOCABULARY for lemma in lemmas(word))


def wide(name: str) -> bool:
    """Whether a name is a country, a day, a people, a feast: nothing that points at someone."""
    return name in WIDE


def single_words(noun: Noun) -> Iterator[tuple[str, Span]]:
    """Each word of a run, with where it stands."""
    for match in re.finditer(r"[A-Za-z]+(?:['-][A-Za-z]+)*", noun.text):
        word = match[0].removesuffix("'s")
        yield word, Span(noun.start + match.start(), noun.start + match.start() + len(word))

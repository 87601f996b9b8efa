"""Concepts and the words for them: DIE, INTENT, DRUG... read once from the files in lexicon/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from forum.screening.words import SPELLINGS, lemmas, value

_FOLDER = Path(__file__).with_name("lexicon")
_FILES = ("person", "time", "danger", "body", "substance", "contact", "look_alikes")
_HEADING = re.compile(r"\[([A-Z]+)\]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[£$€₹%]")
END = "$"
"""The key under which a branch of PHRASES keeps the concepts that end there."""

Branch = dict[str, Any]
"""A word to the next branch; END to the concepts of a phrase that ends here."""


def spelled_out(phrase: str) -> tuple[str, ...]:
    """The words of a phrase, with text-speak and contractions written out."""
    words: list[str] = []
    for match in _WORD.finditer(phrase.lower()):
        words.extend(SPELLINGS.get(match[0], (match[0],)))
    return tuple(words)


def _read(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    concept = ""
    for line in (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            concept = heading[1]
        elif line.strip() and not line.startswith("#"):
            for phrase in line.split(","):
                yield concept, spelled_out(phrase)


_READ = {name: tuple(_read(name)) for name in _FILES}


def _entries(files: tuple[str, ...] = _FILES) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in files:
        yield from _READ[name]


def _grown() -> tuple[dict[str, frozenset[str]], Branch]:
    single: dict[str, set[str]] = {}
    trie: Branch = {}
    for concept, words in _entries():
        if len(words) == 1:
            single.setdefault(words[0], set()).add(concept)
            continue
        branch = trie
        for word in words:
            branch = branch.setdefault(word, {})
        branch[END] = branch.get(END, frozenset()) | {concept}
    return {word: frozenset(concepts) for word, concepts in single.items()}, trie


SINGLE, PHRASES = _grown()
"""A single word to its concepts; and the phrases as a tree of words."""


def plant(name: str, words: tuple[str, ...]) -> None:
    """Add one more phrase under its own name."""
    if len(words) < 2:
        return
    branch = PHRASES
    for word in words:
        branch = branch.setdefault(word, {})
    branch[END] = branch.get(END, frozenset()) | {name}


CONCEPTS: frozenset[str] = frozenset(concept for concept, _ in _entries()) | {
    "NUM", "MANY", "HEAPS", "TEENAGE", "BIG",
}  # fmt: skip
"""Every concept a cue may name."""
CORE: frozenset[str] = frozenset(
    concept for concept, _ in _entries(("person", "time", "danger")) if concept != "IDIOM"
)
"""The concepts that tell who, when and how bad: those a sentence is weighed by."""
STOP: frozenset[str] = frozenset((_FOLDER / "stop.txt").read_text("utf-8").split())
"""Words so common that no cue may hang on them alone."""


def _vocabulary() -> frozenset[str]:
    words = {word for _, phrase in _entries() for word in phrase}
    return frozenset(words | STOP | set(SPELLINGS))


VOCABULARY: frozenset[str] = _vocabulary()
"""Every word the lexicon knows."""


@lru_cache(maxsize=16384)
def names_of(form: str) -> Mapping[str, int]:
    """What one word may be called: itself, its lemmas, their concepts; each one word long."""
    names: dict[str, int] = {}
    base = form[:-2] if form.endswith("'s") else form.strip("'")
    for lemma in (form, *lemmas(base)):
        names[lemma] = 1
        for concept in SINGLE.get(lemma, ()):
            names[concept] = 1
    if value(form) is not None:
        names["NUM"] = 1
    return names


@lru_cache(maxsize=16384)
def starts_of(form: str) -> tuple[Branch, ...]:
    """Where in PHRASES a phrase may begin with this word."""
    return tuple(PHRASES[name] for name in names_of(form) if name in PHRASES)

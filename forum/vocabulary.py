"""The words a post can be filed under: slugs and labels, read once from vocabulary.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Word:
    """One entry: `slug` in addresses and records, `label` and `sentence` for people."""

    slug: str
    label: str
    sentence: str


def _read(path: Path) -> dict[str, tuple[Word, ...]]:
    lists = json.loads(path.read_text("utf-8"))
    return {
        name: tuple(Word(w["slug"], w["label"], w["sentence"]) for w in words)
        for name, words in lists.items()
    }


VOCABULARY = _read(Path(__file__).with_name("vocabulary.json"))
"""List name (topics, stages, arcs, helped, about_me, content_notes) to its words."""


def slugs(name: str) -> frozenset[str]:
    """The slugs of one list."""
    return frozenset(word.slug for word in VOCABULARY[name])


def label(name: str, slug: str) -> str:
    """The label people read, or the slug itself when the list no longer has it."""
    return next((word.label for word in VOCABULARY[name] if word.slug == slug), slug)

"""Do two texts read almost the same? A flood of one text, a little changed each time, does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

ALIKE = 0.5
"""The share of word pairs that texts must have in common; unrelated stories share under a tenth."""

_WORD = re.compile(r"\w+")


def pairs(text: str) -> frozenset[tuple[str, str]]:
    """Every two words that stand side by side, in small letters."""
    words = _WORD.findall(text.lower())
    return frozenset(pairwise(words))


def alike(text: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """The ids of those texts (id, text) that read almost like this one.

    The measure is what two sets of word pairs share of all they have (Jaccard, 1901).
    """
    own = pairs(text)
    return [name for name, other in others if other and _is_alike(text, own, other)]


def _is_alike(text: str, own: frozenset[tuple[str, str]], other: str) -> bool:
    """The very same text is alike even if it has no two words, in any script."""
    return text == other or _share(own, pairs(other)) >= ALIKE


def _share(some: frozenset[tuple[str, str]], others: frozenset[tuple[str, str]]) -> float:
    every = len(some | others)
    return len(some & others) / every if every else 0.0
